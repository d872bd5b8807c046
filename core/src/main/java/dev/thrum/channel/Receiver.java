package dev.thrum.channel;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The end of a channel that items come out of. From any task and any thread; several may receive,
/// and each item goes to one of them.
///
/// @param <T> the type of the items
public sealed interface Receiver<T> extends Iterable<T> permits Channel, Inlet, Broadcast.Reader {

  /// Receives the next item, waiting for it.
  ///
  /// @return the item
  /// @throws ChannelClosedException if the channel is closed and empty; if it was closed with an
  ///   error, that error is thrown instead
  T receive();

  /// Receives the next item or the end. An end that is an error is thrown.
  ///
  /// @return the item, or empty if the channel is closed and empty
  Optional<T> next();

  /// Receives an item if one is here. Items that others wait for are not here.
  ///
  /// @return the item, or empty
  /// @throws ChannelClosedException if the channel is closed and empty, or its error
  Optional<T> tryReceive();

  /// Receives a batch: waits for a first item, then for more until there are enough or the time
  /// since the first one is over. If the channel ends, or the caller is cancelled, when some are
  /// here, it returns those.
  ///
  /// @param most how many at most, at least 1
  /// @param patience how long to wait for more after the first; with zero only what is here
  /// @return the items, none only at the end of the channel
  List<T> receiveUpTo(int most, Duration patience);

  /// Ends receiving: what is in the channel is discarded, and senders get a
  /// [ChannelClosedException], those who wait too. Harmless if it is over already.
  void cancel();

  /// How many items stand in the channel; out of date as soon as it is known.
  ///
  /// @return the number, without those whose senders wait
  int size();

  /// For one `for` statement: ends when the channel does. Each iterator receives on its own, so
  /// that several tasks may share the items. An item that `hasNext` has received and nobody took
  /// with `next` is lost with the iterator.
  ///
  /// @return a new iterator, for one task
  @Override
  Iterator<T> iterator();

  /// The items as a stream, for one task; it ends when the channel does.
  ///
  /// @return a sequential stream
  Stream<T> stream();
}
