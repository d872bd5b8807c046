package dev.thrum.http;

import io.netty.handler.codec.http.cookie.ClientCookieDecoder;
import io.netty.handler.codec.http.cookie.CookieHeaderNames;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.netty.handler.codec.http.cookie.ServerCookieEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A cookie, as RFC 6265 has it. Names and values are checked when it is written: nothing gets into
/// a header that would end the cookie or the line.
///
/// @param name its name
/// @param value its value; no quotes, commas, semicolons, backslashes or blanks
/// @param path where it is sent; empty for the folder of what set it
/// @param domain to which hosts it is sent; empty for the one that set it
/// @param maxAge how long it is kept, zero or less to delete it; nothing for as long as the browser
///   runs
/// @param secure whether it is sent over TLS only
/// @param httpOnly whether scripts cannot see it
/// @param sameSite whether it is sent with requests that other sites cause
public record Cookie(
    String name,
    String value,
    String path,
    String domain,
    Optional<Duration> maxAge,
    boolean secure,
    boolean httpOnly,
    Optional<SameSite> sameSite) {

  /// Whether a cookie is sent with requests that other sites cause.
  public enum SameSite {
    /// Never.
    STRICT,
    /// When somebody follows a link.
    LAX,
    /// Always; browsers want the cookie to be secure then.
    NONE
  }

  /// A cookie.
  public Cookie {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(maxAge, "maxAge");
    Objects.requireNonNull(sameSite, "sameSite");
  }

  /// A cookie for the whole host and as long as the browser runs, with `SameSite=Lax`.
  ///
  /// @param name its name
  /// @param value its value
  /// @return the cookie
  public static Cookie of(String name, String value) {
    return new Cookie(
        name, value, "/", "", Optional.empty(), false, false, Optional.of(SameSite.LAX));
  }

  /// What makes a browser delete a cookie.
  ///
  /// @param name its name
  /// @return a cookie that has expired
  public static Cookie expired(String name) {
    return of(name, "").withMaxAge(Duration.ZERO);
  }

  /// The same for one part of the host only.
  ///
  /// @param part a path
  /// @return a cookie
  public Cookie withPath(String part) {
    return new Cookie(name, value, part, domain, maxAge, secure, httpOnly, sameSite);
  }

  /// The same for a domain and all below it.
  ///
  /// @param host a domain
  /// @return a cookie
  public Cookie withDomain(String host) {
    return new Cookie(name, value, path, host, maxAge, secure, httpOnly, sameSite);
  }

  /// The same, kept for a time.
  ///
  /// @param time how long, in whole seconds
  /// @return a cookie
  public Cookie withMaxAge(Duration time) {
    return new Cookie(name, value, path, domain, Optional.of(time), secure, httpOnly, sameSite);
  }

  /// The same over TLS only.
  ///
  /// @return a cookie
  public Cookie withSecure() {
    return new Cookie(name, value, path, domain, maxAge, true, httpOnly, sameSite);
  }

  /// The same, not to be seen by scripts.
  ///
  /// @return a cookie
  public Cookie withHttpOnly() {
    return new Cookie(name, value, path, domain, maxAge, secure, true, sameSite);
  }

  /// The same with another rule for other sites.
  ///
  /// @param rule the rule
  /// @return a cookie
  public Cookie withSameSite(SameSite rule) {
    return new Cookie(name, value, path, domain, maxAge, secure, httpOnly, Optional.of(rule));
  }

  /// The cookie as the value of a `Set-Cookie` header.
  ///
  /// @return the text
  /// @throws IllegalArgumentException if it has what a cookie must not have
  public String encode() {
    DefaultCookie made = new DefaultCookie(name, value);
    if (!path.isEmpty()) {
      made.setPath(path);
    }
    if (!domain.isEmpty()) {
      made.setDomain(domain);
    }
    if (maxAge.isPresent()) {
      made.setMaxAge(Math.max(0, maxAge.get().toSeconds()));
    }
    made.setSecure(secure);
    made.setHttpOnly(httpOnly);
    if (sameSite.isPresent()) {
      made.setSameSite(netty(sameSite.get()));
    }
    return ServerCookieEncoder.STRICT.encode(made);
  }

  /// Reads a `Cookie` header, which has names and values only. What is malformed is left out.
  ///
  /// @param header its value
  /// @return the cookies in order
  public static List<Cookie> parse(String header) {
    return ServerCookieDecoder.STRICT.decodeAll(header).stream()
        .map(one ->
            new Cookie(
                one.name(), one.value(), "", "", Optional.empty(), false, false, Optional.empty()))
        .toList();
  }

  /// Reads a `Set-Cookie` header.
  ///
  /// @param header its value
  /// @return the cookie; nothing if it is malformed
  public static Optional<Cookie> parseSet(String header) {
    var read = ClientCookieDecoder.STRICT.decode(header);
    if (read == null) {
      return Optional.empty();
    }
    Optional<SameSite> rule =
        read instanceof DefaultCookie made ? ours(made.sameSite()) : Optional.empty();
    Optional<Duration> age =
        read.maxAge() == io.netty.handler.codec.http.cookie.Cookie.UNDEFINED_MAX_AGE
            ? Optional.empty()
            : Optional.of(Duration.ofSeconds(Math.max(0, read.maxAge())));
    return Optional.of(
        new Cookie(
            read.name(),
            read.value(),
            orEmpty(read.path()),
            orEmpty(read.domain()),
            age,
            read.isSecure(),
            read.isHttpOnly(),
            rule));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static CookieHeaderNames.SameSite netty(SameSite rule) {
    return switch (rule) {
      case STRICT -> CookieHeaderNames.SameSite.Strict;
      case LAX -> CookieHeaderNames.SameSite.Lax;
      case NONE -> CookieHeaderNames.SameSite.None;
    };
  }

  private static Optional<SameSite> ours(CookieHeaderNames.@Nullable SameSite rule) {
    if (rule == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (rule) {
          case Strict -> SameSite.STRICT;
          case Lax -> SameSite.LAX;
          case None -> SameSite.NONE;
        });
  }
}
