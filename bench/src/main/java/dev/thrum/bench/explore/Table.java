package dev.thrum.bench.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// The rows of all tools side by side, once for how soon a bug shows, once for the pace.
final class Table {
  private final List<Program> programs;
  private final List<Row> rows;

  Table(List<Program> programs, List<Row> rows) {
    this.programs = programs;
    this.rows = rows;
  }

  String markdown() {
    return "\nSchedules until the bug shows\n\n"
        + table(Table::length)
        + "\nSchedules a second\n\n"
        + table(row -> Optional.of(String.format(Locale.ROOT, "%,.0f", row.rate())));
  }

  private String table(Function<Row, Optional<String>> cell) {
    var columns = rows.stream().map(Table::column).distinct().toList();
    var text = new StringBuilder(line("program", columns));
    text.append("| --- |").append(" ---: |".repeat(columns.size())).append('\n');
    for (var program : programs) {
      var cells = columns.stream().map(column -> find(program, column).flatMap(cell)).toList();
      if (cells.stream().anyMatch(Optional::isPresent)) {
        text.append(line(program.title(), cells.stream().map(c -> c.orElse("–")).toList()));
      }
    }
    return text.toString();
  }

  private Optional<Row> find(Program program, String column) {
    return rows.stream()
        .filter(row -> row.program().equals(program.title()) && column(row).equals(column))
        .findFirst();
  }

  private static String column(Row row) {
    return row.tool() + " " + row.strategy();
  }

  private static Optional<String> length(Row row) {
    if (Program.named(row.program()).bug() == Program.Bug.NONE) {
      return Optional.empty();
    }
    var median = row.median().map(Row::plain).orElse("never");
    var missed =
        row.found() == row.attempts() ? "" : " (" + row.found() + "/" + row.attempts() + ")";
    return Optional.of(median + missed);
  }

  private static String line(String first, List<String> rest) {
    var cells = new ArrayList<String>();
    cells.add(first);
    cells.addAll(rest);
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
