package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.now;
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
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What asyncio's `wait_for` promises, for a timeout around an await (WF).
@ParameterizedClass(name = "{0}")
@EnumSource
class WaitForConformanceTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  WaitForConformanceTest(Tidy tidy) {
    this.tidy = tidy;
  }

  // WF-02

  @Test
  void wf02_withNoTimeLeftNothingRunsPastItsFirstSuspension() {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ZERO,
                  () -> {
                    trail.add("body");
                    var child =
                        async(() -> {
                          trail.add("child");
                          checkpoint();
                          trail.add("child went on");
                          return 1;
                        });
                    await(child);
                    trail.add("body went on");
                  }));
      trail.expect("body", "child");
    });
  }

  // WF-03

  @Test
  void wf03_theTimeoutWaitsForTheCleanupOfWhatItAwaits() {
    tidy.run(() -> {
      var began = now();
      CompletableFuture<Task<?>> inner = new CompletableFuture<>();
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(1),
                  () -> {
                    inner.complete(
                        async(() -> {
                          try {
                            sleep(ofHours(1));
                          } finally {
                            shield(() -> sleep(ofSeconds(4)));
                            trail.add("cleaned up");
                          }
                        }));
                    await(inner.join());
                  }));
      trail.add("timed out");
      assertEquals(ofSeconds(5), between(began, now()));
      assertEquals(Future.State.CANCELLED, inner.join().state());
      trail.expect("cleaned up", "timed out");
    });
  }

  @Test
  void wf03_alsoWithNoTimeLeft() {
    tidy.run(() -> {
      var began = now();
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ZERO,
                  () -> {
                    try {
                      checkpoint();
                    } finally {
                      shield(() -> sleep(ofSeconds(4)));
                      trail.add("cleaned up");
                    }
                  }));
      assertEquals(ofSeconds(4), between(began, now()));
      trail.expect("cleaned up");
    });
  }

  // WF-04

  @Test
  void wf04_anErrorOfTheCleanupTakesTheTimeoutsPlace() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  timeout(
                      ofSeconds(1),
                      () -> {
                        await(
                            async(() -> {
                              try {
                                sleep(ofHours(1));
                              } catch (CancelledException e) {
                                throw boom;
                              }
                            }));
                      }));
      assertSame(boom, thrown);
      assertEquals(1, thrown.getSuppressed().length);
      assertInstanceOf(TimeoutException.class, thrown.getSuppressed()[0]);
    });
  }

  // WF-05

  @Test
  void wf05_aBodyThatSwallowsTheTimeoutReturnsItsValue() throws Exception {
    tidy.run(() -> {
      assertEquals(
          "value",
          timeout(
              ofSeconds(1),
              () -> {
                try {
                  sleep(ofHours(1));
                  return "slept on";
                } catch (CancelledException e) {
                  return "value";
                }
              }));
      assertEquals(
          "value",
          timeoutOr(
              ofSeconds(1),
              "fallback",
              () -> {
                try {
                  sleep(ofHours(1));
                  return "slept on";
                } catch (CancelledException e) {
                  return "value";
                }
              }));
      checkpoint();
    });
  }

  @Test
  void wf05_aTaskThatEndsInTheTickOfTheDeadlineGivesItsValue() throws Exception {
    var time = new VirtualTime();
    tidy.run(
        time,
        () -> {
          var inner =
              async(() -> {
                sleep(ofSeconds(1));
                time.advance(ofSeconds(5)); // the deadline passes while the value is on its way
                return "value";
              });
          assertEquals("value", timeout(ofSeconds(2), () -> await(inner)));
          checkpoint();
        });
  }

  // WF-07

  @Test
  void wf07_aCancelInTheTickInWhichTheAwaitedTaskEndsTakesEffectAtTheNextSuspension() {
    tidy.run(() -> {
      var inner =
          async(() -> {
            sleep(ofSeconds(1));
            return "value";
          });
      Task<?> waiter =
          async(() -> {
            trail.add("got " + timeout(ofSeconds(9), () -> await(inner)));
            checkpoint();
            trail.add("not reached");
          });
      checkpoint();
      // Its timer is younger than inner's: it runs after inner has ended, before the woken waiter.
      sleep(ofSeconds(1));
      assertTrue(inner.isDone());
      assertFalse(waiter.isDone());
      trail.expect();
      assertTrue(waiter.cancel("from outside"));
      checkpoint();
      assertEquals(new Outcome.Cancelled<>("from outside"), waiter.outcome());
      assertEquals("value", await(inner));
      trail.expect("got value");
    });
  }

  // WF-08

  @Test
  void wf08_aTaskOfAnOuterScopeOutlivesTheTimeoutOfItsAwait() throws Exception {
    tidy.run(() -> {
      var began = now();
      var inner =
          async(() -> {
            sleep(ofSeconds(3));
            return "value";
          });
      assertThrows(TimeoutException.class, () -> timeout(ofSeconds(1), () -> await(inner)));
      assertFalse(inner.isDone());
      assertThrows(TimeoutException.class, () -> timeout(ZERO, () -> await(inner)));
      assertFalse(inner.isDone());
      assertEquals(ofSeconds(1), between(began, now()));
      assertEquals("value", await(inner));
      assertEquals(ofSeconds(3), between(began, now()));
    });
  }

  @Test
  void wf08_aShieldedBodyIsNotCutShortByTheTimeout() throws Exception {
    tidy.run(() -> {
      var began = now();
      assertEquals(
          "value",
          timeout(
              ofSeconds(1),
              () ->
                  shield(() -> {
                    sleep(ofSeconds(3));
                    return "value";
                  })));
      assertEquals(ofSeconds(3), between(began, now()));
      checkpoint();
      assertArrayEquals(
          new Throwable[] {},
          assertThrows(
                  TimeoutException.class,
                  () ->
                      timeout(
                          ofSeconds(1),
                          () -> {
                            shield(() -> sleep(ofSeconds(3)));
                            checkpoint();
                          }))
              .getSuppressed());
    });
  }
}
