package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.sync.CapacityLimiter;
import dev.thrum.sync.Semaphore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Semaphores (SE) and capacity limiters.
@ParameterizedClass(name = "{0}")
@EnumSource
class SemaphoreConformanceTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  SemaphoreConformanceTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private Task<?> acquirer(String name, Semaphore semaphore, int permits) {
    return async(
        name,
        () -> {
          semaphore.acquire(permits);
          trail.add(name);
        });
  }

  // SE-01

  @Test
  void se01_releaseHandsThePermitOverAndNobodySeesItMeanwhile() {
    tidy.run(() -> {
      var semaphore = Semaphore.create(1);
      semaphore.acquire();
      Task<?> waiter = acquirer("waiter", semaphore, 1);
      checkpoint();
      semaphore.release();
      assertEquals(0, semaphore.availablePermits());
      assertTrue(semaphore.isLocked());
      assertFalse(semaphore.tryAcquire());
      waiter.await();
      assertEquals(0, semaphore.availablePermits());
      semaphore.release();
      assertEquals(1, semaphore.availablePermits());
      assertFalse(semaphore.isLocked());
    });
  }

  @Test
  void se01_releasingSeveralServesTheWaitersInOrderAsFarAsTheyReach() {
    tidy.run(() -> {
      var semaphore = Semaphore.create(0, 10);
      scope(s -> {
        for (String name : List.of("first", "second", "third", "fourth")) {
          s.async(() -> {
            semaphore.acquire();
            trail.add(name);
          });
        }
        checkpoint();
        semaphore.release(3);
        assertEquals(0, semaphore.availablePermits());
        sleep(ofSeconds(1));
        trail.expect("first", "second", "third");
        semaphore.release(2);
      });
      trail.expect("first", "second", "third", "fourth");
      assertEquals(1, semaphore.availablePermits());
    });
  }

  @Test
  void se01_nobodyOvertakesOneWhoWaitsForMany() {
    tidy.run(() -> {
      var semaphore = Semaphore.create(3);
      semaphore.acquire(2);
      Task<?> many = acquirer("many", semaphore, 3);
      Task<?> one = acquirer("one", semaphore, 1);
      checkpoint();
      assertEquals(1, semaphore.availablePermits());
      assertTrue(semaphore.isLocked());
      assertFalse(semaphore.tryAcquire());
      semaphore.release();
      sleep(ofSeconds(1));
      trail.expect();
      semaphore.release();
      many.await();
      trail.expect("many");
      semaphore.release(3);
      one.await();
      trail.expect("many", "one");
      assertEquals(2, semaphore.availablePermits());
    });
  }

  @Test
  void se01_thereMayBeNoMorePermitsThanTheMaximum() {
    tidy.run(() -> {
      var semaphore = Semaphore.create("api", 2);
      var thrown = assertThrows(IllegalStateException.class, semaphore::release);
      assertEquals(
          "releasing 1 would give semaphore api more than 2 permits, of which 2 are free: release"
              + " once for each acquire, as withPermit(body) does; to signal with it, make it with"
              + " a higher maximum, create(permits, max)",
          thrown.getMessage());
      semaphore.acquire();
      assertThrows(IllegalStateException.class, () -> semaphore.release(2));
      assertEquals(1, semaphore.availablePermits());
      semaphore.release();
    });
  }

  // SE-03

  @Test
  void se03_aWaiterThatIsCancelledBeforeItIsServedTakesNothing() {
    tidy.run(() -> {
      var semaphore = Semaphore.create(1);
      semaphore.acquire();
      Task<?> first = acquirer("first", semaphore, 1);
      Task<?> second = acquirer("second", semaphore, 1);
      checkpoint();
      first.cancel("test");
      semaphore.release();
      second.await();
      assertThrows(CancellationException.class, first::await);
      semaphore.release();
      trail.expect("second");
      assertEquals(1, semaphore.availablePermits());
    });
  }

  @Test
  void se03_aWaiterThatIsCancelledAfterItWasServedHasItsPermit() {
    tidy.run(() -> {
      var semaphore = Semaphore.create(1);
      semaphore.acquire();
      Task<?> first =
          async(() ->
              semaphore.withPermit(() -> {
                trail.add("first");
                checkpoint();
                trail.add("not reached");
              }));
      Task<?> second = acquirer("second", semaphore, 1);
      checkpoint();
      semaphore.release();
      first.cancel("test");
      second.await();
      trail.expect("first", "second");
      semaphore.release();
      assertEquals(1, semaphore.availablePermits());
    });
  }

  @Test
  void se03_whenTheHeadLeavesThoseBehindItAreServed() {
    tidy.run(() -> {
      var semaphore = Semaphore.create(3);
      semaphore.acquire(1);
      Task<?> head = acquirer("head", semaphore, 3);
      Task<?> second = acquirer("second", semaphore, 1);
      Task<?> third = acquirer("third", semaphore, 1);
      Task<?> fourth = acquirer("fourth", semaphore, 1);
      checkpoint();
      head.cancel("test");
      second.await();
      third.await();
      trail.expect("second", "third");
      semaphore.release();
      fourth.await();
      trail.expect("second", "third", "fourth");
    });
  }

  @Test
  void se03_aCancelledHeadDoesNotStopTryAcquireNorLetItOvertake() {
    tidy.run(() -> {
      var semaphore = Semaphore.create(2);
      semaphore.acquire();
      Task<?> head = acquirer("head", semaphore, 2);
      checkpoint();
      head.cancel("test"); // it still stands in the queue
      assertFalse(semaphore.isLocked());
      assertTrue(semaphore.tryAcquire());
      semaphore.release();
      Task<?> second = acquirer("second", semaphore, 2);
      Task<?> third = acquirer("third", semaphore, 1);
      checkpoint();
      second.cancel("test");
      assertFalse(semaphore.tryAcquire(), "the third one is first now");
      third.await();
      trail.expect("third");
      semaphore.release(2);
    });
  }

  @Test
  void se03_timeoutsStrandNoPermit() {
    tidy.run(() -> {
      var semaphore = Semaphore.create(2);
      semaphore.acquire(2);
      for (int permits = 1; permits <= 2; permits++) {
        int wanted = permits;
        assertThrows(
            TimeoutException.class, () -> timeout(ofSeconds(1), () -> semaphore.acquire(wanted)));
      }
      semaphore.release(2);
      assertEquals(2, semaphore.availablePermits());
      assertTrue(semaphore.toString().endsWith(", 2 of 2 free, 0 waiting"), semaphore.toString());
    });
  }

  @Test
  void se03_randomCancellationsStrandNoPermit() {
    long seed = Seeds.next();
    var random = Seeds.generator(seed);
    tidy.run(() -> {
      var semaphore = Semaphore.create(3);
      int[] used = {0};
      scope(s -> {
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
          int wanted = 1 + random.nextInt(3);
          int pause = random.nextInt(5);
          tasks.add(
              s.async(() -> {
                sleep(ofSeconds(random.nextInt(10)));
                semaphore.acquire(wanted);
                used[0] += wanted;
                assertTrue(used[0] <= 3, "seed " + seed);
                try {
                  sleep(ofSeconds(pause));
                } finally {
                  used[0] -= wanted;
                  semaphore.release(wanted);
                }
              }));
        }
        for (int i = 0; i < 30; i++) {
          sleep(ofSeconds(1));
          tasks.get(random.nextInt(tasks.size())).cancel("random");
        }
      });
      assertEquals(3, semaphore.availablePermits(), "seed " + seed);
    });
  }

  @Test
  void s2_aCancelledTaskTakesNoFreePermit() {
    tidy.run(() ->
        scope(s -> {
          var semaphore = Semaphore.create(1);
          var limiter = CapacityLimiter.create(1);
          s.cancel("test");
          assertThrows(CancelledException.class, semaphore::acquire);
          assertThrows(CancelledException.class, limiter::acquire);
          assertEquals(1, semaphore.availablePermits());
          assertEquals(0, limiter.borrowed());
        }));
  }

  @Test
  void withPermitReleasesWhateverHappens() {
    tidy.run(() -> {
      var semaphore = Semaphore.create(1);
      assertThrows(
          IOException.class,
          () ->
              semaphore.withPermit(() -> {
                assertEquals(0, semaphore.availablePermits());
                throw new IOException("boom");
              }));
      assertEquals("value", semaphore.withPermit(() -> "value"));
      assertEquals(1, semaphore.availablePermits());
    });
  }

  @Test
  void aSignallingSemaphoreCountsWhatNobodyWaitedFor() {
    tidy.run(() -> {
      var signals = Semaphore.create("signals", 0, Integer.MAX_VALUE);
      signals.release();
      signals.release();
      for (int i = 0; i < 2; i++) {
        signals.acquire();
      }
      assertTrue(signals.isLocked());
      Task<?> listener = acquirer("listener", signals, 1);
      checkpoint();
      assertEquals("semaphore signals, 0 of 2147483647 free, 1 waiting", signals.toString());
      signals.release();
      listener.await();
      trail.expect("listener");
    });
  }

  // Capacity limiters

  private Task<?> borrower(String name, CapacityLimiter limiter) {
    return async(
        name,
        () ->
            limiter.withToken(() -> {
              trail.add(name + " in");
              sleep(ofSeconds(1));
              trail.add(name + " out");
            }));
  }

  @Test
  void se01_aTokenIsHandedOverAndNobodySeesItMeanwhile() {
    tidy.run(() -> {
      var limiter = CapacityLimiter.create("pool", 1);
      limiter.acquire();
      Task<?> waiter = borrower("waiter", limiter);
      checkpoint();
      assertEquals("capacity limiter pool, 1 of 1 borrowed, 1 waiting", limiter.toString());
      limiter.release();
      assertEquals(1, limiter.borrowed());
      assertEquals(0, limiter.waiting());
      assertFalse(limiter.tryAcquire());
      waiter.await();
      assertEquals(0, limiter.borrowed());
      assertTrue(limiter.tryAcquire());
      limiter.release();
    });
  }

  @Test
  void se01_borrowersAreServedInOrder() {
    tidy.run(() -> {
      var limiter = CapacityLimiter.create(2);
      scope(s -> {
        for (String name : List.of("a", "b", "c")) {
          s.async(() -> limiter.withToken(() -> trail.add(name)));
        }
      });
      trail.expect("a", "b", "c");
      assertEquals(2, limiter.total());
    });
  }

  @Test
  void se03_cancelledBorrowersStrandNoToken() {
    tidy.run(() -> {
      var limiter = CapacityLimiter.create(1);
      limiter.acquire();
      Task<?> early = borrower("early", limiter);
      Task<?> late = borrower("late", limiter);
      Task<?> last = borrower("last", limiter);
      checkpoint();
      early.cancel("before it is served");
      assertEquals(2, limiter.waiting());
      limiter.release();
      late.cancel("after it was served");
      last.await();
      trail.expect("late in", "last in", "last out");
      assertEquals(0, limiter.borrowed());
    });
  }

  @Test
  void growingServesThoseWhoWait() {
    tidy.run(() -> {
      var limiter = CapacityLimiter.create(0);
      Task<?> first = borrower("first", limiter);
      Task<?> second = borrower("second", limiter);
      Task<?> third = borrower("third", limiter);
      checkpoint();
      assertEquals(3, limiter.waiting());
      limiter.resize(2);
      assertEquals(2, limiter.borrowed());
      first.await();
      second.await();
      third.await();
      trail.expect("first in", "second in", "first out", "second out", "third in", "third out");
    });
  }

  @Test
  void shrinkingLetsTheBorrowersFinish() {
    tidy.run(() -> {
      var limiter = CapacityLimiter.create(2);
      Task<?> first = borrower("first", limiter);
      Task<?> second = borrower("second", limiter);
      checkpoint();
      Task<?> third = borrower("third", limiter);
      limiter.resize(1);
      assertEquals(2, limiter.borrowed());
      assertEquals(1, limiter.total());
      first.await();
      second.await();
      third.await();
      trail.expect("first in", "second in", "first out", "second out", "third in", "third out");
      assertEquals(0, limiter.borrowed());
    });
  }

  @Test
  void aBorrowerBorrowsOnce() {
    tidy.run(() -> {
      var limiter = CapacityLimiter.create("pool", 2);
      limiter.acquire();
      var thrown = assertThrows(IllegalStateException.class, limiter::acquire);
      assertTrue(
          thrown.getMessage().startsWith("task main has a token of capacity limiter pool already"),
          thrown.getMessage());
      assertThrows(IllegalStateException.class, limiter::tryAcquire);
      assertEquals(1, limiter.borrowed());
      limiter.release();
      var again = assertThrows(IllegalStateException.class, limiter::release);
      assertTrue(again.getMessage().contains("has no token"), again.getMessage());
    });
  }

  @Test
  void theTokenOfABorrowerThatEndsComesBack() {
    tidy.run(() -> {
      var limiter = CapacityLimiter.create(1);
      Task<?> careless = async(limiter::acquire);
      Task<?> waiter = borrower("waiter", limiter);
      careless.await();
      waiter.await();
      trail.expect("waiter in", "waiter out");
      assertEquals(0, limiter.borrowed());
    });
  }

  @Test
  void theTokenOfAThreadThatEndsIsFoundByTheNextOneWhoNeedsIt() throws Exception {
    var limiter = CapacityLimiter.create(1);
    Thread careless = Thread.ofPlatform().start(limiter::acquire);
    careless.join();
    assertEquals(1, limiter.borrowed());
    tidy.run(() -> {
      assertTrue(limiter.tryAcquire());
      limiter.release();
    });
    assertEquals(0, limiter.borrowed());
  }
}
