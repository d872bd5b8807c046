package dev.thrum.bench.echo;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a connection that does nothing costs a server in memory.
final class IdleRun {
  /// Connections before the first look, so that what the first ones bring with them is not counted.
  private static final int FIRST = 200;

  /// Connections that are asked to answer in the end.
  private static final int SOME = 10;

  private static final int OTHER_FILES = 100;
  private static final int MESSAGE_BYTES = 1024;
  private static final Duration SETTLING = Duration.ofMillis(500);

  private final Options options;
  private final List<Server> servers;
  private final Cores cores;
  private final Table table;
  private final Map<String, Cost> costs = new HashMap<>();

  /// Bytes for a connection.
  private record Cost(double resident, double heap) {}

  IdleRun(Options options, List<Server> servers, Cores cores, Table table) {
    this.options = options;
    this.servers = servers;
    this.cores = cores;
    this.table = table;
  }

  /// True if every server held all its connections.
  boolean run() throws IOException {
    int count = options.connections().getFirst();
    if (!canOpen(FIRST + count)) {
      return false;
    }
    for (var server : servers) {
      measure(server, count);
    }
    table.begin(
        "Memory of the server for one of %,d idle connections, in bytes:".formatted(count),
        "memory");
    table.row("resident", server -> cell(server, true));
    table.row("heap in use", server -> cell(server, false));
    return costs.size() == servers.size();
  }

  private static boolean canOpen(int connections) {
    int needed = connections + OTHER_FILES;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        && system.getMaxFileDescriptorCount() < needed) {
      System.err.printf(
          "A process may open %,d files here, and %,d are needed: raise the limit (ulimit -Hn), or"
              + " say --connections with less.%n",
          system.getMaxFileDescriptorCount(), needed);
      return false;
    }
    return true;
  }

  private void measure(Server server, int count) throws IOException {
    try (var process = ServerProcess.start(server, cores.serverPinning())) {
      int port = process.port();
      try (var load = Load.connect(port, FIRST, MESSAGE_BYTES)) {
        long heap = process.heapBytes();
        long resident = process.residentBytes();
        load.add(port, count);
        double heapEach = (double) (process.heapBytes() - heap) / count;
        double residentEach = (double) (process.residentBytes() - resident) / count;
        check(process, load, FIRST + count);
        costs.put(server.name(), new Cost(residentEach, heap < 0 ? -1 : heapEach));
        System.err.printf(
            Locale.ROOT,
            "%s\t%,d connections held and answering\t%,.0f bytes resident, %,.0f of heap each%n",
            server.name(),
            FIRST + count,
            residentEach,
            heapEach);
      } catch (IOException e) {
        System.err.printf("%s\tfailed: %s%n%s", server.name(), e.getMessage(), process.errors());
      }
    }
  }

  /// All of them are open at both ends, and some of them answer.
  private static void check(ServerProcess process, Load load, int count) throws IOException {
    load.expectSilence(SETTLING);
    long open = process.openFiles();
    if (open < count) {
      throw new IOException("only %,d of %,d connections are open".formatted(open, count));
    }
    load.begin(SOME);
    load.run(SETTLING);
    load.end();
  }

  private String cell(String server, boolean resident) {
    var cost = costs.get(server);
    if (cost == null) {
      return "failed";
    }
    double bytes = resident ? cost.resident() : cost.heap();
    return bytes < 0 ? "–" : String.format(Locale.ROOT, "%,.0f", bytes);
  }
}
