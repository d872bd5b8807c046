package dev.thrum.channel;

import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// A broadcast of one place, beside the value itself, which the broadcast's guard guards.
final class WatchImpl<T> implements Watch<T> {
  private final BroadcastImpl<T> changes = BroadcastImpl.create(1, Overflow.DROP_OLDEST);
  private volatile T value;

  WatchImpl(T value) {
    this.value = Objects.requireNonNull(value, "value");
  }

  @Override
  public T get() {
    return value;
  }

  @Override
  public void set(T changed) {
    var _ = ChannelImpl.check(changed);
    Object woken;
    changes.guard();
    try {
      var _ = changes.place(changed);
      value = changed;
      woken = changes.takeServed();
    } finally {
      changes.unguard();
    }
    Inlet.wake(woken);
  }

  @Override
  public T update(UnaryOperator<T> change) {
    Objects.requireNonNull(change, "change");
    while (true) {
      T before = value;
      T after = ChannelImpl.check(change.apply(before));
      Object woken;
      changes.guard();
      try {
        if (value != before) {
          continue;
        }
        var _ = changes.place(after);
        value = after;
        woken = changes.takeServed();
      } finally {
        changes.unguard();
      }
      Inlet.wake(woken);
      return after;
    }
  }

  @Override
  public Broadcast.Reader<T> observe() {
    changes.guard();
    try {
      return changes.subscribe(value);
    } finally {
      changes.unguard();
    }
  }

  @Override
  public T await(Predicate<? super T> wanted) {
    Objects.requireNonNull(wanted, "wanted");
    try (Broadcast.Reader<T> reader = observe()) {
      T seen = reader.receive();
      while (!wanted.test(seen)) {
        seen = reader.receive();
      }
      return seen;
    }
  }

  @Override
  public void close() {
    changes.close();
  }

  @Override
  public String toString() {
    return "watch of " + value;
  }
}
