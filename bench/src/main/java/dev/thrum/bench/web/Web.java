package dev.thrum.bench.web;

import dev.thrum.bench.Machine;
import dev.thrum.bench.echo.Cores;
import dev.thrum.bench.echo.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// Runs every server in fresh processes, in turn, puts the same load on each, and prints the
/// tables.
public final class Web {
  private final Options options;
  private final String wrk;
  private final Map<Server, String> versions = new LinkedHashMap<>();
  private final Results results;

  private Web(Options options, String wrk) {
    this.options = options;
    this.wrk = wrk;
    this.results = new Results(options.best());
  }

  static void main(String[] args) throws IOException, InterruptedException, SQLException {
    if (List.of(args).contains("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    Options options;
    try {
      options = Options.parse(args, Path.of(System.getProperty("thrum.bench.home", "bench")));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(Options.USAGE);
      System.exit(2);
      return;
    }
    var wrk = Wrk.version();
    if (wrk.isEmpty()) {
      System.err.println("The load is wrk's, which is not installed: apt-get install wrk");
      System.exit(2);
      return;
    }
    System.exit(new Web(options, wrk.get()).run() ? 0 : 1);
  }

  /// True if every server did what it should.
  private boolean run() throws IOException, InterruptedException, SQLException {
    var machine = Machine.describe();
    askVersions();
    var cores = Cores.pin();
    var rows = options.rows();
    if (!options.asks(Kind.DB)) {
      measure(rows, cores, Map.of());
    } else {
      try (var postgres = Postgres.start(options.home())) {
        measure(rows, cores, postgres.environment());
      } catch (NoDatabase e) {
        System.err.println("db: left out. " + e.getMessage());
        rows = rows.stream().filter(row -> row.kind() != Kind.DB).toList();
        measure(rows, cores, Map.of());
      }
    }
    print(head(machine + "; " + cores.description()) + "\n" + tables(rows));
    return results.ok();
  }

  /// What each installed server is; for the others a line is printed.
  private void askVersions() throws InterruptedException {
    for (var server : options.servers()) {
      server
          .version()
          .ifPresentOrElse(
              version -> versions.put(server, version),
              () ->
                  System.err.println(
                      server.name() + ": not installed, needs the " + server.toInstall()));
    }
  }

  private void measure(List<Row> rows, Cores cores, Map<String, String> database)
      throws IOException, InterruptedException {
    var servers = List.copyOf(versions.keySet());
    new Rounds(options, servers, rows, cores.serverPinning(), database, results).run();
  }

  private String tables(List<Row> rows) {
    return new Report(List.copyOf(versions.keySet()), rows, results).tables();
  }

  private String head(String machine) {
    var head = new StringJoiner("; ");
    head.add(LocalDate.now(ZoneId.systemDefault()).toString());
    head.add(machine);
    head.add(wrk);
    versions.forEach((server, version) -> head.add(server.name() + ": " + version));
    head.add(
        "%s of %d × %d intervals"
            .formatted(options.best() ? "best" : "median", options.rounds(), options.intervals()));
    return head.toString();
  }

  private void print(String text) throws IOException {
    System.out.print(text);
    if (options.out().isPresent()) {
      Files.writeString(options.out().get(), text);
    }
  }
}
