package dev.thrum.explored;

import static dev.thrum.Async.await;
import static dev.thrum.Async.settle;
import static dev.thrum.testkit.Explorer.Strategy.EVERY_ORDER;
import static dev.thrum.testkit.Verdict.Coverage.EXHAUSTIVE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Body;
import dev.thrum.CancelledException;
import dev.thrum.Outcome;
import dev.thrum.Task;
import dev.thrum.VoidBody;
import dev.thrum.internal.Sneaky;
import dev.thrum.testkit.ExploreOptions;
import dev.thrum.testkit.Explorer;
import dev.thrum.testkit.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

/// Runs a small program in every order that its tasks can take.
final class Every {
  private static final ExploreOptions ALL =
      Explorer.options()
          .strategy(EVERY_ORDER)
          .schedules(100_000)
          .time(Duration.ofSeconds(20))
          .progress(_ -> {});

  private Every() {}

  /// Every order; and every order with one of its tasks cancelled, at each of its suspension
  /// points.
  static void every(VoidBody<?> program) {
    long orders = everyOrder(program);
    long cancelled = all(ALL.cancelAnywhere(), program);
    assertTrue(cancelled > orders, "the tasks of this program cannot be cancelled");
  }

  /// Every order, for a program that does not expect to be cancelled.
  static long everyOrder(VoidBody<?> program) {
    return all(ALL, program);
  }

  /// The same as [#every], and also with timers that fire although tasks are ready.
  static void everyTiming(VoidBody<?> program) {
    every(program);
    all(ALL.timeSkew(), program);
  }

  private static long all(ExploreOptions options, VoidBody<?> program) {
    Verdict.Passed passed = Explorer.explore(options, program).orThrow();
    assertEquals(EXHAUSTIVE, passed.coverage(), passed.report());
    if (Boolean.getBoolean("thrum.explored.counts")) {
      IO.println(passed.report());
    }
    return passed.schedules();
  }

  /// Some order fails.
  static Verdict.Failed finds(VoidBody<?> program) {
    return assertInstanceOf(Verdict.Failed.class, Explorer.explore(ALL, program));
  }

  /// Some order fails, the same one each time, and it does so again when it is repeated.
  static Verdict.Failed findsEachTime(VoidBody<?> program) {
    Verdict.Failed found = finds(program);
    Verdict.Failed again = finds(program);
    assertEquals(found.replay(), again.replay());
    assertEquals(found.schedules(), again.schedules());
    assertEquals(List.of(), found.uncontrolled());
    Verdict.Failed repeated =
        assertInstanceOf(Verdict.Failed.class, Explorer.replay(found.replay(), program));
    assertEquals(found.failure().getClass(), repeated.failure().getClass());
    return found;
  }

  /// Every order is well until a task is cancelled.
  static Verdict.Failed findsByCancelling(VoidBody<?> program) {
    everyOrder(program);
    return assertInstanceOf(Verdict.Failed.class, Explorer.explore(ALL.cancelAnywhere(), program));
  }

  /// Runs bodies beside each other and tells how many came to their end. The others were cancelled;
  /// one that failed fails the caller.
  static int together(VoidBody<?>... bodies) {
    int ended = 0;
    for (Outcome<Object> outcome : settle(Arrays.stream(bodies).map(Every::valued).toList())) {
      switch (outcome) {
        case Outcome.Success<Object> _ -> ended++;
        case Outcome.Cancelled<Object> _ -> {}
        case Outcome.Failure<Object>(Throwable failure) -> throw Sneaky.sneak(failure);
      }
    }
    return ended;
  }

  /// Waits for the end of a task, which may be its cancellation.
  static void end(Task<?> task) {
    try {
      await(task);
    } catch (CancelledException own) {
      throw own;
    } catch (CancellationException _) {
      // its end
    }
  }

  /// Runs a body that may find that somebody it relies on was cancelled.
  static void unlessCancelled(VoidBody<?> body) {
    try {
      body.run();
    } catch (CancelledException own) {
      throw own;
    } catch (CancellationException _) {
      // somebody else's
    } catch (Throwable failure) {
      throw Sneaky.sneak(failure);
    }
  }

  private static Body<Object, ?> valued(VoidBody<?> body) {
    return () -> {
      body.run();
      return "ended";
    };
  }
}
