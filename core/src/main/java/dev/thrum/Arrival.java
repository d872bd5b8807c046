package dev.thrum;

import dev.thrum.internal.Sneaky;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Something that one task waits for and that another thread brings: the result of a stage, of a
/// future, the first item of a publisher.
///
/// Cancelling the waiting task cancels what it waits for, where that can be cancelled.
final class Arrival<T extends @Nullable Object> {
  private final TaskImpl<?> waiter;
  private final String what;
  private final int open;
  private boolean here;
  private @Nullable T value;
  private @Nullable Throwable failure;

  /// @param open 1 if a task of the loop itself may bring it, else 0
  private Arrival(TaskImpl<?> waiter, String what, int open) {
    this.waiter = waiter;
    this.what = what;
    this.open = open;
  }

  static <T extends @Nullable Object> T of(CompletionStage<? extends T> stage) {
    Arrival<T> arrival = begin("await(stage)", Objects.requireNonNull(stage, "stage"), 1);
    Listener<T> listener = new Listener<>(arrival);
    var _ = stage.whenComplete(listener);
    return arrival.await(() -> {
      listener.arrival = null;
      if (stage instanceof Future<?> future) {
        future.cancel(true);
      }
    });
  }

  static <T extends @Nullable Object> T of(Future<? extends T> future) {
    if (future instanceof Task<? extends T> task) {
      return task.await();
    }
    if (future instanceof CompletionStage<?> stage) {
      @SuppressWarnings("unchecked")
      CompletionStage<? extends T> same = (CompletionStage<? extends T>) stage;
      return of(same);
    }
    Arrival<T> arrival = begin("await(future)", Objects.requireNonNull(future, "future"), 0);
    if (future.isDone()) {
      arrival.bringFrom(future);
      return arrival.await(() -> {});
    }
    Thread helper =
        dev.thrum.internal.engine.Engine.outsideThread(
            "thrum-await of " + arrival.waiter.name(), () -> arrival.bringFrom(future));
    helper.start();
    return arrival.await(() -> {
      future.cancel(true);
      helper.interrupt();
    });
  }

  static <T> T of(Flow.Publisher<? extends T> publisher) {
    Arrival<T> arrival =
        begin("await(publisher)", Objects.requireNonNull(publisher, "publisher"), 1);
    First<T> first = new First<>(arrival);
    publisher.subscribe(first);
    return arrival.await(first::cancel);
  }

  private static <T extends @Nullable Object> Arrival<T> begin(
      String operation, Object what, int open) {
    TaskImpl<?> waiter = TaskImpl.current(operation);
    waiter.enter();
    return new Arrival<>(waiter, what.getClass().getSimpleName(), open);
  }

  private void bringFrom(Future<? extends T> future) {
    try {
      bring(future.get(), null);
    } catch (Throwable e) {
      bring(null, e);
    }
  }

  /// From any thread.
  private void bring(@Nullable T arrived, @Nullable Throwable failed) {
    if (waiter.loop.isHere()) {
      take(arrived, failed);
    } else {
      waiter.loop.post(() -> take(arrived, failed));
    }
  }

  private void take(@Nullable T arrived, @Nullable Throwable failed) {
    if (!here) {
      here = true;
      value = arrived;
      failure = failed;
      waiter.wakeFrom(this);
    }
  }

  private T await(Runnable cancel) {
    if (here) {
      waiter.passed();
    } else {
      waiter.loop.outside++;
      waiter.loop.futures += open;
      try {
        if (waiter.park(this) instanceof Cancellation pending && !here) {
          throw cancelled(pending, cancel);
        }
      } finally {
        waiter.loop.outside--;
        waiter.loop.futures -= open;
      }
    }
    return result();
  }

  /// What it waited for may refuse to be cancelled, as a `minimalCompletionStage` does.
  private CancelledException cancelled(Cancellation pending, Runnable cancel) {
    CancelledException cancelled = waiter.cancelled(pending);
    try {
      cancel.run();
    } catch (RuntimeException refused) {
      cancelled.addSuppressed(refused);
    }
    return cancelled;
  }

  @SuppressWarnings("NullAway") // the value is what the source gave, null only if T allows it
  private T result() {
    Throwable thrown = failure;
    if (thrown == null) {
      return value;
    }
    Throwable own = unwrapped(thrown);
    if (own instanceof CancellationException) {
      CancellationException plain = new CancellationException(what + " was cancelled");
      plain.initCause(own);
      throw plain;
    }
    AwaitTrace.append(own, waiter);
    throw Sneaky.sneak(own);
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause != null
            && (thrown instanceof CompletionException || thrown instanceof ExecutionException)
        ? cause
        : thrown;
  }

  @Override
  public String toString() {
    return what;
  }

  /// What a stage keeps until it completes. It lets go of a task that waits no more.
  private static final class Listener<T extends @Nullable Object>
      implements BiConsumer<T, @Nullable Throwable> {
    private volatile @Nullable Arrival<T> arrival;

    Listener(Arrival<T> arrival) {
      this.arrival = arrival;
    }

    @Override
    public void accept(T arrived, @Nullable Throwable failed) {
      Arrival<T> waiting = arrival;
      if (waiting != null) {
        waiting.bring(arrived, failed);
      }
    }
  }

  /// Takes the first item and cancels the subscription.
  private static final class First<T> implements Flow.Subscriber<T> {
    private final Arrival<T> arrival;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean over;

    First(Arrival<T> arrival) {
      this.arrival = arrival;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      Objects.requireNonNull(given, "subscription");
      if (subscription != null || over) {
        given.cancel();
        return;
      }
      subscription = given;
      if (over) {
        given.cancel(); // it was given up meanwhile
      } else {
        given.request(1);
      }
    }

    @Override
    public void onNext(T item) {
      Objects.requireNonNull(item, "item");
      if (!over) {
        arrival.bring(item, null);
        cancel();
      }
    }

    @Override
    public void onError(Throwable failed) {
      Objects.requireNonNull(failed, "error");
      over = true;
      arrival.bring(null, failed);
    }

    @Override
    public void onComplete() {
      if (!over) {
        over = true;
        arrival.bring(null, new NoSuchElementException("the publisher ended without an item"));
      }
    }

    void cancel() {
      over = true;
      Flow.Subscription known = subscription;
      if (known != null) {
        known.cancel();
      }
    }
  }
}
