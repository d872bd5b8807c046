package dev.thrum.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A child process that is talked to while it runs. It ends with its standard input, and is ended
/// if it has taken far too long.
public final class Running implements AutoCloseable {
  private static final long LIMIT_MINUTES = 10;
  private static final long PATIENCE_SECONDS = 10;

  private final Process process;
  private final Path errors;
  private final BufferedReader output;
  private final Writer input;

  private Running(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    output = process.inputReader(StandardCharsets.UTF_8);
    input = process.outputWriter(StandardCharsets.UTF_8);
  }

  /// Starts a command.
  public static Running start(List<String> command, Map<String, String> environment)
      throws IOException {
    Path errors = Files.createTempFile("bench", ".err");
    var builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    var process = builder.start();
    CompletableFuture.delayedExecutor(LIMIT_MINUTES, TimeUnit.MINUTES)
        .execute(process::destroyForcibly);
    return new Running(process, errors);
  }

  public long pid() {
    return process.pid();
  }

  /// Its next line; empty once it has closed its output.
  public Optional<String> nextLine() throws IOException {
    return Optional.ofNullable(output.readLine());
  }

  /// Its next line, where there has to be one.
  public String readLine() throws IOException {
    return nextLine().orElseThrow(() -> new IOException("the process has ended"));
  }

  /// Gives it a line to read.
  public void say(String line) throws IOException {
    input.write(line + "\n");
    input.flush();
  }

  /// Waits for its end, after its output has been read, and gives its exit status.
  public int end() throws InterruptedException {
    return process.waitFor();
  }

  /// What it has complained about.
  public String errors() throws IOException {
    return Files.readString(errors);
  }

  @Override
  public void close() throws IOException {
    try {
      closeInput();
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

  private void closeInput() {
    try {
      input.close();
    } catch (IOException _) {
      // It has ended already, with something unread.
    }
  }
}
