package dev.thrum;

import org.jspecify.annotations.Nullable;

/// What runs with something at hand, without a value: the body of a scope with the scope, the step
/// of `forEachAll` with the element.
///
/// @param <A> what it is given
/// @param <X> what it may throw
@FunctionalInterface
public interface VoidBodyOf<A extends @Nullable Object, X extends Throwable> {

  /// Runs to the end.
  ///
  /// @param given what it is given
  /// @throws X if it fails
  void run(A given) throws X;
}
