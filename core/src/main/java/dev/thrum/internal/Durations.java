package dev.thrum.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/// Durations as the loop counts them: nanoseconds that saturate instead of overflowing.
public final class Durations {
  private Durations() {}

  /// In nanoseconds, cut at the largest there is.
  ///
  /// @param duration a duration
  /// @return its nanoseconds
  public static long nanos(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds >= Long.MAX_VALUE / 1_000_000_000L) {
      return Long.MAX_VALUE;
    }
    return seconds <= Long.MIN_VALUE / 1_000_000_000L ? Long.MIN_VALUE : duration.toNanos();
  }

  /// From one instant to another, zero if that is past.
  ///
  /// @param from the earlier one
  /// @param to the later one
  /// @return the nanoseconds between
  public static long between(Instant from, Instant to) {
    long seconds = to.getEpochSecond() - from.getEpochSecond();
    long nanos = nanos(Duration.ofSeconds(seconds, to.getNano() - (long) from.getNano()));
    return Math.max(0, nanos);
  }

  /// Refuses a negative one.
  ///
  /// @param duration the duration
  /// @param what how a message calls it
  /// @return the same
  public static Duration check(Duration duration, String what) {
    if (Objects.requireNonNull(duration, what).isNegative()) {
      throw new IllegalArgumentException(what + " must not be negative: " + duration);
    }
    return duration;
  }

  /// For messages: `250 ms`, `1.5 s`.
  ///
  /// @param duration a duration
  /// @return the text
  public static String readable(Duration duration) {
    long nanos = nanos(duration);
    if (nanos < 1_000_000) {
      return nanos + " ns";
    }
    if (nanos < 1_000_000_000) {
      return nanos / 1_000_000 + " ms";
    }
    return nanos % 1_000_000_000 == 0
        ? nanos / 1_000_000_000 + " s"
        : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
