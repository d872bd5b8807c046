package dev.thrum.data;

import java.io.Serializable;

/// An element that could not be used, as a dead-letter sink gets it.
///
/// @param operator the operator that could not use it
/// @param place where it came from, as `file:line:column`; empty where that is not known
/// @param problem what is wrong with it
/// @param element the element as text, cut after 1,000 characters
public record Letter(String operator, String place, String problem, String element)
    implements Serializable {
  private static final int LONGEST = 1000;

  /// Cuts what is too long.
  public Letter {
    if (element.length() > LONGEST) {
      element = element.substring(0, LONGEST) + "…";
    }
  }

  /// As the message of an exception.
  ///
  /// @return operator, place, problem and element in one line
  public String sentence() {
    return operator
        + (place.isEmpty() ? "" : " at " + place)
        + ": "
        + problem
        + (element.isEmpty() ? "" : ": " + element);
  }
}
