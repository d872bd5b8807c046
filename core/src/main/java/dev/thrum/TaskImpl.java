package dev.thrum;

import dev.thrum.internal.Bodies;
import dev.thrum.internal.Steered;
import dev.thrum.internal.Steering;
import dev.thrum.internal.Steering.Touch;
import dev.thrum.internal.engine.Engine;
import dev.thrum.internal.inspect.History;
import dev.thrum.internal.inspect.Seen;
import dev.thrum.internal.inspect.Ticks;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A task: its life from the start to the end, what it is to its owner, and what others may ask of
/// it.
final class TaskImpl<T extends @Nullable Object> extends TaskWait<T> implements Seen, Runnable {

  /// What its failure and its end mean to its owner.
  enum Role {
    CHILD,
    DAEMON,
    SUBMITTED,
    STARTING;

    boolean isDaemon() {
      return this == DAEMON || this == SUBMITTED;
    }
  }

  long id;
  @Nullable String name;
  Role role;
  @Nullable TaskImpl<?> previous;
  @Nullable TaskImpl<?> next;
  Object @Nullable [] locals;
  int born;
  int samples;

  private @Nullable VoidBody<?> body;
  private @Nullable Object mark;

  TaskImpl(
      @Nullable ScopeImpl owner,
      LoopImpl loop,
      @Nullable String name,
      VoidBody<?> body,
      Role role) {
    super(loop, owner, name);
    this.name = name;
    this.body = body;
    this.role = role;
    if (loop.debug()) {
      loop.debugging().created(this);
    }
  }

  TaskImpl(
      ScopeImpl owner, TaskImpl<?> creator, @Nullable String name, VoidBody<?> body, Role role) {
    this(owner, owner.loop, name, body, role);
    this.locals = creator.locals;
    fiber.inheritScopedValues();
  }

  static @Nullable TaskImpl<?> currentOrNull() {
    return Engine.currentOwner() instanceof TaskImpl<?> task ? task : null;
  }

  static TaskImpl<?> current(String operation) {
    TaskImpl<?> task = currentOrNull();
    if (task == null) {
      throw new IllegalStateException(
          operation
              + " works only inside a task, and "
              + Thread.currentThread()
              + " is none. Start a loop with run(() -> …); from a thread beside a loop use"
              + " loop.submit(…)");
    }
    return task;
  }

  // Life

  void start() {
    id = loop.nextId();
    born = Ticks.now();
    since = born;
    if (loop.steering != null) {
      mark = loop.steering.started(this, currentOrNull());
    }
    loop.instruments.spawned(this);
    fiber.start();
  }

  /// The whole life, on the fiber's thread.
  @Override
  public void run() {
    doing = RUNNING;
    T value = Bodies.nothing();
    Throwable thrown = null;
    VoidBody<?> work = body;
    body = null;
    try {
      if (work != null) {
        value = Bodies.run(work);
      }
    } catch (Throwable e) {
      thrown = e;
    }
    finish(value, leave(thrown));
  }

  /// Begins again under another name, with the locals of its owner's task.
  boolean renew(String newName) {
    ScopeImpl owner = parent;
    if (owner == null || innermost != this || !isUntouched()) {
      return false;
    }
    name = newName;
    locals = owner.host.locals;
    return true;
  }

  private void finish(T value, @Nullable Throwable out) {
    State ended = keep(value, out);
    forgetInterrupts();
    abandonHeld();
    if (loop.debug()) {
      loop.debugging().ended(this, ended, toldOfCancellation && effective != null, out);
    }
    doing = ENDING;
    boolean delivered = end(ended, role == Role.SUBMITTED);
    loop.instruments.done(this);
    ScopeImpl owner = parent;
    if (owner == null) {
      loop.mainEnded();
    } else {
      owner.childEnded(this, delivered);
    }
    if (!linked) {
      parent = null;
    }
    locals = null;
    if (loop.steering == null) { // nobody looks into an explored run, and a text may touch things
      loop.watched.history().add(id, name, how(ended), out, born, steps + 1);
    }
    doing = ENDED;
  }

  private static History.How how(State ended) {
    return switch (ended) {
      case SUCCESS -> History.How.SUCCEEDED;
      case FAILED -> History.How.FAILED;
      default -> History.How.CANCELLED;
    };
  }

  @Override
  @Nullable Throwable endedByOwn(CancelledException ended, boolean bodyStopped) {
    return ended;
  }

  /// It came too late: the loop has ended before it could start.
  void refuse() {
    Cancellation request =
        new Cancellation("loop " + loop.name() + " ended before it started", null);
    doing = ENDED;
    body = null;
    parent = null;
    endRefused(new CancelledException(request));
  }

  /// The earliest deadline on the way out, up to a shield.
  Optional<Instant> deadline() {
    long earliest = Long.MAX_VALUE;
    for (ScopeImpl at = innermost; at != null && !(at instanceof ShieldScope); at = at.parent) {
      if (at instanceof TimeoutScope && at.isSet()) {
        earliest = Math.min(earliest, at.due());
      }
    }
    return earliest == Long.MAX_VALUE ? Optional.empty() : Optional.of(loop.instantOf(earliest));
  }

  /// The main task accepts no more work of other threads.
  @Override
  void ending() {
    if (parent == null) {
      loop.refuseSubmissions();
    }
  }

  // Awaiting another

  @Override
  public T await() {
    return current("await(task)").await(this);
  }

  private <R extends @Nullable Object> R await(TaskImpl<R> task) {
    enter();
    task.touch(Touch.READ);
    if (task.isDone()) {
      passed();
    } else if (task.loop == loop) {
      Waits.checkAwait(this, task);
      task.watch(this);
      if (parkFor(task) instanceof Cancellation pending) {
        task.unwatch(this);
        throw cancelled(pending);
      }
    } else {
      task.awaitFromOtherLoop(this);
    }
    return task.report();
  }

  private @Nullable Object parkFor(TaskImpl<?> task) {
    try {
      return park(task);
    } catch (Throwable outOfStack) {
      task.unwatch(this);
      if (task.isDone()) {
        return null; // which it was told of while the wait failed
      }
      throw outOfStack;
    }
  }

  private void awaitFromOtherLoop(TaskImpl<?> waiter) {
    LoopImpl home = waiter.loop;
    BooleanSupplier wake =
        () -> {
          home.post(() -> waiter.wakeFrom(this));
          return false;
        };
    home.outside++;
    try {
      Waits.refuseCycle(waiter, this);
      tell(wake);
      if (waiter.park(this) instanceof Cancellation pending) {
        forget(wake);
        throw waiter.cancelled(pending);
      }
    } finally {
      home.outside--;
    }
  }

  <R extends @Nullable Object> R getInside(TaskImpl<R> task) throws ExecutionException {
    try {
      return await(task);
    } catch (CancelledException e) {
      throw e;
    } catch (Throwable e) {
      if (task.state() == State.FAILED && e == task.failure()) {
        throw new ExecutionException(e);
      }
      throw e;
    }
  }

  // Cancelling

  @Override
  public boolean cancel(String reason) {
    return !isDone() && super.cancel(reason);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return cancel("cancel() was called");
  }

  // For people and tools

  @Override
  public String name() {
    return name == null ? "task-" + id : name;
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public Loop loop() {
    return loop;
  }

  /// Whether it is quite over: a task whose end is known may still tell a handler.
  @Override
  public boolean isOver() {
    return doing == ENDED;
  }

  // For the tools

  @Override
  public long stepCount() {
    return steps;
  }

  @Override
  public void sampled() {
    samples++;
  }

  // For who steers the loop

  @Override
  public @Nullable Object mark() {
    return mark;
  }

  @Override
  public @Nullable Steering steering() {
    return loop.steering;
  }

  @Override
  public @Nullable Steered owner() {
    return parent == null ? null : parent.host;
  }

  @Override
  public boolean isSubmitted() {
    return role == Role.SUBMITTED;
  }

  /// Whether a cancellation of a scope would reach it. From any thread; only a hint there.
  boolean isInside(ScopeImpl scope) {
    for (ScopeImpl at = innermost; at != null; at = at.parent) {
      if (at == scope) {
        return true;
      }
      if (at instanceof ShieldScope) {
        return false;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return "task " + name();
  }
}
