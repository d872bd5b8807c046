package dev.thrum.bench;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/// The run as one markdown table.
record Report(
    Options options,
    List<Contender> contenders,
    Map<String, String> versions,
    Map<String, String> remarks,
    Results results) {
  String markdown() {
    var text = new StringJoiner("\n", "", "\n");
    text.add(head()).add("");
    text.add(line("workload", contenders.stream().map(Contender::name).toList()));
    text.add("| --- |" + " ---: |".repeat(contenders.size()));
    for (var row : results.rows()) {
      text.add(
          line(
              row + " (" + Results.unit(row) + ")",
              contenders.stream().map(contender -> cell(row, contender.name())).toList()));
    }
    return text.toString();
  }

  private String head() {
    var head = new StringJoiner("; ");
    head.add(LocalDate.now(ZoneId.systemDefault()).toString());
    head.add(Machine.describe());
    for (var contender : contenders) {
      head.add(contender.name() + ": " + versions.getOrDefault(contender.name(), "not installed"));
    }
    head.add(options.cpu() ? "CPU time" : "wall-clock time");
    head.add("median of " + options.rounds() + " × " + options.roundsInProcess() + " rounds");
    return head.toString();
  }

  private String cell(String row, String peer) {
    if (!versions.containsKey(peer)) {
      return "not installed";
    }
    var value = results.median(row, peer);
    if (value.isEmpty()) {
      return remarks.getOrDefault(row.split("\\.", -1)[0] + "\t" + peer, "–");
    }
    var number = String.format(Locale.ROOT, "%,.0f", value.getAsDouble());
    var ours = results.median(row, Compare.OURS);
    return ours.isEmpty()
        ? number
        : String.format(
            Locale.ROOT, "%s (×%.2f)", number, value.getAsDouble() / ours.getAsDouble());
  }

  private static String line(String first, List<String> cells) {
    return "| " + first + " | " + String.join(" | ", cells) + " |";
  }
}
