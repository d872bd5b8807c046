package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.deadline;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.sleepUntil;
import static dev.thrum.Async.timeout;
import static dev.thrum.Async.timeoutOr;
import static java.time.Duration.ZERO;
import static java.time.Duration.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Timeouts (TO).
@ParameterizedClass(name = "{0}")
@EnumSource
class TimeoutConformanceTest {
  private static final Throwable[] NONE = {};

  private final Tidy tidy;
  private final Trail trail = new Trail();

  TimeoutConformanceTest(Tidy tidy) {
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

  // TO-02

  @Test
  void to02_aDeadlineOfNowThrowsAtTheFirstSuspensionOnly() {
    tidy.run(() -> {
      List<VoidBody<RuntimeException>> suspensions =
          List.of(
              () -> sleep(ZERO),
              () -> checkpoint(),
              () -> sleep(ofSeconds(1)),
              () -> sleepUntil(now().minusSeconds(1)));
      for (var suspension : suspensions) {
        var began = now();
        assertThrows(
            TimeoutException.class,
            () ->
                timeout(
                    ZERO,
                    () -> {
                      trail.add("entered");
                      suspension.run();
                      trail.add("not reached");
                    }));
        assertEquals(began, now());
      }
      trail.expect("entered", "entered", "entered", "entered");
    });
  }

  @Test
  void to02_aBodyThatNeverSuspendsIsNotTimedOut() throws Exception {
    tidy.run(() -> {
      assertEquals(5, timeout(ZERO, () -> 5));
      assertEquals(6, timeoutOr(ZERO, 0, () -> 6));
      assertEquals(
          0,
          timeoutOr(
              ZERO,
              0,
              () -> {
                checkpoint();
                return 7;
              }));
      checkpoint();
    });
  }

  @Test
  void to02_aChildOfATimeoutOfNowRunsToItsFirstSuspension() {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ZERO,
                  () -> {
                    async(() -> {
                      trail.add("child began");
                      sleepUntilCancelled("child");
                    });
                  }));
      trail.expect("child began", "child cancelled: timed out after 0 ns");
    });
  }

  // TO-03

  @Test
  void to03_anOutsideCancelBeforeTheDeadlineStaysACancellation() {
    tidy.run(() -> {
      CompletableFuture<Timeout> handle = new CompletableFuture<>();
      Task<?> task =
          async(() -> {
            var thrown =
                assertThrows(
                    CancelledException.class,
                    () ->
                        timeout(
                            ofSeconds(10),
                            t -> {
                              handle.complete(t);
                              sleepUntilCancelled("body");
                            }));
            trail.add("left");
            throw thrown;
          });
      sleep(ofSeconds(1));
      task.cancel("from outside");
      checkpoint();
      checkpoint();
      assertEquals(new Outcome.Cancelled<>("from outside"), task.outcome());
      assertFalse(handle.join().expired());
      trail.expect("body cancelled: from outside", "left");
    });
  }

  @Test
  void to03_aDeadlineThatPassesDuringTheCleanupOfACancellationDoesNotCount() {
    tidy.run(() -> {
      CompletableFuture<Timeout> handle = new CompletableFuture<>();
      Task<?> task =
          async(() ->
              timeout(
                  ofSeconds(10),
                  t -> {
                    handle.complete(t);
                    try {
                      sleepUntilCancelled("body");
                    } finally {
                      shield(() -> sleep(ofSeconds(60)));
                    }
                  }));
      sleep(ofSeconds(1));
      task.cancel("from outside");
      var thrown = assertThrows(CancellationException.class, () -> await(task));
      assertFalse(thrown instanceof CancelledException);
      assertEquals(new Outcome.Cancelled<>("from outside"), task.outcome());
      trail.expect("body cancelled: from outside");
    });
  }

  // TO-04

  @Test
  void to04_afterATimeoutTheTaskWorksOn() {
    tidy.run(() -> {
      Task<String> task =
          async(() -> {
            assertThrows(
                TimeoutException.class, () -> timeout(ofSeconds(1), () -> sleep(ofHours(1))));
            checkpoint();
            var before = now();
            sleep(ofSeconds(2));
            assertEquals(ofSeconds(2), between(before, now()));
            assertEquals(3, await(async(() -> 3)));
            return "done";
          });
      assertEquals("done", await(task));
    });
  }

  @Test
  void to04_afterATimeoutInTheJdkTheThreadIsNotInterrupted() throws Exception {
    tidy.run(() -> {
      if (Engines.confined()) {
        assertThrows(
            TimeoutException.class, () -> timeout(ofSeconds(1), () -> Thread.sleep(60_000)));
      } else {
        timeout(ofMillis(1), () -> Thread.sleep(5)); // holds the loop and ends in its own time
      }
      assertFalse(Thread.currentThread().isInterrupted());
      Thread.sleep(1);
      checkpoint();
    });
  }

  // TO-05

  @Test
  void to05_aTimeoutInTheShieldedCleanupOfACancellationFires() {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            try {
              sleepUntilCancelled("body");
            } finally {
              var before = now();
              shield(() -> {
                assertThrows(
                    TimeoutException.class,
                    () -> timeout(ofSeconds(3), () -> sleepUntilCancelled("cleanup")));
              });
              assertEquals(ofSeconds(3), between(before, now()));
            }
          });
      sleep(ofSeconds(1));
      task.cancel("from outside");
      assertThrows(CancellationException.class, () -> await(task));
      assertEquals(new Outcome.Cancelled<>("from outside"), task.outcome());
      trail.expect("body cancelled: from outside", "cleanup cancelled: timed out after 3 s");
    });
  }

  @Test
  void to05_aCancelInsideTheCleanupsTimeoutWinsOverIt() {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            try {
              sleepUntilCancelled("body");
            } finally {
              shield(() ->
                  timeout(
                      ofSeconds(3),
                      t -> {
                        t.cancel("enough");
                        sleepUntilCancelled("cleanup");
                      }));
              trail.add("cleaned up");
            }
          });
      sleep(ofSeconds(1));
      task.cancel("from outside");
      assertThrows(CancellationException.class, () -> await(task));
      trail.expect("body cancelled: from outside", "cleanup cancelled: enough", "cleaned up");
    });
  }

  @Test
  void to05_withoutAShieldTheOlderCancelIsSeenInsideTheTimeout() {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            try {
              sleepUntilCancelled("body");
            } finally {
              timeout(
                  ofSeconds(3),
                  () -> {
                    trail.add("entered");
                    sleepUntilCancelled("cleanup");
                  });
            }
          });
      sleep(ofSeconds(1));
      task.cancel("from outside");
      assertThrows(CancellationException.class, () -> await(task));
      assertEquals(new Outcome.Cancelled<>("from outside"), task.outcome());
      trail.expect("body cancelled: from outside", "entered", "cleanup cancelled: from outside");
    });
  }

  // TO-06

  @Test
  void to06_anotherExceptionAtExpiryComesOutWithTheTimeoutSuppressed() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  timeout(
                      ofSeconds(1),
                      () -> {
                        try {
                          sleep(ofHours(1));
                        } finally {
                          fail(boom);
                        }
                      }));
      assertSame(boom, thrown);
      assertEquals(1, thrown.getSuppressed().length);
      var timeout = assertInstanceOf(TimeoutException.class, thrown.getSuppressed()[0]);
      assertEquals("timed out after 1 s", timeout.getMessage());
      checkpoint();
    });
  }

  @Test
  void to06_anExceptionBeforeTheDeadlineComesOutAlone() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      var thrown = assertThrows(IOException.class, () -> timeout(ofSeconds(1), () -> fail(boom)));
      assertSame(boom, thrown);
      assertArrayEquals(NONE, thrown.getSuppressed());
    });
  }

  @Test
  void to06_aChildsExceptionInAGroupInsideComesOutWithTheTimeoutSuppressed() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  timeout(
                      ofSeconds(1),
                      () ->
                          scope(s -> {
                            s.async(() -> {
                              try {
                                sleep(ofHours(1));
                              } catch (CancelledException e) {
                                throw boom;
                              }
                            });
                            sleep(ofHours(1));
                          })));
      assertSame(boom, thrown);
      assertEquals(1, thrown.getSuppressed().length);
      assertInstanceOf(TimeoutException.class, thrown.getSuppressed()[0]);
    });
  }

  @Test
  void to06_aFailureDuringTheTimeoutIsNotAnsweredWithTheFallback() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  timeoutOr(
                      ofSeconds(1),
                      "fallback",
                      () -> {
                        try {
                          sleep(ofHours(1));
                          return "value";
                        } finally {
                          fail(boom);
                        }
                      }));
      assertSame(boom, thrown);
    });
  }

  private static void fail(IOException failure) throws IOException {
    throw failure;
  }

  // TO-08

  @Test
  void to08_aDeadlineCanBeMovedOut() throws Exception {
    tidy.run(() -> {
      var began = now();
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(1),
                  t -> {
                    assertEquals(Optional.of(began.plusSeconds(1)), t.when());
                    t.reschedule(ofSeconds(5));
                    assertEquals(Optional.of(began.plusSeconds(5)), t.when());
                    assertEquals(Optional.of(began.plusSeconds(5)), deadline());
                    sleep(ofHours(1));
                  }));
      assertEquals(ofSeconds(5), between(began, now()));
    });
  }

  @Test
  void to08_aDeadlineCanBeMovedIn() throws Exception {
    tidy.run(() -> {
      var began = now();
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(9),
                  t -> {
                    sleep(ofSeconds(1));
                    t.reschedule(ofSeconds(2));
                    sleep(ofHours(1));
                  }));
      assertEquals(ofSeconds(3), between(began, now()));
    });
  }

  @Test
  void to08_aDeadlineMovedToNowThrowsAtTheNextSuspension() throws Exception {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(9),
                  t -> {
                    t.reschedule(ZERO);
                    assertTrue(t.expired());
                    trail.add("goes on");
                    checkpoint();
                    trail.add("not reached");
                  }));
      trail.expect("goes on");
    });
  }

  @Test
  void to08_aDeadlineCanBeTakenAway() throws Exception {
    tidy.run(() -> {
      var began = now();
      timeout(
          ofSeconds(1),
          t -> {
            t.disarm();
            assertEquals(Optional.empty(), t.when());
            assertEquals(Optional.empty(), deadline());
            sleep(ofSeconds(3));
            assertFalse(t.expired());
            t.reschedule(ofSeconds(1));
            assertEquals(Optional.of(began.plusSeconds(4)), t.when());
          });
      assertEquals(ofSeconds(3), between(began, now()));
    });
  }

  @Test
  void to08_aDeadlineCannotBeMovedWhileItExpires() {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(1),
                  t -> {
                    try {
                      sleep(ofHours(1));
                    } finally {
                      assertTrue(t.expired());
                      assertThrows(IllegalStateException.class, () -> t.reschedule(ofSeconds(1)));
                      assertThrows(IllegalStateException.class, t::disarm);
                      trail.add("checked");
                    }
                  }));
      trail.expect("checked");
    });
  }

  @Test
  void to08_aDeadlineCannotBeMovedAfterTheTimeoutWasLeft() throws Exception {
    tidy.run(() -> {
      CompletableFuture<Timeout> expired = new CompletableFuture<>();
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(1),
                  t -> {
                    expired.complete(t);
                    sleep(ofHours(1));
                  }));
      CompletableFuture<Timeout> finished = new CompletableFuture<>();
      timeout(
          ofSeconds(1),
          t -> {
            finished.complete(t);
          });
      for (var left : List.of(expired.join(), finished.join())) {
        assertThrows(IllegalStateException.class, () -> left.reschedule(ofSeconds(1)));
        assertThrows(IllegalStateException.class, left::disarm);
        assertEquals(Optional.empty(), left.when());
      }
      assertTrue(expired.join().expired());
      assertFalse(finished.join().expired());
      sleep(ofSeconds(9));
      assertFalse(finished.join().expired());
    });
  }

  // TO-09

  @Test
  void to09_bothDeadlinesPassedWhileTheLoopWasBusy() {
    var time = new VirtualTime();
    tidy.run(
        time,
        () -> {
          var outer =
              assertThrows(
                  TimeoutException.class,
                  () ->
                      timeout(
                          ofSeconds(2),
                          () -> {
                            var inner =
                                assertThrows(
                                    TimeoutException.class,
                                    () ->
                                        timeout(
                                            ofSeconds(1),
                                            () -> {
                                              time.advance(ofSeconds(10));
                                              sleepUntilCancelled("inner body");
                                            }));
                            assertEquals("timed out after 1 s", inner.getMessage());
                            sleepUntilCancelled("outer body");
                          }));
          assertEquals("timed out after 2 s", outer.getMessage());
          assertArrayEquals(NONE, outer.getSuppressed());
          trail.expect(
              "inner body cancelled: timed out after 1 s",
              "outer body cancelled: timed out after 2 s");
        });
  }

  @Test
  void to09_theInnerTimeoutPassesAndTheOuterOneInterruptsItsCleanupsEnd() {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(2),
                  () -> {
                    assertThrows(
                        TimeoutException.class,
                        () ->
                            timeout(
                                ofSeconds(1),
                                () -> {
                                  try {
                                    sleep(ofHours(1));
                                  } finally {
                                    shield(() -> sleep(ofSeconds(5)));
                                  }
                                }));
                    sleepUntilCancelled("outer body");
                  }));
      trail.expect("outer body cancelled: timed out after 2 s");
    });
  }

  @Test
  void to09_onlyTheOuterDeadlinePassed() {
    var time = new VirtualTime();
    tidy.run(
        time,
        () -> {
          CompletableFuture<Timeout> inner = new CompletableFuture<>();
          var outer =
              assertThrows(
                  TimeoutException.class,
                  () ->
                      timeout(
                          ofSeconds(1),
                          () -> {
                            timeout(
                                ofSeconds(60),
                                t -> {
                                  inner.complete(t);
                                  time.advance(ofSeconds(10));
                                  sleepUntilCancelled("body");
                                });
                            trail.add("not reached");
                          }));
          assertEquals("timed out after 1 s", outer.getMessage());
          assertFalse(inner.join().expired());
          trail.expect("body cancelled: timed out after 1 s");
        });
  }

  @Test
  void to09_theOuterDeadlinePassedFirst() {
    var time = new VirtualTime();
    tidy.run(
        time,
        () -> {
          var outer =
              assertThrows(
                  TimeoutException.class,
                  () ->
                      timeout(
                          ofSeconds(1),
                          () -> {
                            timeout(
                                ofSeconds(2),
                                () -> {
                                  time.advance(ofSeconds(10));
                                  sleepUntilCancelled("body");
                                });
                            trail.add("not reached");
                          }));
          assertEquals("timed out after 1 s", outer.getMessage());
          trail.expect("body cancelled: timed out after 1 s");
        });
  }

  // TO-10

  @Test
  void to10_aTimeoutInTheFinallyOfAnExpiredOne() {
    tidy.run(() -> {
      var began = now();
      var thrown =
          assertThrows(
              TimeoutException.class,
              () ->
                  timeout(
                      ofSeconds(1),
                      () -> {
                        try {
                          sleep(ofHours(1));
                        } finally {
                          shield(() -> timeout(ofSeconds(2), () -> sleep(ofHours(1))));
                        }
                      }));
      assertEquals(ofSeconds(3), between(began, now()));
      assertEquals("timed out after 2 s", thrown.getMessage());
      assertEquals(1, thrown.getSuppressed().length);
      assertEquals("timed out after 1 s", thrown.getSuppressed()[0].getMessage());
      assertInstanceOf(TimeoutException.class, thrown.getSuppressed()[0]);
    });
  }

  @Test
  void to10_aTimeoutInTheFinallyThatIsHandledLeavesTheOuterOne() {
    tidy.run(() -> {
      var thrown =
          assertThrows(
              TimeoutException.class,
              () ->
                  timeout(
                      ofSeconds(1),
                      () -> {
                        try {
                          sleep(ofHours(1));
                        } finally {
                          assertEquals(
                              "late",
                              shield(() ->
                                  timeoutOr(
                                      ofSeconds(2),
                                      "late",
                                      () -> {
                                        sleep(ofHours(1));
                                        return "in time";
                                      })));
                        }
                      }));
      assertEquals("timed out after 1 s", thrown.getMessage());
      assertArrayEquals(NONE, thrown.getSuppressed());
    });
  }

  // TO-12

  @Test
  void to12_theTimeCountsFromTheEntry() {
    var time = new VirtualTime();
    tidy.run(
        time,
        () -> {
          Task<Duration> task =
              async(() -> {
                var entered = now();
                assertThrows(
                    TimeoutException.class, () -> timeout(ofSeconds(1), () -> sleep(ofHours(1))));
                return between(entered, now());
              });
          time.advance(ofSeconds(5));
          assertEquals(ofSeconds(1), await(task));
        });
  }

  @Test
  void to12_aNegativeTimeIsRefused() throws Exception {
    tidy.run(() -> {
      var less = ofNanos(-1);
      VoidBody<RuntimeException> body = () -> trail.add("ran");
      assertThrows(IllegalArgumentException.class, () -> timeout(less, body));
      assertThrows(IllegalArgumentException.class, () -> timeout(less, t -> t.cancel("ran")));
      assertThrows(IllegalArgumentException.class, () -> timeoutOr(less, 1, () -> 2));
      assertThrows(IllegalArgumentException.class, () -> shield(less, body));
      assertThrows(IllegalArgumentException.class, () -> sleep(less));
      timeout(
          ofSeconds(1),
          t -> {
            var before = t.when();
            assertThrows(IllegalArgumentException.class, () -> t.reschedule(less));
            assertEquals(before, t.when());
            checkpoint();
          });
      checkpoint();
      trail.expect();
    });
  }

  @Test
  void to12_aDeadlineThatHasPassedCannotBeTakenBack() throws Exception {
    var time = new VirtualTime();
    tidy.run(
        time,
        () -> {
          assertThrows(
              TimeoutException.class,
              () ->
                  timeout(
                      ofSeconds(1),
                      t -> {
                        time.advance(ofSeconds(2));
                        assertThrows(IllegalStateException.class, () -> t.reschedule(ofSeconds(5)));
                        assertThrows(IllegalStateException.class, t::disarm);
                        checkpoint();
                      }));
        });
  }

  // TO-13

  @Test
  void to13_anExplicitCancelBeforeTheDeadlineIsNoTimeout() throws Exception {
    tidy.run(() -> {
      var began = now();
      timeout(
          ofSeconds(10),
          t -> {
            async(() -> {
              sleep(ofSeconds(1));
              assertTrue(t.cancel("enough"));
            });
            sleepUntilCancelled("body");
          });
      assertEquals(ofSeconds(1), between(began, now()));
      trail.expect("body cancelled: enough");
    });
  }

  @Test
  void to13_anExplicitCancelOfAValuedBodyIsAPlainCancellation() {
    tidy.run(() -> {
      var thrown =
          assertThrows(
              CancellationException.class,
              () ->
                  timeout(
                      ofSeconds(10),
                      t -> {
                        t.cancel("enough");
                        checkpoint();
                        return "value";
                      }));
      assertEquals(CancellationException.class, thrown.getClass());
      assertEquals("enough", thrown.getMessage());
      checkpoint();
    });
  }

  @Test
  void to13_aDeadlineThatPassesAfterAnExplicitCancelDoesNotCount() throws Exception {
    tidy.run(() -> {
      timeout(
          ofSeconds(10),
          t -> {
            t.cancel("enough");
            try {
              sleepUntilCancelled("body");
            } finally {
              shield(() -> sleep(ofSeconds(60)));
              assertFalse(t.expired());
            }
          });
      trail.expect("body cancelled: enough");
    });
  }
}
