package dev.thrum.cli.serve;

import dev.thrum.cli.Main;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/// A JVM that serves, below a [Reloader]. It ends when its standard input does.
final class ServerChild {
  private final Process process;
  private final Path ready;

  ServerChild(Process process, Path ready) {
    this.process = process;
    this.ready = ready;
  }

  /// Starts one with the flags of this JVM.
  ///
  /// @param ready the file in which it says its port
  /// @param more further flags
  /// @param arguments the command line
  static ServerChild start(Path ready, List<String> more, String[] arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-D" + Served.READY + "=" + ready);
    command.addAll(more);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.INHERIT)
            .redirectError(Redirect.INHERIT);
    return new ServerChild(builder.start(), ready);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// The port, if it listens by now; 0 on a Unix socket.
  OptionalInt port() {
    try {
      return OptionalInt.of(Integer.parseInt(Files.readString(ready)));
    } catch (IOException _) {
      return OptionalInt.empty();
    }
  }

  /// Lets it come to its end in good order, and ends it at once if it does not.
  ///
  /// @param limit how long it may take
  void end(Duration limit) {
    try {
      process.getOutputStream().close();
    } catch (IOException _) {
      // It has ended.
    }
    var _ =
        process
            .onExit()
            .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(_ -> {
              System.err.println(
                  "thrum: process %d has not ended in %d s and is killed"
                      .formatted(process.pid(), limit.toSeconds()));
              kill();
              return process;
            });
  }

  /// Ends it at once, with what it has started, such as its compiler.
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    var _ = process.destroyForcibly();
  }

  /// Waits for its end.
  ///
  /// @return its status
  int await() {
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException _) {
        // Nobody interrupts the reloader; it ends with the JVM.
      }
    }
  }
}
