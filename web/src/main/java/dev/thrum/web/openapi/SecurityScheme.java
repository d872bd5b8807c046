package dev.thrum.web.openapi;

import dev.thrum.web.Middleware;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// What a request has to carry, in the words of OpenAPI.
///
/// @param name what the description of an application calls it: letters, digits and `._-`
/// @param description the scheme, such as `{"type": "http", "scheme": "bearer"}`
public record SecurityScheme(String name, Map<String, Object> description) {

  /// A scheme.
  public SecurityScheme {
    if (!name.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException("\"" + name + "\" is no name of a scheme");
    }
    description = Map.copyOf(description);
  }

  /// What lets only requests pass that have something.
  @FunctionalInterface
  public interface Asking extends Middleware {

    /// What they have to have.
    ///
    /// @return schemes; none if it is not known
    default Stream<SecurityScheme> schemes() {
      return Stream.empty();
    }
  }

  /// A scheme of HTTP's own.
  ///
  /// @param scheme `basic` or `bearer`
  /// @return the scheme
  public static SecurityScheme http(String scheme) {
    return new SecurityScheme(scheme, Map.of("type", "http", "scheme", scheme));
  }

  /// A key.
  ///
  /// @param where `header`, `query` or `cookie`
  /// @param name what it is called there
  /// @return the scheme
  public static SecurityScheme key(String where, String name) {
    return new SecurityScheme(
        where + "-" + name.replaceAll("[^A-Za-z0-9._-]", "_"),
        Map.of("type", "apiKey", "in", where, "name", name));
  }

  /// A token that is got by name and password.
  ///
  /// @param url where it is got, which may be relative
  /// @return the scheme
  public static SecurityScheme password(String url) {
    Objects.requireNonNull(url, "url");
    return new SecurityScheme(
        "password-" + url.replaceAll("[^A-Za-z0-9._-]", "_"),
        Map.of(
            "type",
            "oauth2",
            "flows",
            Map.of("password", Map.of("tokenUrl", url, "scopes", Map.of()))));
  }

  /// What a middleware asks for.
  ///
  /// @param middleware any
  /// @return schemes; none if it asks for nothing, or for something that is not known
  public static Stream<SecurityScheme> asked(Middleware middleware) {
    return middleware instanceof Asking asking ? asking.schemes() : Stream.empty();
  }
}
