package dev.thrum;

import dev.thrum.internal.Durations;
import java.time.Duration;

/// Pauses that double from a first one up to a longest one.
///
/// @param first the first pause
/// @param longest the longest pause
record Backoff(Duration first, Duration longest) {
  Backoff {
    Durations.check(first, "first pause");
    Durations.check(longest, "longest pause");
    if (first.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "the first pause must not be longer than the longest: " + first + ", " + longest);
    }
  }

  /// The pause that follows one.
  Duration after(Duration pause) {
    return longest.minus(pause).compareTo(pause) > 0 ? pause.multipliedBy(2) : longest;
  }
}
