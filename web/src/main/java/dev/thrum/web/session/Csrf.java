package dev.thrum.web.session;

import dev.thrum.http.HttpException;
import dev.thrum.web.Middleware;
import dev.thrum.web.Request;
import dev.thrum.web.Response;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Refuses requests that other sites cause: what changes something needs a token that only the
/// application's own pages know. It needs [Sessions] around it.
///
/// ```java
/// app.use(Sessions.signedBy(key)).use(Csrf.create());
/// app.get("/form", req -> Html.of(page(Csrf.token(req))));   // <input type="hidden" name="csrf_token" …>
/// ```
///
/// The token comes in the header `X-CSRF-Token` or in the field `csrf_token` of a form. `GET`,
/// `HEAD`, `OPTIONS` and `TRACE` need none, as they should change nothing.
///
/// **Guarantees.** A page gets the token in another form each time, so that it cannot be guessed
/// from how well pages are compressed.
///
/// **Errors.** A request without the token is a 403.
///
/// **Threads.** Any. It cannot be changed; what seems to change it returns another.
public final class Csrf implements Middleware {
  private static final String NAME = "_csrf";
  private static final String HEADER = "X-CSRF-Token";
  private static final String FIELD = "csrf_token";
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
  private static final int LENGTH = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Predicate<Request> exempt;

  private Csrf(Predicate<Request> exempt) {
    this.exempt = exempt;
  }

  /// A check of everything that may change something.
  ///
  /// @return a middleware
  public static Csrf create() {
    return new Csrf(_ -> false);
  }

  /// The same without some requests, such as those that carry a key of their own.
  ///
  /// @param which requests that need no token, in addition
  /// @return a middleware
  public Csrf except(Predicate<Request> which) {
    return new Csrf(exempt.or(Objects.requireNonNull(which, "which")));
  }

  /// A token for a page.
  ///
  /// @param request the request for the page
  /// @return letters, digits and `-_`
  public static String token(Request request) {
    Session session = Sessions.of(request);
    byte[] known = known(session).orElseGet(() -> fresh(session));
    byte[] mask = random();
    byte[] made = new byte[2 * LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      made[i] = mask[i];
      made[LENGTH + i] = (byte) (mask[i] ^ known[i]);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(made);
  }

  private static Optional<byte[]> known(Session session) {
    return session.get(NAME).flatMap(text -> decode(text, LENGTH));
  }

  private static byte[] fresh(Session session) {
    byte[] made = random();
    session.set(NAME, Base64.getUrlEncoder().withoutPadding().encodeToString(made));
    return made;
  }

  private static byte[] random() {
    byte[] made = new byte[LENGTH];
    RANDOM.nextBytes(made);
    return made;
  }

  private static Optional<byte[]> decode(String text, int length) {
    try {
      return Optional.of(Base64.getUrlDecoder().decode(text)).filter(one -> one.length == length);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public Response handle(Request request, Next next) throws Exception {
    if (!SAFE.contains(request.method()) && !exempt.test(request) && !isGood(request)) {
      throw new HttpException(403, "CSRF token missing or wrong");
    }
    return next.handle(request);
  }

  private static boolean isGood(Request request) throws IOException {
    Optional<byte[]> known = known(Sessions.of(request));
    if (known.isEmpty()) {
      return false; // whatever is sent, so it need not be read
    }
    Optional<String> sent = request.header(HEADER);
    if (sent.isEmpty() && isForm(request)) {
      sent = request.form().get(FIELD);
    }
    return sent.isPresent() && isGood(sent.get(), known.get());
  }

  private static boolean isForm(Request request) {
    return request
        .header("Content-Type")
        .map(type -> type.toLowerCase(Locale.ROOT))
        .filter(type ->
            type.startsWith("application/x-www-form-urlencoded")
                || type.startsWith("multipart/form-data"))
        .isPresent();
  }

  private static boolean isGood(String sent, byte[] known) {
    Optional<byte[]> masked = decode(sent, 2 * LENGTH);
    if (masked.isEmpty()) {
      return false;
    }
    byte[] bytes = masked.get();
    byte[] plain = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      plain[i] = (byte) (bytes[i] ^ bytes[LENGTH + i]);
    }
    return MessageDigest.isEqual(plain, known);
  }
}
