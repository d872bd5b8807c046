package dev.thrum;

import org.jspecify.annotations.Nullable;

/// What runs with something at hand, with a value. It extends [VoidBodyOf] only so that the
/// compiler finds one best overload for a lambda like `s -> s.async(…)`.
///
/// @param <A> what it is given
/// @param <T> the type of the value
/// @param <X> what it may throw
@FunctionalInterface
public interface BodyOf<A extends @Nullable Object, T extends @Nullable Object, X extends Throwable>
    extends VoidBodyOf<A, X> {

  /// Runs to the end.
  ///
  /// @param given what it is given
  /// @return the value
  /// @throws X if it fails
  T call(A given) throws X;

  @Override
  default void run(A given) throws X {
    call(given);
  }
}
