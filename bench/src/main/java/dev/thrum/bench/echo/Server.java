package dev.thrum.bench.echo;

import dev.thrum.bench.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A column of the tables: how to start a server's process, with "version" behind it to be told its
/// version, and what to install when it is missing.
public record Server(
    String name,
    List<String> command,
    List<String> versionCommand,
    Map<String, String> environment,
    String toInstall) {
  static final String NETTY = "netty";
  static final String ASYNCIO = "asyncio";

  public static final String OPEN_THREADS = "--add-opens=java.base/java.lang=ALL-UNNAMED";
  private static final String NIO = "-Dthrum.net.transport=nio";
  private static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";

  /// The same for all that run on a JVM, and what the JVM would choose where it has one processor.
  public static final List<String> JVM_FLAGS =
      List.of(
          "-XX:ActiveProcessorCount=1",
          "-XX:+UseSerialGC",
          "-Xms256m",
          "-Xmx2g",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /// Python's streams ask for 256 KiB a read and shrink what they get. With the C library's own
  /// settings that memory mostly comes from the system and goes back to it, every time.
  private static final Map<String, String> KEEP_MEMORY =
      Map.of("MALLOC_MMAP_THRESHOLD_", "33554432", "MALLOC_TRIM_THRESHOLD_", "67108864");

  /// Those that are measured under load unless others are named.
  static final List<String> BUSY =
      List.of(
          "thrum",
          "thrum-portable",
          "thrum-nio",
          NETTY,
          "vt",
          ASYNCIO,
          "uvloop",
          "asyncio-malloc",
          "uvloop-malloc",
          "go");

  /// Those whose idle connections are weighed unless others are named: none holds a buffer for a
  /// connection that has nothing to say.
  static final List<String> IDLE = List.of("thrum-bytes", "thrum-portable-bytes", NETTY, ASYNCIO);

  /// All servers, in the order of the columns.
  static List<Server> all(Path home, String python) {
    var script = home.resolve("peers/asyncio_echo.py").toString();
    return List.of(
        jvm("thrum", "ThrumServer", OPEN_THREADS),
        jvm("thrum-portable", "ThrumServer"),
        jvm("thrum-nio", "ThrumServer", OPEN_THREADS, NIO),
        jvm("thrum-bytes", "ThrumServer", OPEN_THREADS).with("bytes"),
        jvm("thrum-portable-bytes", "ThrumServer").with("bytes"),
        jvm(NETTY, "NettyServer"),
        jvm("vt", "VirtualThreadServer", ONE_CARRIER),
        python(ASYNCIO, Map.of(), python, script, "asyncio"),
        python("uvloop", Map.of(), python, script, "uvloop"),
        python("asyncio-malloc", KEEP_MEMORY, python, script, "asyncio"),
        python("uvloop-malloc", KEEP_MEMORY, python, script, "uvloop"),
        go(home.resolve("target/go-peer").toString()));
  }

  /// Those that are asked for, in their own order.
  ///
  /// @throws IllegalArgumentException if there is none of a name
  public static List<Server> named(List<String> names, List<Server> all) {
    for (var name : names) {
      if (all.stream().noneMatch(server -> server.name().equals(name))) {
        throw new IllegalArgumentException("unknown server " + name);
      }
    }
    return all.stream().filter(server -> names.contains(server.name())).toList();
  }

  /// What is installed, in its own words; empty if it is not, or lacks what it needs.
  public Optional<String> version() throws InterruptedException {
    try {
      var child = Child.run(versionCommand, environment);
      return child.ok() ? child.output().stream().findFirst() : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Server jvm(String name, String type, String... flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_FLAGS);
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("dev.thrum.bench.echo." + type);
    return new Server(name, command, plus(command, "version"), Map.of(), "class " + type);
  }

  private Server with(String argument) {
    return new Server(name, plus(command, argument), versionCommand, environment, toInstall);
  }

  private static Server python(
      String name, Map<String, String> environment, String python, String script, String loop) {
    var command = List.of(python, script, loop);
    var toInstall = loop.equals("uvloop") ? "package python3-uvloop" : "package python3";
    return new Server(name, command, plus(command, "version"), environment, toInstall);
  }

  private static Server go(String binary) {
    var name = "go";
    return new Server(
        name,
        List.of(binary, name, "echo"),
        List.of(binary, name),
        Map.of("GOMAXPROCS", "1"),
        "package golang");
  }

  private static List<String> plus(List<String> command, String last) {
    var longer = new ArrayList<>(command);
    longer.add(last);
    return List.copyOf(longer);
  }
}
