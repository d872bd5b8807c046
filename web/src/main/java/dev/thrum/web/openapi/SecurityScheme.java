package dev.thrum.web.openapi;

import dev.thrum.web.Middleware;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// What a request has to carry, in the words of OpenAPI.
///
/// @param name what the description of an application calls it: letters, digits and `._-`
/// @param description the scheme, such as `{"type": "http", "scheme": "bearer"}`
/// @param scopes what it has to be good for; mostly nothing in particular
public record SecurityScheme(String name, Map<String, Object> description, List<String> scopes) {

  /// A scheme.
  public SecurityScheme {
    if (!name.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException("\"" + name + "\" is no name of a scheme");
    }
    description = Map.copyOf(description);
    scopes = List.copyOf(scopes);
  }

  /// A scheme that is asked for nothing in particular.
  ///
  /// @param name what the description of an application calls it
  /// @param description the scheme
  public SecurityScheme(String name, Map<String, Object> description) {
    this(name, description, List.of());
  }

  /// The same, which has to be good for something.
  ///
  /// @param needed its scopes
  /// @return the scheme
  public SecurityScheme withScopes(List<String> needed) {
    return new SecurityScheme(name, description, needed);
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
  /// @param scopes what it can be good for: names, and what each means
  /// @return the scheme
  public static SecurityScheme password(String url, Map<String, String> scopes) {
    Objects.requireNonNull(url, "url");
    Map<String, String> inOrder = Collections.unmodifiableMap(new LinkedHashMap<>(scopes));
    return new SecurityScheme(
        "password-" + url.replaceAll("[^A-Za-z0-9._-]", "_"),
        Map.of(
            "type",
            "oauth2",
            "flows",
            Map.of("password", Map.of("tokenUrl", url, "scopes", inOrder))));
  }

  /// What a middleware asks for.
  ///
  /// @param middleware any
  /// @return schemes; none if it asks for nothing, or for something that is not known
  public static Stream<SecurityScheme> asked(Middleware middleware) {
    return middleware instanceof Asking asking ? asking.schemes() : Stream.empty();
  }
}
