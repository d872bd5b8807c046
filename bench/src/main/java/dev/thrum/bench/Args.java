package dev.thrum.bench;

import java.util.List;

/// What the options of the drivers are made of.
public final class Args {
  private Args() {}

  /// Words with commas between them.
  public static List<String> list(String text) {
    return List.of(text.split(",", -1));
  }

  /// A whole number from 1.
  ///
  /// @throws IllegalArgumentException if it is none
  public static int number(String option, String word) {
    try {
      int number = Integer.parseInt(word);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new IllegalArgumentException(option + " takes a whole number from 1, not " + word);
  }

  /// What was given, or else what is meant without it.
  public static <T> List<T> orElse(List<T> given, List<T> otherwise) {
    return given.isEmpty() ? otherwise : given;
  }
}
