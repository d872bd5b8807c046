package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static dev.thrum.Async.timeoutOr;
import static java.time.Duration.ZERO;
import static java.time.Duration.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What comes out of a timeout and of a scope that is left: S7 and S8.
@ParameterizedClass(name = "{0}")
@EnumSource
class LeavingConformanceTest {
  private static final Throwable[] NONE = {};

  private final Tidy tidy;
  private final Trail trail = new Trail();

  LeavingConformanceTest(Tidy tidy) {
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

  // S7

  @Test
  void s7_ofNestedTimeoutsWithOneDeadlineOnlyTheOutermostBecomesAnException() {
    tidy.run(() -> {
      var began = now();
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(2),
                  () -> {
                    assertThrows(
                        CancelledException.class,
                        () ->
                            timeout(
                                ofSeconds(2),
                                () -> {
                                  assertThrows(
                                      CancelledException.class,
                                      () ->
                                          timeout(
                                              ofSeconds(2),
                                              () -> {
                                                sleepUntilCancelled("body");
                                              }));
                                  checkpoint();
                                }));
                    trail.add("middle left");
                    checkpoint();
                  }));
      assertEquals(ofSeconds(2), between(began, now()));
      trail.expect("body cancelled", "middle left");
    });
  }

  @Test
  void s7_alsoIfTheInnerOneWasSetLaterForTheSameTime() {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(3),
                  () -> {
                    sleep(ofSeconds(1));
                    timeout(ofSeconds(2), () -> sleepUntilCancelled("body"));
                  }));
      trail.expect("body cancelled");
    });
  }

  @Test
  void s7_alsoIfTheOuterOneWasMovedToTheSameTime() {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(9),
                  outer -> {
                    assertThrows(
                        CancelledException.class,
                        () ->
                            timeout(
                                ofSeconds(2),
                                () -> {
                                  outer.reschedule(ofSeconds(2));
                                  sleepUntilCancelled("body");
                                }));
                    checkpoint();
                  }));
      trail.expect("body cancelled");
    });
  }

  @Test
  void s7_ofNestedTimeoutsOfNowOnlyTheOutermostBecomesAnException() {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ZERO,
                  () -> {
                    assertThrows(CancelledException.class, () -> timeout(ZERO, () -> checkpoint()));
                    checkpoint();
                  }));
      assertEquals(
          "outer",
          timeoutOr(
              ofSeconds(1),
              "outer",
              () ->
                  timeoutOr(
                      ofSeconds(1),
                      "inner",
                      () -> {
                        sleep(ofHours(1));
                        return "slept on";
                      })));
    });
  }

  @Test
  void s7_ofTimeoutsOfATaskAndItsChildWithOneDeadlineOnlyTheOutermostBecomesAnException() {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(2),
                  () -> {
                    Task<?> child =
                        async(() -> timeout(ofSeconds(2), () -> sleepUntilCancelled("child")));
                    sleep(ofHours(1));
                    await(child);
                  }));
      trail.expect("child cancelled");
    });
  }

  @Test
  void s7_aTimeoutWaitsForTheCleanupOfBodyAndChildren() {
    tidy.run(() -> {
      var began = now();
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(1),
                  () -> {
                    async(() -> {
                      try {
                        sleep(ofHours(1));
                      } finally {
                        shield(() -> sleep(ofSeconds(5)));
                        trail.add("child cleaned up");
                      }
                    });
                    try {
                      sleep(ofHours(1));
                    } finally {
                      shield(() -> sleep(ofSeconds(3)));
                      trail.add("body cleaned up");
                    }
                  }));
      assertEquals(ofSeconds(6), between(began, now()));
      trail.expect("body cleaned up", "child cleaned up");
    });
  }

  @Test
  void s7_aDeadlineThatCutsOnlyChildrenShortIsATimeout() {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(1),
                  () -> {
                    async(() -> sleepUntilCancelled("child"));
                    return "value";
                  }));
      trail.expect("child cancelled");
    });
  }

  // S8 and what else belongs to leaving a scope

  @Test
  void s8_anOutsideCancelWhileAFailureIsDrainedComesAfterTheFailure() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      scope(outer -> {
        outer.async(() -> {
          sleep(ofSeconds(2));
          outer.cancel("from outside");
        });
        var thrown =
            assertThrows(
                IOException.class,
                () ->
                    scope(s -> {
                      s.async(() -> {
                        try {
                          sleep(ofHours(1));
                        } finally {
                          shield(() -> sleep(ofSeconds(5)));
                        }
                      });
                      sleep(ofSeconds(1));
                      throw boom;
                    }));
        assertSame(boom, thrown);
        assertArrayEquals(NONE, thrown.getSuppressed());
        trail.add("failure caught");
        sleepUntilCancelled("outer body");
      });
      checkpoint();
      trail.expect("failure caught", "outer body cancelled");
    });
  }

  @Test
  void s8_anOutsideTimeoutWhileAFailureIsDrainedComesAfterTheFailure() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(2),
                  () -> {
                    assertSame(
                        boom,
                        assertThrows(
                            IOException.class,
                            () ->
                                scope(s -> {
                                  s.async(() -> {
                                    try {
                                      sleep(ofHours(1));
                                    } finally {
                                      shield(() -> sleep(ofSeconds(5)));
                                    }
                                  });
                                  sleep(ofSeconds(1));
                                  throw boom;
                                })));
                    trail.add("failure caught");
                    checkpoint();
                  }));
      trail.expect("failure caught");
    });
  }

  @Test
  void s8_anOutsideCancelThatCutsChildrenShortComesOutThoughTheBodyHasReturned() {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            var thrown =
                assertThrows(
                    CancelledException.class,
                    () ->
                        scope(s -> {
                          s.async(() -> sleepUntilCancelled("child"));
                          return "value";
                        }));
            assertEquals("from outside", thrown.reason());
            trail.add("scope left");
            throw thrown;
          });
      sleep(ofSeconds(1));
      task.cancel("from outside");
      assertCancelled("from outside", task);
      trail.expect("child cancelled", "scope left");
    });
  }

  @Test
  void s8_anOutsideCancelThatCutsNobodyShortLeavesTheValue() {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            assertEquals(
                "value",
                scope(s -> {
                  s.async(() -> shield(() -> sleep(ofSeconds(3))));
                  return "value";
                }));
            trail.add("scope left");
            sleepUntilCancelled("next suspension");
          });
      sleep(ofSeconds(1));
      task.cancel("from outside");
      assertCancelled("from outside", task);
      trail.expect("scope left", "next suspension cancelled");
    });
  }

  @Test
  void s8_aTaskThatReturnedIsCancelledIfItsChildrenWereCutShort() {
    tidy.run(() -> {
      Task<String> task =
          async(() -> {
            async(() -> sleepUntilCancelled("child"));
            return "value";
          });
      sleep(ofSeconds(1));
      assertFalse(task.isDone());
      task.cancel("from outside");
      assertCancelled("from outside", task);
      trail.expect("child cancelled");
    });
  }

  @Test
  void s8_aBackgroundChildIsCancelledAfterTheBodyAndTheOtherChildren() {
    tidy.run(() -> {
      scope(s -> {
        s.background(() -> sleepUntilCancelled("background"));
        s.async(() -> {
          sleep(ofSeconds(2));
          trail.add("child ended");
        });
        trail.add("body ended");
      });
      trail.add("left");
      trail.expect("body ended", "child ended", "background cancelled", "left");
    });
  }

  @Test
  void s8_aBackgroundChildThatFailsEndsItsScopeAtOnce() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      Task<?> task =
          async(() -> {
            background(() -> {
              sleep(ofSeconds(1));
              throw boom;
            });
            async(() -> sleepUntilCancelled("child"));
            sleepUntilCancelled("body");
          });
      assertSame(boom, assertThrows(IOException.class, () -> await(task)));
      assertArrayEquals(NONE, boom.getSuppressed());
      trail.expect("body cancelled", "child cancelled");
    });
  }

  @Test
  void s8_aBackgroundChildsChildrenEndWithIt() {
    tidy.run(() -> {
      var started = new AtomicInteger();
      scope(s -> {
        s.background(() -> {
          async(() -> {
            started.incrementAndGet();
            sleepUntilCancelled("grandchild");
          });
          sleepUntilCancelled("background");
        });
        sleep(ofSeconds(1));
      });
      assertEquals(1, started.get());
      trail.expect("background cancelled", "grandchild cancelled");
    });
  }
}
