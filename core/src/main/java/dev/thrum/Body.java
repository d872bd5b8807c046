package dev.thrum;

import org.jspecify.annotations.Nullable;

/// What a task or a scope runs, with a value. Any method can be one: `() -> load(url)`. It extends
/// [VoidBody] so that the compiler finds one best overload.
///
/// @param <T> the type of the value
/// @param <X> what it may throw
@FunctionalInterface
public interface Body<T extends @Nullable Object, X extends Throwable> extends VoidBody<X> {

  /// Runs to the end.
  ///
  /// @return the value
  /// @throws X if it fails
  T call() throws X;

  @Override
  default void run() throws X {
    call();
  }
}
