package dev.thrum.data;

import java.io.Serializable;

/// Makes something, for each run anew.
///
/// @param <T> its type
@FunctionalInterface
public interface Supplying<T> extends Serializable {

  /// Makes it.
  ///
  /// @return a new one
  /// @throws Exception if it cannot be made
  T get() throws Exception;
}
