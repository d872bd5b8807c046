package dev.thrum.data;

import java.io.Serializable;

/// Tells of an element whether it is wanted.
///
/// @param <T> the type of the elements
@FunctionalInterface
public interface Condition<T> extends Serializable {

  /// Looks at an element.
  ///
  /// @param element the element
  /// @return true if it is wanted
  /// @throws Exception if the element fails
  boolean test(T element) throws Exception;
}
