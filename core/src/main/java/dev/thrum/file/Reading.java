package dev.thrum.file;

import java.util.Iterator;

/// What a file or a folder contains, piece by piece: lines, chunks, paths.
///
/// ```java
/// try (Reading<String> lines = AsyncFiles.lines(log)) {
///   for (String line : lines) …
/// }
/// ```
///
/// It reads ahead in larger portions while the caller works, so that most pieces cost no wait.
///
/// **Guarantees.** The file is closed when the last piece has been taken, when an error or a
/// cancellation comes out of the iterator, and by [#close()].
///
/// **Non-guarantees.** A loop over it that is left early, by `break` or an exception of its body,
/// closes nothing: use it with `try`. What is read ahead of a change of the file is not read again.
///
/// **Cancellation.** Every step to the next piece is a suspension point.
///
/// **Threads.** One task or thread at a time.
///
/// **Errors.** Its iterator throws an `UncheckedIOException` if reading fails. It can be iterated
/// once; a second time, or after the close, is an `IllegalStateException`.
///
/// @param <T> the type of the pieces
public sealed interface Reading<T> extends Iterable<T>, AutoCloseable permits ReadingImpl {

  /// The pieces, in order. Who begins the iteration for others, as a publisher does, can close the
  /// iterator, which closes the file.
  ///
  /// @return the only iterator
  /// @throws IllegalStateException if there has been one, or this is closed
  @Override
  Iterator<T> iterator();

  /// Closes the file. Cancellation does not cut this short. Closing twice does nothing.
  @Override
  void close();
}
