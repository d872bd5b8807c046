package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.parallel;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Other threads: work they bring in, futures they complete, work they do for a task.
class ThreadsConformanceTest {
  private final Trail trail = new Trail();

  /// A loop on a thread of its own that runs until it is told to end.
  private static final class OtherLoop implements AutoCloseable {
    final Loop loop;
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final Thread thread;

    OtherLoop() throws Exception {
      CompletableFuture<Loop> started = new CompletableFuture<>();
      thread =
          Thread.ofPlatform()
              .name("other loop")
              .start(() ->
                  Async.run(() -> {
                    started.complete(Loop.current());
                    await(end);
                  }));
      loop = started.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      end.complete("");
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError("the other loop did not end", e);
      }
    }
  }

  private static Thread start(VoidBody<Exception> body) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            body.run();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  /// Until something is true that no event tells of.
  private static void eventually(String what, java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    for (int i = 0; i < 2000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.sleep(5);
    }
    throw new AssertionError("never came true: " + what);
  }

  // Submitting

  @Test
  void lo05_submitWakesALoopThatWaitsForATimer() throws Exception {
    Async.run(() -> {
      Loop loop = Loop.current();
      Task<?> sleeper = async(() -> sleep(ofMinutes(10)));
      start(() -> {
        eventually("the loop waits", () -> ((LoopImpl) loop).timers.size() == 1);
        loop.submit(() -> sleeper.cancel("woken"));
      });
      CancellationException woken = assertThrows(CancellationException.class, sleeper::await);
      assertTrue(woken.getMessage().contains("woken"), woken.getMessage());
    });
  }

  @Test
  void lo05_submitWakesALoopThatWaitsForAnotherThread() throws Exception {
    Async.run(() -> {
      Loop loop = Loop.current();
      CompletableFuture<String> never = new CompletableFuture<>();
      start(() -> loop.submit(() -> never.complete("woken")));
      assertEquals("woken", await(never));
    });
  }

  @Test
  void lo05_whatOneThreadSubmitsStartsInThatOrder() throws Exception {
    List<List<Integer>> orders = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      expected.add(i);
    }
    Async.run(() -> {
      Loop loop = Loop.current();
      List<CompletableFuture<String>> ends = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        List<Integer> order = new ArrayList<>();
        orders.add(order);
        CompletableFuture<String> end = new CompletableFuture<>();
        ends.add(end);
        start(() -> {
          for (int i = 0; i < 1000; i++) {
            int number = i;
            loop.submit(() -> order.add(number));
          }
          loop.submit(() -> end.complete(""));
        });
      }
      for (CompletableFuture<String> end : ends) {
        await(end);
      }
    });
    assertEquals(4, orders.size());
    for (List<Integer> order : orders) {
      assertEquals(expected, order);
    }
  }

  @Test
  void lo05_whatATaskSubmitsKeepsItsOrderToo() throws Exception {
    VirtualTime.run(() -> {
      Loop loop = Loop.current();
      List<Integer> order = new ArrayList<>();
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        tasks.add(loop.submit(() -> order.add(number)));
      }
      Async.awaitAll(tasks);
      assertEquals(java.util.stream.IntStream.range(0, 200).boxed().toList(), order);
    });
  }

  @Test
  void lo05_aSubmittedTaskRunsOnTheLoopAndIsAFuture() throws Exception {
    try (OtherLoop other = new OtherLoop()) {
      Task<Loop> task = other.loop.submit(Loop::current);
      assertSame(other.loop, task.get());
      assertSame(other.loop, task.get(1, TimeUnit.SECONDS));
      assertSame(other.loop, task.resultNow());
      assertEquals(Future.State.SUCCESS, task.state());
      assertSame(other.loop, task.loop());
    }
  }

  @Test
  void lo07_aBurstArrivesWhole() throws Exception {
    try (OtherLoop other = new OtherLoop()) {
      AtomicInteger ran = new AtomicInteger();
      List<Task<?>> burst = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        burst.add(other.loop.submit(() -> ran.incrementAndGet()));
      }
      for (Task<?> task : burst) {
        assertNotNull(task.get());
      }
      assertEquals(10_000, ran.get());
    }
  }

  @Test
  void lo07_aChainOfSubmissionsIsNoRecursion() throws Exception {
    try (OtherLoop other = new OtherLoop()) {
      CompletableFuture<String> end = new CompletableFuture<>();
      class Link {
        void submit(int left) {
          other.loop.submit(() -> {
            if (left == 0) {
              end.complete("end");
            } else {
              submit(left - 1);
            }
          });
        }
      }
      new Link().submit(10_000);
      assertEquals("end", end.get(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void lo07_submissionsThatSubmitAgainStarveNobody() throws Exception {
    VirtualTime.run(() -> {
      Loop loop = Loop.current();
      AtomicBoolean enough = new AtomicBoolean();
      class Again {
        int times;

        void submit() {
          loop.submit(() -> {
            times++;
            if (!enough.get()) {
              submit();
            }
          });
        }
      }
      Again again = new Again();
      again.submit();
      for (int i = 0; i < 10; i++) {
        checkpoint();
      }
      enough.set(true);
      assertTrue(again.times > 0 && again.times <= 11, () -> again.times + " runs in 10 turns");
    });
  }

  @Test
  void lo07_submitFailsCleanlyOnceTheRunIsOver() throws Exception {
    Loop[] kept = new Loop[1];
    Runner.builder().name("kept").run(() -> kept[0] = Loop.current());
    RejectedExecutionException refused =
        assertThrows(
            RejectedExecutionException.class, () -> kept[0].submit(() -> trail.add("never")));
    assertTrue(refused.getMessage().contains("kept has ended"), refused.getMessage());
    trail.expect();
  }

  @Test
  void lo07_whateverWasAcceptedEndsAlsoIfTheLoopEndsMeanwhile() throws Exception {
    for (int round = 0; round < 50; round++) {
      List<Task<?>> accepted = Collections.synchronizedList(new ArrayList<>());
      AtomicBoolean refused = new AtomicBoolean();
      AtomicReference<Thread> submitter = new AtomicReference<>();
      AtomicInteger ran = new AtomicInteger();
      Async.run(() -> {
        Loop loop = Loop.current();
        CompletableFuture<String> first = new CompletableFuture<>();
        submitter.set(
            start(() -> {
              try {
                long patience = System.nanoTime() + 10_000_000_000L;
                while (System.nanoTime() < patience) {
                  accepted.add(loop.submit(() -> ran.incrementAndGet()));
                  first.complete("");
                  Thread.onSpinWait();
                }
              } catch (RejectedExecutionException _) {
                refused.set(true);
              }
            }));
        await(first);
      });
      submitter.get().join();
      assertTrue(refused.get(), "the run did not end while work kept coming");
      for (Task<?> task : accepted) {
        assertEquals(Future.State.SUCCESS, task.state());
      }
      assertEquals(accepted.size(), ran.get());
    }
  }

  @Test
  void lo09_afterTheRunEverySchedulingCallFails() throws Exception {
    LoopImpl[] kept = new LoopImpl[1];
    Scope[] scope = new Scope[1];
    Task<?>[] task = new Task<?>[1];
    Async.run(() -> {
      kept[0] = (LoopImpl) Loop.current();
      task[0] = async(() -> "value");
      Async.scope(s -> {
        scope[0] = s;
      });
      assertFalse(kept[0].isClosed());
    });
    assertTrue(kept[0].isClosed());
    assertThrows(RejectedExecutionException.class, () -> kept[0].submit(() -> trail.add("never")));
    assertThrows(WrongThreadException.class, () -> scope[0].async(() -> trail.add("never")));
    assertThrows(IllegalStateException.class, () -> async(() -> trail.add("never")));
    Async.run(() -> {
      assertThrows(WrongThreadException.class, () -> scope[0].async(() -> trail.add("never")));
      assertThrows(WrongThreadException.class, () -> scope[0].background(() -> trail.add("never")));
    });
    assertFalse(scope[0].cancel("too late"));
    assertFalse(task[0].cancel("too late"));
    Instrument instrument = new Instrument() {};
    kept[0].attach(instrument);
    kept[0].detach(instrument);
    trail.expect();
  }

  @Test
  void lo09_aRunInsideARunIsAScopeAndEndsNoLoop() throws Exception {
    VirtualTime.run(() -> {
      Loop loop = Loop.current();
      assertEquals(
          "inner",
          Async.run(() -> {
            assertSame(loop, Loop.current());
            async(() -> {
              sleep(ofMillis(5));
              trail.add("inner child");
            });
            return "inner";
          }));
      trail.add("inner run ends");
      assertFalse(loop.isClosed());
      sleep(ofMillis(5));
    });
    trail.expect("inner child", "inner run ends");
  }

  @Test
  void lo13_aWaiterThatGivesUpCanCancelTheTask() throws Exception {
    try (OtherLoop other = new OtherLoop()) {
      CompletableFuture<String> cleanedUp = new CompletableFuture<>();
      Task<?> task =
          other.loop.submit(() -> {
            try {
              sleep(ofMinutes(10));
            } finally {
              cleanedUp.complete("cleaned up");
            }
          });
      TimeoutException early =
          assertThrows(TimeoutException.class, () -> task.get(20, TimeUnit.MILLISECONDS));
      assertTrue(early.getMessage().contains("20 MILLISECONDS"), early.getMessage());
      assertFalse(task.isDone(), "giving up alone cancels nothing");
      assertTrue(task.cancel(true));
      assertEquals("cleaned up", cleanedUp.get(10, TimeUnit.SECONDS));
      assertThrows(CancellationException.class, () -> task.get(10, TimeUnit.SECONDS));
      assertEquals(Future.State.CANCELLED, task.state());
      assertFalse(task.cancel(true), "it has ended");
    }
  }

  @Test
  void lo13_aFailureReachesTheThreadThatAsks() throws Exception {
    try (OtherLoop other = new OtherLoop()) {
      IOException boom = new IOException("boom");
      Task<?> task =
          other.loop.submit(() -> {
            throw boom;
          });
      assertSame(boom, assertThrows(ExecutionException.class, task::get).getCause());
      assertSame(boom, task.exceptionNow());
      assertEquals("alive", other.loop.submit(() -> "alive").get(), "the loop goes on");
    }
  }

  @Test
  void lo13_aTaskThatCannotBeMadeIsTheCallersError() throws Exception {
    try (OtherLoop other = new OtherLoop()) {
      Body<String, RuntimeException> none = null;
      NullPointerException refused =
          assertThrows(NullPointerException.class, () -> other.loop.submit(none));
      assertEquals("body", refused.getMessage());
      assertEquals("alive", other.loop.submit(() -> "alive").get(), "the loop goes on");
    }
  }

  @Test
  void lo13_aFailureThatNobodyEverAsksForIsLoggedOnceItIsGarbage() throws Exception {
    try (LogLines log = new LogLines();
        OtherLoop other = new OtherLoop()) {
      other.loop.submit(() -> "main waits from here on").get();
      IOException boom = new IOException("boom");
      CompletableFuture<String> failed = new CompletableFuture<>();
      other.loop.submit(() -> {
        failed.complete("");
        throw boom;
      });
      failed.get();
      for (int i = 0; i < 200 && log.exceptions().isEmpty(); i++) {
        // Moves the loop on: a loop that sleeps keeps hold of the task that ran last.
        other.loop.submit(() -> "").get();
        System.gc();
        Thread.sleep(5);
      }
      assertEquals(List.of(boom), log.exceptions());
      assertTrue(log.mentions("nobody asked"), () -> log.messages().toString());
    }
  }

  @Test
  void lo13_aFailureThatWasAskedForIsNotLogged() throws Exception {
    try (LogLines log = new LogLines();
        OtherLoop other = new OtherLoop()) {
      for (int i = 0; i < 10; i++) {
        Task<?> task =
            other.loop.submit(() -> {
              throw new IOException("boom");
            });
        switch (i % 3) {
          case 0 -> assertThrows(ExecutionException.class, task::get);
          case 1 ->
              assertThrows(
                  ExecutionException.class, () -> other.loop.submit(() -> task.await()).get());
          default -> {
            eventually("it has ended", task::isDone);
            assertInstanceOf(Outcome.Failure.class, task.outcome());
          }
        }
      }
      for (int i = 0; i < 5; i++) {
        System.gc();
        Thread.sleep(5);
      }
      assertEquals(List.of(), log.messages());
    }
  }

  @Test
  void lo13_aSubmittedTaskDoesNotOutliveTheMainTask() throws Exception {
    CompletableFuture<Task<?>> submitted = new CompletableFuture<>();
    Async.run(() -> {
      Loop loop = Loop.current();
      start(() ->
          submitted.complete(
              loop.submit(() -> {
                trail.add("started");
                try {
                  sleep(ofMinutes(10));
                } finally {
                  trail.add("cancelled");
                }
              })));
      await(submitted);
      checkpoint(); // it may still be in the inbox when the first one yields
      checkpoint();
      async(() -> {
        sleep(ofMillis(5));
        trail.add("ordinary child ends");
      });
      trail.add("body ends");
    });
    trail.expect("started", "body ends", "ordinary child ends", "cancelled");
    assertEquals(Future.State.CANCELLED, submitted.get().state());
  }

  // Futures of other threads

  @Test
  void s13_aFutureThatAnotherThreadCompletesWakesItsWaiter() throws Exception {
    Async.run(() -> {
      CompletableFuture<String> future = new CompletableFuture<>();
      start(() -> {
        Thread.sleep(5);
        future.complete("value");
      });
      assertEquals("value", await(future));
    });
  }

  @Test
  void s13_manyFuturesOfManyThreadsAllArrive() throws Exception {
    try (var pool = Executors.newFixedThreadPool(4)) {
      Async.run(() -> {
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
          int number = i;
          CompletableFuture<Integer> future = CompletableFuture.supplyAsync(() -> number, pool);
          tasks.add(async(() -> await(future)));
        }
        assertEquals(
            java.util.stream.IntStream.range(0, 2000).boxed().toList(), Async.awaitAll(tasks));
      });
    }
  }

  @Test
  void s13_aStageThatFailsFailsTheWaiterWithItsOwnException() throws Exception {
    Async.run(() -> {
      IOException boom = new IOException("boom");
      assertSame(
          boom, assertThrows(IOException.class, () -> await(CompletableFuture.failedFuture(boom))));
      CompletableFuture<String> later =
          CompletableFuture.supplyAsync(() -> {
            throw new CompletionException(boom);
          });
      assertSame(boom, assertThrows(IOException.class, () -> await(later)));
    });
  }

  @Test
  void s13_aPlainFutureAndAPublisherCanBeAwaited() throws Exception {
    FutureTask<String> plain = new FutureTask<>(() -> "future");
    try (SubmissionPublisher<String> publisher = new SubmissionPublisher<>()) {
      Async.run(() -> {
        Task<String> waiting = async(() -> await(plain));
        Task<String> subscribed = async(() -> await((Flow.Publisher<String>) publisher));
        checkpoint();
        start(plain::run);
        assertEquals("future", waiting.await());
        start(() -> {
          publisher.submit("first");
          publisher.submit("second");
        });
        assertEquals("first", subscribed.await());
      });
    }
  }

  @Test
  void s13_whoWaitsForAFutureThatIgnoresItsCancelLeavesNoThreadInIt() throws Exception {
    CompletableFuture<String> interrupted = new CompletableFuture<>();
    FutureTask<String> deaf =
        new FutureTask<>(() -> "never") {
          @Override
          public boolean cancel(boolean mayInterruptIfRunning) {
            return false;
          }

          @Override
          public String get() throws InterruptedException {
            try {
              return new CompletableFuture<String>().get();
            } catch (InterruptedException e) {
              interrupted.complete("interrupted");
              throw e;
            } catch (ExecutionException e) {
              throw new AssertionError(e);
            }
          }
        };
    Async.run(() -> {
      Task<String> waiting = async(() -> await(deaf));
      checkpoint();
      waiting.cancel("enough");
      assertThrows(CancellationException.class, waiting::await);
    });
    assertEquals("interrupted", interrupted.get(10, TimeUnit.SECONDS));
  }

  @Test
  void s13_aStageThatCannotBeCancelledKeepsNoTaskThatHasStoppedWaiting() {
    CompletionStage<String> stage = new CompletableFuture<String>().minimalCompletionStage();
    Async.run(() -> {
      WeakReference<Task<?>> waited = cancelledWaitFor(stage);
      checkpoint();
      Children.assertSoon(true, () -> isGarbage(waited));
    });
    assertFalse(stage.toCompletableFuture().isDone(), "it is still there");
  }

  private static WeakReference<Task<?>> cancelledWaitFor(CompletionStage<String> stage) {
    Task<?> waiting = async(() -> await(stage));
    checkpoint();
    waiting.cancel("enough");
    assertThrows(CancellationException.class, waiting::await);
    return new WeakReference<>(waiting);
  }

  private static boolean isGarbage(WeakReference<?> object) {
    System.gc();
    return object.get() == null;
  }

  @Test
  void s13_awaitingATaskOfAnotherLoopWorks() throws Exception {
    try (OtherLoop other = new OtherLoop()) {
      Task<String> theirs =
          other.loop.submit(() -> {
            sleep(ofMillis(10));
            return "theirs";
          });
      IOException boom = new IOException("boom");
      Task<?> fails =
          other.loop.submit(() -> {
            sleep(ofMillis(1));
            throw boom;
          });
      Async.run(() -> {
        assertEquals("theirs", theirs.await());
        assertSame(boom, assertThrows(IOException.class, fails::await));
      });
    }
  }

  @Test
  void s13_cancellingWhoAwaitsATaskOfAnotherLoopLeavesThatAlone() throws Exception {
    try (OtherLoop other = new OtherLoop()) {
      CompletableFuture<String> release = new CompletableFuture<>();
      Task<String> theirs = other.loop.submit(() -> await(release));
      Async.run(() -> {
        assertThrows(TimeoutException.class, () -> timeout(ofMillis(10), () -> theirs.await()));
        assertFalse(theirs.isDone());
        release.complete("theirs");
        assertEquals("theirs", theirs.await());
      });
    }
  }

  @Test
  void s13_aTaskCanBeCancelledFromAnyThread() throws Exception {
    Async.run(() -> {
      Task<?> sleeper = async(() -> sleep(ofMinutes(10)));
      start(() -> sleeper.cancel("from outside"));
      CancellationException e = assertThrows(CancellationException.class, sleeper::await);
      assertTrue(e.getMessage().contains("from outside"), e.getMessage());
    });
  }

  @Test
  void s13_aTaskThatSwallowsItsCancellationIsNoCancelledFuture() throws Exception {
    VirtualTime.run(() -> {
      Task<String> stubborn =
          async(() -> {
            try {
              sleep(ofSeconds(1));
            } catch (CancelledException _) {
              trail.add("swallowed");
            }
            return "value";
          });
      checkpoint();
      stubborn.cancel("stop");
      assertFalse(stubborn.isDone());
      assertEquals("value", stubborn.await());
      trail.expect("swallowed");
      assertEquals(Future.State.SUCCESS, stubborn.state());
      assertFalse(stubborn.isCancelled(), "a future that has a value was not cancelled");
      assertEquals("value", stubborn.resultNow());
      assertEquals("value", stubborn.get());
    });
  }

  @Test
  void s13_aTaskThatFailsWhileCancelledHasItsExceptionAsAFutureToo() throws Exception {
    VirtualTime.run(() -> {
      IOException boom = new IOException("boom");
      Task<?> fails =
          async(() -> {
            try {
              sleep(ofSeconds(1));
            } catch (CancelledException _) {
              throw boom;
            }
          });
      checkpoint();
      fails.cancel("stop");
      assertSame(boom, assertThrows(IOException.class, fails::await));
      assertEquals(Future.State.FAILED, fails.state());
      assertSame(boom, fails.exceptionNow());
    });
  }

  // Bridges

  @Test
  void lo12_cancellingTheWaiterCancelsTheFuture() throws Exception {
    Async.run(() -> {
      CompletableFuture<String> future = new CompletableFuture<>();
      FutureTask<String> plain = new FutureTask<>(() -> "never");
      Task<?> one = async(() -> await(future));
      Task<?> other = async(() -> await(plain));
      checkpoint();
      one.cancel("stop");
      other.cancel("stop");
      assertThrows(CancellationException.class, one::await);
      assertThrows(CancellationException.class, other::await);
      assertTrue(future.isCancelled());
      assertTrue(plain.isCancelled());
    });
  }

  @Test
  void lo12_cancellingTheFutureEndsTheWaitWithAPlainCancellation() throws Exception {
    Async.run(() -> {
      CompletableFuture<String> future = new CompletableFuture<>();
      FutureTask<String> plain = new FutureTask<>(() -> "never");
      start(() -> {
        future.cancel(true);
        plain.cancel(true);
      });
      for (VoidBody<Exception> wait :
          List.<VoidBody<Exception>>of(() -> await(future), () -> await(plain))) {
        CancellationException theirs = assertThrows(CancellationException.class, wait::run);
        assertFalse(theirs instanceof CancelledException, "the waiter itself is not cancelled");
      }
      checkpoint();
    });
  }

  @Test
  void lo12_aResultThatComesAfterTheLoopsEndIsDropped() throws Exception {
    CompletableFuture<String> future = new CompletableFuture<>();
    try (LogLines log = new LogLines()) {
      Async.run(() -> {
        Task<?> waiter =
            async(() -> {
              CompletableFuture<String> copy = future.copy();
              return await(copy.minimalCompletionStage());
            });
        checkpoint();
        waiter.cancel("stop");
      });
      assertTrue(future.complete("too late"));
      assertEquals(List.of(), log.messages());
    }
  }

  @Test
  void lo12_workThatOutlivesItsLoopEndsQuietly() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (LogLines log = new LogLines()) {
      Runner.builder()
          .cancelGrace(ofMillis(20))
          .run(() -> {
            Task<?> working =
                async(
                    "stubborn",
                    () ->
                        blocking(() -> {
                          awaitUninterruptibly(release);
                          ended.countDown();
                          throw new IOException("too late for anybody");
                        }));
            CountDownLatch never = new CountDownLatch(1);
            assertThrows(
                TimeoutException.class,
                () -> timeout(ofMillis(10), () -> blocking(() -> never.await())));
            working.cancel("stop");
          });
      assertEquals(1, log.messages().size(), () -> log.messages().toString());
      assertTrue(
          log.mentions("blocking work of stubborn still runs 20 ms"), log.messages()::toString);
      release.countDown();
      assertTrue(ended.await(10, TimeUnit.SECONDS));
      Thread.sleep(10);
      assertEquals(1, log.messages().size(), "what comes later is dropped quietly");
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // Work beside the loop

  @Test
  void lo17_enteringIsACancellationPoint() throws Exception {
    VirtualTime.run(() -> {
      for (Task<?> task :
          List.of(
              async(() -> {
                current().cancel("stop");
                blocking(() -> trail.add("never"));
              }),
              async(() -> {
                current().cancel("stop");
                parallel(() -> trail.add("never"));
              }))) {
        assertThrows(CancellationException.class, task::await);
      }
    });
    trail.expect();
  }

  @Test
  void lo17_theLoopGoesOnWhileAThreadWorks() throws Exception {
    Async.run(() -> {
      CountDownLatch release = new CountDownLatch(1);
      Task<String> working =
          async(() ->
              blocking(() -> {
                release.await();
                return "worked";
              }));
      checkpoint();
      trail.add("the loop goes on");
      release.countDown();
      trail.add(working.await());
    });
    trail.expect("the loop goes on", "worked");
  }

  @Test
  void lo17_cancellationInterruptsTheWorkAndWaitsForIt() throws Exception {
    Async.run(() -> {
      CountDownLatch begun = new CountDownLatch(1);
      Task<?> working =
          async(() ->
              blocking(() -> {
                begun.countDown();
                try {
                  new CountDownLatch(1).await();
                } finally {
                  Thread.sleep(10);
                  trail.add("worker cleaned up");
                }
              }));
      checkpoint();
      blocking(() -> begun.await());
      working.cancel("stop");
      assertThrows(CancellationException.class, working::await);
      trail.add("joined");
    });
    trail.expect("worker cleaned up", "joined");
  }

  @Test
  void lo17_workThatIsInterruptedAndReturnsAValueDeliversIt() throws Exception {
    Async.run(() -> {
      CountDownLatch begun = new CountDownLatch(1);
      Task<String> working =
          async(() -> {
            String value =
                blocking(() -> {
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException _) {
                    return "saved";
                  }
                  return "never";
                });
            trail.add(value);
            assertThrows(CancelledException.class, Async::checkpoint);
            return value;
          });
      checkpoint();
      blocking(() -> begun.await());
      working.cancel("stop");
      assertEquals("saved", working.await());
    });
    trail.expect("saved");
  }

  @Test
  void lo17_workThatFailsWhileItIsCancelledFails() throws Exception {
    Async.run(() -> {
      IOException boom = new IOException("boom");
      CountDownLatch begun = new CountDownLatch(1);
      Task<?> working =
          async(() ->
              blocking(() -> {
                begun.countDown();
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException _) {
                  throw boom;
                }
              }));
      checkpoint();
      blocking(() -> begun.await());
      working.cancel("stop");
      assertSame(boom, assertThrows(IOException.class, () -> working.await(IOException.class)));
    });
  }

  @Test
  void lo17_workThatHasNotBegunIsDropped() throws Exception {
    Runner.builder()
        .blockingLimit(1)
        .run(() -> {
          CountDownLatch release = new CountDownLatch(1);
          Task<?> first = async(() -> blocking(() -> release.await()));
          Task<?> second = async(() -> blocking(() -> trail.add("never")));
          Task<?> third = async(() -> blocking(() -> trail.add("third")));
          checkpoint();
          second.cancel("stop");
          assertThrows(CancellationException.class, second::await);
          release.countDown();
          first.await();
          third.await();
        });
    trail.expect("third");
  }

  @Test
  void lo17_aCancellationThatComesBeforeTheThreadHasBegunIsNotLost() throws Exception {
    try (LogLines log = new LogLines()) {
      Runner.builder()
          .cancelGrace(ofMillis(500))
          .blockingLimit(1)
          .run(() -> {
            for (int i = 0; i < 200; i++) {
              Task<?> working = async(() -> blocking(() -> Thread.sleep(60_000)));
              checkpoint();
              working.cancel("stop");
              assertThrows(CancellationException.class, working::await);
            }
            assertEquals("fresh", blocking(() -> "fresh"), "every place is free again");
          });
      assertEquals(List.of(), log.messages());
    }
  }

  @Test
  void lo17_moreThanTheLimitWaitInOrder() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    Runner.builder()
        .blockingLimit(1)
        .run(() -> {
          for (int i = 0; i < 20; i++) {
            int number = i;
            async(() ->
                blocking(() -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  order.add(number);
                  running.decrementAndGet();
                }));
          }
        });
    assertEquals(1, most.get());
    assertEquals(java.util.stream.IntStream.range(0, 20).boxed().toList(), order);
  }

  @Test
  void lo17_workThatIgnoresItsInterruptIsAbandonedAfterTheGraceAndNamed() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (LogLines log = new LogLines()) {
      Runner.builder()
          .cancelGrace(ofMillis(30))
          .run(() -> {
            for (VoidBody<Exception> start :
                List.<VoidBody<Exception>>of(
                    () -> blocking(() -> awaitUninterruptibly(release)),
                    () -> parallel(() -> awaitUninterruptibly(release)))) {
              Task<?> working = async("stubborn", () -> start.run());
              sleep(ofMillis(10));
              long began = System.nanoTime();
              working.cancel("stop");
              assertThrows(CancellationException.class, working::await);
              long millis = (System.nanoTime() - began) / 1_000_000;
              assertTrue(millis >= 29, () -> "left alone after " + millis + " ms");
            }
          });
      assertEquals(2, log.messages().size(), log.messages()::toString);
      assertTrue(log.mentions("blocking work of stubborn still runs"), log.messages()::toString);
      assertTrue(log.mentions("parallel work of stubborn still runs"), log.messages()::toString);
      assertTrue(
          log.exceptions().stream()
              .flatMap(e -> java.util.Arrays.stream(e.getStackTrace()))
              .anyMatch(frame -> frame.getMethodName().equals("awaitUninterruptibly")),
          "the log shows where it runs");
    } finally {
      release.countDown();
    }
  }

  @Test
  void lo17_aLateResultOfAbandonedWorkIsDropped() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (LogLines _ = new LogLines()) {
      Runner.builder()
          .cancelGrace(ZERO)
          .run(() -> {
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<String> worked = new CompletableFuture<>();
            Task<?> working =
                async(() ->
                    blocking(() -> {
                      begun.countDown();
                      awaitUninterruptibly(release);
                      worked.complete("");
                      return "late";
                    }));
            checkpoint();
            blocking(() -> begun.await());
            working.cancel("stop");
            assertThrows(CancellationException.class, working::await);
            release.countDown();
            await(worked);
            sleep(ofMillis(5));
            assertEquals(Future.State.CANCELLED, working.state());
            assertEquals("fresh", blocking(() -> "fresh"), "its place is free again");
          });
    }
  }

  @Test
  void lo17_anExceptionOfTheWorkComesOutAsItIs() throws Exception {
    Async.run(() -> {
      IOException boom = new IOException("boom");
      assertSame(
          boom,
          assertThrows(
              IOException.class,
              () ->
                  blocking(() -> {
                    throw boom;
                  })));
      assertSame(
          boom,
          assertThrows(
              IOException.class,
              () ->
                  parallel(() -> {
                    throw boom;
                  })));
      assertTrue(
          java.util.Arrays.stream(boom.getStackTrace())
              .anyMatch(frame -> frame.getClassName().startsWith("awaited by")),
          "it shows who waited");
    });
  }

  @Test
  void lo17_blockingRunsOnVirtualThreadsAndParallelOnPlatformThreads() throws Exception {
    Async.run(() -> {
      Thread worker = blocking(Thread::currentThread);
      assertTrue(worker.isVirtual());
      assertTrue(worker.getName().contains("main"), worker.getName());
      Thread processor = parallel(Thread::currentThread);
      assertFalse(processor.isVirtual());
      assertTrue(processor.isDaemon());
    });
  }

  @Test
  void lo18_aWorkerCanAskWhetherItsTaskIsCancelled() throws Exception {
    for (boolean processors : new boolean[] {false, true}) {
      Async.run(() -> {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        VoidBody<RuntimeException> work =
            () -> {
              checkpoint();
              begun.countDown();
              try {
                while (true) {
                  checkpoint();
                  Thread.onSpinWait();
                }
              } catch (CancelledException e) {
                seen.set(e);
                throw e;
              }
            };
        Task<?> working =
            async(() -> {
              if (processors) {
                parallel(work);
              } else {
                blocking(work);
              }
            });
        blocking(() -> begun.await());
        working.cancel("stop");
        CancellationException out = assertThrows(CancellationException.class, working::await);
        assertTrue(out.getMessage().contains("stop"), out.getMessage());
        assertNotNull(seen.get());
      });
    }
  }

  @Test
  void lo18_aWorkerThatCallsBackIntoTheLoopIsInterruptedThere() throws Exception {
    Async.run(() -> {
      Loop loop = Loop.current();
      CountDownLatch begun = new CountDownLatch(1);
      Task<?> working =
          async(() ->
              blocking(() -> {
                Task<?> callback =
                    loop.submit(() -> {
                      begun.countDown();
                      sleep(ofMinutes(10));
                    });
                try {
                  callback.get();
                } catch (InterruptedException e) {
                  callback.cancel("its caller was cancelled");
                  trail.add("interrupted");
                  throw e;
                }
              }));
      blocking(() -> begun.await());
      working.cancel("stop");
      assertThrows(CancellationException.class, working::await);
      assertEquals(Future.State.CANCELLED, working.state());
    });
    trail.expect("interrupted");
  }

  @Test
  void lo18_aWorkerIsNoTask() throws Exception {
    Async.run(() -> {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> blocking(() -> sleep(ofMillis(1))));
      assertTrue(refused.getMessage().contains("only inside a task"), refused.getMessage());
      assertNull(blocking(() -> null));
      checkpoint();
    });
  }

  @Test
  void lo18_aPoolsThreadKeepsNoInterruptOfTheWorkBefore() throws Exception {
    Async.run(() -> {
      for (int i = 0; i < 20; i++) {
        CountDownLatch begun = new CountDownLatch(1);
        Task<?> working =
            async(() ->
                parallel(() -> {
                  begun.countDown();
                  while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                  }
                }));
        checkpoint();
        blocking(() -> begun.await());
        working.cancel("stop");
        working.await();
        for (int k = 0; k < 4; k++) {
          assertFalse(parallel(() -> Thread.currentThread().isInterrupted()));
        }
      }
    });
  }
}
