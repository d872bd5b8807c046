package dev.thrum.sync;

import dev.thrum.Body;
import dev.thrum.VoidBody;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A number of tokens, of which each task or thread borrows at most one: how many may use something
/// at once, when it must be known who does.
///
/// **Guarantees.** First come, first served, as with a [Semaphore]. A borrower that ends without
/// releasing has no use for its token any more: it comes back by itself. Growing serves those who
/// wait at once; shrinking lets the borrowers finish.
///
/// **Non-guarantees.** After shrinking there may be more borrowers than tokens for a while. That a
/// plain thread has ended is noticed only by the next one who finds no token. Waiting for a token
/// is no part of the wait-for graph.
public sealed interface CapacityLimiter permits CapacityLimiterImpl {

  /// A limiter.
  ///
  /// @param total how many may borrow at once; with zero nobody can until it grows
  /// @return a limiter without borrowers
  /// @throws IllegalArgumentException if it is negative
  static CapacityLimiter create(int total) {
    return new CapacityLimiterImpl(null, total);
  }

  /// A limiter with a name, which messages and dumps show.
  ///
  /// @param name its name
  /// @param total how many may borrow at once; with zero nobody can until it grows
  /// @return a limiter without borrowers
  /// @throws IllegalArgumentException if it is negative
  static CapacityLimiter create(String name, int total) {
    return new CapacityLimiterImpl(Objects.requireNonNull(name, "name"), total);
  }

  /// Borrows a token, waiting as long as it takes.
  ///
  /// @throws IllegalStateException if the caller has one already
  void acquire();

  /// Borrows a token if that needs no waiting. It does not look at cancellation.
  ///
  /// @return false if there is none, or if others wait
  /// @throws IllegalStateException if the caller has one already
  boolean tryAcquire();

  /// Brings the caller's token back. It goes to who has waited longest.
  ///
  /// @throws IllegalStateException if the caller has none
  void release();

  /// Runs a body with a token.
  ///
  /// @param body what runs
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails
  default <T extends @Nullable Object, X extends Throwable> T withToken(Body<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    acquire();
    return Holding.run(body, this::release);
  }

  /// Runs a body without a value with a token.
  ///
  /// @param body what runs
  /// @param <X> what it may throw
  /// @throws X if it fails
  default <X extends Throwable> void withToken(VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    acquire();
    Holding.run(body, this::release);
  }

  /// Changes how many may borrow at once.
  ///
  /// @param total the new number; with zero nobody can until it grows
  /// @throws IllegalArgumentException if it is negative
  void resize(int total);

  /// How many may borrow at once.
  ///
  /// @return the number of tokens
  int total();

  /// How many borrow now; out of date as soon as it is known.
  ///
  /// @return the number of borrowers
  int borrowed();

  /// How many wait for a token; out of date as soon as it is known.
  ///
  /// @return the number of waiters
  int waiting();
}
