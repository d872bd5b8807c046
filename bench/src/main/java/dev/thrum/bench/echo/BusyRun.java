package dev.thrum.bench.echo;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// What a message costs: the servers take turns within a row, and the whole is repeated, so that
/// what else the machine does hits all of them alike.
final class BusyRun {
  private static final Duration WARMING = Duration.ofMillis(100);

  /// A warm-up takes at most so many times what it would take on a machine of its own.
  private static final int MOST_PATIENCE = 4;

  /// The part of the time that a server runs if the load keeps up with it.
  private static final double BUSY = 0.8;

  private final Options options;
  private final List<Server> servers;
  private final Cores cores;
  private final Table table;
  private final Results results = new Results();
  private final Set<String> failed = new HashSet<>();

  BusyRun(Options options, List<Server> servers, Cores cores, Table table) {
    this.options = options;
    this.servers = servers;
    this.cores = cores;
    this.table = table;
  }

  /// True if every server did what it should.
  boolean run() throws IOException {
    for (int round = 1; round <= options.rounds(); round++) {
      for (var row : options.scenarios()) {
        for (var server : servers) {
          measure(round, row, server);
        }
      }
    }
    report();
    return failed.isEmpty();
  }

  private void measure(int round, Scenario row, Server server) throws IOException {
    try (var process = ServerProcess.start(server, cores.serverPinning())) {
      try (var load = Load.connect(process.port(), row.connections(), row.bytes())) {
        load.begin();
        warmUp(process, load);
        for (int i = 0; i < options.intervals(); i++) {
          var sample = measure(process, load);
          results.add(row, server.name(), sample);
          System.err.printf(
              Locale.ROOT,
              "%d\t%s\t%s\t%.2f µs\t%.0f/s\tserver busy %.0f %%%n",
              round,
              row.title(),
              server.name(),
              sample.microsPerMessage(),
              sample.messagesPerSecond(),
              100 * sample.busy());
        }
        load.end();
      } catch (IOException e) {
        failed.add(row.title() + "\t" + server.name());
        System.err.printf(
            "%d\t%s\t%s\tfailed: %s%n%s",
            round, row.title(), server.name(), e.getMessage(), process.errors());
      }
    }
  }

  /// Takes its time on the processor, so that other work on the machine does not cut it short.
  private void warmUp(ServerProcess process, Load load) throws IOException {
    long cpu = process.cpuNanos();
    long end = System.nanoTime() + MOST_PATIENCE * options.warmUp().toNanos();
    do {
      load.run(WARMING);
    } while (process.cpuNanos() - cpu < options.warmUp().toNanos() && System.nanoTime() < end);
  }

  private Sample measure(ServerProcess process, Load load) throws IOException {
    double messages = load.messages();
    long cpu = process.cpuNanos();
    long wall = System.nanoTime();
    load.run(options.interval());
    return Sample.of(
        load.messages() - messages, process.cpuNanos() - cpu, System.nanoTime() - wall);
  }

  private void report() {
    table.note("median of %d × %d intervals".formatted(options.rounds(), options.intervals()));
    table.begin(
        "CPU time of the server for a message, in µs (× that of plain Netty; * where it waited for"
            + " the load):",
        "message");
    for (var row : options.scenarios()) {
      table.row(row.title(), server -> cost(row, server));
    }
    if (servers.stream().anyMatch(server -> server.name().equals(Server.ASYNCIO))) {
      table.begin("The same, as a part of asyncio's:", "message");
      for (var row : options.scenarios()) {
        table.row(row.title(), server -> partOfAsyncio(row, server));
      }
    }
    table.begin("Messages per second:", "message");
    for (var row : options.scenarios()) {
      table.row(row.title(), server -> cell(row, server, "%,.0f", Sample::messagesPerSecond));
    }
  }

  private String cost(Scenario row, String server) {
    var micros = cell(row, server, "%,.1f", Sample::microsPerMessage);
    return micros + ratio(" (×%.2f)", row, server, Server.NETTY) + mark(row, server);
  }

  /// A server that runs dry wakes up for fewer messages at a time, each of which costs more then.
  private String mark(Scenario row, String server) {
    var busy = results.median(row, server, Sample::busy);
    return busy.isPresent() && busy.getAsDouble() < BUSY ? "*" : "";
  }

  private String partOfAsyncio(Scenario row, String server) {
    var text = ratio("×%.2f", row, server, Server.ASYNCIO);
    return text.isEmpty() ? "–" : text;
  }

  private String cell(
      Scenario row, String server, String format, ToDoubleFunction<Sample> measure) {
    if (hasFailed(row, server)) {
      return "failed";
    }
    var value = results.median(row, server, measure);
    return value.isEmpty() ? "–" : String.format(Locale.ROOT, format, value.getAsDouble());
  }

  /// What a message costs a server beside what it costs another; empty if one of them is not known.
  private String ratio(String format, Scenario row, String server, String other) {
    var value = results.median(row, server, Sample::microsPerMessage);
    var base = results.median(row, other, Sample::microsPerMessage);
    return value.isEmpty() || base.isEmpty() || hasFailed(row, server) || hasFailed(row, other)
        ? ""
        : String.format(Locale.ROOT, format, value.getAsDouble() / base.getAsDouble());
  }

  private boolean hasFailed(Scenario row, String server) {
    return failed.contains(row.title() + "\t" + server);
  }
}
