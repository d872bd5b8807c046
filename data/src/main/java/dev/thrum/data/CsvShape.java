package dev.thrum.data;

import java.util.List;

/// What the fields of a row become.
interface CsvShape<T> {

  /// Looks at the first row.
  ///
  /// @return for each column whether its fields are wanted
  /// @throws IllegalArgumentException if a column is missing
  boolean[] columns(List<String> names);

  /// Makes an element.
  ///
  /// @param fields of all columns, empty texts where they are not wanted
  /// @throws BadField if one does not fit
  T make(String[] fields) throws BadField;

  /// A field that does not fit.
  final class BadField extends Exception {
    private static final long serialVersionUID = 1L;
    private final int column;
    private final String problem;

    /// @param column from 0
    BadField(int column, String message) {
      super(message, null, false, false);
      this.column = column;
      this.problem = message;
    }

    int column() {
      return column;
    }

    String problem() {
      return problem;
    }
  }
}
