package dev.thrum.data;

import dev.thrum.Async;
import dev.thrum.Retry;
import java.io.Serializable;
import java.time.Duration;

/// How many elements an operator works on at a time, and what it does with those that are slow or
/// fail.
///
/// @param limit how many have begun and not left, at least 1
/// @param ordered whether results leave in the order of the elements
/// @param timeout how long one attempt may take; zero if that is not limited
/// @param attempts how often a failing element is tried, at least 1
/// @param pause how long it waits before the second attempt; each pause is twice the one before,
///   and a random part of it
public record InFlight(int limit, boolean ordered, Duration timeout, int attempts, Duration pause)
    implements Serializable {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /// Checks the numbers.
  public InFlight {
    if (limit < 1) {
      throw new IllegalArgumentException("there must be room for at least 1 element: " + limit);
    }
    if (attempts < 1) {
      throw new IllegalArgumentException("there must be at least 1 attempt: " + attempts);
    }
  }

  /// So many at a time, with results in the order of the elements.
  ///
  /// @param limit how many, at least 1
  /// @return one attempt each, without a time limit
  public static InFlight of(int limit) {
    return new InFlight(limit, true, Duration.ZERO, 1, PAUSE);
  }

  /// With results in the order in which they come.
  ///
  /// @return a changed copy
  public InFlight unordered() {
    return new InFlight(limit, false, timeout, attempts, pause);
  }

  /// With a time limit for each attempt.
  ///
  /// @param longest how long it may take
  /// @return a changed copy
  public InFlight timeout(Duration longest) {
    return new InFlight(limit, ordered, longest, attempts, pause);
  }

  /// With more attempts for elements that fail.
  ///
  /// @param most how many in all
  /// @param first how long it waits before the second one; then twice as long each time, at most 30
  ///   seconds, of which a random part
  /// @return a changed copy
  public InFlight retry(int most, Duration first) {
    return new InFlight(limit, ordered, timeout, most, first);
  }

  private Retry policy() {
    Retry policy =
        Retry.attempts(attempts)
            .backoff(pause, pause.compareTo(LONGEST_PAUSE) > 0 ? pause : LONGEST_PAUSE);
    return timeout.isZero() ? policy : policy.attemptTimeout(timeout);
  }

  /// A function under the rules for the slow and the failing.
  ///
  /// @param step the function
  /// @param <T> what it takes
  /// @param <R> what it gives
  /// @return one that fails with what the last attempt failed with
  public <T, R> Mapping<T, R> around(Mapping<T, R> step) {
    if (attempts == 1 && timeout.isZero()) {
      return step;
    }
    Retry policy = policy();
    return element -> Async.<R, Exception>retry(policy, () -> step.apply(element));
  }
}
