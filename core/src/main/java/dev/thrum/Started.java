package dev.thrum;

import org.jspecify.annotations.Nullable;

/// How a child that was started with [Scope#start] says that it is ready.
///
/// @param <T> the type of what it hands over
public sealed interface Started<T extends @Nullable Object> permits Start {

  /// Lets `start` return. Never waits.
  ///
  /// @param value what `start` returns
  /// @throws IllegalStateException the second time
  void set(T value);
}
