package dev.thrum.stream;

import java.util.Iterator;

/// A place in a sequence that is being taken item by item, by one task.
///
/// [#hasNext()] and [#next()] wait until there is an item or the end. Cancelling that wait, by a
/// timeout around it for example, loses nothing: the next call goes on waiting for the same item.
///
/// Close it, or leave the scope in which it was made: it is closed then at the latest. A loop over
/// a cursor goes on where it stands, so that this closes a sequence that is not taken to its end:
///
/// {@snippet :
/// try (var pages = pages().iterator()) {
///   for (var page : pages) {
///     if (page.isLast()) {
///       break;
///     }
///   }
/// }
/// }
///
/// **Threads.** It belongs to the task that made it; another one gets an `IllegalStateException`.
///
/// @param <T> the type of the items
@SuppressWarnings("IterableAndIterator") // a loop that was left can be gone on with, on purpose
public sealed interface Cursor<T> extends Iterator<T>, Iterable<T>, AutoCloseable
    permits GeneratorCursor, Subscribed {

  /// Whether there is another item. A suspension point. A failure of the sequence comes out here,
  /// or in [#next()], as itself and once; afterwards the sequence is at its end.
  ///
  /// @return false at the end, and once it is closed
  /// @throws java.util.concurrent.CancellationException if the scope in which the cursor was made
  ///   has been left or cancelled
  @Override
  boolean hasNext();

  /// Takes the next item. A suspension point.
  ///
  /// @return the item
  /// @throws java.util.NoSuchElementException at the end, and once it is closed
  @Override
  T next();

  /// This cursor, where it stands.
  ///
  /// @return this
  @Override
  default Iterator<T> iterator() {
    return this;
  }

  /// Ends the sequence: what runs for it is told to end and is joined. What was fetched and not
  /// taken is dropped. Harmless if it has ended.
  ///
  /// In a task that is cancelled the sequence is cancelled too, and joined all the same. What its
  /// cleanup throws comes out; the cancellation itself does not, the next suspension point throws
  /// it.
  @Override
  void close();
}
