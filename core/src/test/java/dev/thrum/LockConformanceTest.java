package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.sync.BrokenException;
import dev.thrum.sync.Mutex;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Locks (LK), and what the design's S2, S3 and S5 mean for them.
@ParameterizedClass(name = "{0}")
@EnumSource
class LockConformanceTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();
  private final Mutex mutex = Mutex.create("m");

  LockConformanceTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private Task<?> locker(String name) {
    return async(name, () -> lockForASecond(name));
  }

  private void lockForASecond(String name) {
    mutex.withLock(() -> {
      trail.add(name + " in");
      sleep(ofSeconds(1));
      trail.add(name + " out");
    });
  }

  // LK-01

  @Test
  void lk01_aCancelledWaiterThatStillStandsInTheQueueIsPassedOver() {
    tidy.run(() -> {
      mutex.lock();
      Task<?> first = locker("first");
      Task<?> second = locker("second");
      checkpoint();
      first.cancel("test");
      mutex.unlock();
      assertTrue(mutex.isLocked());
      second.await();
      trail.expect("second in", "second out");
      assertThrows(CancellationException.class, first::await);
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void lk01_theOnlyWaiterIsCancelledAndTheMutexIsFree() {
    tidy.run(() -> {
      mutex.lock();
      Task<?> only = locker("only");
      checkpoint();
      only.cancel("test");
      mutex.unlock();
      assertFalse(mutex.isLocked());
      assertTrue(mutex.tryLock());
      mutex.unlock();
      assertThrows(CancellationException.class, only::await);
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void lk01_aWaiterWhoseTimeIsOverIsPassedOver() {
    tidy.run(() -> {
      mutex.lock();
      Task<?> first =
          async(() ->
              assertThrows(
                  TimeoutException.class,
                  () -> timeout(ofSeconds(1), () -> lockForASecond("first"))));
      Task<?> second = locker("second");
      sleep(ofSeconds(1)); // its timer was set first: the waiter's time is over and it has not run
      mutex.unlock();
      second.await();
      first.await();
      trail.expect("second in", "second out");
    });
  }

  // LK-02

  @Test
  void lk02_aWaiterThatIsCancelledAfterItWasServedPassesTheMutexOn() {
    tidy.run(() -> {
      mutex.lock();
      Task<?> first = locker("first");
      Task<?> second = locker("second");
      checkpoint();
      mutex.unlock();
      first.cancel("test");
      second.await();
      // What was handed over is kept: the cancellation comes at the next suspension point.
      trail.expect("first in", "second in", "second out");
      assertThrows(CancellationException.class, first::await);
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void lk02_theHandOverBeatsATimeoutInTheSameTurn() {
    tidy.run(() -> {
      Task<?> holder = locker("holder");
      Task<?> waiter =
          async(() ->
              assertThrows(
                  TimeoutException.class,
                  () -> timeout(ofSeconds(1), () -> lockForASecond("waiter"))));
      holder.await();
      waiter.await();
      trail.expect("holder in", "holder out");
      assertFalse(mutex.isLocked());
    });
  }

  // LK-03

  @Test
  void lk03_cancelThenUnlockInOneTurnServesExactlyOneOfTheOthers() {
    tidy.run(() -> {
      mutex.lock();
      Task<?> first = locker("first");
      Task<?> second = locker("second");
      Task<?> third = locker("third");
      checkpoint();
      first.cancel("test");
      mutex.unlock();
      second.await();
      third.await();
      trail.expect("second in", "second out", "third in", "third out");
    });
  }

  @Test
  void lk03_unlockThenCancelOfTheSecondInOneTurnLeavesTheOthersInOrder() {
    tidy.run(() -> {
      mutex.lock();
      Task<?> first = locker("first");
      Task<?> second = locker("second");
      Task<?> third = locker("third");
      checkpoint();
      mutex.unlock();
      second.cancel("test");
      first.await();
      third.await();
      trail.expect("first in", "first out", "third in", "third out");
    });
  }

  @Test
  void lk03_allWaitersAreCancelledAndTheMutexIsFree() {
    tidy.run(() -> {
      mutex.lock();
      scope(s -> {
        for (int i = 0; i < 3; i++) {
          s.async(() -> lockForASecond("waiter"));
        }
        checkpoint();
        s.cancel("test");
        mutex.unlock();
      });
      trail.expect();
      assertFalse(mutex.isLocked());
    });
  }

  // LK-05

  @Test
  void lk05_unlockingAnUnlockedMutexIsAnError() {
    tidy.run(() -> {
      var thrown = assertThrows(IllegalStateException.class, mutex::unlock);
      assertEquals(
          "task main cannot unlock mutex m, which is not locked: only the holder may, once for each"
              + " lock(); withLock(body) does it right",
          thrown.getMessage());
      assertTrue(mutex.tryLock());
      mutex.unlock();
    });
  }

  @Test
  void lk05_onlyTheOwnerMayUnlock() {
    tidy.run(() -> {
      mutex.lock();
      async(
              () -> {
                var thrown = assertThrows(IllegalStateException.class, mutex::unlock);
                assertTrue(thrown.getMessage().contains("task main holds"), thrown.getMessage());
              })
          .await();
      assertTrue(mutex.isHeldByCaller());
      mutex.unlock();
    });
  }

  @Test
  void lk05_lockingTwiceIsAnErrorAndNoHang() {
    tidy.run(() -> {
      mutex.lock();
      var thrown = assertThrows(IllegalStateException.class, mutex::lock);
      assertTrue(thrown.getMessage().contains("not reentrant"), thrown.getMessage());
      assertThrows(IllegalStateException.class, mutex::tryLock);
      assertTrue(mutex.isHeldByCaller());
      mutex.unlock();
      assertFalse(mutex.isLocked());
    });
  }

  // LK-06

  @Test
  void lk06_aHolderThatEndsBreaksTheMutexForThoseWhoWaitAndThoseWhoCome() {
    tidy.run(() -> {
      async("careless", mutex::lock);
      Task<?> waiting = async(() -> assertThrows(BrokenException.class, mutex::lock));
      Task<?> another = async(() -> assertThrows(BrokenException.class, mutex::lock));
      waiting.await();
      another.await();
      var thrown = assertThrows(BrokenException.class, mutex::lock);
      assertTrue(
          thrown.getMessage().contains("task careless ended without unlocking it"),
          thrown.getMessage());
      assertThrows(BrokenException.class, mutex::tryLock);
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void lk06_aHolderThatFailsOrIsCancelledBreaksTheMutexToo() {
    tidy.run(() -> {
      var other = Mutex.create();
      Task<?> failing =
          async(() -> {
            mutex.lock();
            throw new IOException("boom");
          });
      Task<?> cancelled =
          async(() -> {
            other.lock();
            sleep(ofSeconds(9));
          });
      checkpoint();
      cancelled.cancel("test");
      assertThrows(IOException.class, failing::await);
      assertThrows(CancellationException.class, cancelled::await);
      assertThrows(BrokenException.class, mutex::lock);
      assertThrows(BrokenException.class, other::lock);
    });
  }

  @Test
  void lk06_aHolderThatHasUnlockedBreaksNothing() {
    tidy.run(() -> {
      var other = Mutex.create();
      async(
              () -> {
                mutex.lock();
                other.lock();
                mutex.unlock();
                other.unlock();
              })
          .await();
      mutex.withLock(() -> other.withLock(() -> trail.add("both")));
      trail.expect("both");
    });
  }

  @Test
  void lk06_withLockUnlocksWhateverHappens() {
    tidy.run(() -> {
      var boom = new IOException("boom");
      assertSame(
          boom,
          assertThrows(
              IOException.class,
              () ->
                  mutex.withLock(() -> {
                    throw boom;
                  })));
      assertEquals("value", mutex.withLock(() -> "value"));
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void lk06_aThreadThatEndsBreaksTheMutexForTheNextOneWhoAsks() throws Exception {
    Thread careless = Thread.ofPlatform().name("careless").start(mutex::lock);
    careless.join();
    tidy.run(() -> {
      assertThrows(BrokenException.class, mutex::tryLock);
      var thrown = assertThrows(BrokenException.class, mutex::lock);
      assertTrue(thrown.getMessage().contains("thread careless"), thrown.getMessage());
    });
  }

  @Test
  void lk06_aThreadThatEndsBreaksTheMutexForWhoWouldWait() throws Exception {
    Thread careless = Thread.ofPlatform().name("careless").start(mutex::lock);
    careless.join();
    tidy.run(() -> assertThrows(BrokenException.class, mutex::lock));
  }

  // LK-07

  @Test
  void lk07_tryLockFailsUntilTheWokenWaiterHasRun() {
    tidy.run(() -> {
      mutex.lock();
      Task<?> bystander = async(() -> trail.add("bystander gets it: " + mutex.tryLock()));
      Task<?> waiter = locker("waiter");
      checkpoint();
      checkpoint();
      Task<?> second = async(() -> trail.add("second bystander gets it: " + mutex.tryLock()));
      mutex.unlock();
      assertFalse(mutex.tryLock());
      assertFalse(mutex.isHeldByCaller());
      bystander.await();
      second.await();
      waiter.await();
      trail.expect(
          "bystander gets it: false", "second bystander gets it: false", "waiter in", "waiter out");
    });
  }

  @Test
  void lk07_whoUnlocksAndLocksAgainStandsBehindTheOthers() {
    tidy.run(() -> {
      Task<?> greedy =
          async(() -> {
            for (int i = 0; i < 2; i++) {
              lockForASecond("greedy");
            }
          });
      Task<?> modest = locker("modest");
      greedy.await();
      modest.await();
      trail.expect("greedy in", "greedy out", "modest in", "modest out", "greedy in", "greedy out");
    });
  }

  // S2, S5, S12

  @Test
  void s2_aCancelledTaskDoesNotTakeAFreeMutex() {
    tidy.run(() -> {
      scope(s -> {
        s.cancel("test");
        assertThrows(CancelledException.class, mutex::lock);
        assertFalse(mutex.isLocked());
        assertTrue(mutex.tryLock(), "what cannot wait does not look at cancellation");
        mutex.unlock();
      });
    });
  }

  @Test
  void s5_waitersAreServedInTheOrderInWhichTheyCame() {
    tidy.run(() -> {
      mutex.lock();
      scope(s -> {
        for (int i = 1; i <= 5; i++) {
          int number = i;
          s.async(() -> mutex.withLock(() -> trail.add("waiter " + number)));
        }
        checkpoint();
        mutex.unlock();
      });
      trail.expect("waiter 1", "waiter 2", "waiter 3", "waiter 4", "waiter 5");
    });
  }

  @Test
  void s12_lockingWithoutWaitingLetsOthersRunNowAndThen() {
    tidy.run(() -> {
      boolean[] ran = {false};
      async(() -> ran[0] = true);
      int rounds = 0;
      while (!ran[0] && rounds < 1000) {
        mutex.withLock(() -> {});
        rounds++;
      }
      assertTrue(ran[0]);
      assertTrue(rounds >= 100, "after " + rounds);
    });
  }

  @Test
  void theStateIsShownByName() {
    tidy.run(() -> {
      assertEquals("mutex m", mutex.toString());
      mutex.withLock(() -> assertEquals("mutex m, held by task main", mutex.toString()));
      assertTrue(Mutex.create().toString().startsWith("mutex@"));
    });
  }
}
