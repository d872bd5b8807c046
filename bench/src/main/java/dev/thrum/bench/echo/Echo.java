package dev.thrum.bench.echo;

import dev.thrum.bench.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs every server in fresh processes, in turn, puts the same load on each, and prints the
/// tables.
public final class Echo {
  private Echo() {}

  static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 0 && args[0].equals("--help")) {
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
    var machine = Machine.describe();
    var versions = askVersions(options.servers());
    var servers = options.servers().stream().filter(s -> versions.containsKey(s.name())).toList();
    var cores = Cores.pin();
    var table = new Table(machine + "; " + cores.description(), servers, versions);
    boolean ok =
        options.idle()
            ? new IdleRun(options, servers, cores, table).run()
            : new BusyRun(options, servers, cores, table).run();
    System.out.print(table.markdown());
    if (options.out().isPresent()) {
      Files.writeString(options.out().get(), table.markdown());
    }
    System.exit(ok ? 0 : 1);
  }

  /// What each installed server is; for the others a line is printed.
  private static Map<String, String> askVersions(List<Server> servers) throws InterruptedException {
    var versions = new LinkedHashMap<String, String>();
    for (var server : servers) {
      server
          .version()
          .ifPresentOrElse(
              version -> versions.put(server.name(), version),
              () ->
                  System.err.println(
                      server.name() + ": not installed, needs the " + server.toInstall()));
    }
    return versions;
  }
}
