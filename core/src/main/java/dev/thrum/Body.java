package dev.thrum;

import org.jspecify.annotations.Nullable;

/// What a task or a scope runs, with a value. Any method can be one: `() -> load(url)`.
///
/// @param <T> the type of the value
/// @param <X> what it may throw
@FunctionalInterface
public interface Body<T extends @Nullable Object, X extends Throwable> {

  /// Runs to the end.
  ///
  /// @return the value
  /// @throws X if it fails
  T run() throws X;
}
