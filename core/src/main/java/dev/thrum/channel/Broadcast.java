package dev.thrum.channel;

/// One item to many readers: every reader gets every item that is sent while it is subscribed, in
/// the same order as all others.
///
/// A bounded buffer holds what the slowest reader has yet to receive. What happens when it is full
/// is the broadcast's policy: senders wait ([Overflow#SUSPEND]), slow readers miss the oldest items
/// ([Overflow#DROP_OLDEST], see [Reader#missed]), or slow readers are out ([Overflow#FAIL]: they
/// receive what is left to them no more, but a [ChannelFullException]). Without readers, what is
/// sent is gone. From any task and any thread.
///
/// @param <T> the type of the items
public sealed interface Broadcast<T> extends AutoCloseable permits BroadcastImpl {

  /// A broadcast whose senders wait for the slowest reader.
  ///
  /// @param capacity how many items a reader may be behind, at least 1
  /// @param <T> the type of the items
  /// @return a new broadcast
  static <T> Broadcast<T> create(int capacity) {
    return create(capacity, Overflow.SUSPEND);
  }

  /// A broadcast.
  ///
  /// @param capacity how many items a reader may be behind, at least 1
  /// @param slowReader what happens when one is further behind
  /// @param <T> the type of the items
  /// @return a new broadcast
  static <T> Broadcast<T> create(int capacity, Overflow slowReader) {
    return BroadcastImpl.create(capacity, slowReader);
  }

  /// Sends to all readers. When it returns, all have the item before them; if it throws, none has.
  ///
  /// @param item the item
  /// @throws ChannelClosedException if the broadcast is closed, also while it waits
  void send(T item);

  /// Sends to all readers if that needs no waiting.
  ///
  /// @param item the item
  /// @return false if a reader has no room for it
  /// @throws ChannelClosedException if the broadcast is closed
  boolean trySend(T item);

  /// One more reader, of what is sent from now on. Close it when it reads no more, or it will hold
  /// up the senders.
  ///
  /// @return a new reader
  /// @throws ChannelClosedException if the broadcast is closed
  Reader<T> subscribe();

  /// How many read; out of date as soon as it is known.
  ///
  /// @return the number of readers
  int readers();

  /// Ends it: readers receive what they have before them and then the end. Those who wait to send
  /// get a [ChannelClosedException].
  ///
  /// @throws IllegalStateException if it was closed before
  @Override
  void close();

  /// Ends it with an error that readers get at their end.
  ///
  /// @param error what went wrong; thrown as it is
  /// @throws IllegalStateException if it was closed before
  void close(Throwable error);

  /// Whether nothing can be sent any more.
  ///
  /// @return true from the moment it is closed
  boolean isClosed();

  /// One subscription. Several tasks may share it; each item then goes to one of them.
  ///
  /// @param <T> the type of the items
  sealed interface Reader<T> extends Receiver<T>, AutoCloseable permits Subscription {

    /// How many items it has missed because it was too slow.
    ///
    /// @return the number so far
    long missed();

    /// Ends the subscription, as [#cancel]. Harmless if it has ended.
    @Override
    void close();
  }
}
