package dev.thrum.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// An open file with a position, at which it is read and written.
///
/// ```java
/// try (AsyncFile file = AsyncFiles.open(path, CREATE, WRITE)) {
///   file.write("head\n");
///   file.seek(0);
///   …
/// }
/// ```
///
/// **Threads.** Any number of tasks and threads may use it: one operation after the other, in the
/// order of the calls. Where a seek and what follows must stay together, use [#readAt] and
/// [#writeAt], or a `Mutex`.
///
/// **Cancellation.** Every operation is a suspension point. One that has begun when its caller is
/// cancelled is waited for and delivers its result, so that the file can be used on, in a cleanup
/// for example. Of a file that is not a regular one, such as a named pipe, it could take for ever:
/// there the cancellation closes the file.
///
/// **Errors.** Every operation but [#close()] throws an `IllegalStateException` once the file has
/// been closed.
public sealed interface AsyncFile extends AutoCloseable permits AsyncFileImpl {

  /// What was opened.
  ///
  /// @return the path
  Path path();

  /// Whether it has not been closed.
  ///
  /// @return true if it can be used
  boolean isOpen();

  /// Reads at the position and moves it.
  ///
  /// @param max at most so many bytes, at least 1
  /// @return as many as there are; empty at the end. Of a file that is not regular it may be fewer
  /// @throws IOException if it cannot be read
  byte[] read(int max) throws IOException;

  /// Reads at the position into a buffer and moves it. Until this returns the buffer is not to be
  /// touched.
  ///
  /// @param into the buffer
  /// @return how many bytes; -1 at the end
  /// @throws IOException if it cannot be read
  int read(ByteBuffer into) throws IOException;

  /// Reads from the position to the end.
  ///
  /// @return the bytes
  /// @throws IOException if it cannot be read
  byte[] readAll() throws IOException;

  /// Reads elsewhere and leaves the position alone.
  ///
  /// @param position where, from 0
  /// @param max at most so many bytes, at least 1
  /// @return as many as there are; empty at the end
  /// @throws IOException if it cannot be read
  byte[] readAt(long position, int max) throws IOException;

  /// Writes all bytes at the position and moves it; at the end if it was opened to append.
  ///
  /// @param bytes the bytes, which are not to be changed before this returns
  /// @throws IOException if it cannot be written; a part may have been
  void write(byte[] bytes) throws IOException;

  /// Writes text as UTF-8.
  ///
  /// @param text the text; no line end is added
  /// @throws IOException if it cannot be written; a part may have been
  void write(String text) throws IOException;

  /// Writes all that remains in a buffer. Until this returns the buffer is not to be touched.
  ///
  /// @param bytes the buffer
  /// @throws IOException if it cannot be written; a part may have been
  void write(ByteBuffer bytes) throws IOException;

  /// Writes all bytes elsewhere and leaves the position alone.
  ///
  /// @param position where, from 0
  /// @param bytes the bytes, which are not to be changed before this returns
  /// @throws IOException if it cannot be written; a part may have been
  void writeAt(long position, byte[] bytes) throws IOException;

  /// Where it is read and written next.
  ///
  /// @return the position in bytes, from 0
  /// @throws IOException if that cannot be told
  long position() throws IOException;

  /// Moves the position, also beyond the end.
  ///
  /// @param position the position in bytes, from 0
  /// @throws IOException if it cannot be moved
  void seek(long position) throws IOException;

  /// How long it is.
  ///
  /// @return the size in bytes
  /// @throws IOException if that cannot be told
  long size() throws IOException;

  /// Cuts it if it is longer.
  ///
  /// @param size the size in bytes
  /// @throws IOException if it cannot be cut
  void truncate(long size) throws IOException;

  /// Waits until what was written is on the device.
  ///
  /// @throws IOException if that fails
  void force() throws IOException;

  /// Closes it. Cancellation does not cut this short. Closing twice does nothing.
  ///
  /// @throws IOException if the system could not write what it had buffered
  @Override
  void close() throws IOException;
}
