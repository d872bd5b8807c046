package dev.thrum.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A column of the table: how to start a peer's process, and what to install when it is missing.
record Contender(
    String name, List<String> command, Map<String, String> environment, String toInstall) {
  private static final String OPEN_THREADS = "--add-opens=java.base/java.lang=ALL-UNNAMED";
  private static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";

  /// All contenders, in the order of the table's columns; the first is what the others are compared
  /// with.
  static List<Contender> all(Path home, String python) {
    var script = home.resolve("peers/asyncio_peer.py").toString();
    var go = home.resolve("target/go-peer").toString();
    return List.of(
        jvm("thrum", "ThrumPeer", OPEN_THREADS),
        jvm("thrum-portable", "ThrumPeer"),
        jvm("bare", "BareThreads", OPEN_THREADS),
        jvm("vt", "VirtualThreads"),
        jvm("vt-1", "VirtualThreads", ONE_CARRIER),
        jvm("future", "Futures"),
        jvm("kotlin", "KotlinCoroutines"),
        process("asyncio", "python3", Map.of(), python, script, "asyncio"),
        process("uvloop", "python3-uvloop", Map.of(), python, script, "uvloop"),
        process("go", "golang", Map.of("GOMAXPROCS", "1"), go, "go"));
  }

  private static Contender jvm(String name, String peer, String... flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms2g", "-Xmx8g", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(PeerMain.class.getName(), name, "dev.thrum.bench." + peer));
    return new Contender(name, List.copyOf(command), Map.of(), "the class " + peer);
  }

  private static Contender process(
      String name, String toInstall, Map<String, String> environment, String... command) {
    return new Contender(name, List.of(command), environment, "the package " + toInstall);
  }
}
