package dev.thrum.explored;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.explored.Every.end;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.DeadlockException;
import dev.thrum.VoidBody;
import dev.thrum.sync.Mutex;
import dev.thrum.sync.RwLock;
import org.junit.jupiter.api.Test;

class ExploredRwLockTest {

  /// What the lock guards: two halves that readers must find equal.
  private static final class Guarded {
    private final RwLock lock = RwLock.create();
    private int left;
    private int right;

    void read() {
      lock.withRead(() -> {
        int seen = left;
        assertEquals(seen, right);
        checkpoint();
        assertEquals(seen, right);
      });
    }

    void write() {
      lock.withWrite(() -> {
        left++;
        try {
          checkpoint();
        } finally {
          right++;
        }
      });
    }

    void assertFree() {
      assertEquals(left, right);
      assertEquals(0, lock.readers());
      assertFalse(lock.isWriteLocked());
      assertTrue(lock.tryLockWrite());
      lock.unlockWrite();
    }
  }

  @Test
  void readersSeeNothingHalfWritten() {
    every(() -> {
      var guarded = new Guarded();
      together(guarded::read, guarded::write, guarded::read);
      guarded.assertFree();
    });
  }

  @Test
  void writersLoseNoChange() {
    every(() -> {
      var guarded = new Guarded();
      together(guarded::write, guarded::write, guarded::read);
      guarded.assertFree();
    });
  }

  @Test
  void aReaderDoesNotOvertakeAWriter() {
    every(() -> {
      var lock = RwLock.create();
      var line = new Line();
      lock.lockRead();
      var writer =
          async(() -> {
            line.came("writer");
            lock.withWrite(() -> line.served("writer"));
          });
      var reader =
          async(() -> {
            checkpoint();
            line.came("reader");
            lock.withRead(() -> line.served("reader"));
          });
      checkpoint();
      lock.unlockRead();
      end(writer);
      end(reader);
      line.assertNobodyOvertook();
      assertTrue(lock.tryLockWrite());
      lock.unlockWrite();
    });
  }

  @Test
  void behindAWriterThatIsCancelledTheReadersGo() {
    every(() -> {
      var lock = RwLock.create();
      lock.lockRead();
      var writer = async(() -> lock.withWrite(() -> {}));
      var reader = async(() -> lock.withRead(() -> checkpoint()));
      checkpoint();
      writer.cancel("enough");
      end(reader);
      lock.unlockRead();
      end(writer);
      assertTrue(lock.tryLockWrite());
      lock.unlockWrite();
    });
  }

  @Test
  void aCircleWithAMutexIsFoundByTheOneThatWouldCloseIt() {
    every(() -> {
      var lock = RwLock.create();
      var mutex = Mutex.create();
      int[] found = new int[1];
      together(
          () ->
              lock.withRead(() -> {
                assertThrows(IllegalStateException.class, lock::lockWrite);
                checkpoint();
                try {
                  mutex.withLock(() -> {});
                } catch (DeadlockException _) {
                  found[0]++;
                }
              }),
          () ->
              mutex.withLock(() -> {
                checkpoint();
                try {
                  lock.withWrite(() -> {});
                } catch (DeadlockException _) {
                  found[0]++;
                }
              }));
      assertTrue(found[0] <= 1);
      assertFalse(mutex.isLocked());
      assertEquals(0, lock.readers());
    });
  }

  @Test
  void whoHasWaitedTooLongHoldsNothing() {
    everyTiming(() -> {
      var guarded = new Guarded();
      VoidBody<?> impatient =
          () ->
              timeoutOr(
                  ofSeconds(1),
                  "too long",
                  () -> {
                    guarded.write();
                    return "written";
                  });
      together(impatient, impatient);
      guarded.assertFree();
    });
  }

  @Test
  void aChangeWhileReadingIsFound() {
    finds(() -> {
      var lock = RwLock.create();
      int[] value = new int[1];
      VoidBody<?> increment =
          () ->
              lock.withRead(() -> {
                int before = value[0];
                checkpoint();
                value[0] = before + 1;
              });
      together(increment, increment);
      assertEquals(2, value[0]);
    });
  }
}
