package dev.thrum.data;

import java.io.Serializable;

/// Makes one of two.
///
/// @param <A> the first
/// @param <B> the second
/// @param <R> what it gives
@FunctionalInterface
public interface Combining<A, B, R> extends Serializable {

  /// Applies it.
  ///
  /// @param first the first
  /// @param second the second
  /// @return what the two make
  /// @throws Exception if they fail
  R apply(A first, B second) throws Exception;
}
