package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.internal.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Random programs, and random threads. `-Dthrum.seed=…` begins with a given seed.
///
/// What must hold: a child has ended before its scope is left, every exception is heard by
/// somebody, no timer is left, the run ends; and neither an instrument nor the other engine changes
/// the order in which anything happens.
class StressTest {
  private static final Runner.EngineChoice ENGINE =
      Engines.confined() ? Runner.EngineChoice.CONFINED : Runner.EngineChoice.PORTABLE;

  @Test
  void randomPrograms() {
    runPrograms(2_500_000_000L, false);
  }

  @Test
  @Tag("soak")
  @Timeout(1200)
  void randomProgramsForLong() {
    runPrograms(600_000_000_000L, true);
  }

  private static void runPrograms(long nanos, boolean large) {
    long first = Seeds.next();
    long end = System.nanoTime() + nanos;
    int programs = 0;
    for (long seed = first; System.nanoTime() < end; seed++) {
      int size = large && programs % 10 == 0 ? 2000 : 10 + programs % 150;
      RandomProgram program = RandomProgram.of(seed, size);
      check(program, size);
      programs++;
    }
    assertTrue(programs > 20, programs + " programs only");
  }

  private static void check(RandomProgram program, int size) {
    String seed = "-Dthrum.seed=" + program.seed() + " (size " + size + ")\n" + program;
    RandomRun run = RandomRun.of(program, ENGINE, false);
    assertEquals(List.of(), run.violations, () -> seed + "\n" + String.join("\n", run.trace));
    RandomRun watched = RandomRun.of(program, ENGINE, true);
    assertEquals(
        List.of(), watched.violations, () -> seed + "\n" + String.join("\n", watched.trace));
    assertSameTrace(run, watched, "an instrument", seed);
    if (Engine.confinedIsAvailable()) {
      RandomRun portable = RandomRun.of(program, Runner.EngineChoice.PORTABLE, false);
      assertSameTrace(watched, portable, "the portable engine", seed);
    }
  }

  private static void assertSameTrace(RandomRun one, RandomRun other, String why, String seed) {
    if (!one.trace.equals(other.trace)) {
      int at = 0;
      int both = Math.min(one.trace.size(), other.trace.size());
      while (at < both && one.trace.get(at).equals(other.trace.get(at))) {
        at++;
      }
      assertEquals(
          String.join("\n", one.trace.subList(at, Math.min(at + 10, one.trace.size()))),
          String.join("\n", other.trace.subList(at, Math.min(at + 10, other.trace.size()))),
          why + " changes what happens; the first " + at + " events are the same; " + seed);
    }
  }

  @Test
  void randomThreads() throws Exception {
    runThreads(1_000_000_000L);
  }

  @Test
  @Tag("soak")
  @Timeout(1200)
  void randomThreadsForLong() throws Exception {
    runThreads(300_000_000_000L);
  }

  /// Threads submit, cancel and wait as they like while the loop runs and while it ends.
  private static void runThreads(long nanos) throws Exception {
    long seed = Seeds.next();
    long end = System.nanoTime() + nanos;
    int rounds = 0;
    try (LogLines _ = new LogLines()) {
      while (System.nanoTime() < end) {
        round(seed + rounds++);
      }
    }
  }

  private static void round(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    List<Thread> threads = new ArrayList<>();
    List<Task<?>> accepted = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Throwable> broken = java.util.Collections.synchronizedList(new ArrayList<>());
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    int millis = random.nextInt(20);
    Async.run(() -> {
      Loop loop = Loop.current();
      for (int i = 0; i < 3; i++) {
        RandomGenerator own = Seeds.generator(random.nextLong());
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    bother(loop, own, accepted, running, most);
                  } catch (Throwable e) {
                    broken.add(e);
                  }
                }));
      }
      Async.sleep(java.time.Duration.ofMillis(millis));
    });
    for (Thread thread : threads) {
      thread.join(10_000);
      assertEquals(Thread.State.TERMINATED, thread.getState(), () -> "-Dthrum.seed=" + seed);
    }
    assertEquals(List.of(), broken, () -> "-Dthrum.seed=" + seed);
    assertEquals(0, running.get(), () -> "a body has not ended; -Dthrum.seed=" + seed);
    assertTrue(most.get() <= 1, () -> "two tasks ran at once; -Dthrum.seed=" + seed);
    for (Task<?> task : accepted) {
      assertTrue(task.isDone(), () -> task + " has not ended; -Dthrum.seed=" + seed);
      if (task.outcome() instanceof Outcome.Failure<?>(Throwable failure)) {
        assertEquals("as planned", failure.getMessage(), () -> "-Dthrum.seed=" + seed);
      }
      if (task.outcome() instanceof Outcome.Failure<?>(Throwable failure)) {
        assertEquals("as planned", failure.getMessage(), () -> "-Dthrum.seed=" + seed);
      }
    }
  }

  private static void bother(
      Loop loop,
      RandomGenerator random,
      List<Task<?>> accepted,
      AtomicInteger running,
      AtomicInteger most)
      throws InterruptedException {
    AtomicInteger inStep = new AtomicInteger();
    try {
      for (int i = 0; i < 20_000; i++) {
        int kind = random.nextInt(10);
        int pause = random.nextInt(3);
        Task<?> task =
            loop.submit(() -> {
              running.incrementAndGet();
              try {
                most.accumulateAndGet(inStep.incrementAndGet(), Math::max);
                inStep.decrementAndGet();
                Async.sleep(java.time.Duration.ofMillis(pause));
                if (kind == 0) {
                  throw new IllegalStateException("as planned");
                }
                Async.await(Async.async(Async::checkpoint));
              } finally {
                running.decrementAndGet();
              }
            });
        accepted.add(task);
        if (kind < 4) {
          task.cancel("as planned");
        } else if (kind < 8) {
          waitFor(task);
        }
      }
    } catch (RejectedExecutionException _) {
      // The loop has ended.
    }
  }

  private static void waitFor(Task<?> task) throws InterruptedException {
    try {
      task.get();
      assertEquals(Future.State.SUCCESS, task.state());
    } catch (ExecutionException e) {
      assertEquals("as planned", e.getCause().getMessage());
    } catch (CancellationException _) {
      assertEquals(Future.State.CANCELLED, task.state());
    }
  }
}
