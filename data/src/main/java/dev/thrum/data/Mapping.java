package dev.thrum.data;

import java.io.Serializable;

/// A function of one element, which may wait.
///
/// It can be sent to another machine: what a lambda captures has to be serializable there.
///
/// @param <T> what it takes
/// @param <R> what it gives
@FunctionalInterface
public interface Mapping<T, R> extends Serializable {

  /// Applies it.
  ///
  /// @param element the element
  /// @return what becomes of it
  /// @throws Exception if the element fails
  R apply(T element) throws Exception;
}
