package dev.thrum.internal.inspect;

import java.util.ArrayList;
import java.util.List;

/// A table for a terminal: columns as wide as what stands in them, but none so wide that it hides
/// the others, cut at the terminal's width.
final class Rows {
  private final List<String[]> rows = new ArrayList<>();
  private final boolean[] right;

  /// @param heads the heads of the columns; one that begins with `>` is for numbers
  Rows(String... heads) {
    right = new boolean[heads.length];
    String[] first = new String[heads.length];
    for (int i = 0; i < heads.length; i++) {
      right[i] = heads[i].startsWith(">");
      first[i] = right[i] ? heads[i].substring(1) : heads[i];
    }
    rows.add(first);
  }

  Rows add(Object... cells) {
    String[] row = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      row[i] = Lines.plain(String.valueOf(cells[i]));
    }
    rows.add(row);
    return this;
  }

  void write(Lines lines) {
    int[] widths = new int[right.length];
    int most = lines.width() == 0 ? Integer.MAX_VALUE : Math.max(10, lines.width() / 3);
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        if (i < row.length - 1 && row[i].length() > most) {
          row[i] = row[i].substring(0, most - 1) + "…";
        }
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String space = " ".repeat(widths[i] - row[i].length());
        line.append(right[i] ? space + row[i] : row[i] + space).append("  ");
      }
      lines.add(line.toString().stripTrailing());
    }
  }
}
