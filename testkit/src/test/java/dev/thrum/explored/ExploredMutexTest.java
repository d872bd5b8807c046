package dev.thrum.explored;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.explored.Every.end;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.findsByCancelling;
import static dev.thrum.explored.Every.together;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.DeadlockException;
import dev.thrum.VoidBody;
import dev.thrum.sync.BrokenException;
import dev.thrum.sync.Event;
import dev.thrum.sync.Mutex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExploredMutexTest {

  @Test
  void oneAtATime() {
    every(() -> {
      var mutex = Mutex.create();
      var room = new Room(1);
      VoidBody<?> visit = () -> mutex.withLock(room::visit);
      together(visit, visit, visit);
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void nobodyOvertakes() {
    every(() -> {
      var mutex = Mutex.create();
      var line = new Line();
      VoidBody<?> patient =
          () -> {
            var me = new Object();
            line.came(me);
            mutex.withLock(() -> {
              line.served(me);
              checkpoint();
            });
          };
      VoidBody<?> impatient =
          () -> {
            checkpoint();
            if (mutex.tryLock()) {
              line.came("impatient");
              line.served("impatient");
              mutex.unlock();
            }
          };
      together(patient, patient, impatient);
      line.assertNobodyOvertook();
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void whoLetsGoDoesNotTakeItAgainBeforeThoseWhoWait() {
    every(() -> {
      var mutex = Mutex.create();
      var line = new Line();
      VoidBody<?> twice =
          () -> {
            for (int i = 0; i < 2; i++) {
              var me = new Object();
              line.came(me);
              mutex.withLock(() -> line.served(me));
              if (i == 0) {
                checkpoint();
              }
            }
          };
      together(twice, twice);
      line.assertNobodyOvertook();
    });
  }

  @Test
  void whoIsCancelledAfterTheHandOverHasItAndWhoIsCancelledBeforeHasNot() {
    every(() -> {
      var mutex = Mutex.create();
      mutex.lock();
      var first =
          async(() -> {
            mutex.lock();
            assertTrue(mutex.isHeldByCaller());
            mutex.unlock();
          });
      var second = async(() -> mutex.withLock(() -> {}));
      checkpoint();
      mutex.unlock();
      first.cancel("too late, or just in time");
      end(first);
      end(second);
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void aCircleIsFoundByTheOneThatWouldCloseIt() {
    every(() -> {
      var a = Mutex.create("a");
      var b = Mutex.create("b");
      List<DeadlockException> found = new ArrayList<>();
      together(() -> inBoth(a, b, found), () -> inBoth(b, a, found));
      assertTrue(found.size() <= 1);
      found.forEach(deadlock -> assertEquals(2, deadlock.waits().size()));
      assertFalse(a.isLocked());
      assertFalse(b.isLocked());
    });
  }

  private static void inBoth(Mutex first, Mutex second, List<DeadlockException> found) {
    first.withLock(() -> {
      checkpoint();
      try {
        second.withLock(() -> checkpoint());
      } catch (DeadlockException deadlock) {
        found.add(deadlock);
      }
    });
  }

  @Test
  void aCircleOfThreeIsFound() {
    every(() -> {
      var mutexes = List.of(Mutex.create(), Mutex.create(), Mutex.create());
      List<DeadlockException> found = new ArrayList<>();
      together(
          () -> inBoth(mutexes.get(0), mutexes.get(1), found),
          () -> inBoth(mutexes.get(1), mutexes.get(2), found),
          () -> inBoth(mutexes.get(2), mutexes.get(0), found));
      assertTrue(found.size() <= 1);
      mutexes.forEach(mutex -> assertFalse(mutex.isLocked()));
    });
  }

  @Test
  void whoeverEndsInsideBreaksIt() {
    every(() -> {
      var mutex = Mutex.create();
      VoidBody<?> visit =
          () -> {
            try {
              mutex.withLock(() -> checkpoint());
            } catch (BrokenException _) {
              checkpoint();
            }
          };
      boolean[] held = new boolean[1];
      together(
          visit,
          () -> {
            mutex.lock();
            held[0] = true;
          },
          visit);
      if (held[0]) {
        assertThrows(BrokenException.class, mutex::lock);
      } else {
        mutex.withLock(() -> {});
      }
    });
  }

  @Test
  void aLockThatForgetsThatWaitersLeaveIsFound() {
    var found =
        findsByCancelling(() -> {
          var lock = new Forgetful();
          VoidBody<?> visit =
              () -> {
                lock.lock();
                try {
                  checkpoint();
                } finally {
                  lock.unlock();
                }
              };
          together(visit, visit, visit);
        });
    assertInstanceOf(DeadlockException.class, found.failure());
  }

  /// Hands the lock to waiters that are no more.
  private static final class Forgetful {
    private final Deque<Event> waiters = new ArrayDeque<>();
    private boolean locked;

    void lock() {
      if (locked) {
        var turn = Event.create();
        waiters.add(turn);
        turn.await();
      }
      locked = true;
    }

    void unlock() {
      var next = waiters.poll();
      if (next == null) {
        locked = false;
      } else {
        next.set();
      }
    }
  }
}
