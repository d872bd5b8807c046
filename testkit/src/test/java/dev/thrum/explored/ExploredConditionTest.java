package dev.thrum.explored;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.DeadlockException;
import dev.thrum.VoidBody;
import dev.thrum.sync.Condition;
import dev.thrum.sync.Mutex;
import org.junit.jupiter.api.Test;

class ExploredConditionTest {

  /// Holds some items; once it is closed, nobody waits for more.
  private static final class Store {
    private final Mutex mutex = Mutex.create();
    private final Condition changed = mutex.newCondition();
    private int items;
    private int put;
    private int taken;
    private boolean closed;

    void take() {
      mutex.withLock(() -> {
        changed.await(() -> items > 0 || closed);
        if (items > 0) {
          items--;
          taken++;
        }
      });
    }

    /// One signal for each item.
    void put() {
      mutex.withLock(() -> {
        items++;
        put++;
        changed.signal();
      });
    }

    void close() {
      mutex.withLock(() -> {
        closed = true;
        changed.signalAll();
      });
    }
  }

  @Test
  void oneSignalWakesOneWhoCanUseIt() {
    every(() -> {
      var store = new Store();
      int ended =
          together(() -> store.take(), () -> store.take(), () -> store.put(), () -> store.put());
      assertEquals(store.put, store.taken + store.items);
      if (ended == 4) {
        assertEquals(0, store.items);
      }
      assertFalse(store.mutex.isLocked());
    });
  }

  @Test
  void aSignalForOneWhoIsCancelledGoesToTheNext() {
    every(() -> {
      var store = new Store();
      together(
          () -> {
            int ended = together(() -> store.take(), () -> store.take());
            assertTrue(ended >= 1);
          },
          () -> store.put(),
          () -> store.close());
      assertFalse(store.mutex.isLocked());
    });
  }

  @Test
  void whoLeavesItHoldsTheMutexAlsoWhenCancelled() {
    every(() -> {
      var mutex = Mutex.create();
      var changed = mutex.newCondition();
      boolean[] ready = new boolean[1];
      VoidBody<?> wait =
          () ->
              mutex.withLock(() -> {
                try {
                  changed.await(() -> ready[0]);
                } finally {
                  assertTrue(mutex.isHeldByCaller());
                }
              });
      VoidBody<?> signal =
          () ->
              mutex.withLock(() -> {
                checkpoint();
                ready[0] = true;
                changed.signalAll();
              });
      together(wait, wait, () -> shield(signal));
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void whoHasWaitedTooLongLeavesTheSignalToTheOther() {
    everyTiming(() -> {
      var store = new Store();
      VoidBody<?> impatient =
          () ->
              timeoutOr(
                  ofSeconds(1),
                  "too long",
                  () -> {
                    store.take();
                    return "taken";
                  });
      int ended = together(impatient, impatient, () -> store.put());
      assertEquals(store.put, store.taken + store.items);
      assertTrue(ended >= 2);
      assertFalse(store.mutex.isLocked());
    });
  }

  @Test
  void aWaitWithoutATestIsFound() {
    var found =
        finds(() -> {
          var mutex = Mutex.create();
          var changed = mutex.newCondition();
          together(
              () -> mutex.withLock(() -> changed.await()),
              () -> mutex.withLock(() -> changed.signal()));
        });
    assertInstanceOf(DeadlockException.class, found.failure());
  }

  @Test
  void aTestThatIsNotMadeAgainIsFound() {
    finds(() -> {
      var mutex = Mutex.create();
      var filled = mutex.newCondition();
      int[] items = new int[1];
      VoidBody<?> take =
          () ->
              mutex.withLock(() -> {
                if (items[0] == 0) {
                  filled.await();
                }
                assertTrue(items[0] > 0);
                items[0]--;
              });
      VoidBody<?> put =
          () ->
              mutex.withLock(() -> {
                items[0]++;
                filled.signal();
              });
      together(take, take, put, put);
    });
  }
}
