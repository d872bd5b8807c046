package dev.thrum.sync;

import java.time.Duration;
import java.util.Objects;

/// So many permits in so much time: a bucket into which permits drop at an even pace, and out of
/// which they are taken.
///
/// **Guarantees.** In any stretch of time no more are taken than the burst and what drops in
/// meanwhile. The pace is kept without drift: what a permit's turn is does not depend on how late
/// the one before it was taken, as long as the bucket does not run over. First come, first served,
/// also for one who wants many. A waiter that is cancelled takes nothing.
///
/// **Non-guarantees.** A full bucket takes no more: with a burst of one, the time by which somebody
/// wakes too late is lost. All who share a limiter must live by one clock; virtual time is one, and
/// a limiter must not be taken from one clock to another.
///
/// It is a token bucket, kept as the time at which it was last empty (the generic cell rate
/// algorithm of ITU-T I.371).
public sealed interface RateLimiter permits RateLimiterImpl {

  /// A limiter whose bucket holds what drops into it in the given time.
  ///
  /// @param permits how many, at least 1
  /// @param per in how much time
  /// @return a limiter with a full bucket
  /// @throws IllegalArgumentException if there are none, or if the time is not positive
  static RateLimiter create(int permits, Duration per) {
    return create(permits, per, permits);
  }

  /// A limiter with a name, which messages and dumps show, whose bucket holds what drops into it in
  /// the given time.
  ///
  /// @param name its name
  /// @param permits how many, at least 1
  /// @param per in how much time
  /// @return a limiter with a full bucket
  /// @throws IllegalArgumentException if there are none, or if the time is not positive
  static RateLimiter create(String name, int permits, Duration per) {
    return create(name, permits, per, permits);
  }

  /// A limiter.
  ///
  /// @param permits how many, at least 1
  /// @param per in how much time
  /// @param burst how many its bucket holds, at least 1: so many can be taken at once after a pause
  /// @return a limiter with a full bucket
  /// @throws IllegalArgumentException if there are none, if the time is not positive, or if filling
  ///   the bucket would take more than 70 years
  static RateLimiter create(int permits, Duration per, int burst) {
    return new RateLimiterImpl(null, permits, Objects.requireNonNull(per, "per"), burst);
  }

  /// A limiter with a name, which messages and dumps show.
  ///
  /// @param name its name
  /// @param permits how many, at least 1
  /// @param per in how much time
  /// @param burst how many its bucket holds, at least 1
  /// @return a limiter with a full bucket
  /// @throws IllegalArgumentException if there are none, if the time is not positive, or if filling
  ///   the bucket would take more than 70 years
  static RateLimiter create(String name, int permits, Duration per, int burst) {
    Objects.requireNonNull(name, "name");
    return new RateLimiterImpl(name, permits, Objects.requireNonNull(per, "per"), burst);
  }

  /// Takes one permit, waiting for its turn.
  default void acquire() {
    acquire(1);
  }

  /// Takes some permits at once, waiting for their turn.
  ///
  /// @param permits how many, from 1 to the burst
  /// @throws IllegalArgumentException if the bucket never holds as many
  void acquire(int permits);

  /// Takes one permit if that needs no waiting.
  ///
  /// @return false if there is none, or if others wait
  default boolean tryAcquire() {
    return tryAcquire(1);
  }

  /// Takes some permits at once if that needs no waiting. It does not look at cancellation.
  ///
  /// @param permits how many, from 1 to the burst
  /// @return false if there are not as many, or if others wait
  /// @throws IllegalArgumentException if the bucket never holds as many
  boolean tryAcquire(int permits);
}
