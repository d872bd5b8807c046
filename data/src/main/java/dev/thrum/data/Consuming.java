package dev.thrum.data;

import java.io.Serializable;

/// Takes elements, and may wait.
///
/// @param <T> their type
@FunctionalInterface
public interface Consuming<T> extends Serializable {

  /// Takes one.
  ///
  /// @param element the element
  /// @throws Exception if it fails
  void accept(T element) throws Exception;
}
