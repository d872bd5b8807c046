package dev.thrum.process;

import java.io.IOException;
import java.util.Optional;

/// What a program writes to its output or its error output, as it comes.
///
/// A thread reads ahead, some chunks of 64 KiB; then the program has to wait until somebody reads
/// here. So of a program that writes to both, read both, or let [Subprocess#communicate()] do it.
///
/// **Guarantees.** What the program wrote before it exited can be read to the end, also after it
/// has exited. A read that is cancelled takes nothing. Several tasks and threads may read: each in
/// its turn, and what one has got no other gets.
///
/// **Non-guarantees.** The end comes soon after the program's, also if a program that it left
/// running has the same output: what that one writes later is lost.
///
/// **Cancellation.** Every read is a suspension point.
///
/// **Errors.** Once the [Subprocess] has been closed, reading is an `IllegalStateException`.
public sealed interface PipeReader permits PipeReaderImpl {

  /// Waits until something is there and takes it.
  ///
  /// @param max at most so many bytes, at least 1
  /// @return at least one byte; empty at the end
  /// @throws IOException if the pipe cannot be read
  byte[] read(int max) throws IOException;

  /// Reads to the end.
  ///
  /// @return what was left
  /// @throws IOException if the pipe cannot be read
  byte[] readAll() throws IOException;

  /// Reads to the end, as text in the command's charset; what is not text there is replaced.
  ///
  /// @return what was left
  /// @throws IOException if the pipe cannot be read
  String readString() throws IOException;

  /// Reads a line, which ends with `\n`, `\r\n`, or the end. There is no bound to its length.
  ///
  /// @return the line without its end; nothing at the end
  /// @throws IOException if the pipe cannot be read
  /// @throws IllegalStateException if lines of the command's charset do not end with one byte, as
  ///   those of UTF-16
  Optional<String> readLine() throws IOException;

  /// The lines from here on, each as soon as it is there. Leaving the loop early loses nothing: who
  /// reads next reads the line after the last one that was taken.
  ///
  /// Its iterator throws an `UncheckedIOException` if the pipe cannot be read.
  ///
  /// @return the lines, for one loop at a time
  Iterable<String> lines();
}
