package dev.thrum.web.auth;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.web.Dependency;
import dev.thrum.web.Middleware;
import dev.thrum.web.Request;
import dev.thrum.web.Response;
import dev.thrum.web.openapi.SecurityScheme;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// What requests carry that says who has sent them, as [Dependency]s: the program asks for it and
/// checks it.
///
/// ```java
/// static final Dependency<String> TOKEN = Auth.bearer();
/// static final Dependency<User> USER = Dependency.<User>of(req ->
///     users.byToken(req.get(TOKEN)).orElseThrow(() -> Auth.unauthorized("Bearer", "unknown token")))
///         .by(TOKEN);
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
    Dependency<Credentials> made =
        Dependency.of(request ->
            scheme(request, "Basic")
                .flatMap(Auth::credentials)
                .orElseThrow(() -> unauthorized(challenge, "Not authenticated")));
    return made.by(SecurityScheme.http("basic"));
  }

  /// A token by HTTP's `Bearer`.
  ///
  /// @return the token that was sent
  public static Dependency<String> bearer() {
    return bearer(SecurityScheme.http("bearer"));
  }

  /// A token by HTTP's `Bearer` that clients get by name and password: see [PasswordGrant]. The
  /// page at `/docs` can do that.
  ///
  /// @param url where [PasswordGrant#handler] is, such as `/token`
  /// @return the token that was sent
  public static Dependency<String> bearerFrom(String url) {
    return bearerFrom(url, Map.of());
  }

  /// A token by HTTP's `Bearer` that clients get by name and password, for all or some of what it
  /// can be good for. The page at `/docs` lets one choose.
  ///
  /// @param url where [PasswordGrant#handler] is, such as `/token`
  /// @param scopes what it can be good for: names, such as `items:write`, and what each means
  /// @return the token that was sent
  public static Dependency<String> bearerFrom(String url, Map<String, String> scopes) {
    return bearer(SecurityScheme.password(url, scopes));
  }

  private static Dependency<String> bearer(SecurityScheme described) {
    Dependency<String> made =
        Dependency.of(request ->
            scheme(request, "Bearer")
                .filter(token -> token.matches("[A-Za-z0-9._~+/-]+=*"))
                .orElseThrow(() -> unauthorized("Bearer", "Not authenticated")));
    return made.by(described);
  }

  /// A key in a header.
  ///
  /// @param name the header, such as `X-API-Key`
  /// @return the key that was sent
  public static Dependency<String> keyInHeader(String name) {
    return key(SecurityScheme.key("header", name), request -> request.header(name));
  }

  /// A key in the query. Proxies and logs see it there.
  ///
  /// @param name its name
  /// @return the key that was sent
  public static Dependency<String> keyInQuery(String name) {
    return key(SecurityScheme.key("query", name), request -> request.query(name));
  }

  /// A key in a cookie. Requests that other sites cause may carry it, too.
  ///
  /// @param name the cookie
  /// @return the key that was sent
  public static Dependency<String> keyInCookie(String name) {
    return key(SecurityScheme.key("cookie", name), request -> request.cookie(name));
  }

  private static Dependency<String> key(
      SecurityScheme described, Function<Request, Optional<String>> sent) {
    Dependency<String> made =
        Dependency.of(request ->
            sent.apply(request)
                .filter(one -> !one.isEmpty())
                .orElseThrow(() -> unauthorized("APIKey", "Not authenticated")));
    return made.by(described);
  }

  /// Lets only requests pass that have something, so that handlers need not ask. If it is one of
  /// the credentials here, or says by which it is made ([Dependency#by(Dependency)]), the
  /// application's description tells it, and the page at `/docs` asks for it.
  ///
  /// @param dependency what they must have
  /// @return a middleware
  public static Middleware require(Dependency<?> dependency) {
    return new Requirement<>(
        Objects.requireNonNull(dependency, "dependency"), _ -> List.of(), List.of());
  }

  /// Lets only requests pass that have something that is good for something:
  ///
  /// ```java
  /// static final Dependency<String> TOKEN = Auth.bearerFrom("/token", Map.of("write", "Add items"));
  /// static final Dependency<JWTClaimsSet> CLAIMS = TOKENS.claims(TOKEN);
  ///
  /// app.post("/items", …).with(Auth.require(CLAIMS, Jwt::scopes, "write"));
  /// ```
  ///
  /// **Errors.** One that has it, but for other purposes, is a 403. Where it is known to be made of
  /// a bearer's token ([Dependency#by(Dependency)]), that has `insufficient_scope` in
  /// `WWW-Authenticate`, as RFC 6750 has it.
  ///
  /// @param dependency what they must have
  /// @param granted what a value of it is good for
  /// @param scopes what it must be good for, all of it
  /// @param <T> the type of the value
  /// @return a middleware
  public static <T> Middleware require(
      Dependency<T> dependency,
      Function<? super T, ? extends Collection<String>> granted,
      String... scopes) {
    for (String one : scopes) {
      if (!one.matches("[!#-\\[\\]-~]+")) {
        throw new IllegalArgumentException("\"" + one + "\" is no scope");
      }
    }
    return new Requirement<>(
        Objects.requireNonNull(dependency, "dependency"),
        Objects.requireNonNull(granted, "granted"),
        List.of(scopes));
  }

  private record Requirement<T>(
      Dependency<T> dependency,
      Function<? super T, ? extends Collection<String>> granted,
      List<String> scopes)
      implements SecurityScheme.Asking {
    @Override
    public Response handle(Request request, Next next) throws Exception {
      T value = request.get(dependency);
      if (!scopes.isEmpty() && !granted.apply(value).containsAll(scopes)) {
        throw new HttpException(403, "Not enough permissions", challenge());
      }
      return next.handle(request);
    }

    private Headers challenge() {
      if (dependency.scheme().filter(Requirement::isBearer).isEmpty()) {
        return Headers.create();
      }
      String needed = String.join(" ", scopes);
      return Headers.of(
          "WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"" + needed + "\"");
    }

    private static boolean isBearer(SecurityScheme scheme) {
      Map<String, Object> described = scheme.description();
      return switch (String.valueOf(described.get("type"))) {
        case "oauth2", "openIdConnect" -> true;
        case "http" -> "bearer".equalsIgnoreCase(String.valueOf(described.get("scheme")));
        default -> false;
      };
    }

    @Override
    public Stream<SecurityScheme> schemes() {
      return dependency.scheme().stream()
          .map(one -> scopes.isEmpty() ? one : one.withScopes(scopes));
    }
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
