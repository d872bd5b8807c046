package dev.thrum.process;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/// A program that runs beside the loop, with its three streams.
///
/// ```java
/// Completed listing = Subprocess.run("ls", "-l").check();
///
/// try (Subprocess sort = Subprocess.start("sort")) {
///   sort.stdin().write("b\na\n");
///   sort.stdin().close();
///   for (String line : sort.stdout().lines()) IO.println(line);
/// }
/// ```
///
/// **Guarantees.** [#close()] leaves no program, no zombie and no open pipe: one that still runs is
/// asked to terminate, and killed if it does not end within the command's grace. One that has
/// exited is left alone. [#waitFor()] and [#communicate()] do not wait for the end of the pipes,
/// which a program that this one has left running may keep open.
///
/// **Non-guarantees.** What the program itself has started is not ended with it. While such a
/// program holds an output of this one, a thread here may go on reading it, with nothing to come of
/// that; on other systems than Linux so may one that writes to its input. A program that the system
/// cannot end holds up [#close()] for as long. One that nobody closes runs on, also after the JVM
/// has ended.
///
/// **Cancellation.** All that waits is a suspension point. Cancelling [#waitFor()] or
/// [#communicate()] leaves the program alone; cancelling a start kills it. [#close()] is not cut
/// short.
///
/// **Threads.** Any task of any loop and any thread may use it; each process has a thread for each
/// of its pipes. Nothing here holds a loop.
public sealed interface Subprocess extends AutoCloseable permits SubprocessImpl {

  /// Starts a program with pipes for all three streams.
  ///
  /// @param program its name, which is looked up on the `PATH`, or its file
  /// @param arguments its arguments
  /// @return the running program, which the caller has to close
  /// @throws IOException if there is no such program or it cannot be started
  static Subprocess start(String program, String... arguments) throws IOException {
    return command(program, arguments).start();
  }

  /// Runs a program to its end, without input. If that is cancelled, the program is closed.
  ///
  /// @param program its name, which is looked up on the `PATH`, or its file
  /// @param arguments its arguments
  /// @return how it ended and what it wrote
  /// @throws IOException if there is no such program or it cannot be started
  static Completed run(String program, String... arguments) throws IOException {
    return command(program, arguments).run();
  }

  /// A command to be changed and started.
  ///
  /// @param program its name, which is looked up on the `PATH`, or its file
  /// @param arguments its arguments
  /// @return the command
  static Command command(String program, String... arguments) {
    return Command.of(program, List.of(arguments));
  }

  /// Starts programs of which each reads what the one before it writes: see [Pipeline].
  ///
  /// @param commands the commands, at least one
  /// @return the running programs, which the caller has to close
  /// @throws IOException if one of them cannot be started; then none runs
  static Pipeline pipeline(Command... commands) throws IOException {
    return pipeline(Arrays.asList(commands));
  }

  /// Starts programs of which each reads what the one before it writes: see [Pipeline].
  ///
  /// @param commands the commands, at least one
  /// @return the running programs, which the caller has to close
  /// @throws IOException if one of them cannot be started; then none runs
  static Pipeline pipeline(List<Command> commands) throws IOException {
    return Launch.pipeline(List.copyOf(commands));
  }

  /// What was started.
  ///
  /// @return the command
  Command command();

  /// The system's number for it.
  ///
  /// @return the process id
  long pid();

  /// Whether it has not exited.
  ///
  /// @return true if it runs
  boolean isAlive();

  /// The exit code, without waiting.
  ///
  /// @return the code, or empty while it runs
  OptionalInt exitCode();

  /// Waits until it exits. Any number of tasks and threads may wait. Of a program that writes to
  /// pipes, read what it writes, or it may never exit.
  ///
  /// @return the exit code; 128 + n if signal n ended it
  int waitFor();

  /// The way into its input.
  ///
  /// @return the writer
  /// @throws IllegalStateException if its input is no pipe
  PipeWriter stdin();

  /// Its output.
  ///
  /// @return the reader
  /// @throws IllegalStateException if its output goes elsewhere
  PipeReader stdout();

  /// Its error output.
  ///
  /// @return the reader
  /// @throws IllegalStateException if its error output goes elsewhere
  PipeReader stderr();

  /// Closes its input, reads both its outputs to the end, and waits until it exits.
  ///
  /// If this is cancelled, what was read is kept: the next call goes on, and returns all of it.
  /// There is no bound to what is kept. Once it has returned, it returns the same again.
  ///
  /// @return how it ended and what it wrote; nothing of what was read before, or goes elsewhere
  /// @throws IOException if a pipe cannot be read
  Completed communicate() throws IOException;

  /// As [#communicate()], with input. A program that does not read all of it is no error.
  ///
  /// @param input what it reads
  /// @return how it ended and what it wrote
  /// @throws IOException if a pipe cannot be read
  /// @throws IllegalStateException if its input has been closed or was given in an earlier call
  Completed communicate(byte[] input) throws IOException;

  /// As [#communicate()], with text as input.
  ///
  /// @param input what it reads
  /// @return how it ended and what it wrote
  /// @throws IOException if a pipe cannot be read
  /// @throws IllegalStateException if its input has been closed or was given in an earlier call
  Completed communicate(String input) throws IOException;

  /// Asks it to terminate, with the signal TERM where there are signals. Does not wait. Once it has
  /// exited, this does nothing.
  void terminate();

  /// Ends it at once, with the signal KILL where there are signals. Does not wait. Once it has
  /// exited, this does nothing.
  void kill();

  /// Ends it if it runs, waits until it is gone, and closes its pipes; what has not been read is
  /// lost. Cancellation does not cut this short. Closing twice does nothing.
  @Override
  void close();
}
