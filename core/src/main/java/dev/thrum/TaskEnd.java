package dev.thrum;

import dev.thrum.internal.Sneaky;
import dev.thrum.internal.Steering.Touch;
import dev.thrum.internal.engine.Engine;
import dev.thrum.internal.wait.Happening;
import dev.thrum.internal.wait.Party;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a task ends: its result, who is told, and the future that others see.
///
/// **Results.** They are written before `state`, which is volatile; other threads read `state`
/// first. The future that other threads block on is made by the first of them: it publishes the
/// future and then looks at `state`, the task sets `state` and then looks for a future, so that one
/// of the two completes it.
abstract sealed class TaskEnd<T extends @Nullable Object> extends ScopeImpl
    implements Task<T>, Happening permits TaskWait {
  boolean linked;
  boolean observed;

  private @Nullable Watchers watchers;
  private volatile @Nullable Unheard unheard;
  private boolean traced;
  private boolean inherited;

  private volatile State state = State.RUNNING;
  private @Nullable Object result;
  private volatile @Nullable CompletableFuture<@Nullable Void> end;
  private volatile @Nullable TaskFuture<T> future;

  TaskEnd(LoopImpl loop, @Nullable ScopeImpl owner) {
    super(loop, owner);
  }

  private TaskImpl<T> self() {
    return (TaskImpl<T>) this;
  }

  // Ending

  /// Keeps what came out of the body.
  ///
  /// @return what that makes of the task
  final State keep(T value, @Nullable Throwable out) {
    result = out == null ? value : out;
    if (out instanceof CancelledException && effective != null) {
      inherited = !isOwn(effective);
      return State.CANCELLED;
    }
    return out == null ? State.SUCCESS : State.FAILED;
  }

  /// Makes the end known. On the loop.
  ///
  /// @return whether somebody took the result
  final boolean end(State ended, boolean mustBeHeard) {
    Unheard open = mustBeHeard && ended == State.FAILED ? Unheard.watch(self()) : null;
    unheard = open;
    boolean delivered = tellEnd(ended);
    TaskFuture<T> asked = future;
    delivered |= asked != null && asked.take();
    if (delivered && open != null) {
      open.heard();
    }
    return delivered;
  }

  /// Ends it before it could begin. What hangs on its future may lock, which the caller must not.
  final void endRefused(CancelledException refused) {
    result = refused;
    var _ = tellEnd(State.CANCELLED);
    TaskFuture<T> asked = future;
    if (asked != null) {
      Engine.outsideThread("thrum-refused", asked::take).start();
    }
  }

  private boolean tellEnd(State ended) {
    touch(Touch.WRITE);
    state = ended;
    CompletableFuture<@Nullable Void> waitedFor = end;
    if (waitedFor != null) {
      waitedFor.complete(null);
    }
    Watchers told = watchers;
    watchers = null;
    return told != null && told.tell(self());
  }

  // Who is told

  @Override
  public boolean hasHappened() {
    return isDone();
  }

  @Override
  public void tell(BooleanSupplier listener) {
    if (!loop.isHere()) {
      if (!loop.post(() -> tell(listener))) {
        var _ = listener.getAsBoolean(); // its loop has ended, and it with it
      }
    } else if (isDone()) {
      var _ = listener.getAsBoolean();
    } else {
      watchers = Watchers.add(watchers, new Watchers.Told(listener));
    }
  }

  @Override
  public void forget(BooleanSupplier listener) {
    if (loop.isHere()) {
      watchers = Watchers.remove(watchers, new Watchers.Told(listener));
    } else {
      loop.post(() -> forget(listener));
    }
  }

  @Override
  public @Nullable Object result() {
    return report();
  }

  /// Runs something on a loop once it has ended; at once if it has.
  void whenEnded(LoopImpl on, Runnable action) {
    if (isDone()) {
      action.run();
    } else if (loop == on) {
      watch(_ -> action.run());
    } else {
      var _ = end().thenRun(() -> on.post(action));
    }
  }

  void watch(TaskImpl<?> waiter) {
    watchers = Watchers.add(watchers, new Watchers.Waiter(waiter));
  }

  void unwatch(TaskImpl<?> waiter) {
    watchers = Watchers.remove(watchers, new Watchers.Waiter(waiter));
  }

  void watch(Consumer<? super TaskImpl<?>> listener) {
    watchers = Watchers.add(watchers, new Watchers.Listener(listener));
  }

  /// The value, or the exception that an awaiter gets.
  T report() {
    touch(Touch.READ);
    return switch (state) {
      case SUCCESS -> value();
      case CANCELLED -> throw plainCancellation();
      case FAILED -> {
        observe();
        Throwable failure = failure();
        TaskImpl<?> awaiter = TaskImpl.currentOrNull();
        if (!traced && awaiter != null) {
          traced = true;
          AwaitTrace.append(failure, awaiter);
        }
        throw Sneaky.sneak(failure);
      }
      case RUNNING -> throw new IllegalStateException("task " + name() + " has not ended");
    };
  }

  CancellationException plainCancellation() {
    Throwable ended = (Throwable) Objects.requireNonNull(result);
    CancellationException plain =
        new CancellationException("task " + name() + " was cancelled: " + ended.getMessage());
    plain.initCause(ended);
    return plain;
  }

  /// Somebody has heard of the failure: the owner need not.
  void observe() {
    observed = true;
    Unheard open = unheard;
    if (open != null) {
      open.heard();
    }
    ScopeImpl owner = parent;
    if (owner != null && linked && loop.isHere()) {
      owner.observed(self());
      parent = null;
    }
  }

  @SuppressWarnings({"unchecked", "NullAway"})
  private T value() {
    return (T) result;
  }

  public final @Nullable Throwable failedWith() {
    return state == State.FAILED ? failure() : null;
  }

  Throwable failure() {
    return (Throwable) Objects.requireNonNull(result);
  }

  /// Whether it was cancelled with its owner and not for itself.
  boolean endedByOwner() {
    return inherited;
  }

  @Override
  public Outcome<T> outcome() {
    touch(Touch.READ);
    return switch (state) {
      case SUCCESS -> new Outcome.Success<>(value());
      case CANCELLED -> new Outcome.Cancelled<>(String.valueOf(failure().getMessage()));
      case FAILED -> {
        observe();
        yield new Outcome.Failure<>(failure());
      }
      case RUNNING -> throw new IllegalStateException("task " + name() + " has not ended");
    };
  }

  // The future that other threads see

  @Override
  public boolean isDone() {
    touch(Touch.READ);
    return state != State.RUNNING;
  }

  /// As a future says it: whether it ended for a cancellation. A scope means something else by it,
  /// and a task is never handed out as a scope.
  @Override
  public boolean isCancelled() {
    touch(Touch.READ);
    return state == State.CANCELLED;
  }

  @Override
  public State state() {
    touch(Touch.READ);
    return state;
  }

  @Override
  public T resultNow() {
    touch(Touch.READ);
    if (state != State.SUCCESS) {
      throw new IllegalStateException("task " + name() + " has no result: " + state);
    }
    return value();
  }

  @Override
  public Throwable exceptionNow() {
    touch(Touch.READ);
    if (state != State.FAILED) {
      throw new IllegalStateException("task " + name() + " has not failed: " + state);
    }
    observe();
    return failure();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    TaskImpl<?> waiter = TaskImpl.currentOrNull();
    if (waiter != null) {
      return waiter.getInside(self());
    }
    if (state == State.RUNNING) {
      waitFor(-1);
    }
    return reportFuture();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long nanos = Math.max(0, unit.toNanos(timeout));
    TaskImpl<?> waiter = TaskImpl.currentOrNull();
    if (waiter != null) {
      return isDone()
          ? waiter.getInside(self())
          : Async.timeout(Duration.ofNanos(nanos), () -> waiter.getInside(self()));
    }
    if (state == State.RUNNING && !waitFor(nanos)) {
      throw new TimeoutException("task " + name() + " did not end within " + timeout + " " + unit);
    }
    return reportFuture();
  }

  private boolean waitFor(long nanos) throws InterruptedException {
    Party thread = Party.current();
    try {
      Waits.refuseCycle(thread, self());
      if (nanos < 0) {
        end().get();
      } else {
        end().get(nanos, TimeUnit.NANOSECONDS);
      }
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      thread.announce(null);
    }
  }

  private T reportFuture() throws ExecutionException {
    observe();
    return switch (state) {
      case SUCCESS -> value();
      case FAILED -> throw new ExecutionException(failure());
      default -> throw plainCancellation();
    };
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    TaskFuture<T> known = future;
    if (known == null) {
      synchronized (this) {
        known = future;
        if (known == null) {
          known = new TaskFuture<>(self());
          future = known;
        }
      }
      if (isDone() && known.take()) {
        observe();
      }
    }
    return known;
  }

  CompletableFuture<@Nullable Void> end() {
    CompletableFuture<@Nullable Void> known = end;
    if (known == null) {
      synchronized (this) {
        known = end;
        if (known == null) {
          known = new CompletableFuture<>();
          end = known;
        }
      }
      if (isDone()) {
        known.complete(null);
      }
    }
    return known;
  }

  @Override
  String kind() {
    return "body";
  }
}
