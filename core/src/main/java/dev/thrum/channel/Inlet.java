package dev.thrum.channel;

import dev.thrum.internal.Durations;
import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Receiving, over what one kind of channel gives now.
///
/// Taking may serve senders that wait; they are woken once the guard is left.
abstract sealed class Inlet<T> extends Guarded implements Receiver<T>
    permits ChannelImpl, Subscription {
  final WaitQueue receivers = new WaitQueue();

  /// What guards the state.
  abstract Guarded lock();

  /// Whether taking is worth a try. A look without the guard, which sees all that happened before.
  boolean mayHaveSome() {
    return true;
  }

  /// Takes what is here. Under the guard.
  ///
  /// @return an item, an [End], or null if there is nothing now
  abstract @Nullable Object takeNow();

  /// Who was served by that: a [Waiter], a list of them, or null; asked once, under the guard.
  abstract @Nullable Object takeServed();

  /// Adds one to those who were served: nobody, one, or a list of them.
  static Object and(@Nullable Object served, Waiter waiter) {
    if (served == null) {
      return waiter;
    }
    List<Object> all = new ArrayList<>();
    if (served instanceof List<?> several) {
      all.addAll(several);
    } else {
      all.add(served);
    }
    all.add(waiter);
    return all;
  }

  static void wake(@Nullable Object served) {
    if (served instanceof Waiter waiter) {
      waiter.wake();
    } else if (served instanceof List<?> many) {
      for (Object one : many) {
        ((Waiter) one).wake();
      }
    }
  }

  @Override
  public final T receive() {
    Object got = receiveOrEnd();
    if (got instanceof End end) {
      throw end.forReceiver();
    }
    return item(got);
  }

  @Override
  public final Optional<T> next() {
    Object got = receiveOrEnd();
    if (got instanceof End end) {
      checkQuiet(end);
      return Optional.empty();
    }
    return Optional.of(item(got));
  }

  private static void checkQuiet(End end) {
    if (end.error() != null) {
      throw end.forReceiver();
    }
  }

  @SuppressWarnings("unchecked")
  final T item(Object got) {
    return (T) got;
  }

  /// The next item, or an [End].
  final Object receiveOrEnd() {
    Party me = Party.current();
    me.enter();
    Object got = takeNowOrQueue(me);
    if (got == null) {
      return Objects.requireNonNull(lock().await(receivers, me));
    }
    me.passed();
    return got;
  }

  private @Nullable Object takeNowOrQueue(Party me) {
    Guarded lock = lock();
    Object got;
    Object served;
    lock.guard();
    try {
      got = takeNow();
      served = takeServed();
      if (got == null) {
        lock.queue(receivers, me, null);
      }
    } finally {
      lock.unguard();
    }
    wake(served);
    return got;
  }

  final @Nullable Object takeNowAndWake() {
    Guarded lock = lock();
    Object got;
    Object served;
    lock.guard();
    try {
      got = takeNow();
      served = takeServed();
    } finally {
      lock.unguard();
    }
    wake(served);
    return got;
  }

  @Override
  public final Optional<T> tryReceive() {
    Object got = takeNowAndWake();
    if (got instanceof End end) {
      throw end.forReceiver();
    }
    return got == null ? Optional.empty() : Optional.of(item(got));
  }

  @Override
  public final List<T> receiveUpTo(int most, Duration patience) {
    if (most < 1) {
      throw new IllegalArgumentException("at most " + most + " items: give at least 1");
    }
    long nanos = Durations.nanos(Durations.check(patience, "the patience"));
    List<T> batch = new ArrayList<>();
    Object got = receiveOrEnd();
    if (got instanceof End end) {
      checkQuiet(end);
      return batch;
    }
    Party me = Party.current();
    long start = me.nanoTime();
    while (got != null && !(got instanceof End)) {
      batch.add(item(got));
      got = batch.size() == most ? null : receiveMore(me, nanos, start);
    }
    return batch;
  }

  /// As [#receiveWithin], for what comes after others: an order that cannot compare what is left
  /// must not lose them. Whoever receives next meets it again.
  private @Nullable Object receiveMore(Party me, long nanos, long start) {
    try {
      return receiveWithin(me, nanos, start);
    } catch (RuntimeException | Error incomparable) {
      return null;
    }
  }

  /// An item, an end, or null if the time is over or the party cancelled.
  private @Nullable Object receiveWithin(Party me, long nanos, long start) {
    Object got = takeNowAndWake();
    long left = nanos - (me.nanoTime() - start);
    if (got != null || left <= 0 || me.mustLeave()) {
      return got;
    }
    got = takeNowOrQueue(me);
    if (got != null) {
      return got;
    }
    Waiter waiter = me.waiter();
    return !me.await(waiter, left) && lock().leave(receivers, waiter) ? null : waiter.take();
  }

  @Override
  public final Iterator<T> iterator() {
    return new Iteration();
  }

  @Override
  public final Stream<T> stream() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  private final class Iteration implements Iterator<T> {
    private @Nullable Object ahead;

    @Override
    public boolean hasNext() {
      if (ahead == null) {
        ahead = receiveOrEnd();
      }
      if (ahead instanceof End end) {
        checkQuiet(end);
        return false;
      }
      return true;
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException(
            Inlet.this + " has ended: ask hasNext() before each next()");
      }
      Object got = Objects.requireNonNull(ahead);
      ahead = null;
      return item(got);
    }
  }
}
