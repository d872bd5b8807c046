package dev.thrum.web;

import dev.thrum.web.Middleware.Next;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// Adds headers that make browsers careful. What a handler says itself stays.
///
/// ```java
/// app.use(SecurityHeaders.standard().hsts(Duration.ofDays(365)).policy("default-src 'self'"));
/// ```
///
/// **Non-guarantees.** The answer to what nobody expected, 500, is made outside of middleware and
/// does not have them.
///
/// **Threads.** Any. It cannot be changed; what seems to change it returns another.
public final class SecurityHeaders implements Middleware {
  private static final String HSTS = "Strict-Transport-Security";

  private final Map<String, String> headers;

  private SecurityHeaders(Map<String, String> headers) {
    this.headers = headers;
  }

  /// Types of content are not guessed, pages are not shown in frames of others, other origins hear
  /// only the origin that a link was on, and windows of other origins are kept apart.
  ///
  /// @return a middleware
  public static SecurityHeaders standard() {
    Map<String, String> made = new LinkedHashMap<>();
    made.put("X-Content-Type-Options", "nosniff");
    made.put("X-Frame-Options", "DENY");
    made.put("Referrer-Policy", "strict-origin-when-cross-origin");
    made.put("Cross-Origin-Opener-Policy", "same-origin");
    return new SecurityHeaders(made);
  }

  /// The same with another header, in the place of one with the same name.
  ///
  /// @param name the name
  /// @param value its value
  /// @return a middleware
  public SecurityHeaders with(String name, String value) {
    Map<String, String> made = new LinkedHashMap<>(headers);
    made.keySet().removeIf(name::equalsIgnoreCase);
    made.put(name, Objects.requireNonNull(value, "value"));
    return new SecurityHeaders(made);
  }

  /// The same without a header.
  ///
  /// @param name the name
  /// @return a middleware
  public SecurityHeaders without(String name) {
    Map<String, String> made = new LinkedHashMap<>(headers);
    made.keySet().removeIf(name::equalsIgnoreCase);
    return new SecurityHeaders(made);
  }

  /// The same with a word on what pages may load.
  ///
  /// @param policy the value of `Content-Security-Policy`
  /// @return a middleware
  public SecurityHeaders policy(String policy) {
    return with("Content-Security-Policy", policy);
  }

  /// The same, where browsers use TLS only for a time, also for hosts below. It is said over TLS
  /// only, and cannot be taken back before the time is over.
  ///
  /// @param time how long, in whole seconds
  /// @return a middleware
  public SecurityHeaders hsts(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("TLS only for " + time + ": give zero or more");
    }
    return with(HSTS, "max-age=" + time.toSeconds() + "; includeSubDomains");
  }

  @Override
  public Response handle(Request request, Next next) throws Exception {
    Response response = next.handle(request);
    for (Map.Entry<String, String> one : headers.entrySet()) {
      boolean fits = !one.getKey().equals(HSTS) || request.scheme().equals("https");
      if (fits && response.header(one.getKey()).isEmpty()) {
        response = response.header(one.getKey(), one.getValue());
      }
    }
    return response;
  }
}
