package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.between;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.sync.BrokenException;
import dev.thrum.sync.Condition;
import dev.thrum.sync.Mutex;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Conditions (CO), and S9 of the design.
@ParameterizedClass(name = "{0}")
@EnumSource
class ConditionConformanceTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();
  private final Mutex mutex = Mutex.create("m");
  private final Condition condition = mutex.newCondition();
  private int state;

  ConditionConformanceTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private Task<?> waiter(String name) {
    return async(
        name,
        () ->
            mutex.withLock(() -> {
              condition.await();
              trail.add(name);
            }));
  }

  // CO-04

  @Test
  void co04_aTimeoutComesOutWithTheMutexHeldAgain() {
    tidy.run(() -> {
      mutex.lock();
      var began = now();
      assertThrows(TimeoutException.class, () -> timeout(ofSeconds(1), () -> condition.await()));
      assertEquals(ofSeconds(1), between(began, now()));
      assertTrue(mutex.isHeldByCaller());
      mutex.unlock();
    });
  }

  @Test
  void co04_aTimeoutWaitsForTheMutex() {
    tidy.run(() -> {
      var began = now();
      Task<?> waiter =
          async(() ->
              mutex.withLock(() -> {
                assertThrows(
                    TimeoutException.class, () -> timeout(ofSeconds(1), () -> condition.await()));
                assertTrue(mutex.isHeldByCaller());
                assertEquals(ofSeconds(5), between(began, now()));
              }));
      checkpoint();
      mutex.withLock(() -> sleep(ofSeconds(5)));
      waiter.await();
    });
  }

  // CO-05

  @Test
  void co05_withoutTheMutexEveryCallIsAnError() {
    tidy.run(() -> {
      for (VoidBody<?> call :
          new VoidBody<?>[] {condition::await, condition::signal, condition::signalAll}) {
        var thrown = assertThrows(IllegalStateException.class, call::run);
        assertTrue(
            thrown.getMessage().contains("call it inside mutex.withLock(…)"), thrown.getMessage());
      }
      Task<?> holder = async(() -> mutex.withLock(() -> sleep(ofSeconds(1))));
      checkpoint();
      assertThrows(IllegalStateException.class, condition::await);
      holder.await();
    });
  }

  @Test
  void co05_aTestIsMadeAgainAfterEachSignal() {
    tidy.run(() -> {
      Task<?> waiter =
          async(() ->
              mutex.withLock(() -> {
                condition.await(() -> {
                  trail.add("tested at " + state);
                  return state == 2;
                });
                assertTrue(mutex.isHeldByCaller());
                trail.add("passed");
              }));
      for (int i = 0; i < 3; i++) {
        checkpoint();
        mutex.withLock(() -> {
          condition.signal();
          trail.add("signal");
          if (state < 2) {
            state++;
          }
        });
      }
      waiter.await();
      trail.expect(
          "tested at 0", "signal", "tested at 1", "signal", "tested at 2", "passed", "signal");
    });
  }

  @Test
  void co05_aTestThatPassesAtOnceNeedsNoMutex() {
    tidy.run(() -> {
      condition.await(() -> true);
      assertFalse(mutex.isLocked());
      assertThrows(IllegalStateException.class, () -> condition.await(() -> false));
    });
  }

  @Test
  void co05_aTestThatFailsComesOutWithTheMutexHeld() {
    tidy.run(() -> {
      Task<?> waiter =
          async(() ->
              mutex.withLock(() -> {
                assertThrows(
                    ArithmeticException.class, () -> condition.await(() -> 1 / state == 7));
                assertTrue(mutex.isHeldByCaller());
              }));
      state = 1;
      checkpoint();
      state = 0;
      mutex.withLock(condition::signalAll);
      waiter.await();
    });
  }

  // Signals

  @Test
  void aSignalWakesTheOneWhoHasWaitedLongest() {
    tidy.run(() -> {
      Task<?> first = waiter("first");
      Task<?> second = waiter("second");
      checkpoint();
      mutex.withLock(condition::signal);
      first.await();
      trail.expect("first");
      mutex.withLock(condition::signal);
      second.await();
      trail.expect("first", "second");
      mutex.withLock(condition::signal);
    });
  }

  @Test
  void signalAllWakesThoseWhoWaitNowInOrder() {
    tidy.run(() -> {
      Task<?> first = waiter("first");
      Task<?> second = waiter("second");
      checkpoint();
      mutex.lock();
      Task<?> late = waiter("late");
      checkpoint();
      condition.signalAll();
      mutex.unlock();
      first.await();
      second.await();
      checkpoint();
      trail.expect("first", "second");
      mutex.withLock(condition::signalAll);
      late.await();
      trail.expect("first", "second", "late");
    });
  }

  @Test
  void s4_aSignalPassesOverOneWhoIsCancelled() {
    tidy.run(() -> {
      Task<?> first = waiter("first");
      Task<?> second = waiter("second");
      checkpoint();
      mutex.lock();
      first.cancel("test");
      condition.signal();
      mutex.unlock();
      second.await();
      trail.expect("second");
      assertThrows(CancellationException.class, first::await);
    });
  }

  @Test
  void s3_aSignalBeatsALaterCancellation() {
    tidy.run(() -> {
      Task<?> first = waiter("first");
      Task<?> second = waiter("second");
      checkpoint();
      mutex.lock();
      condition.signal();
      first.cancel("test");
      mutex.unlock();
      sleep(ofSeconds(1));
      trail.expect("first");
      assertFalse(second.isDone());
      second.cancel("end");
    });
  }

  // S9

  @Test
  void s9_aCancelledWaiterHoldsTheMutexWhenTheExceptionComes() {
    tidy.run(() -> {
      Task<?> waiter =
          async(() -> {
            mutex.lock();
            try {
              condition.await();
            } finally {
              trail.add("held: " + mutex.isHeldByCaller());
              mutex.unlock();
            }
          });
      checkpoint();
      mutex.lock();
      waiter.cancel("test");
      sleep(ofSeconds(1));
      trail.add("unlock");
      mutex.unlock();
      assertThrows(CancellationException.class, waiter::await);
      trail.expect("unlock", "held: true");
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void s9_aCancelledTaskHoldsItWhenItIsRefusedToBeginWith() {
    tidy.run(() -> {
      scope(s -> {
        mutex.lock();
        s.cancel("test");
        assertThrows(CancelledException.class, condition::await);
        assertTrue(mutex.isHeldByCaller());
        mutex.unlock();
      });
    });
  }

  @Test
  void s9_manyThatAreCancelledComeOutOneByOne() {
    tidy.run(() -> {
      int[] inside = {0};
      scope(s -> {
        for (int i = 0; i < 5; i++) {
          s.async(() -> {
            mutex.lock();
            try {
              condition.await();
            } finally {
              assertEquals(1, ++inside[0]);
              Async.shield(() -> sleep(ofSeconds(1)));
              inside[0]--;
              mutex.unlock();
            }
          });
        }
        sleep(ofSeconds(1));
        s.cancel("test");
      });
      assertEquals(0, inside[0]);
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void aMutexThatBreaksMeanwhileIsNotHeldAfterwards() {
    tidy.run(() -> {
      Task<?> waiter =
          async(() ->
              assertThrows(BrokenException.class, () -> mutex.withLock(() -> condition.await())));
      checkpoint();
      async(
              () -> {
                mutex.lock();
                condition.signal();
              })
          .await();
      waiter.await();
    });
  }
}
