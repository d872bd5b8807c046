package dev.thrum.web;

import dev.thrum.VoidBodyOf;
import dev.thrum.web.openapi.SecurityScheme;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Something that handlers need for a request: a connection, the user, a repository.
///
/// ```java
/// static final Dependency<Session> SESSION = Dependency.of(req -> sessions.open());
/// static final Dependency<Users> USERS = Dependency.of(req -> new Users(req.get(SESSION)));
///
/// app.get("/users", req -> req.get(USERS).all());
/// ```
///
/// **Guarantees.** It is made when [Request#get(Dependency)] is first called for a request, and
/// once for each. A value that is `AutoCloseable` is closed after the response has been sent, also
/// if that failed or the client went away; of several the last one first, and a failure to close
/// one is logged and stops no other. When closing waits, cancellation stays outside for 5 seconds.
///
/// **Non-guarantees.** Tasks after the response run when it has been closed already.
///
/// Tests put something else in its place by [App#override].
///
/// @param <T> the type of the value
public final class Dependency<T> {
  private final Opener<? extends T> opener;
  private final @Nullable VoidBodyOf<? super T, ? extends Exception> closing;
  private final Optional<SecurityScheme> scheme;

  /// Makes a value for a request.
  ///
  /// @param <T> the type of the value
  @FunctionalInterface
  public interface Opener<T> {

    /// Makes a value. It may wait, and may get other dependencies.
    ///
    /// @param request the request
    /// @return the value
    /// @throws Exception if it cannot: the same as if the handler had thrown it
    T open(Request request) throws Exception;
  }

  private Dependency(
      Opener<? extends T> opener,
      @Nullable VoidBodyOf<? super T, ? extends Exception> closing,
      Optional<SecurityScheme> scheme) {
    this.opener = Objects.requireNonNull(opener, "opener");
    this.closing = closing;
    this.scheme = scheme;
  }

  /// A dependency.
  ///
  /// @param opener makes the value
  /// @param <T> the type of the value
  /// @return the dependency
  public static <T> Dependency<T> of(Opener<? extends T> opener) {
    return new Dependency<>(opener, null, Optional.empty());
  }

  /// A dependency that is given back in its own way.
  ///
  /// @param opener makes the value
  /// @param closing gives it back
  /// @param <T> the type of the value
  /// @return the dependency
  public static <T> Dependency<T> of(
      Opener<? extends T> opener, VoidBodyOf<? super T, ? extends Exception> closing) {
    return new Dependency<>(opener, Objects.requireNonNull(closing, "closing"), Optional.empty());
  }

  /// The same, with the credentials in the request by which it is made, for documentation: what
  /// [dev.thrum.web.auth.Auth#require] is then given says what has to be sent.
  ///
  /// @param credentials one of those of [dev.thrum.web.auth.Auth], or what is made by one
  /// @return a dependency
  public Dependency<T> by(Dependency<?> credentials) {
    return new Dependency<>(opener, closing, credentials.scheme);
  }

  /// The same, which is described by a scheme of OpenAPI.
  ///
  /// @param described the scheme
  /// @return a dependency
  public Dependency<T> by(SecurityScheme described) {
    return new Dependency<>(opener, closing, Optional.of(described));
  }

  /// What has to be sent so that it can be made.
  ///
  /// @return a scheme; nothing if it is not known
  public Optional<SecurityScheme> scheme() {
    return scheme;
  }

  T open(Request request) throws Exception {
    return opener.open(request);
  }

  /// What closes a value, if anything does.
  @Nullable AutoCloseable closer(T value) {
    VoidBodyOf<? super T, ? extends Exception> own = closing;
    if (own != null) {
      return () -> own.run(value);
    }
    return value instanceof AutoCloseable closeable ? closeable : null;
  }
}
