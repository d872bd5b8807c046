package dev.thrum.reports;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeoutOr;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.VoidBody;
import dev.thrum.programs.Program;
import dev.thrum.programs.Programs;
import dev.thrum.sync.Mutex;
import dev.thrum.testkit.ExploreOptions;
import dev.thrum.testkit.Explorer;
import dev.thrum.testkit.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Failures to report.
final class Failures {
  private Failures() {}

  /// Those programs that this engine can run.
  static Stream<Program> programs() {
    boolean portableEngine = "portable".equals(System.getProperty("thrum.engine"));
    return Programs.all().stream().filter(program -> program.portable() || !portableEngine);
  }

  static Verdict.Failed of(ExploreOptions options, VoidBody<?> body) {
    return assertInstanceOf(Verdict.Failed.class, Explorer.explore(options, body));
  }

  /// Of a program, found in the same way each time.
  static Verdict.Failed of(String program, Explorer.Strategy strategy) {
    return of(Explorer.options().strategy(strategy), Programs.named(program).buggy());
  }

  /// An assertion of one task fails, and one delay decides.
  static Verdict.Failed bankTransfer() {
    return of("bank_transfer", Explorer.Strategy.ONE_DELAY);
  }

  /// Two timers of one instant; it fails in the plain order.
  static Verdict.Failed lostItem() {
    return of("queue_timeout_loses_item", Explorer.Strategy.ONE_DELAY);
  }

  /// A task sleeps for ever, and one switch decides.
  static Verdict.Failed lostWakeup() {
    return of("lost_wakeup_flag", Explorer.Strategy.ONE_SWITCH);
  }

  /// Two tasks take two locks in two orders.
  static Verdict.Failed twoLocks() {
    return of(
        Explorer.options(),
        () -> {
          Mutex a = Mutex.create("left");
          Mutex b = Mutex.create("right");
          gather(() -> inside(a, b), () -> inside(b, a));
        });
  }

  private static void inside(Mutex outer, Mutex inner) {
    outer.withLock(() -> {
      checkpoint();
      inner.withLock(() -> {});
    });
  }

  /// A timer fires although its task is ready.
  static Verdict.Failed earlyClock() {
    return of(
        Explorer.options().timeSkew(),
        () -> {
          String result =
              timeoutOr(
                  Duration.ofMillis(50),
                  "late",
                  () -> {
                    checkpoint();
                    return "done";
                  });
          assertTrue(result.equals("done"), result);
        });
  }

  /// A cancellation strikes between a change and its undoing.
  static Verdict.Failed leakWhenCancelled() {
    return of(
        Explorer.options().cancelAnywhere(),
        () -> {
          int[] free = {1};
          scope(s -> {
            s.async(() -> {
              free[0]--;
              checkpoint();
              free[0]++;
            });
          });
          assertTrue(free[0] == 1, "it leaks");
        });
  }

  /// So many tasks lose an update.
  static Verdict.Failed manyTasks(int tasks) {
    return of(
        Explorer.options(),
        () -> {
          int[] counter = {0};
          scope(s -> {
            for (int i = 0; i < tasks; i++) {
              s.async(() -> {
                int seen = counter[0];
                checkpoint();
                counter[0] = seen + 1;
              });
            }
          });
          assertTrue(counter[0] == tasks, "each is counted");
        });
  }

  /// So many steps, no two neighbours alike, and then a failure.
  static Verdict.Failed longRun(int steps) {
    return of(
        Explorer.options().strategy(Explorer.Strategy.FIFO),
        () -> {
          for (int i = 0; i < steps / 2; i++) {
            checkpoint();
            sleep(Duration.ofMillis(1));
          }
          throw new IllegalStateException("the end");
        });
  }

  /// A task and a message that would end an element.
  static Verdict.Failed oddNames() {
    return of(
        Explorer.options(),
        () ->
            scope(s -> {
              s.async(
                  "<i>&\"'",
                  () -> {
                    checkpoint();
                    throw new AssertionError("a < b && \"c\" > 'd' \u0001 \uD800 </h1>\nline 2");
                  });
            }));
  }

  /// The parts of a text, in the order in which they must stand.
  static void assertInOrder(String text, List<String> parts) {
    int from = 0;
    for (String part : parts) {
      int at = text.indexOf(part, from);
      assertTrue(at >= 0, () -> "'" + part + "' is missing, or not at its place, in:\n" + text);
      from = at + part.length();
    }
  }
}
