package dev.thrum;

import dev.thrum.internal.Sneaky;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// How a task ended.
///
/// @param <T> the type of its value
public sealed interface Outcome<T extends @Nullable Object> {

  /// It returned.
  ///
  /// @param value what it returned
  /// @param <T> the type of the value
  record Success<T extends @Nullable Object>(T value) implements Outcome<T> {}

  /// It threw.
  ///
  /// @param exception what it threw; later failures of its children are suppressed in it
  /// @param <T> the type that the value would have had
  record Failure<T extends @Nullable Object>(Throwable exception) implements Outcome<T> {}

  /// It was cancelled, and ended for that.
  ///
  /// @param reason who asked for it and why
  /// @param <T> the type that the value would have had
  record Cancelled<T extends @Nullable Object>(String reason) implements Outcome<T> {}

  /// The value, or what `await` would have thrown.
  ///
  /// @return the value
  /// @throws CancellationException if the task was cancelled
  default T get() {
    return switch (this) {
      case Success<T>(T value) -> value;
      case Failure<T>(Throwable exception) -> throw Sneaky.sneak(exception);
      case Cancelled<T>(String reason) -> throw new CancellationException(reason);
    };
  }
}
