package dev.thrum;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A scope with a deadline, as `timeout(d, t -> …)` hands it to its body.
public sealed interface Timeout extends Scope permits TimeoutScope {

  /// Moves the deadline.
  ///
  /// @param fromNow the time left; zero means that the next suspension point throws
  /// @throws IllegalStateException if the deadline has passed or the scope has been left
  void reschedule(Duration fromNow);

  /// Takes the deadline away.
  ///
  /// @throws IllegalStateException if the deadline has passed or the scope has been left
  void disarm();

  /// When it fires.
  ///
  /// @return the deadline, or empty if it was taken away
  Optional<Instant> when();

  /// Whether the deadline has cancelled the scope.
  ///
  /// @return true once it has passed
  boolean expired();
}
