package dev.thrum.channel;

import java.util.Comparator;
import java.util.function.Consumer;

/// A queue between tasks: [Sender] at one end, [Receiver] at the other. Hand out the end that
/// somebody needs by its type.
///
/// ```java
/// var pages = Channel.<String>buffered(16);
/// async(() -> { try (pages) { for (var url : urls) pages.send(fetch(url)); } });
/// for (var page : pages) use(page);
/// ```
///
/// **Guarantees.** Items of one sender arrive in its order (where the channel's order is first in,
/// first out). Waiting receivers and waiting senders are each served first come, first served. What
/// is sent happens-before its receipt.
///
/// **Non-guarantees.** Nobody is told of items that a channel still holds when it becomes garbage.
/// A task of another loop that has been cancelled and does not know it yet may still be served; it
/// then has what it was given. While another thread uses the channel, an operation that does not
/// wait may, as one that does, let other tasks of the loop run.
///
/// @param <T> the type of the items
public sealed interface Channel<T> extends Sender<T>, Receiver<T> permits ChannelImpl {

  /// A channel without room: each send waits for its receiver.
  ///
  /// @param <T> the type of the items
  /// @return a new channel
  static <T> Channel<T> rendezvous() {
    return Channel.<T>builder().capacity(0).build();
  }

  /// A channel with room for so many items.
  ///
  /// @param capacity how many, at least 1
  /// @param <T> the type of the items
  /// @return a new channel
  static <T> Channel<T> buffered(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "capacity "
              + capacity
              + ": a buffered channel needs room for at least 1 item;"
              + " without room it is Channel.rendezvous()");
    }
    return Channel.<T>builder().capacity(capacity).build();
  }

  /// A channel whose senders never wait, whatever memory that takes.
  ///
  /// @param <T> the type of the items
  /// @return a new channel
  static <T> Channel<T> unlimited() {
    return Channel.<T>builder().unlimited().build();
  }

  /// A channel that keeps only the last item; senders never wait.
  ///
  /// @param <T> the type of the items
  /// @return a new channel
  static <T> Channel<T> latest() {
    return Channel.<T>builder().capacity(1).overflow(Overflow.DROP_OLDEST).build();
  }

  /// An unlimited channel that gives the least item first, and of equal ones the one sent first.
  ///
  /// @param order which item comes first, see [Builder#priority]
  /// @param <T> the type of the items
  /// @return a new channel
  static <T> Channel<T> priority(Comparator<? super T> order) {
    return Channel.<T>builder().unlimited().priority(order).build();
  }

  /// An unlimited channel that gives the newest item first.
  ///
  /// @param <T> the type of the items
  /// @return a new channel
  static <T> Channel<T> lifo() {
    return Channel.<T>builder().unlimited().lifo().build();
  }

  /// Any other kind.
  ///
  /// @param <T> the type of the items
  /// @return a builder of a rendezvous channel, to be changed
  static <T> Builder<T> builder() {
    return new ChannelBuilder<>("channel");
  }

  /// One more handle for sending. Once every handle that was made is closed, the channel is closed;
  /// so make those of all senders before one of them can end. A handle that is closed ends who
  /// waits in it; closing it twice is harmless, and so is closing several with errors: the first
  /// counts.
  ///
  /// @return a new handle
  /// @throws ChannelClosedException if the channel is closed
  Sender<T> sender();

  /// Settings of a channel.
  ///
  /// @param <T> the type of the items
  sealed interface Builder<T> permits ChannelBuilder {

    /// How many items have room; with none each send waits for its receiver.
    ///
    /// @param items how many
    /// @return this
    Builder<T> capacity(int items);

    /// Room without limit.
    ///
    /// @return this
    Builder<T> unlimited();

    /// What happens when it is full; without this, senders wait.
    ///
    /// @param policy the policy
    /// @return this
    Builder<T> overflow(Overflow policy);

    /// The least item comes first, and of equal ones the one sent first.
    ///
    /// The order runs while the channel is locked: it must not wait, nor use the channel. What it
    /// throws comes out of the operation that asked for it, and nothing has changed then; one that
    /// waits to send gets what its own item caused.
    ///
    /// @param order which item comes first
    /// @return this
    Builder<T> priority(Comparator<? super T> order);

    /// The newest item comes first.
    ///
    /// @return this
    Builder<T> lifo();

    /// Is told of each item that was sent and will not be received: dropped when the channel was
    /// full, or discarded by [Receiver#cancel]. Runs in whoever caused it, once that is done; what
    /// it throws comes out there, after it was told of all the others.
    ///
    /// @param listener for what an item holds, such as a descriptor to close
    /// @return this
    Builder<T> onDiscard(Consumer<? super T> listener);

    /// A name for messages and dumps.
    ///
    /// @param name the name
    /// @return this
    Builder<T> name(String name);

    /// The channel.
    ///
    /// @return a new channel
    /// @throws IllegalArgumentException if the settings contradict each other
    Channel<T> build();
  }
}
