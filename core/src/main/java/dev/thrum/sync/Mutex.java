package dev.thrum.sync;

import dev.thrum.Body;
import dev.thrum.VoidBody;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A lock that one task or thread holds at a time, for state that must stay whole across suspension
/// points.
///
/// Between two suspension points a loop runs nothing else, so that short changes by the tasks of
/// one loop need no lock at all.
///
/// **Guarantees.** First come, first served; [#unlock] hands the mutex straight to the next one,
/// and [#tryLock] fails meanwhile. Who would wait for itself through others gets a
/// [dev.thrum.DeadlockException] with the cycle, at once: through locks, awaited tasks, joined
/// children and `blocking` work, on any loops and threads. A holder that ends without unlocking
/// breaks the mutex: all who wait, and all who come later, get a [BrokenException].
///
/// **Non-guarantees.** It is not reentrant. A cycle through a channel, a semaphore or anything else
/// that any task may bring about is not seen. That a plain thread has ended is noticed only by the
/// next one who asks.
public sealed interface Mutex permits MutexImpl {

  /// A mutex.
  ///
  /// @return an unlocked one
  static Mutex create() {
    return new MutexImpl(null);
  }

  /// A mutex with a name, which messages and dumps show.
  ///
  /// @param name its name
  /// @return an unlocked one
  static Mutex create(String name) {
    return new MutexImpl(Objects.requireNonNull(name, "name"));
  }

  /// Locks it, waiting as long as it takes.
  ///
  /// @throws IllegalStateException if the caller holds it already
  /// @throws dev.thrum.DeadlockException if the holder waits for the caller, directly or through
  ///   others
  /// @throws BrokenException if a holder ended without unlocking it
  void lock();

  /// Locks it if it is free. It never waits and does not look at cancellation.
  ///
  /// @return false if somebody else holds it
  /// @throws IllegalStateException if the caller holds it already
  /// @throws BrokenException if a holder ended without unlocking it
  boolean tryLock();

  /// Unlocks it. It goes to who has waited longest.
  ///
  /// @throws IllegalStateException if the caller does not hold it
  void unlock();

  /// Runs a body while holding it.
  ///
  /// @param body what runs
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails
  default <T extends @Nullable Object, X extends Throwable> T withLock(Body<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    lock();
    return Holding.run(body, this::unlock);
  }

  /// Runs a body without a value while holding it.
  ///
  /// @param body what runs
  /// @param <X> what it may throw
  /// @throws X if it fails
  default <X extends Throwable> void withLock(VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    lock();
    Holding.run(body, this::unlock);
  }

  /// Whether somebody holds it; out of date as soon as it is known.
  ///
  /// @return true if it is held
  boolean isLocked();

  /// Whether the caller holds it.
  ///
  /// @return true if it does
  boolean isHeldByCaller();

  /// A condition to wait for while holding this mutex.
  ///
  /// @return a new condition
  Condition newCondition();
}
