package dev.thrum;

import dev.thrum.internal.DebugStack;
import dev.thrum.internal.Durations;
import dev.thrum.internal.Inbox;
import dev.thrum.internal.Menu;
import dev.thrum.internal.Poller;
import dev.thrum.internal.PollerHost;
import dev.thrum.internal.ReadyQueue;
import dev.thrum.internal.Steering;
import dev.thrum.internal.Timers;
import dev.thrum.internal.engine.Carrier;
import dev.thrum.internal.engine.Engine;
import dev.thrum.internal.engine.Fiber;
import dev.thrum.internal.inspect.Sampler;
import dev.thrum.internal.inspect.StallLimit;
import dev.thrum.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The loop itself.
///
/// **A turn** takes in what other threads sent, fires the timers that are due, and then runs the
/// fibers that were ready at that point, one step each; what they make ready runs in the next turn.
/// A long turn takes in after every [#POLL_INTERVAL] steps. With nothing ready the loop's thread
/// waits for the earliest timer or for another thread.
///
/// **I/O.** A loop that has a poller polls it first in each turn, between two steps and on its own
/// thread: [#next()] then chooses nobody, so that the loop comes home. With nothing ready the
/// poller is where the loop waits.
///
/// **Who runs this code.** [#next()] is called by whoever holds the loop: its own thread, or on the
/// portable engine the fiber that suspends. It takes no lock that user code can hold, since a lock
/// handed to a task of this loop would never be released.
///
/// **Sleeping.** The thread says that it sleeps, looks into the inbox once more, then parks; a
/// sender puts its message there, then looks whether the thread sleeps. Both are volatile, so one
/// of the two sees the other.
final class LoopImpl implements Loop, Carrier, PollerHost {
  private static final int POLL_INTERVAL = 64;

  /// How long to leave alone a poller that is blocked and has something to do.
  private static final long BLOCKED_POLLER_NANOS = 1_000_000;

  private static final AtomicLong NUMBERS = new AtomicLong();

  final Timers timers = new Timers();
  final Instruments instruments;
  final Workers workers;

  /// What the sampler and the tools see of it.
  final WatchedLoop watched = new WatchedLoop(this);

  private final LoopMenu menu = new LoopMenu(this);

  /// Guards the nudges that its tasks get.
  final Object nudging = new Object();

  /// How many waits can be ended by somebody outside the loop.
  int outside;

  /// How many of these wait for a future, which a task of this loop may complete as well.
  int futures;

  /// Who decides what it does next, if not the loop itself.
  final @Nullable Steering steering;

  /// What is done after each poll that the loop's own thread has made.
  Runnable afterPoll = () -> {};

  /// What is done when it has ended, by the thread that ran it.
  final Set<Runnable> atEnd = ConcurrentHashMap.newKeySet(0);

  private final RunnerOptions options;
  private final Debugging debugging = new Debugging(this);
  private final String name;
  private final TimeSource time;
  final long origin;
  private final Instant originInstant;
  private final Engine engine;
  final Thread thread;
  final long stallNanos;
  final ReadyQueue ready = new ReadyQueue();
  private final Inbox inbox = new Inbox();
  private final SplittableRandom random = new SplittableRandom();

  private @Nullable TaskImpl<?> main;
  @Nullable Fiber running;
  private @Nullable Thread holder;
  private @Nullable Polling polling;
  private boolean polled;
  private boolean pollIsDue;
  private volatile boolean sleeping;
  private volatile boolean ended;
  private volatile boolean refusing;
  private boolean stuck;
  private final Silence silence = new Silence(this);

  // How many steps have begun, and at how many something else is to be done first.
  long steps;
  private long pauseAt;
  private long turnEndsAt;
  private long pollAt;
  private long measureAt;
  private boolean measuring;
  long ids;

  /// To be made by the thread that runs it.
  LoopImpl(RunnerOptions options) {
    this.options = options;
    this.name = options.name() == null ? "loop-" + NUMBERS.incrementAndGet() : options.name();
    this.time = options.time() == null ? TimeSource.system() : options.time();
    this.steering = time instanceof Steering steering ? steering : null;
    this.origin = time.nanoTime();
    this.originInstant = time.instant();
    this.thread = Thread.currentThread();
    this.engine = options.engine(this);
    this.instruments = new Instruments(this, options.instruments());
    this.stallNanos = StallLimit.nanos(options.stallLimit());
    this.workers = new Workers(this, options.blockingLimit(), options.cancelGrace());
  }

  // Running

  <T extends @Nullable Object> TaskImpl<T> runMain(VoidBody<?> body) {
    TaskImpl<T> task = new TaskImpl<>(null, this, "main", body, TaskImpl.Role.CHILD);
    main = task;
    if (steering == null) {
      Sampler.add(watched);
    }
    try {
      task.start();
      turnUntilEnded();
    } finally {
      ended = true;
      Sampler.remove(watched);
      refusing = true;
      Polling io = polling;
      if (io != null) {
        io.close();
      }
      instruments.close();
      inbox.close();
    }
    return task;
  }

  /// To be called when nothing of it runs any more.
  void cleanUp() {
    for (Runnable action : atEnd) {
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        Log.warn("what was to be done at the end of " + name + " failed", e);
      }
    }
  }

  private void turnUntilEnded() {
    while (true) {
      Fiber fiber = next();
      if (fiber != null) {
        fiber.step();
        fiber = null; // or this frame would keep its task alive while it waits
        engine.awaitTurn();
      } else if (ended) {
        break;
      } else if (pollIsDue) {
        pollOrIdle();
      } else {
        idle();
      }
    }
  }

  void mainEnded() {
    ended = true;
  }

  /// From here on no more work is accepted. What was accepted is here: who sends says so first and
  /// looks at `refusing` then, and here it is the other way round.
  void refuseSubmissions() {
    if (!refusing) {
      refusing = true;
      inbox.drain();
    }
  }

  /// Takes in what other threads sent, outside the usual order.
  void takeIn() {
    inbox.drain();
  }

  @Override
  public @Nullable Fiber next() {
    Fiber last = running;
    running = null;
    if (last != null) {
      stepEnded(last);
    }
    Fiber chosen = instruments.isDue() ? instruments.pump() : ended ? null : choose();
    running = chosen;
    holder = chosen == null ? null : chosen.thread();
    if (chosen != null && chosen.owner() instanceof TaskImpl<?> task) {
      instruments.stepBegin(task);
    }
    return chosen;
  }

  private void stepEnded(Fiber last) {
    if (measuring) {
      measuring = false;
      measureAt = steps + watched.histogram().end();
      pauseAt = Math.min(pauseAt, measureAt);
    }
    if (last.owner() instanceof TaskImpl<?> task) {
      instruments.stepEnd(task);
      task.stepEnded();
    }
  }

  private @Nullable Fiber choose() {
    if (steering != null) {
      return steered(steering);
    }
    if (steps >= pauseAt && !pause()) {
      return null;
    }
    steps++;
    return ready.poll();
  }

  /// What is not done before each step.
  ///
  /// @return false if no step comes next
  private boolean pause() {
    if (steps >= turnEndsAt || steps >= pollAt) {
      if (polling != null && !polled) {
        pollIsDue = true;
        return false;
      }
      polled = false;
      poll();
      if (steps >= turnEndsAt) {
        turnEndsAt = steps + ready.size();
        if (ready.size() == 0) {
          return false;
        }
      }
    }
    if (steps >= measureAt) {
      measuring = true;
      measureAt = Long.MAX_VALUE;
      watched.histogram().begin();
    }
    pauseAt = Math.min(measureAt, Math.min(turnEndsAt, pollAt));
    return true;
  }

  /// Lets somebody else decide. There are no turns then: whatever can happen may happen next.
  private @Nullable Fiber steered(Steering by) {
    while (true) {
      if (polling != null && !polled && (ready.size() == 0 || steps >= pollAt)) {
        pollAt = steps + POLL_INTERVAL;
        pollIsDue = true;
        return null;
      }
      inbox.drain();
      menu.findDue();
      if (ready.size() == 0 && isIoDue()) {
        pollIsDue = true;
        return null;
      }
      int pick = by.next(menu);
      if (pick >= ready.size()) {
        menu.fire(pick - ready.size());
      } else if (pick >= 0) {
        polled = false;
        steps++;
        return ready.take(pick);
      } else if (pick == Steering.STOP) {
        ended = true;
        return null;
      } else if (pick == Steering.WAIT) {
        polled = false;
        return null;
      }
    }
  }

  private void poll() {
    pollAt = steps + POLL_INTERVAL;
    inbox.drain();
    if (!timers.isEmpty()) {
      timers.fireUntil(nanos());
    }
  }

  /// The first thing of a turn.
  private void pollOrIdle() {
    pollIsDue = false;
    inbox.drain();
    if (ready.size() > 0) {
      pollFor(0);
    } else {
      idle();
    }
  }

  private void idle() {
    if (isIoDue()) {
      if (!pollFor(0)) {
        LockSupport.parkNanos(this, BLOCKED_POLLER_NANOS);
      }
      return;
    }
    if (steering != null) {
      waitFor(Durations.nanos(steering.idle(Duration.ofNanos(Long.MAX_VALUE), true)));
      Thread.interrupted();
      return;
    }
    long earliest = timers.earliest();
    long left = earliest == Long.MAX_VALUE ? earliest : earliest - nanos();
    if (left <= 0 || (earliest == Long.MAX_VALUE && endDeadlock())) {
      pollFor(0);
      return;
    }
    long wait = Durations.nanos(time.idle(Duration.ofNanos(left), outside > 0));
    if (wait == Long.MAX_VALUE && outside == 0) {
      long began = nanos();
      waitFor(silence.patience());
      silence.hasWaited(nanos() - began, inbox.isEmpty());
    } else {
      waitFor(wait);
    }
    // An interrupt is noticed by who watches for it; left set, it would turn the waits into a spin.
    Thread.interrupted();
  }

  /// Whether the poller has something to do that may make tasks of this loop ready. While somebody
  /// waits for the world outside it does that when it waits for that.
  private boolean isIoDue() {
    return outside == 0 && polling != null && polling.poller().isDue();
  }

  private void waitFor(long nanos) {
    sleeping = true;
    // A poller that is blocked by something else may have made tasks ready before.
    if (!pollFor(nanos) && nanos > 0 && ready.size() == 0 && inbox.isEmpty()) {
      LockSupport.parkNanos(this, nanos);
    }
    sleeping = false;
  }

  /// Polls, if there is somebody to do it who is not blocked.
  private boolean pollFor(long nanos) {
    Polling io = polling;
    polled = true;
    return io != null && io.poll(nanos);
  }

  /// Runs a step of a fiber that is no task's, between two steps.
  void stepService(Fiber fiber) {
    running = fiber;
    holder = fiber.thread();
    fiber.step();
    running = null;
    holder = null;
  }

  @Override
  public Poller poller(Function<? super PollerHost, ? extends Poller> maker) {
    checkHere("the I/O of a loop can be used");
    Polling io = polling;
    if (io == null) {
      io = new Polling(this, maker.apply(this));
      polling = io;
    }
    return io.poller();
  }

  @Override
  public boolean mayBlock() {
    Polling io = polling;
    return ready.size() == 0 && inbox.isEmpty() && io != null && io.mayWait();
  }

  /// With no timer and nothing outside, tasks that wait only for each other wait for ever.
  private boolean endDeadlock() {
    TaskImpl<?> root = main;
    if (outside > 0 || root == null || !inbox.isEmpty()) {
      return false;
    }
    DeadlockException deadlock = Waits.deadlock(this);
    if (deadlock == null) {
      return false;
    }
    if (stuck) {
      throw deadlock;
    }
    stuck = true;
    root.fail(deadlock, "the loop");
    return true;
  }

  @Override
  public void ready(Fiber fiber) {
    if (isHere()) {
      switch (fiber.owner()) {
        case TaskImpl<?> task -> {
          if (!ready.contains(fiber)) {
            ready.add(fiber);
            instruments.ready(task);
          }
        }
        case Polling io -> io.ready();
        default -> instruments.pumpReady();
      }
    } else if (fiber.send() && inbox.push(fiber)) {
      disturbed();
      wakeUp();
    }
  }

  @Override
  public boolean post(Runnable action) {
    boolean accepted =
        inbox.push(
            new Inbox.Node() {
              @Override
              protected void arrive() {
                action.run();
              }
            });
    if (accepted) {
      disturbed();
      wakeUp();
    }
    return accepted;
  }

  private void disturbed() {
    if (steering != null && !isHere()) {
      steering.disturbed(Thread.currentThread());
    }
  }

  private void wakeUp() {
    if (sleeping) {
      Polling io = polling;
      if (io != null) {
        io.poller().wakeUp();
      }
      LockSupport.unpark(thread); // which may be here because its poller is blocked
    }
  }

  // Where the caller is

  /// Whether the caller holds the loop: is its running task, or its own code.
  @Override
  public boolean isHere() {
    Thread caller = Thread.currentThread();
    return caller == thread || caller == holder;
  }

  void checkHere(String what) {
    if (!isHere()) {
      throw new WrongThreadException(
          what
              + " only by a task of "
              + name
              + ", not by "
              + Thread.currentThread()
              + "; use loop.submit(…)");
    }
  }

  boolean isRunning(Fiber fiber) {
    return running == fiber;
  }

  /// On the portable engine a task that is blocked in the JDK holds the loop, so that a request of
  /// another thread would not be seen: end the call. A look without the loop, so that it may come
  /// too late; the task tells such an interrupt from others.
  void interruptIfHeldBy(ScopeImpl target) {
    Fiber fiber = running;
    if (engine.isConfined() || fiber == null) {
      return;
    }
    if (fiber.owner() instanceof TaskImpl<?> task && task.isInside(target)) {
      Thread.State state = fiber.thread().getState();
      if (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING) {
        task.nudge();
      }
    }
  }

  // Time

  /// Nanoseconds since the loop was made.
  @Override
  public long nanos() {
    return time.nanoTime() - origin;
  }

  @Override
  public Task<?> start(Scope scope, String name, VoidBody<?> body) {
    checkHere(scope);
    return ((ScopeImpl) scope).spawnByPoller(name, body);
  }

  @Override
  public boolean renew(String name) {
    return TaskImpl.current("renew").renew(name);
  }

  @Override
  public Timers timers() {
    return timers;
  }

  /// The clock itself, which loops may share.
  long nanoTime() {
    return time.nanoTime();
  }

  @Override
  public long timeAfter(long nanos) {
    long at = nanos() + nanos;
    return at < 0 ? Long.MAX_VALUE - 1 : at;
  }

  Instant instant() {
    return time.instant();
  }

  Instant instantOf(long nanos) {
    return originInstant.plusNanos(nanos);
  }

  // The public handle

  @Override
  public <T extends @Nullable Object> Task<T> submit(Body<? extends T, ?> body) {
    return send(body);
  }

  @Override
  public Task<?> submit(VoidBody<?> body) {
    return send(body);
  }

  private <T extends @Nullable Object> Task<T> send(VoidBody<?> body) {
    Objects.requireNonNull(body, "body");
    Submission<T> submission = new Submission<>(this, body);
    if (refusing || !inbox.push(submission)) {
      throw rejected();
    }
    disturbed();
    wakeUp();
    if (refusing && submission.isRefused()) {
      throw rejected();
    }
    return submission.task();
  }

  @Override
  public ExecutorService executor() {
    return new LoopExecutor(this);
  }

  RejectedExecutionException rejected() {
    return new RejectedExecutionException(
        "loop " + name + " has ended or is ending; submit while its run(…) is under way");
  }

  /// From any thread, also before the main task exists: then it is cancelled from its start.
  void cancelMain(String reason) {
    Cancellation request = Cancellation.because(this, reason);
    post(() -> main().cancelNow(request));
    TaskImpl<?> target = main;
    if (target != null) {
      interruptIfHeldBy(target);
    }
  }

  /// The owner of what other threads bring in.
  TaskImpl<?> main() {
    return Objects.requireNonNull(main);
  }

  @Override
  public void attach(Instrument instrument) {
    Objects.requireNonNull(instrument, "instrument");
    post(() -> instruments.add(instrument));
  }

  @Override
  public void detach(Instrument instrument) {
    Objects.requireNonNull(instrument, "instrument");
    post(() -> instruments.remove(instrument));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String engineName() {
    return engine.name();
  }

  @Override
  public boolean isClosed() {
    return ended;
  }

  @Override
  public String toString() {
    return name;
  }

  // For the tasks

  Engine engine() {
    return engine;
  }

  @Override
  public int choose(int bound) {
    return steering == null ? random.nextInt(bound) : steering.choose(bound);
  }

  @Override
  public Menu menu() {
    return menu;
  }

  long nextId() {
    return ++ids;
  }

  @Override
  public boolean debug() {
    return options.debug();
  }

  Debugging debugging() {
    return debugging;
  }

  @Nullable Throwable debugStack(String what) {
    return options.debug() ? new DebugStack(what) : null;
  }

  void report(TaskImpl<?> task, Throwable exception) {
    report(options.handler(), task, exception);
  }

  /// A handler that fails falls back to the default one.
  void report(@Nullable ExceptionHandler handler, TaskImpl<?> task, Throwable exception) {
    ExceptionHandler first = handler == null ? options.handler() : handler;
    try {
      first.handle(task, exception);
    } catch (Throwable broken) {
      if (broken != exception) {
        exception.addSuppressed(broken);
      }
      Log.unhandled(task, exception);
    }
  }
}
