package dev.thrum.web.session;

import dev.thrum.Async;
import dev.thrum.http.Cookie;
import dev.thrum.http.Cookie.SameSite;
import dev.thrum.web.Json;
import dev.thrum.web.Key;
import dev.thrum.web.Middleware;
import dev.thrum.web.Request;
import dev.thrum.web.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// Gives each request a [Session], which its browser keeps in a signed cookie.
///
/// ```java
/// app.use(Sessions.signedBy(key).secure());
/// app.post("/login", Login.class, (req, login) -> {
///   Sessions.of(req).clear().set("user", users.check(login).id());
///   return redirect("/");
/// });
/// ```
///
/// The cookie is not seen by scripts, is sent with requests of other sites only when somebody
/// follows a link (`SameSite=Lax`), and is good for 14 days after the last change; it is renewed
/// when half of that is over.
///
/// **Guarantees.** A cookie that was changed, is too old, or was signed by no key that is known
/// counts as none.
///
/// **Non-guarantees.** What the browser keeps is not hidden from it, and cannot be taken back: who
/// has kept an older cookie can go on with it until it is too old.
///
/// **Errors.** A session that is too large for a cookie, 4096 bytes, is an `IllegalStateException`.
///
/// **Threads.** Any. It cannot be changed; what seems to change it returns another.
public final class Sessions implements Middleware {
  private static final Key<Session> SESSION = Key.of("session");
  private static final int LARGEST = 4096;

  private final byte[] key;
  private final byte[][] older;
  private final Cookie cookie;
  private final Duration maxAge;
  private final Signer signer;

  private Sessions(byte[] key, byte[][] older, Cookie cookie, Duration maxAge) {
    this.key = key;
    this.older = older;
    this.cookie = cookie;
    this.maxAge = maxAge;
    this.signer = Signer.of("session " + cookie.name(), key, older);
  }

  /// Sessions in a cookie called `session`.
  ///
  /// @param key what signs them: at least 32 random bytes, which nobody else may know
  /// @param older keys that have signed before, and are still good
  /// @return a middleware
  public static Sessions signedBy(byte[] key, byte[]... older) {
    Cookie plain = Cookie.of("session", "").withHttpOnly();
    return new Sessions(key.clone(), older.clone(), plain, Duration.ofDays(14));
  }

  /// The session of a request.
  ///
  /// @param request the request
  /// @return its session, empty if the browser is new
  /// @throws IllegalStateException if this middleware is not around it
  public static Session of(Request request) {
    return request
        .attribute(SESSION)
        .orElseThrow(() -> new IllegalStateException("no Sessions are in use around " + request));
  }

  private Sessions with(Cookie other) {
    return new Sessions(key, older, other, maxAge);
  }

  /// The same with another name for the cookie.
  ///
  /// @param name the name
  /// @return a middleware
  public Sessions named(String name) {
    return with(
        new Cookie(
            Objects.requireNonNull(name, "name"),
            "",
            cookie.path(),
            cookie.domain(),
            cookie.maxAge(),
            cookie.secure(),
            cookie.httpOnly(),
            cookie.sameSite()));
  }

  /// The same over TLS only.
  ///
  /// @return a middleware
  public Sessions secure() {
    return with(cookie.withSecure());
  }

  /// The same with another rule for requests that other sites cause.
  ///
  /// @param rule the rule
  /// @return a middleware
  public Sessions sameSite(SameSite rule) {
    return with(cookie.withSameSite(rule));
  }

  /// The same for one part of the host only.
  ///
  /// @param path where the cookie is sent
  /// @return a middleware
  public Sessions path(String path) {
    return with(cookie.withPath(path));
  }

  /// The same for a domain and all below it.
  ///
  /// @param host a domain
  /// @return a middleware
  public Sessions domain(String host) {
    return with(cookie.withDomain(host));
  }

  /// The same, good for another time.
  ///
  /// @param time how long after the last change
  /// @return a middleware
  public Sessions maxAge(Duration time) {
    if (!time.isPositive()) {
      throw new IllegalArgumentException("sessions for " + time + ": give more than zero");
    }
    return new Sessions(key, older, cookie, time);
  }

  @Override
  public Response handle(Request request, Next next) throws Exception {
    Instant now = Async.now();
    Json json = request.app().json();
    Optional<Signer.Opened> opened =
        request.cookie(cookie.name()).flatMap(text -> signer.open(text, now, maxAge));
    Session session = new Session(json, opened.map(one -> read(json, one)).orElse(Map.of()));
    request.set(SESSION, session);
    Response response = next.handle(request);
    Response made = session.wasAsked() ? response.addHeader("Vary", "Cookie") : response;
    boolean old = opened.filter(one -> isHalfOver(one.signed(), now)).isPresent();
    if (!session.isChanged() && !old) {
      return made;
    }
    if (session.isEmpty()) {
      boolean known = request.cookie(cookie.name()).isPresent();
      return known ? made.cookie(valued("").withMaxAge(Duration.ZERO)) : made;
    }
    return made.cookie(signed(session, Async.now()));
  }

  private boolean isHalfOver(Instant signed, Instant now) {
    return now.isAfter(signed.plus(maxAge.dividedBy(2)));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> read(Json json, Signer.Opened opened) {
    try {
      return json.read(opened.content(), Map.class);
    } catch (JacksonException _) {
      return Map.of();
    }
  }

  private Cookie signed(Session session, Instant now) {
    Cookie made = valued(signer.sign(session.encode(), now)).withMaxAge(maxAge);
    if (made.name().length() + made.value().length() > LARGEST) {
      throw new IllegalStateException(
          "the session is too large for a cookie: " + made.value().length() + " bytes");
    }
    return made;
  }

  private Cookie valued(String value) {
    return new Cookie(
        cookie.name(),
        value,
        cookie.path(),
        cookie.domain(),
        cookie.maxAge(),
        cookie.secure(),
        cookie.httpOnly(),
        cookie.sameSite());
  }
}
