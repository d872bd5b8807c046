package dev.thrum.process;

import java.io.IOException;
import java.util.List;

/// Programs of which each reads what the one before it writes, joined by pipes of the system: what
/// flows between them does not pass through the JVM.
///
/// ```java
/// try (Pipeline largest = Subprocess.pipeline(
///     Subprocess.command("du", "-a", "."), Subprocess.command("sort", "-rn"))) {
///   for (String line : largest.stdout().lines()) IO.println(line);
/// }
/// ```
///
/// Here are the input of the first and the output of the last; each program has its own error
/// output, see [#processes()]. As in a shell, a program whose reader has ended is ended by the
/// signal PIPE (exit code 141), which is no failure of the whole.
///
/// Guarantees, cancellation and threads are those of [Subprocess].
public sealed interface Pipeline extends AutoCloseable permits PipelineImpl {

  /// The programs.
  ///
  /// @return all of them, in order
  List<Subprocess> processes();

  /// The way into the input of the first.
  ///
  /// @return the writer
  /// @throws IllegalStateException if its input is no pipe
  PipeWriter stdin();

  /// The output of the last.
  ///
  /// @return the reader
  /// @throws IllegalStateException if its output goes elsewhere
  PipeReader stdout();

  /// Waits until all have exited.
  ///
  /// @return their exit codes, in order
  List<Integer> waitFor();

  /// Closes the input of the first, reads all outputs that are pipes here to the end, and waits
  /// until all have exited: see [Subprocess#communicate()].
  ///
  /// @return how each ended and what it wrote; of all but the last that is the error output
  /// @throws IOException if a pipe cannot be read
  List<Completed> communicate() throws IOException;

  /// As [#communicate()], with input for the first.
  ///
  /// @param input what it reads
  /// @return how each ended and what it wrote
  /// @throws IOException if a pipe cannot be read
  List<Completed> communicate(byte[] input) throws IOException;

  /// As [#communicate()], with text as input for the first.
  ///
  /// @param input what it reads
  /// @return how each ended and what it wrote
  /// @throws IOException if a pipe cannot be read
  List<Completed> communicate(String input) throws IOException;

  /// Ends all that run, waits until they are gone, and closes their pipes: see
  /// [Subprocess#close()]. Each has its own grace, and all are asked at once.
  @Override
  void close();
}
