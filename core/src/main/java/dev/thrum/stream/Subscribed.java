package dev.thrum.stream;

import dev.thrum.Async;
import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// The cursor of a subscription: a bounded buffer that the publisher's threads fill and one task
/// empties. A background child closes it when the scope is left.
final class Subscribed<T> extends Guarded implements Cursor<T> {
  private static final Object END = new Object();

  private final Party consumer;
  private final int prefetch;
  private final int batch;
  private final WaitQueue queue = new WaitQueue();
  private final ArrayDeque<T> buffer = new ArrayDeque<>();
  private final Turn done = new Turn("the end of a subscription", null);

  private Flow.@Nullable Subscription subscription;
  private boolean ended;
  private @Nullable Throwable failure;

  // Of the consumer's loop
  private @Nullable T item;
  private int taken;
  private boolean over;
  private boolean left;

  Subscribed(Party consumer, int prefetch) {
    this.consumer = consumer;
    this.prefetch = prefetch;
    this.batch = Math.max(1, prefetch - prefetch / 4);
  }

  void subscribeTo(Flow.Publisher<? extends T> publisher) {
    consumer.enter();
    var _ = Async.background(this::closeWithScope);
    try {
      publisher.subscribe(new Inlet());
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  private void closeWithScope() {
    Party me = Party.current();
    while (!over) {
      if (!done.await(me) && !over) {
        left = true;
        end();
        throw me.cancelled();
      }
    }
  }

  // The consumer

  @Override
  public boolean hasNext() {
    check();
    consumer.enter();
    if (item != null || over) {
      consumer.passed();
    } else {
      fetch();
    }
    if (left && item == null) {
      throw new CancellationException(
          "this subscription was cancelled when the scope in which it began was left");
    }
    return item != null;
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the publisher has ended");
    }
    T next = Objects.requireNonNull(item);
    item = null;
    return next;
  }

  @SuppressWarnings("unchecked")
  private void fetch() {
    Object fetched = pollOrAwait();
    if (fetched != END) {
      item = (T) fetched;
      requestMore();
      return;
    }
    Throwable out = failure;
    failure = null;
    end();
    if (out != null) {
      throw Failures.raise(consumer, out);
    }
  }

  private Object pollOrAwait() {
    guard();
    try {
      Object next = buffer.isEmpty() && ended ? END : buffer.poll();
      if (next != null) {
        return next;
      }
      var _ = queue(queue, consumer, null);
    } finally {
      unguard();
    }
    return Objects.requireNonNull(await(queue, consumer));
  }

  private void requestMore() {
    Flow.Subscription known = subscription;
    if (++taken == batch && known != null) {
      taken = 0;
      known.request(batch);
    }
  }

  @Override
  public void close() {
    check();
    item = null;
    failure = null;
    end();
  }

  /// From here on nothing comes in. On the consumer's loop.
  private void end() {
    Flow.Subscription toCancel;
    guard();
    try {
      toCancel = ended ? null : subscription;
      ended = true;
      buffer.clear();
    } finally {
      unguard();
    }
    over = true;
    done.pass();
    if (toCancel != null) {
      toCancel.cancel();
    }
  }

  private void check() {
    Party caller = Party.current();
    if (caller != consumer) {
      throw new IllegalStateException(
          caller
              + " cannot use this cursor: it belongs to "
              + consumer
              + ", which subscribed. Take the items there and hand them over");
    }
  }

  @Override
  public String toString() {
    return "the next item of a publisher";
  }

  /// What the publisher talks to, from any thread.
  private final class Inlet implements Flow.Subscriber<T> {

    @Override
    public void onSubscribe(Flow.Subscription given) {
      Objects.requireNonNull(given, "subscription");
      boolean taken;
      guard();
      try {
        taken = subscription == null && !ended;
        if (taken) {
          subscription = given;
        }
      } finally {
        unguard();
      }
      if (taken) {
        given.request(prefetch);
      } else {
        given.cancel();
      }
    }

    @Override
    public void onNext(T arrived) {
      Objects.requireNonNull(arrived, "item");
      Waiter waiter;
      boolean tooMany = false;
      guard();
      try {
        waiter = ended ? null : queue.poll();
        if (waiter != null) {
          waiter.hand(arrived);
        } else if (!ended) {
          tooMany = buffer.size() == prefetch;
          if (!tooMany) {
            buffer.add(arrived);
          }
        }
      } finally {
        unguard();
      }
      if (waiter != null) {
        waiter.wake();
      }
      if (tooMany) {
        refuse();
      }
    }

    private void refuse() {
      Flow.Subscription known = subscription;
      finish(
          new IllegalStateException(
              "the publisher sent more than the "
                  + prefetch
                  + " items that were requested (Reactive Streams, 1.1)"));
      if (known != null) {
        known.cancel();
      }
    }

    @Override
    public void onError(Throwable failed) {
      finish(Objects.requireNonNull(failed, "error"));
    }

    @Override
    public void onComplete() {
      finish(null);
    }

    private void finish(@Nullable Throwable failed) {
      Waiter waiter;
      guard();
      try {
        if (ended) {
          return;
        }
        ended = true;
        failure = failed;
        waiter = queue.poll();
        if (waiter != null) {
          waiter.hand(END);
        }
      } finally {
        unguard();
      }
      if (waiter != null) {
        waiter.wake();
      }
    }
  }
}
