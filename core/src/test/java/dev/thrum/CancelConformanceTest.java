package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Cancelling tasks (CX).
@ParameterizedClass(name = "{0}")
@EnumSource
class CancelConformanceTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  CancelConformanceTest(Tidy tidy) {
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

  /// Checks that an await of a cancelled task gets a plain exception with the reason.
  private static CancellationException assertAwaitIsCancelled(String reason, Task<?> task) {
    var thrown = assertThrows(CancellationException.class, () -> await(task));
    assertEquals(CancellationException.class, thrown.getClass());
    assertTrue(thrown.getMessage().contains(reason), thrown.getMessage());
    assertEquals(new Outcome.Cancelled<>(reason), task.outcome());
    return thrown;
  }

  // CX-05

  @Test
  void cx05_selfCancelThrowsAtTheNextSuspension() {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            assertTrue(current().cancel("myself"));
            trail.add("goes on");
            assertEquals(
                "myself", assertThrows(CancelledException.class, () -> sleep(ZERO)).reason());
            assertThrows(CancelledException.class, () -> checkpoint());
            sleepUntilCancelled("task");
          });
      assertAwaitIsCancelled("myself", task);
      assertTrue(task.isCancelled());
      trail.expect("goes on", "task cancelled");
    });
  }

  @Test
  void cx05_aTaskThatReturnsAfterItsSelfCancelKeepsItsValue() {
    tidy.run(() -> {
      Task<String> task =
          async(() -> {
            current().cancel("myself");
            return "value";
          });
      assertEquals("value", await(task));
      assertEquals(Future.State.SUCCESS, task.state());
      assertFalse(task.isCancelled());
    });
  }

  // CX-06

  @Test
  void cx06_selfCancelThenAwaitOfAChildCancelsTheChild() {
    tidy.run(() -> {
      CompletableFuture<Task<?>> child = new CompletableFuture<>();
      Task<?> task =
          async(() -> {
            child.complete(
                async(() -> {
                  trail.add("child began");
                  sleepUntilCancelled("child");
                }));
            current().cancel("myself");
            await(child.join());
            trail.add("not reached");
          });
      assertAwaitIsCancelled("myself", task);
      assertAwaitIsCancelled("myself", child.join());
      trail.expect("child began", "child cancelled");
    });
  }

  @Test
  void cx06_selfCancelOfATaskWhoseChildSleeps() {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            Task<?> child = async(() -> sleepUntilCancelled("child"));
            checkpoint();
            current().cancel("myself");
            await(child);
            trail.add("not reached");
          });
      assertAwaitIsCancelled("myself", task);
      trail.expect("child cancelled");
    });
  }

  // CX-07

  @Test
  void cx07_cancellingATaskCancelsTheFutureItAwaits() {
    tidy.run(() -> {
      CompletableFuture<String> future = new CompletableFuture<>();
      Task<?> task = async(() -> await(future));
      checkpoint();
      assertTrue(task.cancel("no longer needed"));
      assertAwaitIsCancelled("no longer needed", task);
      assertTrue(future.isCancelled());
    });
  }

  @Test
  void cx07_cancellingTheFutureEndsTheAwaitWithAPlainCancellation() {
    tidy.run(() -> {
      CompletableFuture<String> future = new CompletableFuture<>();
      Task<String> task =
          async(() -> {
            var thrown = assertThrows(CancellationException.class, () -> await(future));
            assertFalse(thrown instanceof CancelledException);
            checkpoint(); // the task itself is not cancelled
            return "went on";
          });
      checkpoint();
      future.cancel(true);
      assertEquals("went on", await(task));
    });
  }

  @Test
  void cx07_cancellingBothAtOnceIsFine() {
    tidy.run(() -> {
      for (boolean futureFirst : new boolean[] {true, false}) {
        CompletableFuture<String> future = new CompletableFuture<>();
        Task<?> task =
            async(() -> {
              try {
                await(future);
              } catch (CancellationException e) {
                trail.add(e.getClass().getSimpleName());
              }
              checkpoint();
              trail.add("not reached");
            });
        checkpoint();
        if (futureFirst) {
          future.cancel(true);
          task.cancel("both");
        } else {
          task.cancel("both");
          future.cancel(true);
        }
        assertAwaitIsCancelled("both", task);
      }
      // What arrived is delivered; who of the two was first decides nothing else.
      trail.expect("CancellationException", "CancellationException");
    });
  }

  @Test
  void cx07_cancellingTheAwaitedTaskEndsTheAwaitWithAPlainCancellation() {
    tidy.run(() -> {
      Task<?> inner = async(() -> sleepUntilCancelled("inner"));
      Task<String> task =
          async(() -> {
            assertAwaitIsCancelled("not needed", inner);
            checkpoint();
            return "went on";
          });
      checkpoint();
      inner.cancel("not needed");
      assertEquals("went on", await(task));
      trail.expect("inner cancelled");
    });
  }

  @Test
  void cx07_cancellingTheAwaiterLeavesATaskThatIsNotItsOwnAlone() {
    tidy.run(() -> {
      Task<String> inner =
          async(() -> {
            sleep(ofSeconds(2));
            return "value";
          });
      Task<?> task = async(() -> await(inner));
      sleep(ofSeconds(1));
      task.cancel("no longer needed");
      assertAwaitIsCancelled("no longer needed", task);
      assertFalse(inner.isDone());
      assertEquals("value", await(inner));
    });
  }

  @Test
  void cx07_cancellingTheAwaiterAndTheAwaitedAtOnceIsFine() {
    tidy.run(() -> {
      for (boolean innerFirst : new boolean[] {true, false}) {
        Task<?> inner = async(() -> sleepUntilCancelled("inner"));
        Task<?> task = async(() -> await(inner));
        checkpoint();
        if (innerFirst) {
          inner.cancel("both");
          task.cancel("both");
        } else {
          task.cancel("both");
          inner.cancel("both");
        }
        assertAwaitIsCancelled("both", task);
        assertAwaitIsCancelled("both", inner);
      }
      trail.expect("inner cancelled", "inner cancelled");
    });
  }

  @Test
  void cx07_cancellingTheAwaitedTaskThatItsAwaiterStartedLeavesTheAwaiterAlone() {
    tidy.run(() -> {
      Task<?> inner = async(() -> sleepUntilCancelled("inner"));
      Task<?> canceller =
          async(() -> {
            sleep(ofSeconds(1));
            assertTrue(inner.cancel("not needed"));
          });
      assertAwaitIsCancelled("not needed", inner);
      checkpoint();
      await(canceller);
      trail.expect("inner cancelled");
    });
  }

  @Test
  void cx07_cancellingTheAwaiterCancelsTheTaskThatItStartedAndAwaits() {
    tidy.run(() -> {
      Task<?> awaiter =
          async(() -> {
            Task<?> inner = async(() -> sleepUntilCancelled("inner"));
            try {
              await(inner);
            } catch (CancelledException e) {
              assertEquals("no longer needed", e.reason());
              throw e;
            }
          });
      sleep(ofSeconds(1));
      awaiter.cancel("no longer needed");
      assertAwaitIsCancelled("no longer needed", awaiter);
      trail.expect("inner cancelled");
    });
  }

  // CX-09

  @Test
  void cx09_theReasonOfACancelBeforeTheStartIsKept() {
    tidy.run(() -> {
      Task<?> task = async(() -> sleep(ofHours(1)));
      assertTrue(task.cancel("too early"));
      assertFalse(task.cancel("second"));
      assertAwaitIsCancelled("too early", task);
      assertFalse(task.cancel("too late"));
    });
  }

  @Test
  void cx09_theReasonIsSeenWhereverTheEndIs() {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            sleepSoundly();
          });
      checkpoint();
      task.cancel("wake up");
      var awaited = assertAwaitIsCancelled("wake up", task);
      var cause = assertInstanceOf(CancelledException.class, awaited.getCause());
      assertEquals("wake up", cause.reason());
      assertTrue(
          Arrays.stream(cause.getStackTrace())
              .anyMatch(frame ->
                  frame.getMethodName().equals("sleepSoundly")
                      && frame.getClassName().equals(CancelConformanceTest.class.getName())),
          () -> Arrays.toString(cause.getStackTrace()));
      var got = assertThrows(CancellationException.class, task::get);
      assertTrue(got.getMessage().contains("wake up"));
      assertThrows(IllegalStateException.class, task::exceptionNow);
      assertThrows(IllegalStateException.class, task::resultNow);
      assertEquals(Future.State.CANCELLED, task.state());
    });
  }

  @Test
  void cx09_theReasonIsSeenByAnotherThread() throws Exception {
    CompletableFuture<Task<?>> published = new CompletableFuture<>();
    CompletableFuture<String> seen = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          var thrown = assertThrows(CancellationException.class, () -> published.join().get());
          seen.complete(thrown.getMessage());
        });
    VirtualTime.run(() -> {
      Task<?> task = async(() -> sleep(ofHours(1)));
      published.complete(task);
      checkpoint();
      task.cancel("wake up");
    });
    assertTrue(seen.get().contains("wake up"));
  }

  private static void sleepSoundly() {
    sleep(ofHours(1));
  }

  // CX-10

  @Test
  void cx10_cancellingASleeperCancelsItsTimer() {
    tidy.run(() -> {
      var timers = TaskImpl.current("a test").loop.timers;
      List<Task<?>> sleepers =
          List.of(async(() -> sleep(ofHours(1))), async(() -> sleep(ofHours(2))));
      checkpoint();
      assertEquals(2, timers.size());
      sleepers.get(0).cancel("no more");
      assertEquals(1, timers.size());
      sleepers.get(1).cancel("no more");
      assertEquals(0, timers.size());
    });
  }

  // CX-11

  @Test
  void cx11_aTaskThatAwaitsItselfIsRefused() {
    tidy.run(() -> {
      assertThrows(IllegalStateException.class, () -> await(current()));
      assertThrows(IllegalStateException.class, () -> current().get());
      Task<?> child =
          async(() -> {
            assertThrows(IllegalStateException.class, () -> await(current()));
            checkpoint();
          });
      await(child);
    });
  }

  @Test
  void cx11_aTaskThatAwaitsItsOwnerIsRefused() {
    tidy.run(() -> {
      Task<?> owner = current();
      Task<?> child =
          async(() -> {
            var thrown = assertThrows(DeadlockException.class, () -> await(owner));
            assertTrue(thrown.getMessage().contains("main"), thrown.getMessage());
          });
      await(child);
    });
  }

  @Test
  void cx11_twoTasksThatAwaitEachOtherAreRefused() {
    tidy.run(() -> {
      CompletableFuture<Task<String>> second = new CompletableFuture<>();
      Task<String> first = async("first", () -> await(second.join()));
      second.complete(
          async(
              "second",
              () -> {
                assertThrows(DeadlockException.class, () -> await(first));
                return "value";
              }));
      assertEquals("value", await(first));
    });
  }

  @Test
  void cx11_aTaskOfAnotherLoopCanBeAwaited() throws Exception {
    var boom = new IOException("boom");
    CompletableFuture<List<Task<?>>> published = new CompletableFuture<>();
    CompletableFuture<String> release = new CompletableFuture<>();
    var running = new AtomicBoolean();
    var other =
        Thread.ofPlatform()
            .start(() ->
                Async.run(() -> {
                  Task<?> value =
                      async(() -> {
                        running.set(true);
                        return "value " + await(release);
                      });
                  Task<?> failing =
                      Loop.current()
                          .submit(() -> {
                            await(release);
                            throw boom;
                          });
                  Task<?> cancelled = async(() -> sleep(ofHours(1)));
                  published.complete(List.of(value, failing, cancelled));
                  await(release);
                  sleep(ofMillis(5));
                  cancelled.cancel("no more");
                  await(value);
                }));
    tidy.run(() -> {
      List<Task<?>> tasks = await(published);
      Task<?> releaser = async(() -> release.complete("x"));
      assertEquals("value x", await(tasks.get(0)));
      await(releaser);
      assertSame(boom, assertThrows(IOException.class, () -> await(tasks.get(1))));
      var thrown = assertThrows(CancellationException.class, () -> await(tasks.get(2)));
      assertFalse(thrown instanceof CancelledException);
      assertTrue(running.get());
    });
    other.join();
  }
}
