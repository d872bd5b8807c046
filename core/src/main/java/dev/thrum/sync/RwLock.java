package dev.thrum.sync;

import dev.thrum.Body;
import dev.thrum.VoidBody;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A lock that many may hold to read, or one to write, for state that must stay whole across
/// suspension points and is read much more than written.
///
/// **Guarantees.** First come, first served: a reader that comes after a waiting writer waits
/// behind it, so that writers do not starve; readers that stand behind each other go in together.
/// Who would wait for itself through others gets a [dev.thrum.DeadlockException] with the cycle, as
/// with a [Mutex]. A holder that ends without unlocking breaks the lock: all who wait, and all who
/// come later, get a [BrokenException].
///
/// **Non-guarantees.** It is not reentrant, and a reader cannot become a writer while it reads: two
/// that tried would wait for each other. That a plain thread has ended is noticed only by the next
/// one who asks.
public sealed interface RwLock permits RwLockImpl {

  /// A lock.
  ///
  /// @return an unlocked one
  static RwLock create() {
    return new RwLockImpl(null);
  }

  /// A lock with a name, which messages and dumps show.
  ///
  /// @param name its name
  /// @return an unlocked one
  static RwLock create(String name) {
    return new RwLockImpl(Objects.requireNonNull(name, "name"));
  }

  /// Locks it to read, waiting as long as it takes.
  ///
  /// @throws IllegalStateException if the caller holds it already, to read or to write
  /// @throws dev.thrum.DeadlockException if a holder waits for the caller
  /// @throws BrokenException if a holder ended without unlocking it
  void lockRead();

  /// Locks it to read if that needs no waiting. It does not look at cancellation.
  ///
  /// @return false if somebody writes, or if others wait
  /// @throws IllegalStateException if the caller holds it already, to read or to write
  /// @throws BrokenException if a holder ended without unlocking it
  boolean tryLockRead();

  /// Ends the caller's reading.
  ///
  /// @throws IllegalStateException if the caller does not hold it to read
  void unlockRead();

  /// Locks it to write, waiting as long as it takes.
  ///
  /// @throws IllegalStateException if the caller holds it already, to read or to write
  /// @throws dev.thrum.DeadlockException if a holder waits for the caller
  /// @throws BrokenException if a holder ended without unlocking it
  void lockWrite();

  /// Locks it to write if that needs no waiting. It does not look at cancellation.
  ///
  /// @return false if somebody holds it, or if others wait
  /// @throws IllegalStateException if the caller holds it already, to read or to write
  /// @throws BrokenException if a holder ended without unlocking it
  boolean tryLockWrite();

  /// Ends the caller's writing.
  ///
  /// @throws IllegalStateException if the caller does not hold it to write
  void unlockWrite();

  /// Runs a body while reading.
  ///
  /// @param body what runs
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails
  default <T extends @Nullable Object, X extends Throwable> T withRead(Body<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    lockRead();
    return Holding.run(body, this::unlockRead);
  }

  /// Runs a body without a value while reading.
  ///
  /// @param body what runs
  /// @param <X> what it may throw
  /// @throws X if it fails
  default <X extends Throwable> void withRead(VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    lockRead();
    Holding.run(body, this::unlockRead);
  }

  /// Runs a body while writing.
  ///
  /// @param body what runs
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails
  default <T extends @Nullable Object, X extends Throwable> T withWrite(Body<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    lockWrite();
    return Holding.run(body, this::unlockWrite);
  }

  /// Runs a body without a value while writing.
  ///
  /// @param body what runs
  /// @param <X> what it may throw
  /// @throws X if it fails
  default <X extends Throwable> void withWrite(VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    lockWrite();
    Holding.run(body, this::unlockWrite);
  }

  /// How many read now; out of date as soon as it is known.
  ///
  /// @return the number of readers
  int readers();

  /// Whether somebody writes now; out of date as soon as it is known.
  ///
  /// @return true if it is locked to write
  boolean isWriteLocked();
}
