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

import dev.thrum.sync.BrokenException;
import dev.thrum.sync.RwLock;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Locks for readers and writers.
@ParameterizedClass(name = "{0}")
@EnumSource
class RwLockTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();
  private final RwLock lock = RwLock.create("rw");

  RwLockTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private void stay(String name) {
    trail.add(name + " in");
    sleep(ofSeconds(1));
    trail.add(name + " out");
  }

  private Task<?> reader(String name) {
    return async(name, () -> lock.withRead(() -> stay(name)));
  }

  private Task<?> writer(String name) {
    return async(name, () -> lock.withWrite(() -> stay(name)));
  }

  @Test
  void readersReadTogetherAndAWriterIsAlone() {
    tidy.run(() ->
        scope(s -> {
          reader("r1");
          reader("r2");
          writer("w1");
          writer("w2");
          checkpoint();
          checkpoint();
          assertEquals(2, lock.readers());
          assertFalse(lock.isWriteLocked());
          assertEquals("rwlock rw, read by [task r", lock.toString().substring(0, 26));
          sleep(ofSeconds(1));
          checkpoint();
          assertTrue(lock.isWriteLocked());
          assertEquals(0, lock.readers());
          assertEquals("rwlock rw, written by task w1", lock.toString());
        }));
    trail.expect("r1 in", "r2 in", "r1 out", "r2 out", "w1 in", "w1 out", "w2 in", "w2 out");
    assertEquals("rwlock rw", lock.toString());
  }

  @Test
  void readersThatComeAfterAWaitingWriterWaitBehindItAndGoInTogether() {
    tidy.run(() -> {
      scope(s -> {
        reader("r1");
        writer("w");
        reader("r2");
        reader("r3");
        writer("v");
        reader("r4");
        checkpoint();
        assertFalse(lock.tryLockRead(), "a writer waits");
        assertFalse(lock.tryLockWrite());
      });
    });
    trail.expect(
        "r1 in", "r1 out", "w in", "w out", "r2 in", "r3 in", "r2 out", "r3 out", "v in", "v out",
        "r4 in", "r4 out");
  }

  @Test
  void s5_aTryFailsUntilTheWokenWaiterHasRun() {
    tidy.run(() -> {
      lock.lockRead();
      Task<?> writer = writer("w");
      checkpoint();
      lock.unlockRead();
      assertTrue(lock.isWriteLocked());
      assertFalse(lock.tryLockRead());
      assertFalse(lock.tryLockWrite());
      writer.await();
      assertTrue(lock.tryLockWrite());
      lock.unlockWrite();
      assertTrue(lock.tryLockRead());
      lock.unlockRead();
    });
  }

  @Test
  void s4_aWriterThatIsCancelledLetsTheReadersBehindItPass() {
    tidy.run(() -> {
      Task<?> holder = async(() -> lock.withRead(() -> sleep(ofSeconds(9))));
      Task<?> writer = writer("w");
      Task<?> reader = reader("r");
      checkpoint();
      writer.cancel("test");
      assertFalse(lock.tryLockRead(), "the reader is first now");
      reader.await();
      trail.expect("r in", "r out");
      assertFalse(holder.isDone());
      assertThrows(CancellationException.class, writer::await);
    });
  }

  @Test
  void s4_aWriterWhoseTimeIsOverLetsTheReadersBehindItPass() {
    tidy.run(() -> {
      Task<?> holder = async(() -> lock.withRead(() -> sleep(ofSeconds(9))));
      Task<?> writer =
          async(() ->
              assertThrows(
                  TimeoutException.class, () -> timeout(ofSeconds(1), () -> lock.lockWrite())));
      Task<?> reader = reader("r");
      reader.await();
      writer.await();
      trail.expect("r in", "r out");
      assertFalse(holder.isDone());
      assertEquals(1, lock.readers());
    });
  }

  @Test
  void s3_aWriterThatIsCancelledAfterItWasServedPassesTheLockOn() {
    tidy.run(() -> {
      lock.lockRead();
      Task<?> first = writer("w1");
      Task<?> second = writer("w2");
      checkpoint();
      lock.unlockRead();
      first.cancel("test");
      second.await();
      trail.expect("w1 in", "w2 in", "w2 out");
    });
  }

  @Test
  void s2_aCancelledTaskDoesNotTakeAFreeLock() {
    tidy.run(() ->
        scope(s -> {
          s.cancel("test");
          assertThrows(CancelledException.class, lock::lockRead);
          assertThrows(CancelledException.class, lock::lockWrite);
          assertEquals(0, lock.readers());
          assertFalse(lock.isWriteLocked());
        }));
  }

  @Test
  void lk05_itIsNotReentrantAndAReaderCannotBecomeAWriter() {
    tidy.run(() -> {
      lock.lockRead();
      var twice = assertThrows(IllegalStateException.class, lock::lockRead);
      assertTrue(twice.getMessage().contains("reads under rwlock rw already"), twice.getMessage());
      assertTrue(twice.getMessage().contains("not reentrant"), twice.getMessage());
      var upgrade = assertThrows(IllegalStateException.class, lock::lockWrite);
      assertTrue(
          upgrade.getMessage().contains("Call unlockRead(), then lockWrite(), and look"),
          upgrade.getMessage());
      assertThrows(IllegalStateException.class, lock::tryLockRead);
      assertThrows(IllegalStateException.class, lock::tryLockWrite);
      assertEquals(1, lock.readers());
      lock.unlockRead();
      lock.lockWrite();
      var writes = assertThrows(IllegalStateException.class, lock::lockWrite);
      assertTrue(writes.getMessage().contains("writes under"), writes.getMessage());
      assertThrows(IllegalStateException.class, lock::lockRead);
      lock.unlockWrite();
    });
  }

  @Test
  void lk05_onlyWhoLockedItMayUnlockIt() {
    tidy.run(() -> {
      assertThrows(IllegalStateException.class, lock::unlockRead);
      assertThrows(IllegalStateException.class, lock::unlockWrite);
      lock.lockRead();
      var thrown = assertThrows(IllegalStateException.class, lock::unlockWrite);
      assertTrue(thrown.getMessage().contains("does not write under"), thrown.getMessage());
      async(() -> assertThrows(IllegalStateException.class, lock::unlockRead)).await();
      lock.unlockRead();
      lock.lockWrite();
      assertThrows(IllegalStateException.class, lock::unlockRead);
      async(() -> assertThrows(IllegalStateException.class, lock::unlockWrite)).await();
      lock.unlockWrite();
    });
  }

  @Test
  void lk06_aWriterThatEndsBreaksTheLock() {
    tidy.run(() -> {
      async("careless", lock::lockWrite);
      Task<?> reader = async(() -> assertThrows(BrokenException.class, lock::lockRead));
      Task<?> writer = async(() -> assertThrows(BrokenException.class, lock::lockWrite));
      reader.await();
      writer.await();
      var thrown = assertThrows(BrokenException.class, lock::lockRead);
      assertTrue(thrown.getMessage().contains("task careless ended"), thrown.getMessage());
      assertThrows(BrokenException.class, lock::tryLockWrite);
    });
  }

  @Test
  void lk06_aReaderThatEndsBreaksTheLockAndTheOthersReadOn() {
    tidy.run(() -> {
      lock.lockRead();
      async("careless", lock::lockRead);
      Task<?> writer = async(() -> assertThrows(BrokenException.class, lock::lockWrite));
      writer.await();
      assertThrows(BrokenException.class, lock::tryLockRead);
      assertEquals(1, lock.readers());
      lock.unlockRead();
      assertEquals(0, lock.readers());
    });
  }

  @Test
  void lk06_aThreadThatEndsBreaksTheLockForTheNextOneWhoAsks() throws Exception {
    Thread careless = Thread.ofPlatform().start(lock::lockRead);
    careless.join();
    tidy.run(() -> assertThrows(BrokenException.class, lock::lockWrite));
  }

  @Test
  void bodiesEndTheLockingWhateverHappens() {
    tidy.run(() -> {
      assertEquals("value", lock.withRead(() -> "value"));
      assertEquals("value", lock.withWrite(() -> "value"));
      VoidBody<IOException> failing =
          () -> {
            throw new IOException("boom");
          };
      assertThrows(IOException.class, () -> lock.withRead(failing));
      assertThrows(IOException.class, () -> lock.withWrite(failing));
      assertEquals("rwlock rw", lock.toString());
    });
  }
}
