package dev.thrum.internal.inspect;

import dev.thrum.Loop;
import dev.thrum.internal.Frames;
import dev.thrum.internal.Warnings;
import dev.thrum.internal.flight.Figures;
import dev.thrum.internal.flight.Flight;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A daemon thread that looks at every loop of the JVM now and then, so that the loops need not
/// look at themselves. It moves the clock of [Ticks], counts who runs when, and notices a step that
/// does not end. It ends when there has been no loop for a while.
///
/// A loop that is in the same step as at the last look is held by it. If the sampler itself comes
/// late, the whole JVM or the machine has stood still: that time is not held against a step.
public final class Sampler implements Runnable {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(Ticks.MILLIS);
  private static final long LATE_NANOS = 2 * TICK_NANOS;
  private static final int TICKS_WITHOUT_LOOPS = 40;
  private static final int TICKS_BEFORE_BEAN = 3;
  private static final int TRIES = 3;
  private static final String CONSOLE = "thrum-console";

  private static final Set<Watched> LOOPS = ConcurrentHashMap.newKeySet();
  private static final Object STARTING = new Object();
  private static volatile @Nullable Sampler running;

  private final QuitSignal quit = new QuitSignal();
  private @Nullable ThreadMXBean threads;
  private int ticks;
  private int withoutLoops;
  private boolean failed;

  private Sampler() {}

  /// Watches a loop from now on.
  ///
  /// @param loop a loop that begins
  public static void add(Watched loop) {
    LOOPS.add(loop);
    if (running == null) {
      synchronized (STARTING) {
        if (running == null) {
          Ticks.move();
          Sampler sampler = new Sampler();
          running = sampler;
          Thread.ofPlatform().daemon().name("thrum-sampler").start(sampler);
        }
      }
    }
  }

  /// A loop has ended. One whose last step was a stall is kept until the end of that is taken down.
  ///
  /// @param loop the loop
  public static void remove(Watched loop) {
    if (loop.samples().current == null) {
      LOOPS.remove(loop);
    }
  }

  /// The loops that run, without those by which somebody looks at them.
  ///
  /// @return in order of their names
  static List<Watched> loops() {
    return loops(null);
  }

  /// The loops that run.
  ///
  /// @param asked the only one to be found, or null for all but those by which somebody looks
  /// @return in order of their names
  static List<Watched> loops(@Nullable String asked) {
    return LOOPS.stream()
        .filter(it -> asked == null ? !it.name().equals(CONSOLE) : it.name().equals(asked))
        .sorted(NaturalOrder.by(Watched::name))
        .toList();
  }

  @Override
  public void run() {
    long last = System.nanoTime();
    while (!isOver()) {
      LockSupport.parkNanos(this, TICK_NANOS);
      long now = System.nanoTime();
      Ticks.move();
      try {
        look(now, now - last > LATE_NANOS ? now - last - TICK_NANOS : 0);
        last = System.nanoTime(); // a thread that gets no processor shows its stack late
        beside();
      } catch (Throwable broken) {
        hasFailed(broken);
      }
    }
  }

  private void look(long now, long late) {
    for (Watched loop : LOOPS) {
      look(loop, now, late);
      loop.lookForLate();
    }
    LOOPS.removeIf(loop -> loop.isClosed() && loop.samples().current == null);
  }

  /// Who watches must not end for what goes wrong in one look: it goes on, and says so once.
  private void hasFailed(Throwable broken) {
    if (!failed) {
      failed = true;
      try {
        Thread.ofPlatform()
            .daemon()
            .name("thrum-sampler-failed")
            .start(() -> Warnings.log("a look at the loops failed; more are made", broken));
      } catch (OutOfMemoryError _) {
        // There is no thread to say it.
      }
    }
  }

  /// Without a loop for some time it ends; who adds one then starts another.
  private boolean isOver() {
    withoutLoops = LOOPS.isEmpty() ? withoutLoops + 1 : 0;
    if (withoutLoops < TICKS_WITHOUT_LOOPS) {
      return false;
    }
    synchronized (STARTING) {
      running = null; // before the last look: who adds a loop adds it first
      if (LOOPS.isEmpty()) {
        return true;
      }
      running = this;
      return false;
    }
  }

  /// What needs the JDK's management is loaded only once a program has run for a moment, so that
  /// short ones never pay for it.
  private void beside() {
    if (Flight.isUsed()) {
      Map<Loop, Supplier<Figures>> figures = new HashMap<>();
      LOOPS.forEach(watched -> figures.put(watched.loop(), () -> figures(watched)));
      Flight.tick(figures);
    }
    if (++ticks == TICKS_BEFORE_BEAN) {
      threads = ManagementFactory.getThreadMXBean();
      quit.start(threads);
      InspectorBean.register();
    }
    if (ticks > TICKS_BEFORE_BEAN && quit.hasCome()) {
      quit.print();
    }
  }

  private static Figures figures(Watched watched) {
    return new Figures(
        watched.taskCount(), watched.readyCount(), watched.steps(), watched.timerCount());
  }

  private void look(Watched loop, long now, long late) {
    Samples samples = loop.samples();
    long steps = loop.steps();
    Seen task = loop.running();
    samples.taken.incrementAndGet();
    loop.histogram().adapt(steps - samples.lastSteps);
    if (task != null) {
      samples.busy.incrementAndGet();
      task.sampled();
    }
    if (task == null || steps != samples.lastSteps || loop.isClosed()) {
      samples.lastSteps = steps;
      moved(loop, samples, now);
    } else {
      if (late > 0 && samples.current == null) {
        samples.sinceNanos += late;
        samples.share = null;
      }
      held(loop, task, samples, now);
    }
  }

  private static void moved(Watched loop, Samples samples, long now) {
    Stall known = samples.current;
    if (known != null) {
      long nanos = now - samples.sinceNanos;
      Stall over = known.lasting(TimeUnit.NANOSECONDS.toMillis(nanos));
      samples.current = null;
      StallLog.ended(over);
      record(loop, over, nanos);
    }
    samples.sinceNanos = now;
    samples.share = null;
  }

  private static void record(Watched loop, Stall stall, long nanos) {
    Flight.stall(
        loop.loop(),
        stall.task(),
        stall.name(),
        stall.cause().kind().text(),
        stall.site(),
        String.join("\n", stall.stack().stream().map(Frames::text).toList()),
        stall.cause().advice(),
        nanos);
  }

  private void held(Watched loop, Seen task, Samples samples, long now) {
    long nanos = now - samples.sinceNanos;
    Stall known = samples.current;
    if (known != null) {
      goesOn(loop, task, samples, known, nanos);
    } else if (nanos >= loop.stallNanos()) {
      begins(loop, task, samples, nanos, now);
    } else if (samples.share == null && threads != null) {
      samples.share = StallShare.since(now, threads, task.thread(), carrier(loop));
    }
  }

  private void begins(Watched loop, Seen task, Samples samples, long nanos, long now) {
    Stall stall = judge(loop, task, nanos, now);
    // The step may have ended while it was looked at.
    if (stall == null || loop.steps() != samples.lastSteps || loop.running() != task) {
      return;
    }
    samples.current = stall;
    samples.stalls.incrementAndGet();
    samples.nextReport = 10 * nanos;
    if (!isStarved(stall)) {
      StallLog.begins(stall);
    }
  }

  /// Nobody is to blame then, until it is known what it does once it runs.
  private static boolean isStarved(Stall stall) {
    return stall.cause().kind() == StallCause.Kind.STARVED;
  }

  private void goesOn(Watched loop, Seen task, Samples samples, Stall known, long nanos) {
    samples.current = known.lasting(TimeUnit.NANOSECONDS.toMillis(nanos));
    boolean due = nanos >= samples.nextReport;
    if (!due && !isStarved(known)) {
      return;
    }
    Stall again = judge(loop, task, nanos, System.nanoTime());
    if (again == null || isStarved(again)) {
      return;
    }
    samples.current = again;
    samples.nextReport = 10 * nanos;
    if (isStarved(known)) {
      StallLog.begins(again);
    } else {
      StallLog.goesOn(again);
    }
  }

  private @Nullable Stall judge(Watched loop, Seen task, long nanos, long now) {
    Thread thread = task.thread();
    StallShare.Use use = use(loop, thread, now);
    Thread.State state = thread.getState();
    StackTraceElement[] stack = thread.getStackTrace();
    for (int i = 0; i < TRIES && state != thread.getState(); i++) {
      state = thread.getState(); // one that belongs to the stack
      stack = thread.getStackTrace();
    }
    if (stack.length == 0) {
      return null;
    }
    return new Stall(
        System.currentTimeMillis(),
        loop.name(),
        task.id(),
        task.name(),
        StallCause.of(state, stack, isConfined(loop), use),
        TimeUnit.NANOSECONDS.toMillis(nanos),
        task.stepCount() == 0,
        loop.readyCount(),
        List.of(stack));
  }

  private StallShare.Use use(Watched loop, Thread thread, long now) {
    StallShare share = loop.samples().share;
    return share == null || threads == null
        ? StallShare.Use.UNKNOWN
        : share.until(now, threads, thread, loop.stallNanos());
  }

  /// On the portable engine the JDK chooses the carrier.
  private static @Nullable Thread carrier(Watched loop) {
    return isConfined(loop) ? loop.carrier() : null;
  }

  private static boolean isConfined(Watched loop) {
    return loop.engineName().equals("confined");
  }
}
