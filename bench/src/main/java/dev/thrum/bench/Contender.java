package dev.thrum.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A column of the tables: how to start a peer's process, what to install when it is missing, and
/// the tables it belongs to.
record Contender(
    String name,
    List<String> command,
    Map<String, String> environment,
    String toInstall,
    Set<Table> tables) {
  private static final Set<Table> ALL = Set.of(Table.values());
  private static final Set<Table> CORE = Set.of(Table.CORE);
  private static final Set<Table> CHANNELS = Set.of(Table.CHANNELS);
  private static final Set<Table> ONE_LOOP = Set.of(Table.CORE, Table.CHANNELS);
  private static final Set<Table> ACROSS = Set.of(Table.CHANNELS_ACROSS);

  private static final String OPEN_THREADS = "--add-opens=java.base/java.lang=ALL-UNNAMED";

  /// Kotlin's `Dispatchers.Default`.
  private static final String TWO_DEFAULT_THREADS =
      "-Dkotlinx.coroutines.scheduler.core.pool.size=2"
          + " -Dkotlinx.coroutines.scheduler.max.pool.size=2";

  /// With one carrier, a rendezvous that spins because it sees more processors only delays the
  /// other side. The collector is the one that the other JVMs choose.
  private static final String ONE_PROCESSOR = "-XX:ActiveProcessorCount=1 -XX:+UseG1GC";

  /// All contenders, in the order of the tables' columns; the first is what the others are compared
  /// with.
  static List<Contender> all(Path home, String python) {
    var script = home.resolve("peers/asyncio_peer.py").toString();
    var go = home.resolve("target/go-peer").toString();
    return List.of(
        jvm("thrum", ALL, "ThrumPeer", OPEN_THREADS),
        jvm("thrum-portable", ALL, "ThrumPeer"),
        jvm("bare", CORE, "BareThreads", OPEN_THREADS),
        jvm("vt", CORE, "VirtualThreads"),
        jvm("vt-1", CORE, "VirtualThreads", carriers(1)),
        jvm("future", CORE, "Futures"),
        jvm("jox", CHANNELS, "JoxThreads", carriers(1), ONE_PROCESSOR),
        jvm("queues", CHANNELS, "VirtualThreads", carriers(1), ONE_PROCESSOR),
        jvm("bare-queues", CHANNELS, "BareThreads", OPEN_THREADS, ONE_PROCESSOR),
        jvm("jox-2", ACROSS, "JoxThreads", carriers(2)),
        jvm("queues-2", ACROSS, "VirtualThreads", carriers(2)),
        jvm("threads", ACROSS, "PlatformThreads"),
        jvm("kotlin", ALL, "KotlinCoroutines", TWO_DEFAULT_THREADS),
        process("asyncio", ONE_LOOP, "python3", Map.of(), python, script, "asyncio"),
        process("uvloop", ONE_LOOP, "python3-uvloop", Map.of(), python, script, "uvloop"),
        process("go", ALL, "golang", Map.of("GOMAXPROCS", "1"), go, "go"));
  }

  private static String carriers(int count) {
    return "-Djdk.virtualThreadScheduler.parallelism="
        + count
        + " -Djdk.virtualThreadScheduler.maxPoolSize="
        + count;
  }

  private static Contender jvm(String name, Set<Table> tables, String peer, String... flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms2g", "-Xmx8g", "--enable-native-access=ALL-UNNAMED"));
    for (var some : flags) {
      command.addAll(List.of(some.split(" ", -1)));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(PeerMain.class.getName(), name, "dev.thrum.bench." + peer));
    return new Contender(name, List.copyOf(command), Map.of(), "the class " + peer, tables);
  }

  private static Contender process(
      String name,
      Set<Table> tables,
      String toInstall,
      Map<String, String> environment,
      String... command) {
    return new Contender(name, List.of(command), environment, "the package " + toInstall, tables);
  }
}
