package dev.thrum.bench.web;

import dev.thrum.bench.echo.Server;
import dev.thrum.bench.echo.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Checks the servers, and measures them: they take turns within a row, and the whole is repeated,
/// so that what else the machine does hits all of them alike.
///
/// @param pinning where the servers run
/// @param database how they are told of the database; empty if there is none
record Rounds(
    Options options,
    List<Server> servers,
    List<Row> rows,
    List<String> pinning,
    Map<String, String> database,
    Results results) {
  private static final Duration WARMING = Duration.ofSeconds(1);

  /// A warm-up takes at most so many times what it would take on a machine of its own.
  private static final int MOST_PATIENCE = 2;

  void run() throws IOException, InterruptedException {
    for (var server : servers) {
      check(server);
    }
    for (int round = 1; round <= options.rounds(); round++) {
      for (var row : rows) {
        for (var server : servers) {
          if (!results.lacks(server.name(), row) && !results.hasFailed(server.name(), row)) {
            measure(round, server, row);
          }
        }
      }
    }
  }

  private void check(Server server) throws IOException, InterruptedException {
    try (var process = start(server, database)) {
      try (var checks = new Checks(process.port(), options.peers())) {
        for (var kind : rows.stream().map(Row::kind).distinct().toList()) {
          check(server, kind, checks, process);
        }
      } catch (IOException e) {
        rows.forEach(row -> results.fail(server.name(), row));
        complain("check", server, "all rows", e, process);
      }
    }
  }

  private void check(Server server, Kind kind, Checks checks, ServerProcess process)
      throws IOException, InterruptedException {
    try {
      checks.check(kind);
    } catch (Unsupported _) {
      results.lack(server.name(), kind);
      System.err.printf("check\t%s\thas no %s%n", server.name(), kind.word());
    } catch (IOException e) {
      rows.stream()
          .filter(row -> row.kind() == kind)
          .forEach(row -> results.fail(server.name(), row));
      complain("check", server, kind.word(), e, process);
    }
  }

  private void measure(int round, Server server, Row row) throws IOException, InterruptedException {
    try (var process = start(server, row.kind() == Kind.DB ? database : Map.of())) {
      try {
        var load = Load.of(row, process.port(), options.peers());
        warmUp(process, load, options.warmUp(server).toNanos());
        for (int i = 0; i < options.intervals(); i++) {
          var sample = measure(process, load);
          results.add(server.name(), row, sample);
          System.err.printf(
              Locale.ROOT,
              "%d\t%s\t%s\t%.2f µs\t%.0f/s\t%.2f ms\tserver busy %.0f %%%n",
              round,
              row.title(),
              server.name(),
              sample.microsPerRequest(),
              sample.requestsPerSecond(),
              sample.slowestMillis(),
              100 * sample.busy());
        }
      } catch (IOException e) {
        results.fail(server.name(), row);
        complain(Integer.toString(round), server, row.title(), e, process);
      }
    }
  }

  private ServerProcess start(Server server, Map<String, String> database) throws IOException {
    var command = new ArrayList<>(pinning);
    command.addAll(server.command());
    var environment = new HashMap<>(server.environment());
    environment.putAll(database);
    return ServerProcess.start(command, environment);
  }

  /// Takes its time on the processor, so that other work on the machine does not cut it short. In
  /// its first second a JVM may have no answer for anybody.
  private static void warmUp(ServerProcess process, Load load, long nanos)
      throws IOException, InterruptedException {
    long cpu = process.cpuNanos();
    long end = System.nanoTime() + MOST_PATIENCE * nanos;
    do {
      demand(load.run(WARMING));
    } while (process.cpuNanos() - cpu < nanos && System.nanoTime() < end);
  }

  private Sample measure(ServerProcess process, Load load)
      throws IOException, InterruptedException {
    long cpu = process.cpuNanos();
    var tally = demand(load.run(options.interval()));
    if (tally.requests() == 0) {
      throw new IOException("no answer in " + options.interval());
    }
    return Sample.of(tally, process.cpuNanos() - cpu);
  }

  private static Tally demand(Tally tally) throws IOException {
    if (tally.trouble().isPresent()) {
      throw new IOException(tally.trouble().get());
    }
    return tally;
  }

  private static void complain(
      String when, Server server, String what, IOException failure, ServerProcess process)
      throws IOException {
    System.err.printf(
        "%s\t%s\t%s\tFAILED: %s%n%s", when, what, server.name(), failure, process.errors());
  }
}
