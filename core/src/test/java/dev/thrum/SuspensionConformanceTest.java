package dev.thrum;

import static dev.thrum.Async.asCompleted;
import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.awaitAll;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.forEachAll;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.mapAll;
import static dev.thrum.Async.now;
import static dev.thrum.Async.parallel;
import static dev.thrum.Async.race;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.settle;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.sleepUntil;
import static dev.thrum.Async.timeout;
import static dev.thrum.Async.timeoutOr;
import static java.time.Duration.ZERO;
import static java.time.Duration.between;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Where a task runs, waits, and is cancelled: S1 to S4, as far as they concern tasks.
@ParameterizedClass(name = "{0}")
@EnumSource
class SuspensionConformanceTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  SuspensionConformanceTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private static void assertCancelled(String reason, Task<?> task) {
    var thrown = assertThrows(CancellationException.class, () -> await(task));
    assertFalse(thrown instanceof CancelledException);
    assertEquals(new Outcome.Cancelled<>(reason), task.outcome());
  }

  // S1

  private void runToTheFirstSuspension() {
    trail.add("began");
    try {
      sleep(ofSeconds(1));
      trail.add("went on");
    } finally {
      trail.add("finally");
    }
  }

  @Test
  void s1_aTaskThatIsCancelledBeforeItStartsRunsToItsFirstSuspension() {
    tidy.run(() -> {
      Task<?> task = async(this::runToTheFirstSuspension);
      assertTrue(task.cancel("too early"));
      trail.expect();
      assertCancelled("too early", task);
      trail.expect("began", "finally");
    });
  }

  @Test
  void s1_aTaskThatNeverSuspendsKeepsItsValueThoughItWasCancelledBefore() {
    tidy.run(() -> {
      Task<String> task = async(() -> "value");
      task.cancel("too early");
      assertEquals("value", await(task));
      assertEquals(Future.State.SUCCESS, task.state());
    });
  }

  @Test
  void s1_aChildOfACancelledScopeRunsToItsFirstSuspension() {
    tidy.run(() -> {
      scope(s -> {
        s.cancel("enough");
        s.async(this::runToTheFirstSuspension);
      });
      trail.expect("began", "finally");
    });
  }

  @Test
  void s1_aChildWhoseScopeFailsBeforeItStartsRunsToItsFirstSuspension() {
    tidy.run(() -> {
      assertThrows(
          IOException.class,
          () ->
              scope(s -> {
                s.async(this::runToTheFirstSuspension);
                throw new IOException("boom");
              }));
      trail.expect("began", "finally");
    });
  }

  @Test
  void s1_aBackgroundChildWhoseOwnerEndsAtOnceRunsToItsFirstSuspension() {
    tidy.run(() -> {
      scope(s -> {
        s.background(this::runToTheFirstSuspension);
      });
      trail.expect("began", "finally");
    });
  }

  @Test
  void s1_aSubmittedTaskThatIsCancelledAtOnceRunsToItsFirstSuspension() {
    tidy.run(() -> {
      var loop = Loop.current();
      Task<?> task =
          blocking(() -> {
            Task<?> submitted = loop.submit(this::runToTheFirstSuspension);
            submitted.cancel("too early");
            return submitted;
          });
      assertCancelled("too early", task);
      trail.expect("began", "finally");
    });
  }

  @Test
  void s1_theMainTaskToo() {
    var caller = Thread.currentThread();
    caller.interrupt(); // cancels the main task, before it has started
    var thrown =
        assertThrows(
            CancellationException.class, () -> VirtualTime.run(this::runToTheFirstSuspension));
    assertFalse(thrown instanceof CancelledException);
    assertTrue(Thread.interrupted());
    trail.expect("began", "finally");
  }

  // S2

  /// Everything that can wait, in a case in which it need not.
  private Map<String, VoidBody<Exception>> operations() throws Exception {
    Task<Integer> done = async(() -> 1);
    await(done);
    CompletionStage<Integer> stage = CompletableFuture.completedStage(1);
    CompletableFuture<Integer> future = CompletableFuture.completedFuture(1);
    FutureTask<Integer> oldFuture = new FutureTask<>(() -> 1);
    oldFuture.run();
    Iterable<Task<? extends Integer>> completed = asCompleted(List.of(done));
    var past = now().minusSeconds(1);
    Map<String, VoidBody<Exception>> all = new LinkedHashMap<>();
    all.put("sleep", () -> sleep(ZERO));
    all.put("sleepUntil", () -> sleepUntil(past));
    all.put("checkpoint", () -> checkpoint());
    all.put("await task", () -> await(done));
    all.put("await class", () -> done.await(IOException.class));
    all.put("get", () -> done.get());
    all.put("get with a bound", () -> done.get(1, TimeUnit.HOURS));
    all.put("await stage", () -> await(stage));
    all.put("await completable future", () -> await(future));
    all.put("await future", () -> await((Future<Integer>) oldFuture));
    all.put("await publisher", () -> await(subscriber -> trail.add("subscribed")));
    all.put("gather none", () -> gather(List.<Body<Integer, RuntimeException>>of()));
    all.put("gather", () -> gather(() -> ran(1), () -> ran(2)));
    all.put("settle", () -> settle(() -> ran(1)));
    all.put("race", () -> race(() -> ran(1)));
    all.put("awaitAll none", () -> awaitAll(List.<Task<Integer>>of()));
    all.put("awaitAll", () -> awaitAll(List.of(done)));
    all.put("asCompleted", () -> completed.iterator().next());
    all.put("mapAll none", () -> mapAll(List.<Integer>of(), 1, this::ran));
    all.put("mapAll", () -> mapAll(List.of(1), 1, this::ran));
    all.put("forEachAll", () -> forEachAll(List.of(1), 1, this::ran));
    all.put("blocking", () -> blocking(() -> ran(1)));
    all.put("parallel", () -> parallel(() -> ran(1)));
    all.put("start", () -> scope(s -> s.<Integer>start(started -> ran(1))));
    return all;
  }

  private int ran(int value) {
    trail.add("ran " + value);
    return value;
  }

  @Test
  void s2_everyOperationThatCanWaitChecksForCancellationFirst() throws Exception {
    tidy.run(() -> {
      var operations = operations();
      scope(s -> {
        s.cancel("enough");
        operations.forEach((name, operation) -> {
          var thrown = assertThrows(CancelledException.class, operation::run, name);
          assertEquals("enough", thrown.reason(), name);
        });
        trail.add("all checked");
      });
      trail.expect("all checked");
      checkpoint();
    });
  }

  @Test
  void s2_whatCannotWaitDoesNotThrow() throws Exception {
    tidy.run(() -> {
      scope(s -> {
        s.cancel("enough");
        var before = now();
        assertEquals("1", scope(_ -> "1"));
        assertEquals("2", timeout(ofSeconds(1), () -> "2"));
        assertEquals("3", timeoutOr(ofSeconds(1), "0", () -> "3"));
        assertEquals("4", shield(() -> "4"));
        assertEquals("5", Async.run(() -> "5"));
        assertEquals(before, now());
        s.async(() -> 6);
        assertEquals("main", current().name());
      });
      checkpoint();
    });
  }

  @Test
  void s2_aShieldLetsEveryOperationWork() throws Exception {
    tidy.run(() -> {
      scope(s -> {
        s.cancel("enough");
        shield(() -> {
          checkpoint();
          var before = now();
          sleep(ofSeconds(1));
          assertEquals(ofSeconds(1), between(before, now()));
          assertEquals(1, await(async(() -> 1)));
          assertEquals(List.of(1, 2), gather(() -> 1, () -> 2));
          assertEquals(3, blocking(() -> 3));
          assertEquals(4, parallel(() -> 4));
        });
        assertThrows(CancelledException.class, () -> checkpoint());
      });
    });
  }

  // S3

  @Test
  void s3_theValueOfATaskBeatsALaterCancel() {
    tidy.run(() -> {
      Task<String> inner =
          async(() -> {
            sleep(ofSeconds(1));
            return "value";
          });
      // The inner task's timer is older: when this one is over, it has ended.
      assertDeliveredBeforeCancel(() -> await(inner), () -> sleep(ofSeconds(1)), "value");
    });
  }

  @Test
  void s3_theFailureOfATaskBeatsALaterCancel() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      Task<String> inner =
          async(() -> {
            sleep(ofSeconds(1));
            throw boom;
          });
      assertDeliveredBeforeCancel(
          () -> assertThrows(IOException.class, () -> await(inner)),
          () -> sleep(ofSeconds(1)),
          boom);
    });
  }

  @Test
  void s3_theValueOfAFutureBeatsALaterCancel() {
    tidy.run(() -> {
      CompletableFuture<String> future = new CompletableFuture<>();
      assertDeliveredBeforeCancel(() -> await(future), () -> future.complete("value"), "value");
      assertFalse(future.isCancelled());
    });
  }

  @Test
  void s3_theItemOfAPublisherBeatsALaterCancel() {
    tidy.run(() -> {
      try (var publisher =
          new SubmissionPublisher<String>(Runnable::run, Flow.defaultBufferSize())) {
        assertDeliveredBeforeCancel(() -> await(publisher), () -> publisher.submit("item"), "item");
        assertEquals(0, publisher.getNumberOfSubscribers());
      }
    });
  }

  /// Lets a task wait, ends its wait, cancels it before it runs, and checks that it gets the value
  /// and that its next suspension throws.
  private void assertDeliveredBeforeCancel(
      Body<?, Exception> wait, VoidBody<RuntimeException> end, Object value) {
    Task<?> waiter =
        async(() -> {
          assertEquals(value, wait.call());
          trail.add("delivered");
          checkpoint();
          trail.add("not reached");
        });
    checkpoint();
    end.run();
    trail.expect();
    assertTrue(waiter.cancel("too late"));
    assertCancelled("too late", waiter);
    trail.expect("delivered");
  }

  @Test
  void s3_aSleepThatIsOverBeatsALaterCancel() {
    tidy.run(() -> {
      Task<?> sleeper =
          async(() -> {
            sleep(ofSeconds(1));
            trail.add("woke up");
            checkpoint();
            trail.add("not reached");
          });
      sleep(ofSeconds(1)); // this timer is older: the sleeper is woken in the same turn, runs later
      assertTrue(sleeper.cancel("too late"));
      assertCancelled("too late", sleeper);
      trail.expect("woke up");
    });
  }

  @Test
  void s3_aValueThatComesAfterTheCancelIsDeliveredOrStaysWithItsTask() {
    tidy.run(() -> {
      CompletableFuture<String> future = new CompletableFuture<>();
      Task<String> waiter = async(() -> await(future));
      Task<String> inner =
          async(() -> {
            checkpoint();
            return "value";
          });
      Task<?> awaiter = async(() -> await(inner));
      checkpoint();
      waiter.cancel("enough");
      assertTrue(future.complete("value")); // nobody has cancelled it yet: the value is taken
      assertEquals("value", await(waiter));
      awaiter.cancel("enough");
      assertEquals("value", await(inner));
      assertTrue(awaiter.isDone());
    });
  }

  @Test
  void s3_aFailureThatNobodyTookComesOutOfTheOwner() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      Task<?> owner =
          async(() -> {
            Task<?> inner =
                async(() -> {
                  checkpoint();
                  checkpoint();
                  throw boom;
                });
            Task<?> awaiter = async(() -> await(inner));
            checkpoint();
            awaiter.cancel("enough"); // it is gone when the failure comes
            assertCancelled("enough", awaiter);
          });
      assertSame(boom, assertThrows(IOException.class, () -> await(owner)));
    });
  }

  @Test
  void s3_theResultOfBlockingWorkIsDeliveredThoughItsCallerIsCancelled() throws Exception {
    tidy.run(() -> {
      CountDownLatch running = new CountDownLatch(1);
      Task<?> caller =
          async(() -> {
            trail.add(
                blocking(() -> {
                  running.countDown();
                  try {
                    new CountDownLatch(1).await();
                    return "never";
                  } catch (InterruptedException e) {
                    return "interrupted, but here is the value";
                  }
                }));
            checkpoint();
            trail.add("not reached");
          });
      checkpoint();
      blocking(() -> running.await());
      caller.cancel("enough");
      assertCancelled("enough", caller);
      trail.expect("interrupted, but here is the value");
    });
  }

  // S4

  @Test
  void s4_aCallThatIsCancelledWhileItWaitsForASlotDoesNotTakeIt() {
    Runner.builder()
        .blockingLimit(1)
        .run(() -> {
          CountDownLatch free = new CountDownLatch(1);
          Task<?> holder = async(() -> blocking(() -> free.await()));
          Task<?> cancelled = async(() -> blocking(() -> trail.add("ran though cancelled")));
          Task<String> next = async(() -> blocking(() -> "next ran"));
          checkpoint();
          cancelled.cancel("enough");
          assertCancelled("enough", cancelled);
          assertFalse(next.isDone());
          free.countDown();
          assertEquals("next ran", await(next));
          assertTrue(holder.isDone());
          assertEquals("slot is free", blocking(() -> "slot is free"));
        });
    trail.expect();
  }

  @Test
  void s4_aCallThatIsCancelledAfterItGotASlotPassesItOn() throws Exception {
    Runner.builder()
        .blockingLimit(1)
        .run(() -> {
          CountDownLatch holding = new CountDownLatch(1);
          Task<?> holder =
              async(() ->
                  blocking(() -> {
                    holding.countDown();
                    new CountDownLatch(1).await();
                  }));
          Task<String> next = async(() -> blocking(() -> "next ran"));
          checkpoint();
          assertTrue(holding.await(60, TimeUnit.SECONDS));
          holder.cancel("enough");
          assertEquals("next ran", await(next));
          assertCancelled("enough", holder);
          assertEquals("slot is free", blocking(() -> "slot is free"));
        });
  }

  @Test
  void s4_anElementThatIsCancelledMakesRoomForTheNext() {
    tidy.run(() -> {
      forEachAll(
          List.of(1, 2, 3),
          1,
          i -> {
            if (i == 2) {
              current().cancel("skipped");
            }
            sleep(ofSeconds(1));
            trail.add("element " + i);
          });
      trail.expect("element 1", "element 3");
    });
  }
}
