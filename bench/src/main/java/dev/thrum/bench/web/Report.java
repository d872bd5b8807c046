package dev.thrum.bench.web;

import dev.thrum.bench.echo.Server;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/// The results as markdown tables, a line for each server and a column for each row of the run.
record Report(List<Server> servers, List<Row> rows, Results results) {
  /// The part of the time that a server runs if the load keeps up with it.
  private static final double BUSY = 0.8;

  private static final String NOTHING = "–";

  String tables() {
    return table(
            "CPU time of the server for a request, in µs (× that of plain Netty; * where it waited"
                + " for the load):",
            this::cost)
        + table(
            "Requests per second:",
            (server, row) -> cell(server, row, "%,.0f", Sample::requestsPerSecond))
        + table("Time until the answer, 99th percentile, in ms:", this::slowest);
  }

  private String table(String title, BiFunction<String, Row, String> cell) {
    var text = new StringJoiner("\n", "\n", "\n");
    text.add(title).add("");
    var head = new StringJoiner(" | ", "| ", " |").add("server");
    rows.forEach(row -> head.add(row.title()));
    text.add(head.toString());
    text.add("| --- |" + " ---: |".repeat(rows.size()));
    for (var server : servers) {
      var line = new StringJoiner(" | ", "| ", " |").add(server.name());
      rows.forEach(row -> line.add(cell.apply(server.name(), row)));
      text.add(line.toString());
    }
    return text.toString();
  }

  private String cost(String server, Row row) {
    var micros = cell(server, row, "%,.1f", Sample::microsPerRequest);
    var busy = results.value(server, row, Sample::busy);
    return micros + ratio(server, row) + (busy.isPresent() && busy.getAsDouble() < BUSY ? "*" : "");
  }

  private String ratio(String server, Row row) {
    var value = results.value(server, row, Sample::microsPerRequest);
    var base = results.value(Contenders.NETTY, row, Sample::microsPerRequest);
    return value.isEmpty() || base.isEmpty()
        ? ""
        : String.format(Locale.ROOT, " (×%.2f)", value.getAsDouble() / base.getAsDouble());
  }

  /// What is pipelined waits for what is before it, which says nothing of a request.
  private String slowest(String server, Row row) {
    return row.kind() == Kind.PIPELINED
        ? NOTHING
        : cell(server, row, "%,.2f", Sample::slowestMillis);
  }

  private String cell(String server, Row row, String format, ToDoubleFunction<Sample> measure) {
    if (results.hasFailed(server, row)) {
      return "FAILED";
    }
    if (results.lacks(server, row)) {
      return "n/a";
    }
    var value = results.value(server, row, measure);
    return value.isEmpty() ? NOTHING : String.format(Locale.ROOT, format, value.getAsDouble());
  }
}
