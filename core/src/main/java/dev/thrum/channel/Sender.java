package dev.thrum.channel;

/// The end of a channel that items go into. From any task and any thread.
///
/// @param <T> the type of the items
public sealed interface Sender<T> extends AutoCloseable permits Channel, SenderHandle {

  /// Sends an item, waiting while there is no room for it. When it returns, the item has been
  /// received or stands in the channel. If it throws, the item has not been sent; what a listener
  /// of discarded items throws is the exception, see [Channel.Builder#onDiscard].
  ///
  /// @param item the item
  /// @throws ChannelClosedException if the channel is closed, also while it waits
  /// @throws ChannelFullException if the channel is full and made to fail then
  void send(T item);

  /// Sends an item if that needs no waiting.
  ///
  /// @param item the item
  /// @return false if there is no room, or if others wait for some
  /// @throws ChannelClosedException if the channel is closed
  boolean trySend(T item);

  /// Says that nothing more will be sent: what is in the channel is still received, then receivers
  /// learn of the end. Those who wait to send get a [ChannelClosedException]. Harmless if the
  /// receiver has cancelled the channel, which a sender cannot know.
  ///
  /// @throws IllegalStateException if it was closed before; a handle may be closed again
  @Override
  void close();

  /// Closes with an error: what is in the channel is still received, then receivers get the error.
  ///
  /// @param error what went wrong; thrown as it is, also a checked one
  /// @throws IllegalStateException if it was closed before; a handle may be closed again
  void close(Throwable error);

  /// Whether nothing can be sent here any more.
  ///
  /// @return true from the moment it is closed or cancelled
  boolean isClosed();
}
