package dev.thrum.channel;

import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A broadcast of one place, beside the value itself, which the broadcast's guard guards.
final class WatchImpl<T> implements Watch<T> {
  private final BroadcastImpl<T> changes = new BroadcastImpl<>("watch", 1, Overflow.DROP_OLDEST);
  private volatile T value;

  WatchImpl(T value) {
    this.value = Objects.requireNonNull(value, "value");
  }

  @Override
  public T get() {
    changes.look();
    return value;
  }

  @Override
  public void set(T changed) {
    var _ = ChannelImpl.check(changed);
    Object woken;
    changes.guard();
    try {
      woken = change(changed);
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
        woken = change(after);
      } finally {
        changes.unguard();
      }
      Inlet.wake(woken);
      return after;
    }
  }

  /// Under the guard. The value comes first: a reader may have the item before the guard is left.
  private @Nullable Object change(T changed) {
    changes.checkOpen();
    value = changed;
    var _ = changes.place(changed);
    return changes.takeServed();
  }

  @Override
  public Broadcast.Reader<T> observe() {
    changes.guard();
    try {
      changes.checkOpen();
      return changes.subscribe(value);
    } finally {
      changes.unguard();
    }
  }

  @Override
  public T await(Predicate<? super T> wanted) {
    Objects.requireNonNull(wanted, "wanted");
    try (Broadcast.Reader<T> reader = readerOfAll()) {
      T seen = reader.receive();
      while (!wanted.test(seen)) {
        seen = reader.receive();
      }
      return seen;
    }
  }

  /// A reader that gets the value first, also if it is the last one.
  private Broadcast.Reader<T> readerOfAll() {
    changes.guard();
    try {
      return changes.subscribe(value);
    } finally {
      changes.unguard();
    }
  }

  @Override
  public void close() {
    changes.close();
  }

  @Override
  public void close(Throwable error) {
    changes.close(error);
  }

  @Override
  public boolean isClosed() {
    return changes.isClosed();
  }

  @Override
  public String toString() {
    changes.look();
    return "watch of " + value;
  }
}
