package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Children that say when they are ready (TC-09).
@ParameterizedClass(name = "{0}")
@EnumSource
class StartConformanceTest {
  private static final Throwable[] NONE = {};

  private final Tidy tidy;
  private final Trail trail = new Trail();

  StartConformanceTest(Tidy tidy) {
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

  // TC-09

  @Test
  void tc09_startReturnsTheStartedValueAndTheChildRunsOn() {
    tidy.run(() -> {
      scope(s -> {
        String address =
            s.start(started -> {
              sleep(ofSeconds(1));
              started.set("address");
              trail.add("serving");
              sleep(ofSeconds(1));
              trail.add("served");
            });
        trail.add("got " + address);
      });
      trail.expect("serving", "got address", "served");
    });
  }

  @Test
  void tc09_anErrorBeforeStartedComesOutOfStartAlone() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      scope(s -> {
        var thrown =
            assertThrows(
                IOException.class,
                () ->
                    s.start(started -> {
                      sleep(ofSeconds(1));
                      throw boom;
                    }));
        assertSame(boom, thrown);
        assertArrayEquals(NONE, thrown.getSuppressed());
        assertFalse(s.isCancelled());
        checkpoint();
      });
    });
  }

  @Test
  void tc09_anErrorAfterStartedFailsTheScope() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    Integer value =
                        s.start(started -> {
                          started.set(1);
                          sleep(ofSeconds(1));
                          throw boom;
                        });
                    assertEquals(1, value);
                    sleep(ofHours(1));
                    trail.add("not reached");
                  }));
      assertSame(boom, thrown);
      assertArrayEquals(NONE, thrown.getSuppressed());
      trail.expect();
    });
  }

  @Test
  void tc09_aChildThatEndsWithoutSayingStartedIsAnError() {
    tidy.run(() -> {
      scope(s -> {
        assertThrows(IllegalStateException.class, () -> s.start(started -> checkpoint()));
        assertFalse(s.isCancelled());
        checkpoint();
      });
    });
  }

  @Test
  void tc09_aSecondStartedIsAnError() {
    tidy.run(() -> {
      var thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  scope(s -> {
                    String first =
                        s.start(started -> {
                          started.set("first");
                          started.set("second");
                        });
                    trail.add(first);
                    checkpoint();
                    trail.add("not reached");
                  }));
      assertArrayEquals(NONE, thrown.getSuppressed());
      trail.expect("first");
    });
  }

  @Test
  void tc09_aPendingStartKeepsTheScopeOpen() {
    tidy.run(() -> {
      scope(s -> {
        s.async(() -> {
          String value =
              s.start(started -> {
                sleep(ofSeconds(2));
                started.set("late");
                sleep(ofSeconds(1));
                trail.add("served");
              });
          trail.add("got " + value);
        });
      });
      trail.add("left");
      trail.expect("got late", "served", "left");
    });
  }

  @Test
  void tc09_aPendingStartOfAnotherTaskKeepsTheScopeOpen() {
    tidy.run(() -> {
      CompletableFuture<Scope> open = new CompletableFuture<>();
      Task<?> starter =
          async(() -> {
            String value =
                open.join()
                    .start(started -> {
                      sleep(ofSeconds(2));
                      started.set("late");
                    });
            trail.add("got " + value);
          });
      scope(s -> {
        open.complete(s);
        sleep(ofSeconds(1)); // the starter begins; then only its pending start is left
      });
      trail.add("left");
      await(starter);
      trail.expect("got late", "left");
    });
  }

  @Test
  void tc09_aCancelledStartCancelsAndJoinsTheChild() {
    tidy.run(() -> {
      scope(s -> {
        Task<?> starter =
            async(() -> {
              s.start(started -> {
                try {
                  sleepUntilCancelled("child");
                } finally {
                  shield(() -> sleep(ofSeconds(2)));
                  trail.add("child cleaned up");
                }
              });
              trail.add("not reached");
            });
        sleep(ofSeconds(1));
        starter.cancel("from outside");
        assertThrows(CancellationException.class, () -> await(starter));
        trail.add("starter ended");
        assertFalse(s.isCancelled());
      });
      trail.expect("child cancelled: from outside", "child cleaned up", "starter ended");
    });
  }

  @Test
  void tc09_aChildThatSaysStartedInTheTickOfTheCancelIsAdopted() {
    tidy.run(() -> {
      scope(s -> {
        Task<?> starter =
            async(() -> {
              String value =
                  s.start(started -> {
                    sleep(ofSeconds(1));
                    started.set("address");
                    sleep(ofSeconds(5));
                    trail.add("served");
                  });
              trail.add("got " + value);
              checkpoint();
              trail.add("not reached");
            });
        checkpoint();
        checkpoint();
        sleep(ofSeconds(1)); // runs after the child and before the starter, which the child woke
        assertTrue(starter.cancel("from outside"));
        assertThrows(CancellationException.class, () -> await(starter));
      });
      trail.expect("got address", "served");
    });
  }

  @Test
  void tc09_aChildThatSaysStartedOnlyInItsCleanupDoesNotHangTheCancelledStart() {
    tidy.run(() -> {
      scope(s -> {
        Task<?> starter =
            async(() -> {
              try {
                trail.add(
                    "got "
                        + s.<String>start(started -> {
                          try {
                            sleep(ofHours(1));
                          } catch (CancelledException e) {
                            started.set("late");
                            shield(() -> sleep(ofSeconds(1)));
                            trail.add("child cleaned up");
                            throw e;
                          }
                        }));
              } finally {
                trail.add("start ended");
              }
            });
        sleep(ofSeconds(1));
        starter.cancel("from outside");
        assertThrows(CancellationException.class, () -> await(starter));
      });
      trail.expect("child cleaned up", "start ended");
    });
  }

  @Test
  void tc09_aStartInACancelledScopeOfTheCallerStartsNothing() {
    tidy.run(() -> {
      scope(s -> {
        s.cancel("enough");
        s.start(started -> trail.add("ran"));
        trail.add("not reached");
      });
      trail.expect();
    });
  }
}
