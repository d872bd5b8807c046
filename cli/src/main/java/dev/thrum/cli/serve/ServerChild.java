package dev.thrum.cli.serve;

import dev.thrum.cli.Main;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// A JVM that serves, below a [Reloader]. It ends when its standard input does.
final class ServerChild {
  private final Process process;
  private final Path ready;

  private ServerChild(Process process, Path ready) {
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

  /// Lets it come to its end in good order.
  void end() {
    try {
      process.getOutputStream().close();
    } catch (IOException _) {
      // It has ended.
    }
  }

  /// Ends it at once, with its compiler: it serves nothing yet.
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
