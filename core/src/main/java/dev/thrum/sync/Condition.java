package dev.thrum.sync;

import java.util.function.BooleanSupplier;

/// Waiting for the state that a mutex guards to become something, while the mutex is free.
///
/// **Guarantees.** Whoever leaves [#await] holds the mutex again, also with an exception: one who
/// is cancelled waits for it first. The exceptions are those that say that it cannot be had: a
/// [dev.thrum.DeadlockException], if its holder waits for the caller, and a [BrokenException]. A
/// signal that comes before a cancellation is kept, one that comes after it goes to the next
/// waiter. There are no spurious wake-ups.
///
/// **Non-guarantees.** Between the signal and the return others may have held the mutex and changed
/// the state: wait with a test, [#await(BooleanSupplier)].
public sealed interface Condition permits ConditionImpl {

  /// Unlocks the mutex, waits for a signal, and locks the mutex again.
  ///
  /// @throws IllegalStateException if the caller does not hold the mutex
  /// @throws dev.thrum.DeadlockException if whoever holds the mutex now waits for the caller
  /// @throws BrokenException if a holder of the mutex ended without unlocking it
  void await();

  /// Waits until a test passes. One that passes at once needs no mutex; else it is made again after
  /// each signal, with the mutex held.
  ///
  /// @param test what to wait for; it must not wait
  /// @throws IllegalStateException if the test does not pass and the caller does not hold the mutex
  void await(BooleanSupplier test);

  /// Wakes the one who has waited longest; without one nothing happens.
  ///
  /// @throws IllegalStateException if the caller does not hold the mutex
  void signal();

  /// Wakes all who wait now.
  ///
  /// @throws IllegalStateException if the caller does not hold the mutex
  void signalAll();
}
