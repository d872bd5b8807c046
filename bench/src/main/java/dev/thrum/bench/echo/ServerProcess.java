package dev.thrum.bench.echo;

import dev.thrum.bench.CpuClock;
import dev.thrum.bench.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A server in a process of its own. Its first line is the port; it ends with its standard input.
public final class ServerProcess implements AutoCloseable {
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s*(\\d+) kB$");

  private final Running process;

  private ServerProcess(Running process) {
    this.process = process;
  }

  static ServerProcess start(Server server, List<String> pinning) throws IOException {
    var command = new ArrayList<>(pinning);
    command.addAll(server.command());
    return start(command, server.environment());
  }

  /// Starts a server by its command.
  public static ServerProcess start(List<String> command, Map<String, String> environment)
      throws IOException {
    return new ServerProcess(Running.start(command, environment));
  }

  public long pid() {
    return process.pid();
  }

  /// Waits until it listens. To be called once.
  public int port() throws IOException {
    return Integer.parseInt(process.readLine());
  }

  /// User and system time so far, of all its threads.
  public long cpuNanos() {
    return CpuClock.nanos(process.pid());
  }

  /// What it has in memory, in bytes.
  long residentBytes() throws IOException {
    var status = Files.readString(proc("status"));
    var found = RESIDENT.matcher(status);
    if (!found.find()) {
      throw new IOException("no VmRSS in " + proc("status"));
    }
    return Long.parseLong(found.group(1)) * 1024;
  }

  /// How many files and sockets it has open.
  long openFiles() throws IOException {
    try (var files = Files.list(proc("fd"))) {
      return files.count();
    }
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  /// Has it collect garbage and say how much of its heap is in use, in bytes; -1 if it cannot tell.
  long heapBytes() throws IOException {
    process.say("heap");
    return Long.parseLong(process.readLine());
  }

  /// What it has complained about.
  public String errors() throws IOException {
    return process.errors();
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
