package dev.thrum.sync;

import dev.thrum.Body;
import dev.thrum.VoidBody;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A number of permits: who acquires takes some away, who releases brings some back, and who wants
/// more than there are waits.
///
/// **Guarantees.** First come, first served: a released permit goes straight to who has waited
/// longest, and nobody overtakes one who waits for many, not even with [#tryAcquire()]. A waiter
/// that is cancelled takes no permit, and lets those pass who waited behind it.
///
/// **Non-guarantees.** Permits have no owner: anybody may release, and a task that ends without
/// releasing takes its permits with it. Where tasks borrow and must bring back, use a
/// [CapacityLimiter]. Waiting for permits is no part of the wait-for graph: a cycle through a
/// semaphore is not reported.
public sealed interface Semaphore permits SemaphoreImpl {

  /// A semaphore that limits how many do something at once.
  ///
  /// @param permits how many permits there are, and never more
  /// @return a semaphore with all its permits
  /// @throws IllegalArgumentException if there is none
  static Semaphore create(int permits) {
    return new SemaphoreImpl(null, permits, permits);
  }

  /// A limiting semaphore with a name, which messages and dumps show.
  ///
  /// @param name its name
  /// @param permits how many permits there are, and never more
  /// @return a semaphore with all its permits
  /// @throws IllegalArgumentException if there is none
  static Semaphore create(String name, int permits) {
    return create(name, permits, permits);
  }

  /// A semaphore for signalling: one side releases what the other acquires. It may begin with none.
  ///
  /// @param permits how many permits there are now
  /// @param max how many there may be at most
  /// @return a semaphore
  /// @throws IllegalArgumentException if `permits` is negative or more than `max`, or `max` is
  ///   below 1
  static Semaphore create(int permits, int max) {
    return new SemaphoreImpl(null, permits, max);
  }

  /// A signalling semaphore with a name, which messages and dumps show.
  ///
  /// @param name its name
  /// @param permits how many permits there are now
  /// @param max how many there may be at most
  /// @return a semaphore
  /// @throws IllegalArgumentException if `permits` is negative or more than `max`, or `max` is
  ///   below 1
  static Semaphore create(String name, int permits, int max) {
    return new SemaphoreImpl(Objects.requireNonNull(name, "name"), permits, max);
  }

  /// Takes one permit, waiting as long as it takes.
  default void acquire() {
    acquire(1);
  }

  /// Takes some permits at once, waiting until there are as many.
  ///
  /// @param permits how many, from 1 to the most there may be
  /// @throws IllegalArgumentException if there can never be as many
  void acquire(int permits);

  /// Takes one permit if that needs no waiting.
  ///
  /// @return false if there is none, or if others wait
  default boolean tryAcquire() {
    return tryAcquire(1);
  }

  /// Takes some permits at once if that needs no waiting. It does not look at cancellation.
  ///
  /// @param permits how many, from 1 to the most there may be
  /// @return false if there are not as many, or if others wait
  /// @throws IllegalArgumentException if there can never be as many
  boolean tryAcquire(int permits);

  /// Brings one permit.
  ///
  /// @throws IllegalStateException if there would be more than there may be
  default void release() {
    release(1);
  }

  /// Brings some permits. They go to those who wait, in order, as far as they reach.
  ///
  /// @param permits how many, at least 1
  /// @throws IllegalStateException if there would be more than there may be; then none is brought
  void release(int permits);

  /// Runs a body with one permit.
  ///
  /// @param body what runs
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails
  default <T extends @Nullable Object, X extends Throwable> T withPermit(Body<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    acquire();
    return Holding.run(body, this::release);
  }

  /// Runs a body without a value with one permit.
  ///
  /// @param body what runs
  /// @param <X> what it may throw
  /// @throws X if it fails
  default <X extends Throwable> void withPermit(VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    acquire();
    Holding.run(body, this::release);
  }

  /// How many permits there are; out of date as soon as it is known.
  ///
  /// @return the permits that nobody has, also while somebody waits for more of them
  int availablePermits();

  /// Whether [#acquire()] would have to wait; out of date as soon as it is known.
  ///
  /// @return true if there is no permit, or if others wait
  boolean isLocked();
}
