package dev.thrum.channel;

import dev.thrum.internal.wait.Guarded;
import org.jspecify.annotations.Nullable;

/// A reader's place in a broadcast. All of it is guarded by the broadcast.
final class Subscription<T> extends Inlet<T> implements Broadcast.Reader<T> {
  /// The number of the next item it gets.
  long next;

  long missed;
  @Nullable End end;

  /// An item from before it began, until there is a newer one.
  @Nullable T replay;

  /// To be called when it ends before its broadcast does.
  Runnable noted = () -> {};

  private final BroadcastImpl<T> broadcast;

  Subscription(BroadcastImpl<T> broadcast) {
    this.broadcast = broadcast;
  }

  @Override
  Guarded lock() {
    return broadcast;
  }

  @Override
  @Nullable Object takeNow() {
    return broadcast.takeFor(this);
  }

  @Override
  @Nullable Object takeServed() {
    return broadcast.takeServed();
  }

  @Override
  public long missed() {
    broadcast.guard();
    try {
      return missed;
    } finally {
      broadcast.unguard();
    }
  }

  @Override
  public int size() {
    return broadcast.sizeFor(this);
  }

  @Override
  public void cancel() {
    noted.run();
    broadcast.leave(this);
  }

  @Override
  public void close() {
    cancel();
  }

  @Override
  public String toString() {
    return "reader of " + broadcast;
  }
}
