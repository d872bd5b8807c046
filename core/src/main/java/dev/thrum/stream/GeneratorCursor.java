package dev.thrum.stream;

/// A place in a generator.
///
/// @param <T> the type of the items
public sealed interface GeneratorCursor<T> extends Cursor<T> permits Steps {

  /// Lets the body's pending `emit` throw something, and takes the next item, if the body goes on.
  ///
  /// Give it an unchecked exception: `emit` declares none, so that a body cannot catch a checked
  /// one by its name. A body that has not begun does not begin. An item that [#hasNext()] has
  /// fetched and nobody took is dropped: it is the one whose `emit` throws.
  ///
  /// @param failure what `emit` throws
  /// @return the next item; what the body throws comes out
  /// @throws java.util.NoSuchElementException if the body ends instead
  /// @throws IllegalStateException if the body is on its way to the next item, because the task was
  ///   cancelled while it waited for that
  T fail(Throwable failure);

  /// Ends the body: its pending `emit` throws a [GeneratorClosedException], its `finally` blocks
  /// run, in which it may wait, and it is joined. One that is not in `emit`, because the task was
  /// cancelled while it waited, is cancelled instead. A body that has not begun never does.
  @Override
  void close();
}
