package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.deadline;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.supervise;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ZERO;
import static java.time.Duration.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Cancel scopes and nurseries (TC).
@ParameterizedClass(name = "{0}")
@EnumSource
class CancelScopeConformanceTest {
  private static final Throwable[] NONE = {};

  private final Tidy tidy;
  private final Trail trail = new Trail();
  private boolean deepest;

  CancelScopeConformanceTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private void sleepUntilCancelled(String who) {
    try {
      sleep(ofHours(1));
      trail.add(who + " slept on");
    } catch (CancelledException e) {
      trail.add(who + " cancelled: " + e.reason());
      throw e;
    }
  }

  // TC-03

  @Test
  void tc03_aCancelThatNoSuspensionSawEvaporates() {
    tidy.run(() -> {
      CompletableFuture<Scope> kept = new CompletableFuture<>();
      scope(s -> {
        kept.complete(s);
        s.cancel("unseen");
        assertTrue(s.isCancelled());
      });
      assertEquals(
          "value",
          scope(s -> {
            s.cancel("unseen");
            return "value";
          }));
      checkpoint();
      sleep(ofSeconds(1));
      assertFalse(kept.join().cancel("too late"));
    });
  }

  @Test
  void tc03_aCancelOfAnOuterScopeStaysWhenTheInnerOneIsLeft() {
    tidy.run(() -> {
      scope(outer -> {
        scope(inner -> {
          inner.cancel("inner");
          outer.cancel("outer");
        });
        sleepUntilCancelled("outer body");
      });
      checkpoint();
      trail.expect("outer body cancelled: outer");
    });
  }

  @Test
  void tc03_aFailureAfterAnUnseenCancelComesOut() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      assertSame(
          boom,
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    s.cancel("unseen");
                    throw boom;
                  })));
      checkpoint();
    });
  }

  // TC-05

  @Test
  void tc05_aDeadlineFiresInsideItsShield() {
    tidy.run(() -> {
      var began = now();
      Task<?> task =
          async(() -> {
            assertThrows(
                TimeoutException.class,
                () -> shield(() -> timeout(ofSeconds(3), () -> sleepUntilCancelled("shielded"))));
            sleepUntilCancelled("unshielded");
          });
      sleep(ofSeconds(1));
      task.cancel("from outside");
      assertThrows(CancellationException.class, () -> await(task));
      assertEquals(ofSeconds(3), between(began, now()));
      trail.expect("shielded cancelled: timed out after 3 s", "unshielded cancelled: from outside");
    });
  }

  @Test
  void tc05_theGraceOfAShieldCountsFromTheCancel() {
    tidy.run(() -> {
      var began = now();
      Task<?> task = async(() -> shield(ofSeconds(3), () -> sleepUntilCancelled("shielded")));
      sleep(ofSeconds(10));
      task.cancel("from outside");
      assertThrows(CancellationException.class, () -> await(task));
      assertEquals(ofSeconds(13), between(began, now()));
      trail.expect("shielded cancelled: from outside");
    });
  }

  @Test
  void tc05_theGraceOfAShieldInACancelledScopeCountsFromItsEntry() {
    tidy.run(() -> {
      var began = now();
      scope(s -> {
        s.cancel("enough");
        shield(ofSeconds(3), () -> sleepUntilCancelled("shielded"));
        trail.add("not reached");
      });
      assertEquals(ofSeconds(3), between(began, now()));
      scope(s -> {
        s.cancel("enough");
        shield(ZERO, () -> sleepUntilCancelled("no grace"));
      });
      trail.expect("shielded cancelled: enough", "no grace cancelled: enough");
    });
  }

  @Test
  void tc05_aShieldHidesTheOuterDeadline() {
    tidy.run(() -> {
      var began = now();
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(1),
                  () -> {
                    shield(() -> {
                      assertEquals(Optional.empty(), deadline());
                      sleep(ofSeconds(3));
                    });
                    assertEquals(ofSeconds(3), between(began, now()));
                    checkpoint();
                  }));
    });
  }

  // TC-06

  @Test
  void tc06_aCancelBeforeTheEntryIsSeenInside() {
    tidy.run(() -> {
      scope(outer -> {
        outer.cancel("early");
        scope(inner -> {
          trail.add("entered");
          assertTrue(inner.isCancelled());
          inner.async(() -> {
            trail.add("child began");
            checkpoint();
            trail.add("not reached");
          });
          checkpoint();
          trail.add("not reached");
        });
        trail.add("not reached");
      });
      trail.expect("entered", "child began");
    });
  }

  @Test
  void tc06_aScopeIsForOneUse() {
    tidy.run(() -> {
      CompletableFuture<Scope> kept = new CompletableFuture<>();
      scope(s -> {
        kept.complete(s);
      });
      var left = kept.join();
      assertFalse(left.cancel("too late"));
      assertFalse(left.isCancelled());
      assertThrows(IllegalStateException.class, () -> left.async(() -> trail.add("ran")));
      scope(s -> {
        assertFalse(s.isCancelled());
        checkpoint();
      });
      trail.expect();
    });
  }

  @Test
  void tc06_aScopeTakesChildrenOfItsOwnLoopOnly() throws Exception {
    tidy.run(() -> {
      scope(s -> {
        blocking(() -> {
          assertThrows(WrongThreadException.class, () -> s.async(() -> trail.add("ran")));
          assertThrows(WrongThreadException.class, () -> s.background(() -> trail.add("ran")));
        });
        blocking(() ->
            Runner.builder()
                .ctrlC(Runner.CtrlC.NEVER)
                .run(() -> {
                  assertThrows(WrongThreadException.class, () -> s.async(() -> trail.add("ran")));
                }));
      });
      trail.expect();
    });
  }

  @Test
  void tc06_aScopeCanBeCancelledByAnyThread() {
    tidy.run(() -> {
      scope(s -> {
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> cancelled.complete(s.cancel("from a thread")));
        assertThrows(
            CancelledException.class,
            () -> {
              while (true) {
                checkpoint();
              }
            });
        assertTrue(cancelled.join());
        trail.add("cancelled");
        checkpoint();
      });
      trail.expect("cancelled");
    });
  }

  @Test
  void tc06_aScopeThatIsLeftByAnotherTaskIsStillItsHosts() {
    tidy.run(() -> {
      scope(s -> {
        Task<?> child =
            s.async(() -> {
              s.cancel("by a child");
              assertThrows(CancelledException.class, () -> checkpoint());
            });
        assertThrows(CancelledException.class, () -> await(child));
      });
      checkpoint();
    });
  }

  // TC-07

  @Test
  void tc07_aScopeTakesItsOwnCancellationsOutAndLeavesTheRest() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      var late = new IllegalStateException("late");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    s.async(() -> sleepUntilCancelled("quiet"));
                    s.async(() -> {
                      try {
                        sleep(ofHours(1));
                      } finally {
                        fail(boom);
                      }
                    });
                    s.async(() -> {
                      try {
                        sleep(ofHours(1));
                      } catch (CancelledException e) {
                        throw late;
                      }
                    });
                    checkpoint();
                    s.cancel("enough");
                    sleepUntilCancelled("body");
                  }));
      assertSame(boom, thrown);
      assertArrayEquals(new Throwable[] {late}, thrown.getSuppressed());
      assertArrayEquals(NONE, late.getSuppressed());
      checkpoint();
      trail.expect("body cancelled: enough", "quiet cancelled: enough");
    });
  }

  private static void fail(IOException failure) throws IOException {
    throw failure;
  }

  // TC-10

  @Test
  void tc10_aCancelledScopeThatWaitsForAShieldDoesNotSpin() {
    var steps = new AtomicInteger();
    Instrument counter =
        new Instrument() {
          @Override
          public void stepBegin(Task<?> task, long nanos) {
            steps.incrementAndGet();
          }
        };
    tidy.run(() -> {
      Loop.current().attach(counter);
      scope(s -> {
        Task<?> done = s.async(() -> 1);
        await(done);
        s.async(() -> shield(() -> sleep(ofHours(1))));
        s.async(() -> shield(() -> await(done)));
        checkpoint();
        s.cancel("enough");
      });
    });
    assertTrue(steps.get() > 0);
    assertTrue(steps.get() < 30, "steps: " + steps);
  }

  @Test
  void tc10_aTaskThatWaitsOnInTheJdkIsInterruptedWithGrowingPauses() {
    if (!Engines.confined()) {
      // A wait of the JDK holds the loop here: only another thread can cancel, and it interrupts.
      assertInterruptedByAnotherThread();
      return;
    }
    tidy.run(() -> {
      var interrupts = new AtomicInteger();
      var began = now();
      scope(s -> {
        s.async(() -> {
          while (between(began, now()).compareTo(ofSeconds(10)) < 0) {
            try {
              Thread.sleep(60_000);
            } catch (InterruptedException e) {
              interrupts.incrementAndGet();
            }
          }
        });
        sleep(ofSeconds(1));
        s.cancel("enough");
      });
      assertTrue(interrupts.get() > 10, "interrupts: " + interrupts);
      assertTrue(interrupts.get() < 1000, "interrupts: " + interrupts);
    });
  }

  private void assertInterruptedByAnotherThread() {
    tidy.run(() -> {
      scope(s -> {
        var task = Thread.currentThread();
        Thread.ofPlatform()
            .start(() -> {
              while (task.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
              }
              s.cancel("enough");
            });
        assertThrows(InterruptedException.class, () -> Thread.sleep(60_000));
        sleepUntilCancelled("body");
      });
    });
  }

  // TC-11

  @Test
  void tc11_theFirstReasonWins() {
    tidy.run(() -> {
      scope(s -> {
        assertTrue(s.cancel("first"));
        assertFalse(s.cancel("second"));
        assertEquals("first", assertThrows(CancelledException.class, () -> checkpoint()).reason());
      });
      Task<?> task = async(() -> sleepUntilCancelled("task"));
      checkpoint();
      task.cancel("first");
      task.cancel("second");
      assertThrows(CancellationException.class, () -> await(task));
      assertEquals(new Outcome.Cancelled<>("first"), task.outcome());
      trail.expect("task cancelled: first");
    });
  }

  @Test
  void tc11_aReasonThatCameToTheInnerScopeFirstStays() {
    tidy.run(() -> {
      scope(outer -> {
        scope(inner -> {
          inner.cancel("inner");
          outer.cancel("outer");
          sleepUntilCancelled("inner body");
        });
        sleepUntilCancelled("outer body");
      });
      trail.expect("inner body cancelled: inner", "outer body cancelled: outer");
    });
  }

  @Test
  void tc11_theReasonOfAGroupNamesTheChildAndItsFailure() {
    tidy.run(() -> {
      var boom = new IOException("disk full");
      assertThrows(
          IOException.class,
          () ->
              scope(s -> {
                s.async(
                    "writer",
                    () -> {
                      throw boom;
                    });
                var reason =
                    assertThrows(CancelledException.class, () -> sleep(ofHours(1))).reason();
                assertTrue(reason.contains("writer"), reason);
                assertTrue(reason.contains("disk full"), reason);
              }));
    });
  }

  @Test
  void tc11_inDebugModeTheExceptionShowsWhoAsked() {
    Runner.builder()
        .time(new VirtualTime())
        .debug(true)
        .run(() -> {
          scope(s -> {
            cancelFromHere(s);
            var thrown = assertThrows(CancelledException.class, () -> checkpoint());
            assertEquals(1, thrown.getSuppressed().length);
            var asked = List.of(thrown.getSuppressed()[0].getStackTrace());
            assertTrue(
                asked.stream().anyMatch(frame -> frame.getMethodName().equals("cancelFromHere")));
          });
        });
  }

  private static void cancelFromHere(Scope scope) {
    scope.cancel("enough");
  }

  // TC-13

  @Test
  void tc13_thousandsOfNestedScopes() {
    tidy.run(() -> {
      scope(s -> {
        s.async(() -> {
          sleep(ofSeconds(1));
          s.cancel("enough");
        });
        async(this::keepSwitching);
        nest(5_000);
      });
      trail.expect("innermost cancelled: enough");
      checkpoint();
    });
  }

  /// Lets every checkpoint of another task move that one's frames to the heap, so that a deep
  /// recursion needs no large stack.
  private void keepSwitching() {
    while (!deepest) {
      checkpoint();
    }
  }

  private void nest(int depth) {
    checkpoint();
    deepest = depth == 0;
    if (depth == 0) {
      sleepUntilCancelled("innermost");
    } else {
      scope(_ -> {
        nest(depth - 1);
      });
    }
  }

  @Test
  void tc13_thousandsOfEqualDeadlines() {
    tidy.run(() -> {
      var began = now();
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        tasks.add(
            async(() ->
                assertThrows(
                    TimeoutException.class, () -> timeout(ofSeconds(1), () -> sleep(ofHours(1))))));
      }
      for (Task<?> task : tasks) {
        await(task);
      }
      assertEquals(ofSeconds(1), between(began, now()));
    });
  }

  @Test
  void tc13_thousandsOfNestedTimeoutsWithOneDeadline() {
    tidy.run(() -> {
      var converted = new AtomicInteger();
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(1),
                  () -> {
                    async(this::keepSwitching);
                    nestTimeouts(2_000, converted);
                  }));
      assertEquals(0, converted.get());
      trail.expect("innermost cancelled: timed out after 1 s");
    });
  }

  private void nestTimeouts(int depth, AtomicInteger converted) throws TimeoutException {
    checkpoint();
    deepest = depth == 0;
    if (deepest) {
      sleepUntilCancelled("innermost");
      return;
    }
    try {
      timeout(
          ofSeconds(1),
          () -> {
            nestTimeouts(depth - 1, converted);
          });
    } catch (TimeoutException e) {
      converted.incrementAndGet();
      throw e;
    }
  }

  @Test
  void tc13_aTaskThatCancelsThousandsOfChildren() {
    tidy.run(() -> {
      var cancelled = new AtomicInteger();
      scope(s -> {
        for (int i = 0; i < 5_000; i++) {
          s.async(() -> {
            assertThrows(CancelledException.class, () -> sleep(ofHours(1)));
            cancelled.incrementAndGet();
          });
        }
        sleep(ofSeconds(1));
        s.cancel("enough");
      });
      assertEquals(5_000, cancelled.get());
    });
  }

  // TC-14

  @Test
  void tc14_theClockJumpsOnlyWhenEveryTaskWaits() {
    tidy.run(() -> {
      var began = now();
      Task<?> busy =
          async(() -> {
            for (int i = 0; i < 1_000; i++) {
              checkpoint();
              assertEquals(began, now());
            }
            trail.add("busy ended");
          });
      sleep(ofHours(1));
      assertTrue(busy.isDone());
      trail.add("hour over");
      assertEquals(ofHours(1), between(began, now()));
      trail.expect("busy ended", "hour over");
    });
  }

  @Test
  void tc14_theClockStandsStillWhileWorkOutsideIsUnderWay() {
    tidy.run(() -> {
      var began = now();
      Task<?> sleeper = async(() -> sleep(ofMillis(1)));
      CompletableFuture<String> arrival = new CompletableFuture<>();
      Task<Duration> waiter =
          async(() -> {
            await(arrival);
            return between(began, now());
          });
      checkpoint();
      arrival.complete("here");
      assertEquals(ZERO, await(waiter));
      await(sleeper);
      assertEquals(ofMillis(1), between(began, now()));
    });
  }

  // What a scope's own cancellation becomes, and what a supervisor does with failures.

  @Test
  void tc03_aBodyWithoutAValueThatItsScopeCancelledJustEnds() {
    tidy.run(() -> {
      scope(s -> {
        s.async(() -> {
          sleep(ofSeconds(1));
          s.cancel("enough");
        });
        sleepUntilCancelled("body");
      });
      trail.add("after");
      checkpoint();
      trail.expect("body cancelled: enough", "after");
    });
  }

  @Test
  void tc03_aBodyWithAValueThatItsScopeCancelledIsAPlainCancellation() {
    tidy.run(() -> {
      var thrown =
          assertThrows(
              CancellationException.class,
              () ->
                  scope(s -> {
                    s.cancel("enough");
                    checkpoint();
                    return "value";
                  }));
      assertEquals(CancellationException.class, thrown.getClass());
      assertEquals("enough", thrown.getMessage());
      assertInstanceOf(CancelledException.class, thrown.getCause());
      checkpoint();
    });
  }

  @Test
  void tc03_aValueIsKeptThoughItsScopeWasCancelled() {
    tidy.run(() -> {
      assertEquals(
          "value",
          scope(s -> {
            s.async(() -> sleepUntilCancelled("child"));
            checkpoint();
            s.cancel("enough");
            return "value";
          }));
      checkpoint();
      trail.expect("child cancelled: enough");
    });
  }

  @Test
  void tc07_aSupervisorReportsFailuresAndCancelsNobody() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      List<Throwable> heard = new ArrayList<>();
      supervise(
          (_, failure) -> heard.add(failure),
          s -> {
            s.async(() -> {
              throw boom;
            });
            Task<?> sibling =
                s.async(() -> {
                  sleep(ofSeconds(1));
                  trail.add("sibling ended");
                });
            await(sibling);
            assertFalse(s.isCancelled());
            assertEquals(Future.State.SUCCESS, sibling.state());
          });
      assertEquals(List.of(boom), heard);
      trail.expect("sibling ended");
    });
  }
}
