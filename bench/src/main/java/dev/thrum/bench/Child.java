package dev.thrum.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A finished child process: its exit status, its lines, and what it wrote to standard error.
public record Child(int status, List<String> output, String errors) {
  private static final long LIMIT_MINUTES = 10;

  static Child run(Contender contender, List<String> arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(contender.command());
    command.addAll(arguments);
    return run(command, contender.environment());
  }

  /// Runs a command to its end.
  public static Child run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("bench", ".out");
    Path errors = Files.createTempFile("bench", ".err");
    try {
      var builder =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().putAll(environment);
      var process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly().waitFor();
        return new Child(-1, List.of(), "stopped after " + LIMIT_MINUTES + " minutes");
      }
      return new Child(
          process.exitValue(),
          Files.readAllLines(output, StandardCharsets.UTF_8),
          Files.readString(errors, StandardCharsets.UTF_8));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  /// Whether it ended well.
  public boolean ok() {
    return status == 0;
  }

  boolean printed(String word) {
    return output.contains(word);
  }
}
