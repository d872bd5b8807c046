package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Waits of the JDK inside a task, and interrupts: S6.
@ParameterizedClass(name = "{0}")
@EnumSource
class JdkWaitConformanceTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  JdkWaitConformanceTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private void sleepUntilCancelled(String who) {
    try {
      sleep(ofHours(1));
      trail.add(who + " slept on");
    } catch (CancelledException e) {
      trail.add(who + " cancelled");
      throw e;
    }
  }

  private static void assertCancelled(String reason, Task<?> task) {
    var thrown = assertThrows(CancellationException.class, () -> await(task));
    assertFalse(thrown instanceof CancelledException);
    assertEquals(new Outcome.Cancelled<>(reason), task.outcome());
  }

  // S6

  @Test
  void s6_aCancelledJdkWaitIsInterruptedAndCountsAsTheCancellation() {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            cancelOnceItWaitsInTheJdk();
            try {
              Thread.sleep(60_000);
              trail.add("slept on");
            } catch (InterruptedException e) {
              trail.add("interrupted");
              throw e;
            }
          });
      assertCancelled("enough", task);
      var end = assertInstanceOf(CancelledException.class, ((TaskImpl<?>) task).failure());
      assertInstanceOf(InterruptedException.class, end.getCause());
      trail.expect("interrupted");
    });
  }

  @Test
  void s6_alsoWhenALibraryHidesTheInterrupt() {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            cancelOnceItWaitsInTheJdk();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              throw new IllegalStateException("could not get a connection", e);
            }
          });
      assertCancelled("enough", task);
    });
  }

  @Test
  void s6_anInterruptedWaitInAScopeThatIsLeftLeavesNoTrace() throws Exception {
    tidy.run(() -> {
      scope(s -> {
        cancelOnceItWaitsInTheJdk(s);
        Thread.sleep(60_000);
        trail.add("not reached");
      });
      assertFalse(Thread.currentThread().isInterrupted());
      Thread.sleep(1);
      checkpoint();
      trail.expect();
    });
  }

  @Test
  void s6_anInterruptThatWasSwallowedIsFollowedByACancelledSuspension() {
    tidy.run(() -> {
      scope(s -> {
        cancelOnceItWaitsInTheJdk(s);
        try {
          Thread.sleep(60_000);
        } catch (InterruptedException e) {
          trail.add("swallowed");
        }
        checkpoint();
        trail.add("not reached");
      });
      trail.expect("swallowed");
    });
  }

  @Test
  void s6_theNextJdkWaitIsInterruptedToo() throws Exception {
    if (!Engines.confined()) {
      // Here a wait of the JDK holds the loop, which cannot interrupt it; the next suspension
      // throws, as the test before this one shows.
      assertJdkWaitHoldsTheLoop();
      return;
    }
    tidy.run(() -> {
      scope(s -> {
        cancelOnceItWaitsInTheJdk(s);
        for (int i = 0; i < 3; i++) {
          assertThrows(InterruptedException.class, () -> Thread.sleep(60_000));
          trail.add("interrupted");
        }
      });
      trail.expect("interrupted", "interrupted", "interrupted");
    });
  }

  private void assertJdkWaitHoldsTheLoop() throws Exception {
    tidy.run(() -> {
      scope(s -> {
        async(() -> s.cancel("enough"));
        Thread.sleep(20);
        assertFalse(s.isCancelled());
        trail.add("slept on");
        checkpoint();
        checkpoint();
        trail.add("not reached");
      });
      trail.expect("slept on");
    });
  }

  @Test
  void s6_anInterruptedExceptionWithoutACancellationIsAFailure() {
    tidy.run(() -> {
      var own = new InterruptedException("mine");
      Task<?> task =
          async(() -> {
            throw own;
          });
      assertSame(own, assertThrows(InterruptedException.class, () -> await(task)));
      assertEquals(Future.State.FAILED, task.state());
    });
  }

  @Test
  void s6_anInterruptFromOutsideCancelsATaskThatWaits() {
    // In real time: an interrupt comes from beside the loop, and a virtual clock would not wait.
    Async.run(() -> {
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      Task<?> task =
          async(() -> {
            thread.complete(Thread.currentThread());
            sleepUntilCancelled("task");
          });
      checkpoint();
      thread.join().interrupt();
      assertThrows(CancellationException.class, () -> await(task));
      assertEquals(Future.State.CANCELLED, task.state());
      checkpoint(); // the main task is not cancelled
    });
    trail.expect("task cancelled");
  }

  @Test
  void s6_anInterruptOfATaskThatRunsIsSeenAtItsNextSuspension() {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            Thread.currentThread().interrupt();
            trail.add("goes on");
            sleepUntilCancelled("task");
          });
      assertThrows(CancellationException.class, () -> await(task));
      assertEquals(Future.State.CANCELLED, task.state());
      trail.expect("goes on", "task cancelled");
    });
  }

  @Test
  void s6_anInterruptOfAChildIsNotOneOfTheTaskThatAwaitsIt() {
    tidy.run(() -> {
      assertEquals(
          "value",
          await(
              async(() -> {
                Thread.currentThread().interrupt();
                return "value";
              })));
      assertFalse(Thread.currentThread().isInterrupted());
      checkpoint();
      sleep(ofSeconds(1));
    });
  }

  @Test
  void s6_anInterruptOfATaskIsNotOneOfTheChildThatItAwaits() {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            Task<String> child =
                async(() -> {
                  assertFalse(Thread.currentThread().isInterrupted());
                  return "value";
                });
            Thread.currentThread().interrupt();
            await(child);
            trail.add("not reached");
          });
      assertThrows(CancellationException.class, () -> await(task));
      assertEquals(Future.State.CANCELLED, task.state());
      trail.expect();
    });
  }

  @Test
  void s6_anAwaitedChildThatWaitsInTheJdkIsInterrupted() throws Exception {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            Task<?> child =
                async(() -> {
                  cancelOnceItWaitsInTheJdk();
                  Thread.sleep(60_000);
                });
            assertCancelled("enough", child);
            assertFalse(Thread.currentThread().isInterrupted());
            Thread.sleep(1);
            checkpoint();
          });
      await(task);
      if (Engines.confined()) {
        assertThrows(
            TimeoutException.class,
            () -> timeout(ofSeconds(1), () -> await(async(() -> Thread.sleep(60_000)))));
      }
      Thread.sleep(1);
      checkpoint();
    });
  }

  private static void cancelOnceItWaitsInTheJdk() {
    Task<?> task = current();
    cancelOnceItWaitsInTheJdk(() -> task.cancel("enough"));
  }

  private static void cancelOnceItWaitsInTheJdk(Scope scope) {
    cancelOnceItWaitsInTheJdk(() -> scope.cancel("enough"));
  }

  /// By another thread, since on the portable engine no other task runs meanwhile.
  private static void cancelOnceItWaitsInTheJdk(Runnable cancel) {
    Thread waiting = Thread.currentThread();
    Thread.ofPlatform()
        .start(() -> {
          while (waiting.getState() != Thread.State.WAITING
              && waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
          }
          cancel.run();
        });
  }
}
