package dev.thrum.channel;

import dev.thrum.VoidBodyOf;
import java.util.Comparator;
import java.util.Optional;

/// A queue of work that knows when all of it is done, as `asyncio.Queue`: each item that was put
/// counts until somebody who took it says [#done]. From any task and any thread.
///
/// ```java
/// var queue = WorkQueue.<Url>create(100);
/// for (int i = 0; i < 8; i++) background(() -> queue.work(url -> fetch(url, queue)));
/// queue.put(start);
/// queue.join();
/// ```
///
/// @param <T> the type of the items
public sealed interface WorkQueue<T> permits WorkQueueImpl {

  /// A queue without limit.
  ///
  /// @param <T> the type of the items
  /// @return a new queue
  static <T> WorkQueue<T> create() {
    return new WorkQueueImpl<>(Channel.Builder::unlimited);
  }

  /// A queue with room for so many items; more make [#put] wait.
  ///
  /// @param capacity how many, at least 1
  /// @param <T> the type of the items
  /// @return a new queue
  static <T> WorkQueue<T> create(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "capacity " + capacity + ": a work queue needs room for at least 1 item");
    }
    return new WorkQueueImpl<>(channel -> channel.capacity(capacity));
  }

  /// A queue without limit that gives the least item first.
  ///
  /// @param order which item comes first, see [Channel.Builder#priority]
  /// @param <T> the type of the items
  /// @return a new queue
  static <T> WorkQueue<T> priority(Comparator<? super T> order) {
    return new WorkQueueImpl<>(channel -> channel.unlimited().priority(order));
  }

  /// A queue without limit that gives the newest item first.
  ///
  /// @param <T> the type of the items
  /// @return a new queue
  static <T> WorkQueue<T> lifo() {
    return new WorkQueueImpl<>(channel -> channel.unlimited().lifo());
  }

  /// Puts an item in, waiting for room.
  ///
  /// @param item the item
  /// @throws ChannelClosedException if the queue is shut down, also while it waits
  void put(T item);

  /// Puts an item in if there is room.
  ///
  /// @param item the item
  /// @return false if there is none
  /// @throws ChannelClosedException if the queue is shut down
  boolean tryPut(T item);

  /// Takes an item out, waiting for one. Call [#done] once it is dealt with.
  ///
  /// @return the item
  /// @throws ChannelClosedException if the queue is shut down and empty
  T take();

  /// Takes an item out if there is one. Call [#done] once it is dealt with.
  ///
  /// @return the item, or nothing if there is none now
  /// @throws ChannelClosedException if the queue is shut down and empty
  Optional<T> tryTake();

  /// One item that was taken is dealt with.
  ///
  /// @throws IllegalStateException if it is called more often than items were put
  void done();

  /// Takes items until the queue is shut down, and calls [#done] for each, also if the body failed.
  ///
  /// @param body what to do with each
  /// @param <X> what it may throw
  /// @throws X if it fails, which ends the work
  <X extends Throwable> void work(VoidBodyOf<? super T, X> body) throws X;

  /// Waits until every item that was put is done; at once if there is none. Those put meanwhile
  /// count, and so do those that still wait for room. One who has taken an item and not said
  /// [#done] waits for itself here, for ever.
  void join();

  /// How many items are not done, whether taken or not.
  ///
  /// @return the number
  int unfinished();

  /// How many items nobody has taken; out of date as soon as it is known.
  ///
  /// @return the number
  int size();

  /// Takes no more: those who wait to put, and later ones, get a [ChannelClosedException]; what is
  /// here can still be taken. [#join] still waits until it is done.
  ///
  /// @throws IllegalStateException if this was called before
  void shutdown();

  /// Whether it takes no more.
  ///
  /// @return true once it is shut down, also while there is something left
  boolean isShutdown();

  /// Takes no more, and discards what nobody has taken, as if it were done. What was taken still
  /// holds [#join]. Harmless if it was shut down before.
  void shutdownNow();
}
