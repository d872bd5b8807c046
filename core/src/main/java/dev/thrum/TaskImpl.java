package dev.thrum;

import dev.thrum.internal.Bodies;
import dev.thrum.internal.Steered;
import dev.thrum.internal.Steering;
import dev.thrum.internal.Steering.Touch;
import dev.thrum.internal.engine.Engine;
import dev.thrum.internal.engine.Fiber;
import dev.thrum.internal.inspect.History;
import dev.thrum.internal.inspect.Seen;
import dev.thrum.internal.inspect.Sight;
import dev.thrum.internal.inspect.Ticks;
import dev.thrum.internal.wait.Held;
import dev.thrum.internal.wait.Waiter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A task: the scope of its body, the fiber it runs in, the wait it is in, and its result.
///
/// **Waiting.** A wait has one winner. [#wake] gives a waiting task a value and makes it ready;
/// from then on no other wake, and no cancellation, changes what it was woken with: a value that
/// was handed over is delivered, and who comes second is told `false` and turns to the next waiter.
/// The woken task itself leaves the structure it waited in. All of this happens on the loop; other
/// threads go through the loop's inbox.
///
/// **Interrupts.** A task that is parked in the JDK cannot be woken with a cancellation; it is
/// interrupted instead, and again with growing pauses while it parks on in a cancelled scope, so
/// that cancellation stays level-triggered there too and an uninterruptible wait does not spin. An
/// interrupt that nobody here sent is a request to cancel the task if it meets a wait of Thrum's;
/// in one of the JDK's it is the `InterruptedException` that it always was.
final class TaskImpl<T extends @Nullable Object> extends TaskEnd<T>
    implements Steered, Seen, Runnable {

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

  /// What the task is doing, as far as the loop must know: numbers, since they are written several
  /// times in each step, and a reference would pass a barrier of the collector each time.
  private static final int NOT_STARTED = 0;

  private static final int RUNNING = 1;
  private static final int YIELDING = 2;
  private static final int WAITING = 3;
  private static final int MASKED = 4;
  private static final int WOKEN = 5;
  private static final int ENDING = 6;
  private static final int ENDED = 7;

  /// How many operations may go on without waiting before the task yields.
  private static final int BUDGET = 128;

  long id;
  Role role;
  ScopeImpl innermost;
  @Nullable TaskImpl<?> previous;
  @Nullable TaskImpl<?> next;
  Object @Nullable [] locals;

  private final @Nullable String name;
  private final Fiber fiber;
  private @Nullable VoidBody<?> body;
  private int doing = NOT_STARTED;
  private int budget = BUDGET;
  private @Nullable Object blockedOn;
  private long parks;
  private @Nullable Object woken;
  private @Nullable Waiter waiter;
  private @Nullable List<Held> held;
  private @Nullable Interrupter interrupter;
  private @Nullable Object mark;
  private volatile boolean nudged;
  private boolean toldOfCancellation;

  // For the tools: ticks, and counts that may wrap.
  private int born;
  private int since;
  private int steps;
  private int samples;

  TaskImpl(
      @Nullable ScopeImpl owner,
      LoopImpl loop,
      @Nullable String name,
      VoidBody<?> body,
      Role role) {
    super(loop, owner);
    this.name = name;
    this.body = body;
    this.role = role;
    this.innermost = this;
    this.fiber = loop.engine().fiber(this, name, this);
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
    if (loop.steering == null) { // nobody looks into an explored run, and a text may touch things
      loop.history().add(id, name, how(ended), out, born, steps + 1);
    }
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

  // Waiting: called by the task itself

  /// To be called first by everything that can wait.
  @Override
  public void enter() {
    touch(Touch.READ);
    Cancellation pending = innermost.effective;
    if (pending != null) {
      throw cancelled(pending);
    }
  }

  CancelledException cancelled(Cancellation pending) {
    toldOfCancellation = true;
    forgetInterrupts();
    return new CancelledException(pending);
  }

  /// To be called by an operation that did not need to wait.
  @Override
  public void passed() {
    if (--budget <= 0) {
      try {
        yieldNow();
      } catch (StackOverflowError | OutOfMemoryError tooDeep) {
        budget = BUDGET; // it cannot be suspended here, and goes on with what it has
      }
    }
  }

  void checkpoint() {
    enter();
    yieldNow();
    enter();
  }

  private void yieldNow() {
    doing = YIELDING;
    try {
      fiber.yieldNow();
    } finally {
      doing = RUNNING;
      budget = BUDGET;
    }
  }

  /// Waits for a wake. To be called after [#enter()].
  ///
  /// @param on what it waits for
  /// @return what it was woken with; a [Cancellation] if that came first: then leave what you wait
  ///   in and throw it
  @Nullable Object park(Object on) {
    return park(on, WAITING);
  }

  /// Waits for a wake that no cancellation cuts short.
  @Nullable Object parkMasked(Object on) {
    return park(on, MASKED);
  }

  private @Nullable Object park(Object on, int how) {
    parks++;
    blockedOn = on;
    doing = how;
    try {
      loop.instruments.blocked(this, on);
      while (doing == how) {
        if (Thread.interrupted()) {
          interruptedInPark();
        } else {
          fiber.suspend(on);
        }
      }
    } finally {
      if (doing == how) {
        loop.timers.unset(this); // out of stack or memory: nothing may wake it later
      }
      doing = RUNNING;
      blockedOn = null;
      budget = BUDGET;
    }
    Object with = woken;
    woken = null;
    return with;
  }

  private void interruptedInPark() {
    Interrupter ours = interrupter;
    if (!takeNudge() && (ours == null || !ours.takeBack())) {
      cancelNow(Cancellation.because(loop, "its thread was interrupted"));
    }
  }

  void sleep(long nanos) {
    enter();
    if (nanos <= 0) {
      yieldNow();
      enter();
      return;
    }
    loop.timers.set(this, loop.timeAfter(nanos));
    if (park(Waits.SLEEP) instanceof Cancellation pending) {
      throw cancelled(pending);
    }
  }

  // Waiting for what other loops and threads may bring: see Party

  @Override
  public Waiter begin(Object on, @Nullable Object offered) {
    touch(Touch.WRITE);
    Waiter own = Waiter.next(waiter, this);
    if (own != waiter) {
      waiter = own;
    }
    own.begin(on, offered);
    return own;
  }

  @Override
  public Waiter waiter() {
    return Objects.requireNonNull(waiter, "no wait has begun");
  }

  @Override
  public boolean await(Waiter waited) {
    try {
      while (!waited.isDone()) {
        // A look first: queueing may have suspended the task in the JDK.
        if (innermost.effective != null || park(waited.on()) instanceof Cancellation) {
          return false;
        }
      }
      return true;
    } catch (Throwable outOfStack) {
      return waited.keepOrAbandon(outOfStack);
    }
  }

  @Override
  public boolean await(Waiter waited, long nanos) {
    try {
      long due = loop.timeAfter(nanos);
      while (!waited.isDone()) {
        if (innermost.effective != null || due <= loop.nanos()) {
          return false;
        }
        loop.timers.set(this, due);
        Object with = park(waited.on());
        if (with == Waits.SLEEP || with instanceof Cancellation) {
          return false;
        }
      }
      return true;
    } catch (Throwable outOfStack) {
      return waited.keepOrAbandon(outOfStack);
    }
  }

  @Override
  public void awaitMasked(Waiter waited) {
    try {
      while (!waited.isDone()) {
        var _ = parkMasked(waited.on());
      }
    } catch (Throwable outOfStack) {
      var _ = waited.keepOrAbandon(outOfStack);
    }
  }

  @Override
  public void outsideBegins() {
    loop.outside++;
  }

  @Override
  public void outsideEnds() {
    loop.outside--;
  }

  @Override
  public boolean mustLeave() {
    return innermost.effective != null;
  }

  @Override
  public RuntimeException cancelled() {
    return cancelled(Objects.requireNonNull(innermost.effective));
  }

  @Override
  public void wakeFor(Object on) {
    if (loop.isHere()) {
      wakeFrom(on);
    } else {
      loop.post(() -> wakeFrom(on));
    }
  }

  @Override
  public boolean hasLeft() {
    touch(Touch.READ);
    return isLeaving() && loop.isHere();
  }

  private boolean isLeaving() {
    return doing == WOKEN && (woken instanceof Cancellation || woken == Waits.SLEEP);
  }

  @Override
  public int choose(int bound) {
    return loop.choose(bound);
  }

  @Override
  public long nanoTime() {
    return loop.nanoTime();
  }

  @Override
  public void holds(Held lock) {
    List<Held> all = held;
    if (all == null) {
      all = new ArrayList<>(2);
      held = all;
    }
    all.add(lock);
  }

  @Override
  public void holdsNoMore(Held lock) {
    List<Held> all = held;
    if (all != null) {
      all.remove(all.lastIndexOf(lock));
    }
  }

  @Override
  public Runnable atEndOfLoop(Runnable action) {
    loop.atEnd.add(action);
    return () -> loop.atEnd.remove(action);
  }

  private void abandonHeld() {
    List<Held> all = held;
    held = null;
    if (all != null) {
      for (Held lock : all) {
        lock.abandonedBy(this);
      }
    }
  }

  @Override
  public void announce(@Nullable Object on) {
    touch(Touch.WRITE);
    parks++;
    blockedOn = on;
  }

  @Override
  public long waitNumber() {
    Waiter own = waiter;
    return own == null ? parks : parks + own.uses();
  }

  @Override
  public @Nullable Object waitsFor() {
    touch(Touch.READ);
    Waiter own = waiter;
    if (own != null && own.isWaiting()) {
      return isLeaving() ? null : own.on();
    }
    if (doing == WOKEN) {
      return null;
    }
    return switch (blockedOn) {
      case ScopeImpl scope when scope.host == this -> new Waits.Join(scope);
      case TaskImpl<?> awaited -> awaited;
      case Work<?> work -> work.worker();
      case null, default -> null;
    };
  }

  /// Waits with a bound: true if it was woken, false if the time was over.
  boolean parkMaskedFor(Object on, long nanos) {
    loop.timers.set(this, loop.timeAfter(nanos));
    return parkMasked(on) != Waits.SLEEP;
  }

  @Override
  protected void fire() {
    wake(Waits.SLEEP);
  }

  // Waking: called on the loop

  /// Ends its wait.
  ///
  /// @return false if it does not wait, or has been woken already
  boolean wake(@Nullable Object with) {
    touch(Touch.WRITE);
    if (doing != WAITING && doing != MASKED) {
      return false;
    }
    doing = WOKEN;
    woken = with;
    loop.timers.unset(this);
    if (!loop.isRunning(fiber)) {
      fiber.resume();
    }
    return true;
  }

  /// Ends its wait if it still waits for that.
  ///
  /// @return false if it does not
  boolean wakeFrom(Object on) {
    touch(Touch.READ);
    return blockedOn == on && wake(null);
  }

  /// The innermost scope has become cancelled.
  void cancelArrived(Cancellation request) {
    switch (doing) {
      case WAITING -> wake(request);
      case RUNNING -> {
        if (!loop.isRunning(fiber)) {
          interrupt();
        }
      }
      default -> {}
    }
  }

  /// A step is over. A task that is still `RUNNING` then is parked in the JDK.
  void stepEnded() {
    steps++;
    since = Ticks.now();
    if (doing == RUNNING) {
      loop.instruments.blocked(this, Waits.JDK);
      if (innermost.effective != null) {
        interrupt();
      }
    }
  }

  private void interrupt() {
    Interrupter ours = interrupter;
    if (ours == null) {
      ours = new Interrupter(this);
      interrupter = ours;
    }
    ours.interrupt();
  }

  boolean isParkedInJdk() {
    return doing == RUNNING && innermost.effective != null;
  }

  @Override
  public Thread thread() {
    return fiber.thread();
  }

  /// Ends the call of the JDK in which it holds the loop. From any thread.
  void nudge() {
    synchronized (loop.nudging) {
      nudged = true;
      thread().interrupt();
    }
  }

  /// Whether an interrupt that was just noticed only says that a request has come in.
  private boolean takeNudge() {
    if (!nudged) {
      return false;
    }
    synchronized (loop.nudging) {
      nudged = false;
      Thread.interrupted();
      return true;
    }
  }

  /// Interrupts that were sent for a cancellation end with it.
  void forgetInterrupts() {
    var _ = takeNudge();
    Interrupter ours = interrupter;
    if (ours != null) {
      interrupter = null;
      ours.forget();
    }
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

  @Nullable Object blockedOn() {
    return (doing == RUNNING || doing == ENDING) && !loop.isRunning(fiber) ? Waits.JDK : blockedOn;
  }

  /// Whether its wait is over and it has not run again.
  boolean isWoken() {
    return doing == WOKEN;
  }

  /// Whether it is quite over: a task whose end is known may still tell a handler.
  @Override
  public boolean isOver() {
    return doing == ENDED;
  }

  // For the tools

  @Override
  public int stepCount() {
    return steps;
  }

  @Override
  public void sampled() {
    samples++;
  }

  /// What can be seen of it now.
  ///
  /// @param owner the number of its owner, or 0
  /// @param ownerScope in which of the owner's scopes it is
  /// @param scopes its own
  /// @param children how many tasks it owns
  Sight sight(long owner, int ownerScope, List<Sight.Scope> scopes, int children) {
    Sight.State state = seen();
    Cancellation pending = innermost.effective;
    List<Held> locks = held;
    return new Sight(
        this,
        id,
        name,
        owner,
        ownerScope,
        switch (role) {
          case DAEMON -> Sight.Kind.BACKGROUND;
          case SUBMITTED -> Sight.Kind.SUBMITTED;
          default -> parent == null ? Sight.Kind.MAIN : Sight.Kind.CHILD;
        },
        state,
        born,
        since,
        steps,
        samples,
        state == Sight.State.WAITING ? seenOn() : null,
        state == Sight.State.WAITING ? waitsFor() : null,
        locks == null ? List.of() : List.copyOf(locks),
        scopes,
        pending == null ? null : pending.reason(),
        isSet() ? Math.max(0, due() - loop.nanos()) / 1_000_000 : -1,
        children,
        loop.debugging().origin(this));
  }

  private @Nullable Object seenOn() {
    return blockedOn instanceof ScopeImpl scope && scope.host == this
        ? new Waits.Join(scope)
        : blockedOn;
  }

  private Sight.State seen() {
    return switch (doing) {
      case RUNNING -> loop.isRunning(fiber) ? Sight.State.RUNNING : Sight.State.IN_JDK;
      case WAITING, MASKED -> Sight.State.WAITING;
      case ENDING -> loop.isRunning(fiber) ? Sight.State.ENDING : Sight.State.IN_JDK;
      case ENDED -> Sight.State.FAILED;
      default -> Sight.State.READY;
    };
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

  @Override
  public @Nullable Object waitsOn() {
    return doing == WAITING || doing == MASKED ? blockedOn : null;
  }

  @Override
  public boolean isInJdk() {
    return (doing == RUNNING || doing == ENDING) && !loop.isRunning(fiber);
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
