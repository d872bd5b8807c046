package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.parallel;
import static dev.thrum.Async.race;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.supervise;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is left when a run is over: nothing.
@Tag("slow") // a million tasks, and collections to look at the heap
final class LeakTest {
  private static final int MILLION = 1_000_000;
  private static final long MIB = 1 << 20;

  /// What a JVM holds on to.
  private record Holdings(int threads, long descriptors, long heap) {
    static Holdings now() throws IOException {
      return new Holdings(Thread.activeCount(), openFiles(), liveHeap());
    }

    private static long openFiles() throws IOException {
      Path folder = Path.of("/proc/self/fd");
      if (!Files.isDirectory(folder)) {
        return 0;
      }
      try (Stream<Path> files = Files.list(folder)) {
        return files.count();
      }
    }
  }

  private static long liveHeap() {
    System.gc();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void s14_fiveHundredRunsLeaveNothing() throws Exception {
    for (int i = 0; i < 100; i++) {
      oneRunOfEverything();
    }
    Holdings before = Holdings.now();
    for (int i = 0; i < 500; i++) {
      oneRunOfEverything();
    }
    Holdings after = Holdings.now();
    assertTrue(after.threads <= before.threads + 2, before + " became " + after);
    assertTrue(after.descriptors <= before.descriptors + 2, before + " became " + after);
    assertTrue(after.heap < before.heap + 4 * MIB, before + " became " + after);
  }

  private static void oneRunOfEverything() throws Exception {
    Async.run(() -> {
      background(() -> sleep(ofMinutes(10)));
      assertThrows(TimeoutException.class, () -> timeout(ofMillis(1), () -> sleep(ofMinutes(1))));
      assertThrows(
          IOException.class,
          () ->
              scope(s -> {
                s.async(() -> sleep(ofMinutes(10)));
                throw new IOException("boom");
              }));
      assertEquals(1, blocking(() -> 1));
      assertEquals(2, parallel(() -> 2));
      assertEquals(3, Loop.current().submit(() -> 3).await());
    });
  }

  @Test
  void s14_runsThatAreCutShortInTheMiddleOfEverythingLeaveNothing() throws Exception {
    for (int i = 0; i < 60; i++) {
      everythingCutShort(i);
    }
    Holdings before = Holdings.now();
    for (int i = 0; i < 300; i++) {
      everythingCutShort(i);
    }
    Holdings after = Holdings.now();
    assertTrue(after.threads <= before.threads + 2, before + " became " + after);
    assertTrue(after.descriptors <= before.descriptors + 2, before + " became " + after);
    assertTrue(after.heap < before.heap + 4 * MIB, before + " became " + after);
  }

  /// A run that uses whatever can leave something.
  private static void everythingCutShort(int number) throws Exception {
    IOException planned = new IOException("planned");
    VoidBody<Exception> program =
        () -> {
          Loop loop = Loop.current();
          background(() -> sleep(ofMinutes(10)));
          background(Restart.onFailure(), () -> sleep(ofMinutes(10)));
          async(() -> sleep(ofMinutes(10))).cancel("enough");
          assertThrows(
              TimeoutException.class, () -> timeout(ofNanos(1), () -> sleep(ofMinutes(10))));
          gather(() -> blocking(() -> 1), () -> parallel(() -> 2));
          race(() -> blocking(() -> 1), () -> blocking(() -> sleepInJdk()));
          loop.submit(() -> sleep(ofMinutes(10)));
          CompletableFuture<String> never = new CompletableFuture<>();
          async(() -> await(never)).cancel("enough");
          supervise(
              (_, _) -> {},
              s ->
                  s.async(() -> {
                    throw new IOException("supervised");
                  }));
          async(() ->
              scope(s -> {
                s.async(() -> sleep(ofMinutes(10)));
                s.async(() -> s.cancel("enough"));
              }));
          checkpoint();
          if (number % 2 == 0) {
            async(() -> sleep(ofMinutes(10)));
            throw planned;
          }
        };
    Runner runner =
        number % 3 == 0
            ? Runner.builder().instrument(new Instrument() {}).debug(number % 2 == 0).build()
            : Runner.builder().ctrlC(Runner.CtrlC.ALWAYS).build();
    if (number % 2 == 0) {
      assertEquals(planned, assertThrows(IOException.class, () -> runner.run(program)));
    } else {
      runner.run(program);
    }
  }

  private static int sleepInJdk() throws InterruptedException {
    Thread.sleep(60_000);
    return 2;
  }

  @Test
  void aMillionTasksThatFailLoseNoExceptionAndLeaveNothing() {
    long before = liveHeap();
    int[] heard = {0};
    Async.run(() ->
        supervise(
            (task, exception) -> heard[0]++,
            s -> {
              for (int i = 0; i < MILLION; i++) {
                s.async(() -> {
                  throw new QuietException();
                });
                if (i % 10_000 == 0) {
                  checkpoint();
                }
              }
            }));
    assertEquals(MILLION, heard[0]);
    assertTrue(liveHeap() < before + 16 * MIB, "heap grew by " + (liveHeap() - before));
  }

  @Test
  void everyFailureOfAScopeComesOutOfIt() {
    int children = 100_000;
    QuietException first =
        assertThrows(
            QuietException.class,
            () ->
                Async.run(() ->
                    scope(s -> {
                      for (int i = 0; i < children; i++) {
                        s.async(() -> {
                          throw new QuietException();
                        });
                      }
                    })));
    assertEquals(children - 1, first.getSuppressed().length);
  }

  @Test
  void aMillionTasksThatAreCancelledLeaveNothing() {
    long before = liveHeap();
    int[] cleanedUp = {0};
    Async.run(() -> {
      for (int round = 0; round < 100; round++) {
        scope(s -> {
          for (int i = 0; i < MILLION / 100; i++) {
            s.async(() -> {
              try {
                sleep(ofMinutes(10));
              } finally {
                cleanedUp[0]++;
              }
            });
          }
          checkpoint();
          s.cancel("enough");
        });
      }
      assertEquals(0, ((LoopImpl) Loop.current()).timers.size());
    });
    assertEquals(MILLION, cleanedUp[0]);
    assertTrue(liveHeap() < before + 16 * MIB, "heap grew by " + (liveHeap() - before));
  }

  @Test
  void aFailedTaskThatWasAwaitedIsNotKept() {
    Async.run(() -> {
      long before = liveHeap();
      for (int i = 0; i < 200_000; i++) {
        Task<?> task =
            async(() -> {
              throw new QuietException();
            });
        assertThrows(QuietException.class, task::await);
      }
      assertTrue(liveHeap() < before + 16 * MIB, "heap grew by " + (liveHeap() - before));
    });
  }

  @Test
  void aSuspendedTaskKeepsNoOtherTaskAlive() throws Exception {
    Async.run(() -> {
      CompletableFuture<String> collected = new CompletableFuture<>();
      WeakReference<Task<?>> child = new WeakReference<>(async(() -> new byte[1000]));
      Thread.ofPlatform()
          .start(() -> {
            try {
              for (int i = 0; i < 300 && child.get() != null; i++) {
                System.gc();
                Thread.sleep(5);
              }
              collected.complete(child.get() == null ? "collected" : "kept alive");
            } catch (InterruptedException e) {
              collected.completeExceptionally(e);
            }
          });
      assertEquals("collected", await(collected));
    });
  }

  @Test
  void aFailureKeepsNoTaskAlive() throws Exception {
    List<Throwable> kept = new ArrayList<>();
    List<WeakReference<Task<?>>> tasks = new ArrayList<>();
    VirtualTime.run(() -> {
      Task<?> failing =
          async(() -> {
            throw new IOException("kept");
          });
      tasks.add(new WeakReference<>(failing));
      kept.add(assertThrows(IOException.class, failing::await));
    });
    for (int i = 0; i < 100 && tasks.getFirst().get() != null; i++) {
      System.gc();
      Thread.sleep(5);
    }
    assertEquals(null, tasks.getFirst().get());
    assertEquals("kept", kept.getFirst().getMessage());
  }

  /// Without a stack, so that a million of them are cheap.
  private static final class QuietException extends Exception {
    private static final long serialVersionUID = 1L;

    QuietException() {
      super("quiet", null, true, false);
    }
  }
}
