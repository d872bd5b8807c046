package dev.thrum.process;

import java.io.IOException;

/// The way into a program's input.
///
/// A thread passes on what is written, so that a write waits only while a few chunks of 64 KiB have
/// not been passed on. Several tasks and threads may write: what one call writes stays together.
///
/// **Cancellation.** [#write(byte[])] and [#flush()] are suspension points. A write that is
/// cancelled may have written a part.
///
/// **Errors.** A program that has exited or closed its input makes the next write or flush an
/// `IOException`. Whether it has read what it was sent is not known.
public sealed interface PipeWriter extends AutoCloseable permits PipeWriterImpl {

  /// Writes bytes.
  ///
  /// @param bytes the bytes; they may be changed afterwards
  /// @throws IOException if the program reads no more
  /// @throws IllegalStateException if this has been closed
  void write(byte[] bytes) throws IOException;

  /// Writes text in the command's charset.
  ///
  /// @param text the text; no line end is added
  /// @throws IOException if the program reads no more
  /// @throws IllegalStateException if this has been closed
  void write(String text) throws IOException;

  /// Waits until everything written so far is in the program's pipe.
  ///
  /// @throws IOException if the program reads no more
  void flush() throws IOException;

  /// Ends the input. What was written before is still sent; this does not wait for it, and does not
  /// fail. Closing twice does nothing.
  @Override
  void close();
}
