package dev.thrum.channel;

import java.util.Comparator;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Collects a channel's settings and checks that they go together.
final class ChannelBuilder<T> implements Channel.Builder<T> {
  private final String kind;
  private int capacity;
  private Overflow overflow = Overflow.SUSPEND;
  private @Nullable Comparator<? super T> order;
  private boolean lifo;
  private @Nullable Consumer<? super T> listener;
  private @Nullable String name;

  /// A builder of something that messages call by this name.
  ChannelBuilder(String kind) {
    this.kind = kind;
  }

  @Override
  public Channel.Builder<T> capacity(int items) {
    if (items < 0) {
      throw new IllegalArgumentException(
          "capacity " + items + ": give 0 for a rendezvous, a number of items, or unlimited()");
    }
    capacity = items;
    return this;
  }

  @Override
  public Channel.Builder<T> unlimited() {
    capacity = Integer.MAX_VALUE;
    return this;
  }

  @Override
  public Channel.Builder<T> overflow(Overflow policy) {
    overflow = Objects.requireNonNull(policy, "policy");
    return this;
  }

  @Override
  public Channel.Builder<T> priority(Comparator<? super T> first) {
    order = Objects.requireNonNull(first, "order");
    return this;
  }

  @Override
  public Channel.Builder<T> lifo() {
    lifo = true;
    return this;
  }

  @Override
  public Channel.Builder<T> onDiscard(Consumer<? super T> told) {
    listener = Objects.requireNonNull(told, "listener");
    return this;
  }

  @Override
  public Channel.Builder<T> name(String given) {
    name = Objects.requireNonNull(given, "name");
    return this;
  }

  @Override
  public ChannelImpl<T> build() {
    if (order != null && lifo) {
      throw new IllegalArgumentException("priority and lifo are two orders: choose one");
    }
    if ((order != null || lifo) && capacity == 0) {
      throw new IllegalArgumentException(
          "a rendezvous channel holds no items to order: give capacity(n) or unlimited()");
    }
    if (overflow == Overflow.DROP_OLDEST && capacity == 0) {
      throw new IllegalArgumentException(
          "a rendezvous channel holds no oldest item to drop: give capacity(1), as latest() does");
    }
    if (overflow == Overflow.DROP_OLDEST && order != null) {
      throw new IllegalArgumentException(
          "a priority channel does not know which item is the oldest: use DROP_NEWEST, FAIL or"
              + " SUSPEND");
    }
    return new ChannelImpl<>(kind, name, buffer(), capacity, overflow, listener);
  }

  private Buffer<T> buffer() {
    if (order != null) {
      return new Buffer.Heap<>(order);
    }
    return lifo ? new Buffer.Stack<>() : new Buffer.Ring<>(capacity);
  }
}
