package dev.thrum.sync;

import java.time.Duration;

/// Permits that drop into a bucket at an even pace, kept as the time at which it was last empty.
///
/// That time is kept in nanoseconds and fractions of one, so that no rounding adds up. For the same
/// reason the bucket may run over by less than what drops in a nanosecond: who waits can wait for
/// whole ones only.
final class Bucket {
  private static final Duration LONGEST = Duration.ofDays(365 * 70);

  private final int permits;
  private final Duration per;
  private final int burst;
  private final long pace; // whole nanoseconds between two permits
  private final long rest; // and what is left, in parts of which `permits` make a nanosecond
  private long emptyAt;
  private long emptyRest;
  private boolean used;

  Bucket(int permits, Duration per, int burst) {
    if (permits < 1 || burst < 1) {
      throw new IllegalArgumentException(
          "a rate limiter gives at least one permit: " + permits + " with a burst of " + burst);
    }
    if (per.isNegative() || per.isZero()) {
      throw new IllegalArgumentException("a rate limiter needs a positive time: " + per);
    }
    this.permits = permits;
    this.per = per;
    this.burst = burst;
    boolean tooLong = per.compareTo(LONGEST) > 0;
    this.pace = tooLong ? 0 : per.toNanos() / permits;
    this.rest = tooLong ? 0 : per.toNanos() % permits;
    if (tooLong || pace >= LONGEST.toNanos() / burst) {
      throw new IllegalArgumentException(
          "a rate limiter counts at most 70 years until its bucket is full: " + this);
    }
  }

  void check(int wanted) {
    if (wanted < 1 || wanted > burst) {
      throw new IllegalArgumentException(
          "from 1 to " + burst + " permits can be taken at once, the burst, but not " + wanted);
    }
  }

  /// Takes some if they are there.
  ///
  /// @param now the time; of several threads' the later one counts
  /// @param wanted how many, at most the burst
  /// @return 0 if they were taken, else how many nanoseconds are left until they are there
  long take(long now, int wanted) {
    if (!used || left(now, burst) < 0) {
      used = true;
      fill(now);
    }
    long left = left(now, wanted);
    if (left > 0) {
      return left;
    }
    long parts = emptyRest + wanted * rest;
    emptyAt += wanted * pace + parts / permits;
    emptyRest = parts % permits;
    return 0;
  }

  private long left(long now, int wanted) {
    long parts = emptyRest + wanted * rest;
    return wanted * pace + Math.ceilDiv(parts, permits) - (now - emptyAt);
  }

  private void fill(long now) {
    long parts = burst * rest;
    long up = Math.ceilDiv(parts, permits);
    emptyAt = now - burst * pace - up;
    emptyRest = up * permits - parts;
  }

  @Override
  public String toString() {
    return permits + " per " + per + ", burst " + burst;
  }
}
