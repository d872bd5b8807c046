package dev.thrum.process;

import dev.thrum.internal.Lane;
import dev.thrum.internal.Offload;
import dev.thrum.internal.wait.Party;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Starts programs beside the loop, since the system may take its time, and says what is wrong if
/// that fails.
final class Launch {
  private Launch() {}

  static Subprocess one(Command command) throws IOException {
    SubprocessImpl started = start(List.of(command)).getFirst();
    started.mustBeClosed();
    return started;
  }

  static Pipeline pipeline(List<Command> commands) throws IOException {
    if (commands.isEmpty()) {
      throw new IllegalArgumentException("a pipeline needs at least one command");
    }
    for (int i = 0; i < commands.size(); i++) {
      Command command = commands.get(i);
      if ((i > 0 && !command.pipesStdin()) || (i < commands.size() - 1 && !command.pipesStdout())) {
        throw new IllegalArgumentException(
            command.program()
                + " is joined to its neighbour in the pipeline and cannot be redirected there:"
                + " redirect only the input of the first command and the output of the last");
      }
    }
    return new PipelineImpl(start(commands));
  }

  private static List<SubprocessImpl> start(List<Command> commands) throws IOException {
    String names = commands.stream().map(Command::program).collect(Collectors.joining(" | "));
    List<SubprocessImpl> started =
        Offload.open(Lane.STARTS, "the start of " + names, () -> spawn(commands), Launch::killAll);
    Party me = Party.current();
    if (me.mustLeave()) {
      killAll(started);
      throw me.cancelled();
    }
    return started;
  }

  private static List<SubprocessImpl> spawn(List<Command> commands) throws IOException {
    List<Process> processes;
    try {
      processes = launch(commands);
    } catch (IOException e) {
      throw explained(commands, e);
    }
    try {
      return attend(commands, processes);
    } catch (Throwable e) { // out of threads or memory: nobody else would end them
      processes.forEach(Launch::abandon);
      throw e;
    }
  }

  private static List<SubprocessImpl> attend(List<Command> commands, List<Process> processes) {
    List<SubprocessImpl> started = new ArrayList<>();
    int last = processes.size() - 1;
    for (int i = 0; i <= last; i++) {
      started.add(new SubprocessImpl(commands.get(i), processes.get(i), i == 0, i == last));
    }
    started.forEach(SubprocessImpl::begin);
    return started;
  }

  private static void abandon(Process process) {
    process.destroyForcibly();
    for (Closeable pipe :
        List.of(process.getOutputStream(), process.getInputStream(), process.getErrorStream())) {
      try {
        pipe.close();
      } catch (IOException _) {
        // nobody uses it
      }
    }
  }

  /// The JDK loses a descriptor if it cannot start a program in the middle of a pipeline. So what
  /// can be known beforehand is found out beforehand.
  private static List<Process> launch(List<Command> commands) throws IOException {
    List<ProcessBuilder> builders = commands.stream().map(Command::builder).toList();
    if (builders.size() == 1) {
      return List.of(builders.getFirst().start());
    }
    for (Command command : commands) {
      String why = File.separatorChar == '/' ? problem(command) : "";
      if (!why.isEmpty()) {
        throw new IOException(why);
      }
    }
    return ProcessBuilder.startPipeline(builders);
  }

  private static void killAll(List<SubprocessImpl> started) {
    started.forEach(SubprocessImpl::kill);
    started.forEach(SubprocessImpl::close);
  }

  private static IOException explained(List<Command> commands, IOException failure) {
    for (Command command : commands) {
      String why = problem(command);
      if (!why.isEmpty()) {
        return new IOException("cannot start " + command.program() + ": " + why, failure);
      }
    }
    String names = commands.stream().map(Command::program).collect(Collectors.joining(" | "));
    return new IOException("cannot start " + names + ": " + failure.getMessage(), failure);
  }

  private static String problem(Command command) {
    Path directory = command.directory();
    if (directory != null && !Files.isDirectory(directory)) {
      return "there is no directory " + directory + " to start it in. Create it first";
    }
    String program = command.program();
    if (!program.contains(File.separator)) {
      String path = System.getenv("PATH");
      return path == null
              || Stream.of(path.split(File.pathSeparator))
                  .anyMatch(folder -> Files.exists(Path.of(folder, program)))
          ? ""
          : "there is no such program on the PATH. Install it, or give its file with the folder";
    }
    Path file = directory == null ? Path.of(program) : directory.resolve(program);
    if (!Files.exists(file)) {
      return "there is no such file";
    }
    return Files.isExecutable(file)
        ? ""
        : "the file may not be executed. Set its x bit, or start its interpreter with it";
  }
}
