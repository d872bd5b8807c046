package dev.thrum.bench.inspect;

import dev.thrum.bench.Machine;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// The run as markdown tables.
final class Tables {
  private final StringJoiner head = new StringJoiner("; ");
  private final StringJoiner body = new StringJoiner("\n", "", "\n");

  Tables() {
    head.add(LocalDate.now(ZoneId.systemDefault()).toString());
    head.add(Machine.describe());
    head.add("JDK " + Runtime.version());
  }

  /// Adds to the first line, which says what the figures are of.
  void note(String text) {
    head.add(text);
  }

  void begin(String title, String firstColumn, List<String> columns) {
    body.add("").add(title).add("");
    row(firstColumn, columns);
    body.add("| --- |" + " ---: |".repeat(columns.size()));
  }

  void row(String first, List<String> rest) {
    var cells = new ArrayList<String>();
    cells.add(first);
    cells.addAll(rest);
    body.add("| " + String.join(" | ", cells) + " |");
  }

  String markdown() {
    return head + "\n" + body;
  }
}
