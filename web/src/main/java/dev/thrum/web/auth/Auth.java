package dev.thrum.web.auth;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.web.Dependency;
import dev.thrum.web.Middleware;
import dev.thrum.web.Request;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/// What requests carry that says who has sent them, as [Dependency]s: the program asks for it and
/// checks it.
///
/// ```java
/// static final Dependency<String> TOKEN = Auth.bearer();
/// static final Dependency<User> USER = Dependency.of(req ->
///     users.byToken(req.get(TOKEN)).orElseThrow(() -> Auth.unauthorized("Bearer", "unknown token")));
///
/// app.get("/me", req -> req.get(USER));
/// admin.use(Auth.require(USER));
/// ```
///
/// **Errors.** A request that does not carry it, or not in its form, is a 401 with
/// `WWW-Authenticate`.
///
/// **Non-guarantees.** That it is there does not make it right. Texts that only some may know are
/// best compared by [#same].
///
/// **Threads.** Any.
public final class Auth {
  private Auth() {}

  /// A name and a password by HTTP's `Basic`.
  ///
  /// @param realm what browsers show to who is asked
  /// @return what was sent
  public static Dependency<Credentials> basic(String realm) {
    String challenge = "Basic realm=" + quoted(realm) + ", charset=\"UTF-8\"";
    return Dependency.of(request ->
        scheme(request, "Basic")
            .flatMap(Auth::credentials)
            .orElseThrow(() -> unauthorized(challenge, "Not authenticated")));
  }

  /// A token by HTTP's `Bearer`.
  ///
  /// @return the token that was sent
  public static Dependency<String> bearer() {
    return Dependency.of(request ->
        scheme(request, "Bearer")
            .filter(token -> token.matches("[A-Za-z0-9._~+/-]+=*"))
            .orElseThrow(() -> unauthorized("Bearer", "Not authenticated")));
  }

  /// A key in a header.
  ///
  /// @param name the header, such as `X-API-Key`
  /// @return the key that was sent
  public static Dependency<String> keyInHeader(String name) {
    Objects.requireNonNull(name, "name");
    return Dependency.of(request -> key(request.header(name)));
  }

  /// A key in the query. Proxies and logs see it there.
  ///
  /// @param name its name
  /// @return the key that was sent
  public static Dependency<String> keyInQuery(String name) {
    Objects.requireNonNull(name, "name");
    return Dependency.of(request -> key(request.query(name)));
  }

  /// A key in a cookie. Requests that other sites cause may carry it, too.
  ///
  /// @param name the cookie
  /// @return the key that was sent
  public static Dependency<String> keyInCookie(String name) {
    Objects.requireNonNull(name, "name");
    return Dependency.of(request -> key(request.cookie(name)));
  }

  private static String key(Optional<String> sent) {
    return sent.filter(one -> !one.isEmpty())
        .orElseThrow(() -> unauthorized("APIKey", "Not authenticated"));
  }

  /// Lets only requests pass that have something, so that handlers need not ask.
  ///
  /// @param dependency what they must have
  /// @return a middleware
  public static Middleware require(Dependency<?> dependency) {
    Objects.requireNonNull(dependency, "dependency");
    return (request, next) -> {
      Object _ = request.get(dependency);
      return next.handle(request);
    };
  }

  /// An error: who is it?
  ///
  /// @param challenge the value of `WWW-Authenticate`
  /// @param detail what the client is told
  /// @return an exception with status 401
  public static HttpException unauthorized(String challenge, String detail) {
    return new HttpException(401, detail, Headers.of("WWW-Authenticate", challenge));
  }

  /// Whether two texts are the same, in a time that does not tell how much of them is.
  ///
  /// @param known what is known
  /// @param sent what was sent
  /// @return true if they are the same
  public static boolean same(String known, String sent) {
    return MessageDigest.isEqual(
        known.getBytes(StandardCharsets.UTF_8), sent.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<String> scheme(Request request, String scheme) {
    return request
        .header("Authorization")
        .filter(line -> line.regionMatches(true, 0, scheme + " ", 0, scheme.length() + 1))
        .map(line -> line.substring(scheme.length()).strip());
  }

  private static Optional<Credentials> credentials(String encoded) {
    try {
      byte[] bytes = Base64.getDecoder().decode(encoded);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      int colon = text.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(new Credentials(text.substring(0, colon), text.substring(colon + 1)));
    } catch (IllegalArgumentException | CharacterCodingException _) {
      return Optional.empty();
    }
  }

  private static String quoted(String text) {
    if (text.chars().anyMatch(one -> one < ' ' || one > '~')) {
      throw new IllegalArgumentException("the realm \"" + text + "\" is not ASCII");
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
