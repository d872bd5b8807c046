package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static java.time.Duration.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Task groups (TG).
@ParameterizedClass(name = "{0}")
@EnumSource
class TaskGroupConformanceTest {
  private static final Throwable[] NONE = {};

  private final Tidy tidy;
  private final Trail trail = new Trail();

  TaskGroupConformanceTest(Tidy tidy) {
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

  private static void failAfter(Duration pause, Exception failure) throws Exception {
    sleep(pause);
    throw failure;
  }

  // TG-02

  @Test
  void tg02_firstFailureCancelsSiblingsAndBody() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      var began = now();
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    s.async(() -> sleepUntilCancelled("older"));
                    s.async(() -> failAfter(ofSeconds(1), boom));
                    s.async(() -> sleepUntilCancelled("younger"));
                    sleepUntilCancelled("body");
                  }));
      assertSame(boom, thrown);
      assertEquals(ofSeconds(1), between(began, now()));
      trail.expect("body cancelled", "older cancelled", "younger cancelled");
    });
  }

  @Test
  void tg02_cancellationsAreNotAmongTheFailures() {
    tidy.run(() -> {
      var first = new IOException("first");
      var second = new IllegalStateException("second");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    s.async(() -> failAfter(ofSeconds(1), first));
                    s.async(() -> sleepUntilCancelled("quiet"));
                    s.async(() -> {
                      try {
                        sleepUntilCancelled("loud");
                      } finally {
                        failAfter(Duration.ZERO, second);
                      }
                    });
                    sleep(ofHours(1));
                  }));
      assertSame(first, thrown);
      assertArrayEquals(NONE, second.getSuppressed());
      trail.expect("quiet cancelled", "loud cancelled");
    });
  }

  @Test
  void tg02_laterFailureIsSuppressedInTheFirst() {
    tidy.run(() -> {
      var first = new IOException("first");
      var second = new IllegalStateException("second");
      var third = new IllegalArgumentException("third");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    s.async(() -> failAfter(ofSeconds(1), first));
                    s.async(() -> {
                      try {
                        sleep(ofHours(1));
                      } catch (CancelledException e) {
                        throw second;
                      }
                    });
                    try {
                      sleep(ofHours(1));
                    } catch (CancelledException e) {
                      throw third;
                    }
                  }));
      assertSame(first, thrown);
      // The body runs before the children when a cancellation comes to both.
      assertArrayEquals(new Throwable[] {third, second}, thrown.getSuppressed());
    });
  }

  @Test
  void tg02_failureOfTheBodyCancelsTheChildren() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    s.async(() -> sleepUntilCancelled("child"));
                    failAfter(ofSeconds(1), boom);
                  }));
      assertSame(boom, thrown);
      assertArrayEquals(NONE, boom.getSuppressed());
      trail.expect("child cancelled");
    });
  }

  @Test
  void tg02_failureThatWasCaughtAtAwaitStillEndsTheGroup() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    Task<?> child = s.async(() -> failAfter(ofSeconds(1), boom));
                    s.async(() -> {
                      assertSame(boom, assertThrows(IOException.class, () -> await(child)));
                      trail.add("caught");
                      sleepUntilCancelled("catcher");
                    });
                    sleep(ofHours(1));
                  }));
      assertSame(boom, thrown);
      trail.expect("caught", "catcher cancelled");
    });
  }

  @Test
  void tg02_theBodyThatAwaitsTheFailingChildGetsTheFailureItself() {
    tidy.run(() -> {
      for (Duration pause : new Duration[] {Duration.ZERO, ofSeconds(1)}) {
        var boom = new IOException("boom");
        var thrown =
            assertThrows(
                IOException.class,
                () ->
                    scope(s -> {
                      Task<?> child = s.async(() -> failAfter(pause, boom));
                      assertSame(boom, assertThrows(IOException.class, () -> await(child)));
                      sleepUntilCancelled("body");
                    }));
        assertSame(boom, thrown);
      }
      trail.expect("body cancelled", "body cancelled");
    });
  }

  @Test
  void tg02_theBodyThatAwaitsAChildThatFailsAtOnceGetsTheFailureItself() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    Task<?> child =
                        s.async(() -> {
                          throw boom;
                        });
                    assertSame(boom, assertThrows(IOException.class, () -> await(child)));
                    sleepUntilCancelled("body");
                  }));
      assertSame(boom, thrown);
      trail.expect("body cancelled");
    });
  }

  // TG-03

  @Test
  void tg03_outsideCancelCancelsAndAwaitsEveryChild() {
    tidy.run(() -> {
      var began = now();
      Task<?> group =
          async(() -> {
            var thrown =
                assertThrows(
                    CancelledException.class,
                    () ->
                        scope(s -> {
                          s.async(() -> {
                            try {
                              sleepUntilCancelled("slow");
                            } finally {
                              shield(() -> sleep(ofSeconds(5)));
                              trail.add("slow cleaned up");
                            }
                          });
                          s.async(() -> sleepUntilCancelled("quick"));
                          sleepUntilCancelled("body");
                        }));
            assertEquals("from outside", thrown.reason());
            assertArrayEquals(NONE, thrown.getSuppressed());
            trail.add("group left");
            throw thrown;
          });
      sleep(ofSeconds(1));
      assertTrue(group.cancel("from outside"));
      assertEquals("from outside", reasonOfTheEndOf(group));
      assertEquals(ofSeconds(6), between(began, now()));
      trail.expect(
          "body cancelled", "slow cancelled", "quick cancelled", "slow cleaned up", "group left");
    });
  }

  @Test
  void tg03_outsideCancelReachesAGroupWhoseBodyHasEnded() {
    tidy.run(() -> {
      Task<?> group =
          async(() -> {
            assertThrows(
                CancelledException.class,
                () ->
                    scope(s -> {
                      s.async(() -> sleepUntilCancelled("first"));
                      s.async(() -> sleepUntilCancelled("second"));
                      return "value";
                    }));
            trail.add("group left");
            checkpoint();
            trail.add("not reached");
          });
      sleep(ofSeconds(1));
      group.cancel("from outside");
      assertEquals("from outside", reasonOfTheEndOf(group));
      trail.expect("first cancelled", "second cancelled", "group left");
    });
  }

  /// Waits for a task that is to be cancelled, and says why it was.
  private static String reasonOfTheEndOf(Task<?> task) {
    var thrown = assertThrows(CancellationException.class, () -> await(task));
    assertFalse(thrown instanceof CancelledException);
    return assertInstanceOf(Outcome.Cancelled.class, task.outcome()).reason();
  }

  // TG-05

  @Test
  void tg05_outsideCancelWhileAFailureIsDrainedIsSeenAtTheNextSuspension() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      Task<?> group =
          async(() -> {
            var thrown =
                assertThrows(
                    IOException.class,
                    () ->
                        scope(s -> {
                          s.async(() -> failAfter(ofSeconds(1), boom));
                          s.async(() -> {
                            try {
                              sleep(ofHours(1));
                            } finally {
                              shield(() -> sleep(ofSeconds(4)));
                            }
                          });
                          sleep(ofHours(1));
                        }));
            assertSame(boom, thrown);
            assertArrayEquals(NONE, thrown.getSuppressed());
            trail.add("failure caught");
            sleepUntilCancelled("next suspension");
          });
      sleep(ofSeconds(3));
      assertTrue(group.cancel("from outside"));
      assertEquals("from outside", reasonOfTheEndOf(group));
      trail.expect("failure caught", "next suspension cancelled");
    });
  }

  @Test
  void tg05_failureDuringAnOutsideCancelComesOutAndTheCancelIsNotLost() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      Task<?> group =
          async(() -> {
            var thrown =
                assertThrows(
                    IOException.class,
                    () ->
                        scope(s -> {
                          s.async(() -> {
                            try {
                              sleep(ofHours(1));
                            } catch (CancelledException e) {
                              throw boom;
                            }
                          });
                          sleepUntilCancelled("body");
                        }));
            assertSame(boom, thrown);
            sleepUntilCancelled("next suspension");
          });
      sleep(ofSeconds(1));
      group.cancel("from outside");
      assertEquals("from outside", reasonOfTheEndOf(group));
      trail.expect("body cancelled", "next suspension cancelled");
    });
  }

  // TG-06

  @Test
  void tg06_afterAHandledFailureTheTaskIsNotCancelled() {
    tidy.run(() -> {
      scope(outer -> {
        assertThrows(
            IOException.class,
            () ->
                scope(s -> {
                  s.async(() -> failAfter(ofSeconds(1), new IOException("boom")));
                  sleepUntilCancelled("body");
                }));
        assertFalse(outer.isCancelled());
        checkpoint();
        var before = now();
        sleep(ofSeconds(1));
        assertEquals(ofSeconds(1), between(before, now()));
        assertEquals(7, await(outer.async(() -> 7)));
      });
      trail.expect("body cancelled");
    });
  }

  @Test
  void tg06_afterAHandledFailureAJdkWaitIsNotInterrupted() throws Exception {
    tidy.run(() -> {
      assertThrows(
          IOException.class,
          () ->
              scope(s -> {
                Task<?> failing = s.async(() -> failAfter(ofSeconds(1), new IOException("boom")));
                if (Engines.confined()) {
                  assertThrows(InterruptedException.class, () -> Thread.sleep(60_000));
                } else {
                  Thread.sleep(1); // holds the loop: the child has not even started
                  assertFalse(failing.isDone());
                }
              }));
      assertFalse(Thread.currentThread().isInterrupted());
      Thread.sleep(1);
    });
  }

  // TG-07

  @Test
  void tg07_nestedGroupsThatFailTogetherEachRaiseTheirOwn() {
    tidy.run(() -> {
      for (boolean outerFirst : new boolean[] {true, false}) {
        var outerBoom = new IOException("outer");
        var innerBoom = new IllegalStateException("inner");
        var caught =
            assertThrows(
                IOException.class,
                () ->
                    scope(outer -> {
                      if (outerFirst) {
                        outer.async(() -> failAfter(ofSeconds(1), outerBoom));
                      }
                      var thrown =
                          assertThrows(
                              IllegalStateException.class,
                              () ->
                                  scope(inner -> {
                                    inner.async(() -> failAfter(ofSeconds(1), innerBoom));
                                    if (!outerFirst) {
                                      outer.async(() -> failAfter(ofSeconds(1), outerBoom));
                                    }
                                    sleep(ofHours(1));
                                  }));
                      assertSame(innerBoom, thrown);
                      assertTrue(outer.isCancelled());
                      sleepUntilCancelled("outer body");
                    }));
        assertSame(outerBoom, caught);
        assertArrayEquals(NONE, caught.getSuppressed());
        checkpoint();
      }
      trail.expect("outer body cancelled", "outer body cancelled");
    });
  }

  // TG-09

  @Test
  void tg09_innerFailureDuringTheOuterOneIsSuppressedInIt() {
    tidy.run(() -> {
      var outerBoom = new IOException("outer");
      var innerBoom = new IllegalStateException("inner");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  scope(outer -> {
                    outer.async(() -> failAfter(ofSeconds(1), outerBoom));
                    scope(inner -> {
                      inner.async(() -> {
                        try {
                          sleep(ofHours(1));
                        } catch (CancelledException e) {
                          throw innerBoom;
                        }
                      });
                      sleep(ofHours(1));
                    });
                  }));
      assertSame(outerBoom, thrown);
      assertArrayEquals(new Throwable[] {innerBoom}, thrown.getSuppressed());
    });
  }

  @Test
  void tg09_innerGroupThatWasOnlyCancelledAddsNothing() {
    tidy.run(() -> {
      var boom = new IOException("outer");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  scope(outer -> {
                    outer.async(() -> failAfter(ofSeconds(1), boom));
                    scope(inner -> {
                      inner.async(() -> sleepUntilCancelled("inner child"));
                      sleepUntilCancelled("inner body");
                    });
                  }));
      assertSame(boom, thrown);
      assertArrayEquals(NONE, thrown.getSuppressed());
      assertNull(thrown.getCause());
      trail.expect("inner body cancelled", "inner child cancelled");
    });
  }

  @Test
  void tg09_innerFailureComesOutOfBothGroupsUnwrapped() {
    tidy.run(() -> {
      var boom = new IOException("inner");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  scope(outer -> {
                    outer.async(() -> sleepUntilCancelled("outer child"));
                    scope(inner -> {
                      inner.async(() -> failAfter(ofSeconds(1), boom));
                    });
                  }));
      assertSame(boom, thrown);
      assertArrayEquals(NONE, thrown.getSuppressed());
      trail.expect("outer child cancelled");
    });
  }

  // TG-11

  /// What no program expects to go on after.
  private static final class Fatal extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void tg11_errorsComeOutOfTheBodyAsTheyAre() {
    tidy.run(() -> {
      for (Throwable fatal : new Throwable[] {new Fatal(), new InternalError("vm")}) {
        var thrown =
            assertThrows(
                fatal.getClass(),
                () ->
                    scope(s -> {
                      s.async(() -> sleepUntilCancelled("child"));
                      checkpoint();
                      throw fatal;
                    }));
        assertSame(fatal, thrown);
        assertArrayEquals(NONE, thrown.getSuppressed());
      }
      trail.expect("child cancelled", "child cancelled");
    });
  }

  @Test
  void tg11_errorsComeOutOfAChildAsTheyAre() {
    tidy.run(() -> {
      var fatal = new Fatal();
      var thrown =
          assertThrows(
              Fatal.class,
              () ->
                  scope(s -> {
                    s.async(() -> {
                      throw fatal;
                    });
                    sleepUntilCancelled("body");
                  }));
      assertSame(fatal, thrown);
      trail.expect("body cancelled");
    });
  }

  @Test
  void tg11_errorsComeOutOfTheRunAsTheyAre() {
    var fatal = new Fatal();
    var thrown =
        assertThrows(
            Fatal.class,
            () ->
                VirtualTime.run(() -> {
                  async(() -> sleepUntilCancelled("child"));
                  checkpoint();
                  throw fatal;
                }));
    assertSame(fatal, thrown);
    trail.expect("child cancelled");
  }

  // TG-13

  @Test
  void tg13_aGroupThatWasLeftTakesNoChild() {
    tidy.run(() -> {
      CompletableFuture<Scope> kept = new CompletableFuture<>();
      scope(s -> {
        kept.complete(s);
      });
      var left = kept.join();
      assertThrows(IllegalStateException.class, () -> left.async(() -> trail.add("ran")));
      assertThrows(IllegalStateException.class, () -> left.background(() -> trail.add("ran")));
      assertThrows(IllegalStateException.class, () -> left.start(started -> trail.add("ran")));
      sleep(ofSeconds(1));
      trail.expect();
    });
  }

  @Test
  void tg13_aGroupThatFailedTakesNoChildEither() {
    tidy.run(() -> {
      CompletableFuture<Scope> kept = new CompletableFuture<>();
      assertThrows(
          IOException.class,
          () ->
              scope(s -> {
                kept.complete(s);
                throw new IOException("boom");
              }));
      assertThrows(IllegalStateException.class, () -> kept.join().async(() -> trail.add("ran")));
      sleep(ofSeconds(1));
      trail.expect();
    });
  }

  @Test
  void tg13_aChildStartedWhileTheGroupShutsDownRunsToItsFirstSuspension() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    s.async(() -> failAfter(ofSeconds(1), boom));
                    try {
                      sleep(ofHours(1));
                    } finally {
                      s.async(() -> {
                        trail.add("late child began");
                        sleepUntilCancelled("late child");
                      });
                    }
                  }));
      assertSame(boom, thrown);
      trail.expect("late child began", "late child cancelled");
    });
  }

  @Test
  void tg13_aChildMayStartSiblingsAfterTheBodyHasEnded() {
    tidy.run(() -> {
      scope(s -> {
        s.async(() -> {
          sleep(ofSeconds(1));
          s.async(() -> {
            sleep(ofSeconds(1));
            trail.add("late sibling");
          });
          trail.add("child");
        });
      });
      trail.add("left");
      trail.expect("child", "late sibling", "left");
    });
  }

  // TG-17

  @Test
  void tg17_aGroupThatWasLeftKeepsNoException() throws Exception {
    tidy.run(() -> {
      CompletableFuture<Scope> kept = new CompletableFuture<>();
      WeakReference<Throwable> failure = failedGroup(kept, false);
      assertCollected(failure);
      assertFalse(kept.join().cancel("too late"));
    });
  }

  @Test
  void tg17_aGroupWhoseBodyFailedKeepsNoException() throws Exception {
    tidy.run(() -> {
      CompletableFuture<Scope> kept = new CompletableFuture<>();
      WeakReference<Throwable> failure = failedGroup(kept, true);
      assertCollected(failure);
      assertFalse(kept.join().cancel("too late"));
    });
  }

  private static WeakReference<Throwable> failedGroup(
      CompletableFuture<Scope> kept, boolean inBody) {
    var boom = new IOException("boom");
    try {
      scope(s -> {
        kept.complete(s);
        Body<Object, IOException> fail =
            () -> {
              throw boom;
            };
        if (inBody) {
          fail.run();
        } else {
          s.async(fail);
        }
      });
    } catch (IOException e) {
      return new WeakReference<>(e);
    }
    throw new AssertionError("the group did not fail");
  }

  @Test
  void tg17_aSiblingThatWasCancelledKeepsNoExceptionOfTheOther() throws Exception {
    tidy.run(() -> {
      CompletableFuture<Task<?>> sibling = new CompletableFuture<>();
      assertCollected(failedSibling(sibling));
      assertEquals(Future.State.CANCELLED, sibling.join().state());
    });
  }

  private static WeakReference<Throwable> failedSibling(CompletableFuture<Task<?>> sibling) {
    try {
      scope(s -> {
        sibling.complete(s.async(() -> sleep(ofHours(1))));
        s.async(() -> {
          throw new IOException("boom");
        });
      });
    } catch (Exception e) {
      return new WeakReference<>(e);
    }
    throw new AssertionError("the group did not fail");
  }

  private static void assertCollected(WeakReference<?> gone) {
    for (int i = 0; i < 50 && gone.get() != null; i++) {
      sleep(ofSeconds(1));
      System.gc();
    }
    assertNull(gone.get());
  }
}
