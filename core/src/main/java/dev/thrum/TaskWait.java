package dev.thrum;

import dev.thrum.internal.Steered;
import dev.thrum.internal.Steering.Touch;
import dev.thrum.internal.engine.Fiber;
import dev.thrum.internal.inspect.Ticks;
import dev.thrum.internal.wait.Held;
import dev.thrum.internal.wait.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a task waits and is woken.
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
abstract sealed class TaskWait<T extends @Nullable Object> extends TaskEnd<T> implements Steered
    permits TaskImpl {

  /// What the task is doing, as far as the loop must know: numbers, since they are written several
  /// times in each step, and a reference would pass a barrier of the collector each time.
  static final int NOT_STARTED = 0;

  static final int RUNNING = 1;
  static final int YIELDING = 2;
  static final int WAITING = 3;
  static final int MASKED = 4;
  static final int WOKEN = 5;
  static final int ENDING = 6;
  static final int ENDED = 7;

  /// How many operations may go on without waiting before the task yields.
  private static final int BUDGET = 128;

  final Fiber fiber;
  ScopeImpl innermost;
  int doing = NOT_STARTED;
  @Nullable Object blockedOn;
  @Nullable List<Held> held;
  boolean toldOfCancellation;

  // For the tools: the tick of its last step, and how many there were.
  int since;
  long steps;

  private int budget = BUDGET;
  private long parks;
  private @Nullable Object woken;
  private @Nullable Waiter waiter;
  private @Nullable Interrupter interrupter;
  private volatile boolean nudged;

  TaskWait(LoopImpl loop, @Nullable ScopeImpl owner, @Nullable String name) {
    super(loop, owner);
    this.innermost = this;
    this.fiber = loop.engine().fiber(host, name, host);
  }

  // Waiting: called by the task itself

  /// To be called first by everything that can wait.
  @Override
  public final void enter() {
    touch(Touch.READ);
    Cancellation pending = innermost.effective;
    if (pending != null) {
      throw cancelled(pending);
    }
  }

  final CancelledException cancelled(Cancellation pending) {
    toldOfCancellation = true;
    forgetInterrupts();
    return new CancelledException(pending);
  }

  /// To be called by an operation that did not need to wait.
  @Override
  public final void passed() {
    if (--budget <= 0) {
      try {
        yieldNow();
      } catch (StackOverflowError | OutOfMemoryError tooDeep) {
        budget = BUDGET; // it cannot be suspended here, and goes on with what it has
      }
    }
  }

  final void checkpoint() {
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
  final @Nullable Object park(Object on) {
    return park(on, WAITING);
  }

  /// Waits for a wake that no cancellation cuts short.
  final @Nullable Object parkMasked(Object on) {
    return park(on, MASKED);
  }

  private @Nullable Object park(Object on, int how) {
    parks++;
    blockedOn = on;
    doing = how;
    try {
      loop.instruments.blocked(host, on);
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

  final void sleep(long nanos) {
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
  public final Waiter begin(Object on, @Nullable Object offered) {
    touch(Touch.WRITE);
    Waiter own = Waiter.next(waiter, this);
    if (own != waiter) {
      waiter = own;
    }
    own.begin(on, offered);
    return own;
  }

  @Override
  public final Waiter waiter() {
    return Objects.requireNonNull(waiter, "no wait has begun");
  }

  @Override
  public final boolean await(Waiter waited) {
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
  public final boolean await(Waiter waited, long nanos) {
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
  public final void awaitMasked(Waiter waited) {
    try {
      while (!waited.isDone()) {
        var _ = parkMasked(waited.on());
      }
    } catch (Throwable outOfStack) {
      var _ = waited.keepOrAbandon(outOfStack);
    }
  }

  @Override
  public final void outsideBegins() {
    loop.outside++;
  }

  @Override
  public final void outsideEnds() {
    loop.outside--;
  }

  @Override
  public final boolean mustLeave() {
    return innermost.effective != null;
  }

  @Override
  public final RuntimeException cancelled() {
    return cancelled(Objects.requireNonNull(innermost.effective));
  }

  @Override
  public final void wakeFor(Object on) {
    if (loop.isHere()) {
      wakeFrom(on);
    } else {
      loop.post(() -> wakeFrom(on));
    }
  }

  @Override
  public final boolean hasLeft() {
    touch(Touch.READ);
    return isLeaving() && loop.isHere();
  }

  private boolean isLeaving() {
    return doing == WOKEN && (woken instanceof Cancellation || woken == Waits.SLEEP);
  }

  @Override
  public final int choose(int bound) {
    return loop.choose(bound);
  }

  @Override
  public final long nanoTime() {
    return loop.nanoTime();
  }

  @Override
  public final void holds(Held lock) {
    List<Held> all = held;
    if (all == null) {
      all = new ArrayList<>(2);
      held = all;
    }
    all.add(lock);
  }

  @Override
  public final void holdsNoMore(Held lock) {
    List<Held> all = held;
    if (all != null) {
      all.remove(all.lastIndexOf(lock));
    }
  }

  @Override
  public final Runnable atEndOfLoop(Runnable action) {
    loop.atEnd.add(action);
    return () -> loop.atEnd.remove(action);
  }

  @Override
  public final boolean debug() {
    return loop.debug();
  }

  final void abandonHeld() {
    List<Held> all = held;
    held = null;
    if (all != null) {
      for (Held lock : all) {
        lock.abandonedBy(this);
      }
    }
  }

  @Override
  public final void announce(@Nullable Object on) {
    touch(Touch.WRITE);
    parks++;
    blockedOn = on;
  }

  @Override
  public final long waitNumber() {
    Waiter own = waiter;
    return own == null ? parks : parks + own.uses();
  }

  @Override
  public final @Nullable Object waitsFor() {
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
  final boolean parkMaskedFor(Object on, long nanos) {
    loop.timers.set(this, loop.timeAfter(nanos));
    return parkMasked(on) != Waits.SLEEP;
  }

  @Override
  protected final void fire() {
    wake(Waits.SLEEP);
  }

  // Waking: called on the loop

  /// Ends its wait.
  ///
  /// @return false if it does not wait, or has been woken already
  final boolean wake(@Nullable Object with) {
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
  final boolean wakeFrom(Object on) {
    touch(Touch.READ);
    return blockedOn == on && wake(null);
  }

  /// The innermost scope has become cancelled.
  final void cancelArrived(Cancellation request) {
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
  final void stepEnded() {
    steps++;
    since = Ticks.now();
    if (doing == RUNNING) {
      loop.instruments.blocked(host, Waits.JDK);
      if (innermost.effective != null) {
        interrupt();
      }
    }
  }

  private void interrupt() {
    Interrupter ours = interrupter;
    if (ours == null) {
      ours = new Interrupter(host);
      interrupter = ours;
    }
    ours.interrupt();
  }

  final boolean isParkedInJdk() {
    return doing == RUNNING && innermost.effective != null;
  }

  @Override
  public final Thread thread() {
    return fiber.thread();
  }

  /// Ends the call of the JDK in which it holds the loop. From any thread.
  final void nudge() {
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
  final void forgetInterrupts() {
    var _ = takeNudge();
    Interrupter ours = interrupter;
    if (ours != null) {
      interrupter = null;
      ours.forget();
    }
  }

  final @Nullable Object blockedOn() {
    return (doing == RUNNING || doing == ENDING) && !loop.isRunning(fiber) ? Waits.JDK : blockedOn;
  }

  /// Whether its wait is over and it has not run again.
  final boolean isWoken() {
    return doing == WOKEN;
  }

  @Override
  public final @Nullable Object waitsOn() {
    return doing == WAITING || doing == MASKED ? blockedOn : null;
  }

  @Override
  public final boolean isInJdk() {
    return (doing == RUNNING || doing == ENDING) && !loop.isRunning(fiber);
  }
}
