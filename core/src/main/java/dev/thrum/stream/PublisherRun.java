package dev.thrum.stream;

import dev.thrum.Async;
import dev.thrum.CancelledException;
import dev.thrum.Loop;
import dev.thrum.Task;
import dev.thrum.VoidBodyOf;
import dev.thrum.internal.engine.Carrier;
import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run of a publisher's body for one subscriber.
///
/// Every signal is sent by the run's task, so that they come one after the other. What the
/// subscriber calls, from any thread, changes the demand or stops the run under the guard, and
/// hands the body in `emit` what it waits for.
final class PublisherRun<T> extends Guarded implements Flow.Subscription, Emitter<T> {
  private static final long UNBOUNDED = Long.MAX_VALUE;

  private final Loop loop;
  private final VoidBodyOf<? super Emitter<T>, ?> body;
  private final WaitQueue queue = new WaitQueue();

  private volatile Flow.@Nullable Subscriber<? super T> subscriber;
  private volatile @Nullable Task<?> task;
  private long demand;
  private volatile boolean stopped;
  private boolean over;
  private @Nullable Throwable complaint;
  private boolean emitting;
  private @Nullable GeneratorClosedException closed;

  PublisherRun(
      Loop loop,
      VoidBodyOf<? super Emitter<T>, ?> body,
      Flow.@Nullable Subscriber<? super T> subscriber) {
    this.loop = loop;
    this.body = body;
    this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
  }

  // Beginning

  void start() {
    Task<?> run;
    try {
      run = loop.submit(this::live);
    } catch (RejectedExecutionException e) {
      refuse(e);
      return;
    }
    // A loop that breaks down leaves it undone.
    var _ =
        run.toCompletableFuture()
            .whenComplete((_, failure) -> {
              if (task == null) {
                refuse(failure);
              }
            });
  }

  private void refuse(Throwable reason) {
    Flow.Subscriber<? super T> told = takeSubscriber();
    stopped = true;
    told.onSubscribe(this);
    told.onError(reason);
  }

  private void live() throws Throwable {
    task = Async.current();
    Throwable thrown = null;
    try {
      tell(told -> told.onSubscribe(this));
      if (!stopped) {
        OwnScope.run(() -> body.run(this));
      }
    } catch (Throwable e) {
      thrown = e;
    }
    end(thrown);
    if (thrown instanceof CancelledException) {
      throw thrown;
    }
  }

  /// A subscriber that throws has broken the rules and counts as one that cancels.
  private void tell(Consumer<Flow.Subscriber<? super T>> signal) {
    try {
      signal.accept(Objects.requireNonNull(subscriber));
    } catch (CancelledException e) {
      throw e;
    } catch (Throwable e) {
      stop(null);
      Failures.tellHandler(e);
    }
  }

  // The body

  @Override
  public void emit(T item) {
    Objects.requireNonNull(item, "item");
    Party me = Party.current();
    checkBody(me);
    if (stopped) {
      GeneratorClosedException told = closed();
      me.passed();
      throw told;
    }
    emitting = true;
    try {
      me.enter();
      awaitDemand(me);
      if (!stopped) {
        tell(told -> told.onNext(item));
      }
      if (stopped) {
        throw closed();
      }
    } finally {
      emitting = false;
    }
  }

  private GeneratorClosedException closed() {
    GeneratorClosedException known = closed;
    if (known == null) {
      known = new GeneratorClosedException("the subscriber takes no more items");
      closed = known;
    }
    return known;
  }

  @Override
  public void emitAll(Iterable<? extends T> items) {
    Emitting.all(this, items);
  }

  private void checkBody(Party caller) {
    if (caller != task || subscriber == null) {
      throw new IllegalStateException(
          caller
              + " cannot emit here: only the publisher's body itself may, in "
              + task
              + ", and before it ends. Let it await what others find, and emit that");
    }
  }

  private void awaitDemand(Party me) {
    if (takeDemandOrQueue(me)) {
      me.passed();
    } else {
      var _ = await(queue, me);
    }
  }

  private boolean takeDemandOrQueue(Party me) {
    guard();
    try {
      if (demand > 0 || stopped) {
        takeOne();
        return true;
      }
      var _ = queue(queue, me, null);
      return false;
    } finally {
      unguard();
    }
  }

  private void takeOne() {
    if (demand != UNBOUNDED) {
      demand--;
    }
  }

  // What the subscriber calls

  @Override
  public void request(long count) {
    if (count <= 0) {
      stop(
          new IllegalArgumentException(
              "a subscriber must request at least 1, not " + count + " (Reactive Streams, 3.9)"));
      return;
    }
    Waiter waiter;
    guard();
    try {
      if (stopped || over) {
        return;
      }
      demand = demand + count < 0 ? UNBOUNDED : demand + count;
      waiter = queue.poll();
      if (waiter != null) {
        takeOne();
        waiter.hand(null);
      }
    } finally {
      unguard();
    }
    if (waiter != null) {
      waiter.wake();
    }
  }

  @Override
  public void cancel() {
    stop(null);
  }

  private void stop(@Nullable Throwable because) {
    Waiter waiter;
    guard();
    try {
      if (stopped || over) {
        return;
      }
      stopped = true;
      complaint = because;
      waiter = queue.poll();
      if (waiter != null) {
        waiter.hand(null);
      }
    } finally {
      unguard();
    }
    if (waiter != null) {
      waiter.wake();
    } else {
      ((Carrier) loop).post(this::cancelUnlessTold);
    }
  }

  /// On the loop, between two steps: a body that is not in `emit`, and has not been told there,
  /// waits elsewhere.
  private void cancelUnlessTold() {
    Task<?> run = task;
    if (closed == null && !emitting && run != null) {
      run.cancel("the subscriber cancelled");
    }
  }

  // The end

  private void end(@Nullable Throwable thrown) {
    Throwable error;
    guard();
    over = true;
    error = complaint;
    unguard();
    Flow.Subscriber<? super T> told = takeSubscriber();
    Throwable failure = ownFailure(thrown);
    try {
      if (!stopped) {
        complete(told, thrown);
        failure = null;
      } else if (error != null) {
        told.onError(error);
      }
    } catch (Throwable e) {
      Failures.tellHandler(e);
    }
    if (failure != null) {
      Failures.tellHandler(failure);
    }
  }

  private static <T> void complete(
      Flow.Subscriber<? super T> subscriber, @Nullable Throwable thrown) {
    if (thrown == null) {
      subscriber.onComplete();
    } else if (thrown instanceof CancelledException ended) {
      CancellationException plain =
          new CancellationException("the publisher's run was cancelled: " + ended.reason());
      plain.initCause(ended);
      subscriber.onError(plain);
    } else {
      subscriber.onError(thrown);
    }
  }

  /// What the body threw beside the end that it was told.
  private @Nullable Throwable ownFailure(@Nullable Throwable thrown) {
    if (thrown == closed && closed != null) {
      return Emitting.ofCleanup(closed);
    }
    return thrown instanceof CancelledException ? null : thrown;
  }

  private Flow.Subscriber<? super T> takeSubscriber() {
    Flow.Subscriber<? super T> taken = Objects.requireNonNull(subscriber);
    subscriber = null;
    return taken;
  }

  @Override
  public String toString() {
    return "the demand of a subscriber";
  }
}
