package dev.thrum.bench;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/// The run as markdown tables.
record Report(
    Options options,
    List<Contender> contenders,
    Map<String, String> versions,
    Map<String, String> remarks,
    Results wall,
    Results cpu) {
  String markdown() {
    var text = new StringJoiner("\n", "", "\n");
    text.add(head());
    for (var table : Table.values()) {
      add(text, table, "wall-clock time", wall);
      if (options.cpu()) {
        add(text, table, "CPU time", cpu);
      }
    }
    return text.toString();
  }

  private void add(StringJoiner text, Table table, String measure, Results results) {
    var rows = results.rows(table);
    if (rows.isEmpty()) {
      return;
    }
    var columns = contenders.stream().filter(c -> c.tables().contains(table)).toList();
    text.add("").add(table.title() + ", " + measure + ":").add("");
    text.add(line("workload", columns.stream().map(Contender::name).toList()));
    text.add("| --- |" + " ---: |".repeat(columns.size()));
    for (var row : rows) {
      var cells = columns.stream().map(column -> cell(row, column.name(), results)).toList();
      text.add(line(row + " (" + Results.unit(row) + ")", cells));
    }
  }

  private String head() {
    var head = new StringJoiner("; ");
    head.add(LocalDate.now(ZoneId.systemDefault()).toString());
    head.add(Machine.describe());
    for (var contender : contenders) {
      head.add(contender.name() + ": " + versions.getOrDefault(contender.name(), "not installed"));
    }
    var which = options.best() ? "best of " : "median of ";
    head.add(which + options.rounds() + " × " + options.roundsInProcess() + " rounds");
    return head.toString();
  }

  private String cell(String row, String peer, Results results) {
    if (!versions.containsKey(peer)) {
      return "not installed";
    }
    var value = results.value(row, peer);
    if (value.isEmpty()) {
      return remarks.getOrDefault(Workload.ofRow(row).title() + "\t" + peer, "–");
    }
    var number = String.format(Locale.ROOT, "%,.0f", value.getAsDouble());
    var ours = results.value(row, Compare.OURS);
    return ours.isEmpty()
        ? number
        : String.format(
            Locale.ROOT, "%s (×%.2f)", number, value.getAsDouble() / ours.getAsDouble());
  }

  private static String line(String first, List<String> cells) {
    return "| " + first + " | " + String.join(" | ", cells) + " |";
  }
}
