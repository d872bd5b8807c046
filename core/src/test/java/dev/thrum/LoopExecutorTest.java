package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.now;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The loop as an executor service.
@ParameterizedClass(name = "{0}")
@EnumSource
class LoopExecutorTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  LoopExecutorTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private static ExecutorService executor() {
    return Loop.current().executor();
  }

  private static Callable<Integer> slowly(int millis) {
    return () -> {
      sleep(ofMillis(millis));
      return millis;
    };
  }

  private static Callable<Integer> failing(int millis, Exception failure) {
    return () -> {
      sleep(ofMillis(millis));
      throw failure;
    };
  }

  private Callable<Integer> endless(String name) {
    return () -> {
      try {
        sleep(ofHours(1));
        return 0;
      } catch (CancelledException e) {
        trail.add(name + " cancelled");
        throw e;
      }
    };
  }

  // Work

  @Test
  void workRunsAsTasksOfTheLoop() throws Exception {
    tidy.run(() -> {
      ExecutorService executor = executor();
      Future<Integer> future = executor.submit(slowly(10));
      assertInstanceOf(Task.class, future);
      assertEquals(10, await(future));
      assertEquals("result", await(executor.submit(() -> trail.add("ran"), "result")));
      await(executor.submit(() -> trail.add("submitted")));
      executor.execute(() -> trail.add("executed"));
      CompletableFuture<String> library =
          CompletableFuture.supplyAsync(
              () -> {
                Async.checkpoint();
                return Async.current().loop().name();
              },
              executor);
      assertEquals(Loop.current().name(), await(library));
    });
    trail.expect("ran", "submitted", "executed");
  }

  @Test
  void otherThreadsBringWorkInAndWaitForIt() throws Exception {
    tidy.run(() -> {
      ExecutorService executor = executor();
      int sum =
          blocking(() -> {
            List<Future<Integer>> futures = new ArrayList<>();
            for (int i = 1; i <= 100; i++) {
              futures.add(executor.submit(slowly(0)));
              int number = i;
              futures.add(executor.submit(() -> number));
            }
            int total = 0;
            for (Future<Integer> future : futures) {
              total += future.get();
            }
            executor.shutdown();
            assertTrue(executor.awaitTermination(5, SECONDS));
            return total;
          });
      assertEquals(5050, sum);
    });
  }

  @Test
  void aFailureGoesToTheFutureAndThatOfExecuteToTheHandler() throws Exception {
    IOException boom = new IOException("boom");
    IllegalStateException lost = new IllegalStateException("lost");
    List<Throwable> reported = new ArrayList<>();
    Runner.builder()
        .time(new VirtualTime())
        .exceptionHandler((_, e) -> reported.add(e))
        .run(() -> {
          ExecutorService executor = executor();
          Future<Integer> future = executor.submit(failing(1, boom));
          assertSame(boom, assertThrows(ExecutionException.class, future::get).getCause());
          executor.execute(() -> {
            throw lost;
          });
          sleep(ofMillis(1));
          assertEquals(List.of(lost), reported);
        });
  }

  @Test
  void cancellingAFutureCancelsItsTask() throws Exception {
    tidy.run(() -> {
      Future<Integer> future = executor().submit(endless("work"));
      sleep(ofMillis(1));
      future.cancel(true);
      assertThrows(CancellationException.class, future::get);
    });
    trail.expect("work cancelled");
  }

  // Several at once

  @Test
  void invokeAllWaitsForAll() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      Instant began = now();
      List<Future<Integer>> futures =
          executor().invokeAll(List.of(slowly(30), failing(10, boom), slowly(20)));
      assertEquals(ofMillis(30), between(began, now()));
      assertTrue(futures.stream().allMatch(Future::isDone));
      assertEquals(30, futures.get(0).resultNow());
      assertSame(boom, futures.get(1).exceptionNow());
      assertEquals(20, futures.get(2).get());
    });
  }

  @Test
  void invokeAllInTimeCancelsWhatIsNotDone() throws Exception {
    tidy.run(() -> {
      ExecutorService executor = executor();
      List<Future<Integer>> futures =
          executor.invokeAll(List.of(slowly(30), endless("slow")), 50, MILLISECONDS);
      assertEquals(30, futures.get(0).get());
      assertThrows(CancellationException.class, futures.get(1)::get);
      assertTrue(futures.get(1).isCancelled());
    });
    trail.expect("slow cancelled");
  }

  @Test
  void whatInvokeAllCancelsInTimeIsDoneWhenItReturns() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      Callable<Integer> stubborn =
          () -> {
            try {
              sleep(ofHours(1));
            } finally {
              shield(() -> sleep(ofMillis(200)));
            }
            return 1;
          };
      List<Future<Integer>> futures = executor().invokeAll(List.of(stubborn), 20, MILLISECONDS);
      assertTrue(futures.getFirst().isDone());
      assertEquals(ofMillis(220), between(began, now()));
    });
  }

  @Test
  void invokeAllOfACancelledTaskCancelsItsWork() throws Exception {
    tidy.run(() -> {
      ExecutorService executor = executor();
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(ofMillis(5), () -> executor.invokeAll(List.of(endless("a"), endless("b")))));
      executor.close();
    });
    trail.expect("a cancelled", "b cancelled");
  }

  @Test
  void invokeAnyIsARace() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      ExecutorService executor = executor();
      assertEquals(
          20, executor.invokeAny(List.of(failing(10, boom), slowly(20), endless("loser"))));
      trail.add("won");
      assertSame(
          boom,
          assertThrows(
                  ExecutionException.class, () -> executor.invokeAny(List.of(failing(1, boom))))
              .getCause());
      assertThrows(
          TimeoutException.class,
          () -> executor.invokeAny(List.of(endless("late")), 5, MILLISECONDS));
      trail.add("given up");
      assertThrows(IllegalArgumentException.class, () -> executor.invokeAny(List.of()));
    });
    trail.expect("loser cancelled", "won", "late cancelled", "given up");
  }

  @Test
  void otherThreadsInvokeToo() throws Exception {
    tidy.run(() -> {
      ExecutorService executor = executor();
      blocking(() -> {
        assertEquals(2, executor.invokeAll(List.of(slowly(0), slowly(0))).size());
        assertEquals(0, executor.invokeAny(List.of(slowly(0), endless("loser"))));
      });
    });
    trail.expect("loser cancelled");
  }

  // Its end

  @Test
  void shutdownRefusesNewWorkAndLetsTheOldEnd() throws Exception {
    tidy.run(() -> {
      ExecutorService executor = executor();
      Future<Integer> future = executor.submit(slowly(100));
      assertFalse(executor.isShutdown());
      executor.shutdown();
      assertTrue(executor.isShutdown());
      assertFalse(executor.isTerminated());
      RejectedExecutionException refused =
          assertThrows(RejectedExecutionException.class, () -> executor.submit(slowly(1)));
      assertTrue(refused.getMessage().contains("was shut down"), refused.getMessage());
      Instant began = now();
      assertFalse(executor.awaitTermination(10, MILLISECONDS));
      assertEquals(ofMillis(10), between(began, now()));
      assertTrue(executor.awaitTermination(1, HOURS));
      assertEquals(ofMillis(100), between(began, now()));
      assertTrue(executor.isTerminated());
      assertTrue(executor.awaitTermination(0, HOURS));
      assertEquals(100, future.resultNow());
      assertEquals(1, await(Loop.current().submit(slowly(1)::call)), "the loop goes on");
      assertEquals(1, await(executor().submit(slowly(1))), "and another executor of it");
    });
  }

  @Test
  void anIdleExecutorIsTerminatedAtOnce() throws Exception {
    tidy.run(() -> {
      ExecutorService executor = executor();
      executor.shutdown();
      assertTrue(executor.isTerminated());
      assertTrue(executor.awaitTermination(1, HOURS));
    });
  }

  @Test
  void shutdownNowCancelsWhatRunsAndWhatHasNotBegun() throws Exception {
    tidy.run(() -> {
      ExecutorService executor = executor();
      Future<Integer> runs = executor.submit(endless("first"));
      sleep(ofMillis(1));
      Future<Integer> waits = executor.submit(endless("second"));
      Future<Integer> other = executor().submit(slowly(10));
      assertEquals(List.of(), executor.shutdownNow());
      assertThrows(CancellationException.class, runs::get);
      assertThrows(CancellationException.class, waits::get);
      assertTrue(executor.awaitTermination(1, HOURS));
      assertEquals(10, other.get(), "it belongs to another executor");
    });
    trail.expect("first cancelled", "second cancelled");
  }

  @Test
  void terminationWaitsForWhatTheWorkHasStarted() throws Exception {
    tidy.run(() -> {
      try (ExecutorService executor = executor()) {
        executor.execute(() ->
            async(() -> {
              sleep(ofSeconds(1));
              trail.add("child");
            }));
      }
      trail.add("closed");
    });
    trail.expect("child", "closed");
  }

  @Test
  void closeOfACancelledTaskCancelsTheWorkAndJoinsIt() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(1),
                  () -> {
                    try (ExecutorService executor = executor()) {
                      executor.execute(() -> {
                        try {
                          sleep(ofHours(1));
                        } finally {
                          shield(() -> sleep(ofSeconds(1)));
                          trail.add("cleaned up");
                        }
                      });
                    }
                  }));
      trail.add("closed");
      assertEquals(ofSeconds(2), between(began, now()));
    });
    trail.expect("cleaned up", "closed");
  }

  @Test
  void theEndOfTheLoopEndsItsWork() throws Exception {
    List<ExecutorService> kept = new ArrayList<>();
    tidy.run(() -> {
      ExecutorService executor = executor();
      kept.add(executor);
      executor.submit(endless("work"));
      sleep(ofMillis(1));
    });
    ExecutorService executor = kept.getFirst();
    assertTrue(executor.isShutdown());
    assertTrue(executor.isTerminated());
    assertTrue(executor.awaitTermination(1, HOURS));
    assertThrows(RejectedExecutionException.class, () -> executor.submit(slowly(1)));
    assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> {}));
    executor.close();
    trail.expect("work cancelled");
  }

  @Test
  void whatWasAcceptedBeforeTheEndIsStarted() throws Exception {
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    tidy.run(() -> {
      ExecutorService executor = executor();
      executor.execute(() -> trail.add("executed"));
      futures.add(CompletableFuture.supplyAsync(() -> 1, executor));
      futures.add(
          CompletableFuture.supplyAsync(
              () -> {
                sleep(ofHours(1));
                return 2;
              },
              executor));
    });
    trail.expect("executed");
    assertEquals(1, futures.get(0).getNow(0));
    assertInstanceOf(CancelledException.class, futures.get(1).exceptionNow());
  }

  @Test
  void fromTheEndOnWorkIsRefused() throws Exception {
    tidy.run(() -> {
      ExecutorService executor = executor();
      Async.background(() -> {
        try {
          sleep(ofHours(1));
        } finally {
          shield(() -> {
            assertThrows(RejectedExecutionException.class, () -> executor.submit(slowly(1)));
            blocking(() ->
                assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> {})));
          });
          trail.add("refused");
        }
      });
      sleep(ofMillis(1));
    });
    trail.expect("refused");
  }

  @Test
  void ofManyThreadsThatBringWorkInAtTheEndNoneLosesAny() throws Exception {
    for (int round = 0; round < 50; round++) {
      AtomicInteger accepted = new AtomicInteger();
      AtomicInteger ran = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      Async.run(() -> {
        ExecutorService executor = executor();
        for (int i = 0; i < 3; i++) {
          threads.add(Thread.ofPlatform().start(() -> bringIn(executor, accepted, ran)));
        }
        while (ran.get() < 10) {
          Async.checkpoint();
        }
      });
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(accepted.get(), ran.get());
    }
  }

  private static void bringIn(ExecutorService executor, AtomicInteger accepted, AtomicInteger ran) {
    try {
      while (true) {
        executor.execute(ran::incrementAndGet);
        accepted.incrementAndGet();
        awaitRoom(accepted, ran);
      }
    } catch (RejectedExecutionException _) {
      // The loop has ended.
    }
  }

  /// Brings in no more than the loop gets done.
  private static void awaitRoom(AtomicInteger accepted, AtomicInteger ran) {
    long end = System.nanoTime() + SECONDS.toNanos(10);
    while (accepted.get() - ran.get() > 20 && System.nanoTime() < end) {
      LockSupport.parkNanos(20_000);
    }
  }

  @Test
  void workThatItsSenderHasWithdrawnDoesNotStart() throws Exception {
    tidy.run(() -> {
      var loop = TaskImpl.current("a test").loop;
      VoidBody<RuntimeException> body = () -> trail.add("ran");
      Submission<Object> withdrawn = new Submission<>(loop, body);
      assertTrue(withdrawn.isRefused());
      withdrawn.arrive();
      Submission<Object> started = new Submission<>(loop, body);
      started.arrive();
      assertFalse(started.isRefused());
      await(started.task());
    });
    trail.expect("ran");
  }

  @Test
  void aLoopThatBreaksDownTellsOfTheWorkThatItHadAccepted() throws Exception {
    List<ExecutorService> kept = new ArrayList<>();
    List<Task<?>> tasks = new ArrayList<>();
    List<CompletableFuture<?>> futures = new ArrayList<>();
    List<Throwable> reported = new CopyOnWriteArrayList<>();
    UnsupportedOperationException broken = new UnsupportedOperationException("no clock");
    TimeSource clock =
        new TimeSource() {
          @Override
          public long nanoTime() {
            return 0;
          }

          @Override
          public Instant instant() {
            return Instant.EPOCH;
          }

          @Override
          public Duration idle(Duration untilTimer, boolean outside) {
            Task<?> task = (Task<?>) kept.getFirst().submit(slowly(1));
            tasks.add(task);
            futures.add(task.toCompletableFuture());
            kept.getFirst().execute(() -> trail.add("ran"));
            throw broken;
          }
        };
    Runner.Builder builder =
        Runner.builder().time(clock).exceptionHandler((_, failure) -> reported.add(failure));
    assertSame(
        broken,
        assertThrows(
            UnsupportedOperationException.class,
            () ->
                builder.run(() -> {
                  kept.add(executor());
                  sleep(ofHours(1));
                })));
    assertTrue(tasks.getFirst().isCancelled());
    Children.assertSoon(true, futures.getFirst()::isDone);
    assertTrue(futures.getFirst().isCancelled());
    Children.assertSoon(1, reported::size);
    assertInstanceOf(RejectedExecutionException.class, reported.getFirst());
    assertTrue(kept.getFirst().isTerminated());
    trail.expect();
  }

  @Test
  void whoAwaitsItsTerminationIsToldOfTheEndOfTheLoop() throws Exception {
    CompletableFuture<Void> over = new CompletableFuture<>();
    CompletableFuture<ExecutorService> made = new CompletableFuture<>();
    Thread other =
        Thread.ofPlatform()
            .start(() ->
                Async.run(() -> {
                  made.complete(executor());
                  await(over);
                }));
    ExecutorService executor = made.get();
    FutureTask<Boolean> awaited = new FutureTask<>(() -> executor.awaitTermination(1, HOURS));
    Thread thread = Thread.ofPlatform().start(awaited);
    Children.assertSoon(Thread.State.TIMED_WAITING, thread::getState);
    tidy.run(() -> {
      Task<Boolean> here = async(() -> executor.awaitTermination(1, HOURS));
      Async.checkpoint();
      over.complete(null);
      assertTrue(await(here));
    });
    assertTrue(awaited.get(10, SECONDS));
    other.join();
  }

  @Test
  void aPlainThreadClosesIt() throws Exception {
    tidy.run(() -> {
      ExecutorService executor = executor();
      blocking(() -> {
        try (executor) {
          executor.submit(slowly(0));
        }
        assertTrue(executor.isTerminated());
      });
    });
  }

  @Test
  void nullIsRefused() throws Exception {
    tidy.run(() -> {
      ExecutorService executor = executor();
      assertThrows(NullPointerException.class, () -> executor.execute(null));
      assertThrows(NullPointerException.class, () -> executor.submit((Runnable) null));
      assertThrows(NullPointerException.class, () -> executor.submit((Callable<?>) null));
      executor.close();
    });
  }
}
