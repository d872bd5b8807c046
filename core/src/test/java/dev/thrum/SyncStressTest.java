package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.thrum.sync.Condition;
import dev.thrum.sync.Mutex;
import dev.thrum.sync.RwLock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Locks and signals between tasks of several loops and plain threads, with cancellations at random
/// moments. `-Dthrum.seed=…` begins with a given seed.
class SyncStressTest {

  @Test
  void onOneLoopMutexesDoWhatTheModelDoes() {
    Rounds.SHORT.run("mutexes on one loop", 0, SyncStressTest::mutexesInLockstep);
  }

  @Test
  @Tag("soak")
  void onOneLoopMutexesDoWhatTheModelDoesForLong() {
    Rounds.LONG.run("mutexes on one loop", 1_000_000, SyncStressTest::mutexesInLockstep);
  }

  @Test
  void onOneLoopLocksAndSignalsDoWhatTheModelsDo() {
    Rounds.SHORT.run("locks and signals on one loop", 0, SyncStressTest::inLockstep);
  }

  @Test
  @Tag("soak")
  void onOneLoopLocksAndSignalsDoWhatTheModelsDoForLong() {
    Rounds.LONG.run("locks and signals on one loop", 3_000_000, SyncStressTest::inLockstep);
  }

  private static long inLockstep(long seed) throws Throwable {
    RandomGenerator random = Seeds.generator(seed);
    return new Lockstep(random, new SyncWorld(random)).run(2 + random.nextInt(8), 2000);
  }

  private static long mutexesInLockstep(long seed) throws Throwable {
    RandomGenerator random = Seeds.generator(seed);
    return new Lockstep(random, new LockWorld(random)).run(2 + random.nextInt(6), 2000);
  }

  @Test
  void oneAtATimeHoldsALock() {
    Rounds.SHORT.run("locks", 0, seed -> locks(seed, false));
  }

  @Test
  @Tag("soak")
  void oneAtATimeHoldsALockForLong() {
    Rounds.LONG.run("locks", 1_000_000, seed -> locks(seed, false));
  }

  @Test
  void locksInAnyOrderNeverHang() {
    Rounds.SHORT.run("locks in any order", 0, seed -> locks(seed, true));
  }

  @Test
  @Tag("soak")
  void locksInAnyOrderNeverHangForLong() {
    Rounds.LONG.run("locks in any order", 1_000_000, seed -> locks(seed, true));
  }

  @Test
  void aBufferWithConditionsLosesNothing() {
    Rounds.SHORT.run("conditions", 0, SyncStressTest::conditions);
  }

  @Test
  @Tag("soak")
  void aBufferWithConditionsLosesNothingForLong() {
    Rounds.LONG.run("conditions", 1_000_000, SyncStressTest::conditions);
  }

  // Several locks at once

  /// A mutex or a read-write lock, and what only its holder touches.
  private static final class Guarding {
    final @Nullable Mutex mutex;
    final RwLock lock;
    private boolean inside;
    private int entered;

    Guarding(int number, boolean isMutex) {
      mutex = isMutex ? Mutex.create("M" + number) : null;
      lock = RwLock.create("L" + number);
    }

    Object thing() {
      return mutex == null ? lock : mutex;
    }

    boolean isLocked() {
      return mutex == null ? lock.isWriteLocked() || lock.readers() > 0 : mutex.isLocked();
    }

    void lock(boolean reading) {
      if (mutex != null) {
        mutex.lock();
      } else if (reading) {
        lock.lockRead();
      } else {
        lock.lockWrite();
      }
    }

    boolean tryLock(boolean reading) {
      return mutex != null ? mutex.tryLock() : reading ? lock.tryLockRead() : lock.tryLockWrite();
    }

    void unlock(boolean reading) {
      if (mutex != null) {
        mutex.unlock();
      } else if (reading) {
        lock.unlockRead();
      } else {
        lock.unlockWrite();
      }
    }

    void enter(boolean reading) {
      assertFalse(inside, "somebody else holds it");
      inside = !reading;
      entered += reading ? 0 : 1;
    }

    void leave(boolean reading) {
      assertEquals(!reading, inside, "somebody else held it meanwhile");
      inside = false;
    }
  }

  private static long locks(long seed, boolean inAnyOrder) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    Guarding[] all =
        IntStream.rangeClosed(0, random.nextInt(4))
            .mapToObj(i -> new Guarding(i, random.nextBoolean()))
            .toArray(Guarding[]::new);
    Object[] things = Arrays.stream(all).map(Guarding::thing).toArray();
    Swarm swarm = new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe(things));
    AtomicInteger entered = new AtomicInteger();
    int times = 1 + random.nextInt(500);
    for (int i = 2 + random.nextInt(5); i > 0; i--) {
      swarm.add(
          "locker " + i,
          me -> {
            Locker locker = new Locker(me, all, inAnyOrder);
            for (int time = 0; time < times; time++) {
              me.maybeAttempt(() -> locker.lockSome(0, 0));
            }
            entered.addAndGet(locker.entered);
          });
    }
    long done = swarm.run();
    assertEquals(Arrays.stream(all).mapToInt(one -> one.entered).sum(), entered.get());
    for (Guarding one : all) {
      assertFalse(one.isLocked(), "a lock is still held");
    }
    Queues.checkNobodyIsLeft(things);
    return done;
  }

  /// One who locks some of them, one inside the other.
  private static final class Locker {
    private final Member me;
    private final Guarding[] all;
    private final boolean inAnyOrder;
    int entered;

    Locker(Member me, Guarding[] all, boolean inAnyOrder) {
      this.me = me;
      this.all = all;
      this.inAnyOrder = inAnyOrder;
    }

    /// Locks one that may come now, and others while it holds that.
    ///
    /// @param held which ones it holds, a bit each
    void lockSome(int first, int held) {
      int least = inAnyOrder ? 0 : first;
      int index = least + me.random.nextInt(all.length - least);
      boolean reading = all[index].mutex == null && me.random.nextBoolean();
      if ((held & (1 << index)) != 0 || !isLocked(all[index], reading)) {
        return;
      }
      try {
        hold(all[index], reading, index, held | (1 << index));
      } finally {
        all[index].unlock(reading);
      }
    }

    private void hold(Guarding one, boolean reading, int index, int held) {
      one.enter(reading);
      entered += reading ? 0 : 1;
      try {
        if (index + 1 < all.length && me.random.nextBoolean()) {
          lockSome(index + 1, held);
        } else if (me.random.nextInt(4) == 0) {
          me.pause();
        }
      } finally {
        one.leave(reading);
      }
    }

    private boolean isLocked(Guarding one, boolean reading) {
      try {
        if (me.random.nextInt(4) == 0) {
          me.pause(); // where it ends if it has been cancelled: trying does not look
          return one.tryLock(reading);
        }
        one.lock(reading);
        return true;
      } catch (DeadlockException e) {
        if (inAnyOrder) {
          return false;
        }
        throw new AssertionError("who locks in order cannot wait for itself", e);
      }
    }
  }

  // Conditions

  /// A queue as it is in textbooks.
  private static final class BoundedBuffer {
    final Mutex mutex = Mutex.create();
    final Condition notFull = mutex.newCondition();
    final Condition notEmpty = mutex.newCondition();
    private final ArrayDeque<Ledger.Item> items = new ArrayDeque<>();
    private final int capacity;
    private final boolean all;
    private boolean closed;

    BoundedBuffer(int capacity, boolean all) {
      this.capacity = capacity;
      this.all = all;
    }

    void put(Ledger.Producer source) {
      mutex.withLock(() -> {
        notFull.await(() -> items.size() < capacity);
        items.add(source.next());
        source.sent();
        wake(notEmpty);
      });
    }

    boolean take(Ledger.Consumer sink) {
      return mutex.withLock(() -> {
        while (items.isEmpty() && !closed) {
          notEmpty.await();
        }
        if (items.isEmpty()) {
          return false;
        }
        sink.got(items.remove());
        wake(notFull);
        return true;
      });
    }

    private void wake(Condition condition) {
      if (all) {
        condition.signalAll();
      } else {
        condition.signal();
      }
    }

    void close() {
      mutex.withLock(() -> {
        closed = true;
        notEmpty.signalAll();
      });
    }
  }

  private static long conditions(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    Ledger ledger = new Ledger();
    BoundedBuffer buffer = new BoundedBuffer(1 + random.nextInt(3), random.nextInt(4) == 0);
    Object[] parts = {buffer.mutex, buffer.notFull, buffer.notEmpty};
    Swarm swarm = new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe(parts));
    int items = 1 + random.nextInt(500);
    int producers = 1 + random.nextInt(4);
    AtomicInteger open = new AtomicInteger(producers);
    for (int i = 0; i < producers; i++) {
      Ledger.Producer source = ledger.producer();
      swarm.add(
          "producer " + i,
          me -> {
            while (source.count() < items) {
              me.maybeAttempt(() -> buffer.put(source));
            }
            if (open.decrementAndGet() == 0) {
              buffer.close();
            }
          });
    }
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      Ledger.Consumer sink = ledger.consumer(true);
      swarm.add(
          "consumer " + i,
          me -> {
            boolean[] more = {true};
            while (more[0]) {
              me.maybeAttempt(() -> more[0] = buffer.take(sink));
            }
          });
    }
    long done = swarm.run();
    Queues.checkNobodyIsLeft(parts);
    ledger.check();
    return done;
  }
}
