package dev.thrum.bench.echo;

import dev.thrum.bench.CpuClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A server in a process of its own. Its first line is the port; it ends with its standard input.
final class ServerProcess implements AutoCloseable {
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s*(\\d+) kB$");
  private static final long PATIENCE_SECONDS = 10;

  private final Process process;
  private final Path errors;
  private final BufferedReader output;
  private final Writer input;

  private ServerProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    output = process.inputReader(StandardCharsets.UTF_8);
    input = process.outputWriter(StandardCharsets.UTF_8);
  }

  static ServerProcess start(Server server, List<String> pinning) throws IOException {
    var command = new ArrayList<>(pinning);
    command.addAll(server.command());
    Path errors = Files.createTempFile("bench-echo", ".err");
    var builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(server.environment());
    return new ServerProcess(builder.start(), errors);
  }

  /// Waits until it listens. To be called once.
  int port() throws IOException {
    return Integer.parseInt(readLine());
  }

  /// User and system time so far, of all its threads.
  long cpuNanos() {
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
    input.write("heap\n");
    input.flush();
    return Long.parseLong(readLine());
  }

  private String readLine() throws IOException {
    var line = output.readLine();
    if (line == null) {
      throw new IOException("the server has ended");
    }
    return line;
  }

  /// What it has complained about.
  String errors() throws IOException {
    return Files.readString(errors);
  }

  @Override
  public void close() throws IOException {
    try {
      input.close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    output.close();
    Files.delete(errors);
  }
}
