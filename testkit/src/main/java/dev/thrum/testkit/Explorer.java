package dev.thrum.testkit;

import dev.thrum.VoidBody;
import dev.thrum.internal.Steered;
import dev.thrum.internal.engine.Engine;
import dev.thrum.internal.wait.Party;
import dev.thrum.testkit.internal.Case;
import dev.thrum.testkit.internal.Explanation;
import dev.thrum.testkit.internal.Exploring;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Runs a test body under many orders of its tasks and finds one that fails.
///
/// ```java
/// Explorer.explore(() -> {
///   var account = new Account(100);
///   gather(() -> account.withdraw(80), () -> account.withdraw(80));
///   assertTrue(account.balance() >= 0);
/// }).orThrow();
/// ```
///
/// **What is explored.** Between two suspension points nothing else runs on a loop, so that a
/// program behaves by the order of these pieces alone. The explorer decides it: which ready task
/// runs next, which of the timers due at one instant fires, which ready clause of a `select` wins,
/// what [#choose] gives, and if asked for where a cancellation strikes and whether a timer fires
/// although tasks are ready. Time is virtual and jumps when nothing is ready. On the confined
/// engine this holds for locks, queues, monitors and futures of the JDK as well, as long as only
/// tasks of the loop use them.
///
/// **What is not.** What other threads do (`blocking`, `parallel`, files, sockets), the machine's
/// clock (`Thread.sleep`, timed waits of the JDK) and the order in which the JVM lets go those who
/// wait for one monitor. Where a run meets the first two, [Verdict#uncontrolled] says so.
///
/// **The body** runs many times, each time on a new loop of the calling thread, as its main task.
/// It must make all its state anew, and do the same each time but for what is explored. It fails
/// when it throws, when an error reaches the loop's exception handler, when every task waits for
/// ever, or when it has not ended after so many steps.
public final class Explorer {
  private Explorer() {}

  /// Which runs to make.
  public enum Strategy {
    /// The default: all of the others in turn, until the time is over or nothing is left to try.
    PLAN,
    /// One run in the loop's own order.
    FIFO,
    /// One run in which each task goes on for as long as it can.
    STAY,
    /// Each schedule that leaves the loop's own order once.
    ONE_DELAY,
    /// Each schedule that takes one task off the loop once before it waits.
    ONE_SWITCH,
    /// Every schedule, depth first. With [ExploreOptions#sharedOnly()] those are left out that
    /// cannot differ from one that has been tried.
    EVERY_ORDER,
    /// Random, with interleavings of tasks of different length about as likely as each other.
    UNIFORM_WALK,
    /// Random priorities with one change (PCT).
    PRIORITIES_2,
    /// Random priorities with two changes.
    PRIORITIES_3,
    /// Random priorities with four changes.
    PRIORITIES_5,
    /// Any ready task, all with the same probability.
    RANDOM
  }

  /// The options to begin with, see [ExploreOptions].
  ///
  /// @return options
  public static ExploreOptions options() {
    return new ExploreOptions();
  }

  /// Explores a body with the default options.
  ///
  /// @param body what to run
  /// @return what came of it
  public static Verdict explore(VoidBody<?> body) {
    return explore(options(), body);
  }

  /// Explores a body.
  ///
  /// @param options how far
  /// @param body what to run
  /// @return what came of it; a failure is not thrown, see [Verdict#orThrow()]
  /// @throws IllegalStateException inside a task: it starts loops of its own
  public static Verdict explore(ExploreOptions options, VoidBody<?> body) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(body, "body");
    return explore(options, Case.of(body));
  }

  static Verdict explore(ExploreOptions options, Case body) {
    return onPlatformThread(() -> verdict(new Exploring(options.order(), body).explore()));
  }

  /// Runs a body once more as a failure message says.
  ///
  /// @param replay the string in the failure message
  /// @param body the same body
  /// @return what came of it: the same failure, or a pass if the bug is mended
  /// @throws IllegalArgumentException if that is no replay string
  public static Verdict replay(String replay, VoidBody<?> body) {
    return replay(options(), replay, body);
  }

  /// Runs a body once more as a failure message says.
  ///
  /// @param options those of the exploration that failed
  /// @param replay the string in the failure message
  /// @param body the same body
  /// @return what came of it
  /// @throws IllegalArgumentException if that is no replay string
  public static Verdict replay(ExploreOptions options, String replay, VoidBody<?> body) {
    Objects.requireNonNull(body, "body");
    return replay(options, replay, Case.of(body));
  }

  static Verdict replay(ExploreOptions options, String replay, Case body) {
    return onPlatformThread(() -> verdict(Exploring.replay(options.limits(), replay, body)));
  }

  /// One of several values, which the exploration tries like an order of tasks: for what a program
  /// takes from chance or from the outside. Outside an exploration it is random.
  ///
  /// @param bound how many there are, at least 1
  /// @return a number from 0 to below that
  public static int choose(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("a choice needs at least one possibility: " + bound);
    }
    return Party.current().choose(bound);
  }

  private static Verdict verdict(Exploring.Outcome outcome) {
    Explanation failure = outcome.failure();
    Duration time = Duration.ofNanos(outcome.nanos());
    if (failure != null) {
      return new Verdict.Failed(outcome.schedules(), time, outcome.uncontrolled(), failure);
    }
    Verdict.Coverage coverage =
        outcome.exhaustive()
            ? Verdict.Coverage.EXHAUSTIVE
            : outcome.oneDelay() ? Verdict.Coverage.ONE_DELAY : Verdict.Coverage.SAMPLED;
    return new Verdict.Passed(
        coverage, outcome.schedules(), time, outcome.estimate(), outcome.uncontrolled());
  }

  private static Verdict onPlatformThread(java.util.function.Supplier<Verdict> work) {
    if (Engine.currentOwner() instanceof Steered) {
      throw new IllegalStateException(
          "an exploration starts loops of its own and cannot be called inside a task; call it from"
              + " a plain method");
    }
    if (!Thread.currentThread().isVirtual()) {
      return work.get();
    }
    FutureTask<Verdict> result = new FutureTask<>(work::get);
    Thread thread = Thread.ofPlatform().name("thrum-explorer").start(result);
    try {
      return result.get();
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      CancellationException ended = new CancellationException("the exploration was interrupted");
      ended.initCause(e);
      throw ended;
    } catch (java.util.concurrent.ExecutionException e) {
      @Nullable Throwable cause = e.getCause();
      if (cause instanceof RuntimeException runtime) {
        throw runtime;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(cause);
    }
  }
}
