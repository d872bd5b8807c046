package dev.thrum.bench.echo;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;

/// The run as markdown tables, a column for each server.
final class Table {
  private final List<Server> servers;
  private final StringJoiner head = new StringJoiner("; ");
  private final StringJoiner body = new StringJoiner("\n", "", "\n");

  Table(String machine, List<Server> servers, Map<String, String> versions) {
    this.servers = servers;
    head.add(LocalDate.now(ZoneId.systemDefault()).toString());
    head.add(machine);
    for (var server : servers) {
      head.add(server.name() + ": " + versions.get(server.name()));
    }
  }

  /// Adds to the first line, which says what the figures are of.
  void note(String text) {
    head.add(text);
  }

  void begin(String title, String firstColumn) {
    body.add("").add(title).add("");
    row(firstColumn, server -> server);
    body.add("| --- |" + " ---: |".repeat(servers.size()));
  }

  /// A row whose cells are told by the servers' names.
  void row(String first, UnaryOperator<String> cell) {
    var line = new StringJoiner(" | ", "| ", " |");
    line.add(first);
    for (var server : servers) {
      line.add(cell.apply(server.name()));
    }
    body.add(line.toString());
  }

  String markdown() {
    return head + "\n" + body;
  }
}
