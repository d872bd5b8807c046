package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.Lockstep.Waiting;
import dev.thrum.sync.Mutex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A few mutexes that are locked in any order, each beside its model. Who holds one may start a
/// child that locks another, and await it.
final class LockWorld implements Lockstep.World {
  private static final Object LOCKED = Lockstep.mark("locked");
  private static final Object UNLOCKED = Lockstep.mark("unlocked");
  private static final Object HELD = Lockstep.mark("held already");

  /// A cycle: who waits in it.
  private record Deadlock(List<String> waiters) {}

  /// A task, as a holder.
  private static final class Holder {
    final String name = current().name();
    @Nullable Lock wanted;
    @Nullable Waiting waiting;
    @Nullable Holder child;

    /// Whom it waits for.
    @Nullable Holder next() {
      if (child != null) {
        return child;
      }
      return waiting == null || waiting.isServed() ? null : wanted.holder;
    }
  }

  /// A mutex and its model.
  private static final class Lock {
    final Mutex mutex;
    final ArrayDeque<Holder> queue = new ArrayDeque<>();
    @Nullable Holder holder;

    Lock(int number) {
      mutex = Mutex.create("M" + number);
    }

    @Nullable Object lock(Holder me, Waiting waiting) {
      if (holder == null) {
        holder = me;
        return LOCKED;
      }
      if (holder == me) {
        return HELD;
      }
      List<String> cycle = new ArrayList<>(List.of(me.name));
      for (Holder at = holder; at != null; at = at.next()) {
        if (at == me) {
          return new Deadlock(cycle);
        }
        cycle.add(at.name);
      }
      me.waiting = waiting;
      me.wanted = this;
      queue.add(me);
      return null;
    }

    void unlock() {
      holder = null;
      while (holder == null && !queue.isEmpty()) {
        Holder next = queue.poll();
        if (!next.waiting.isServed()) {
          holder = next;
          next.waiting.serve(LOCKED);
        }
      }
    }
  }

  private final RandomGenerator random;
  private final Lock[] locks;

  LockWorld(RandomGenerator random) {
    this.random = random;
    this.locks = new Lock[1 + random.nextInt(4)];
    for (int i = 0; i < locks.length; i++) {
      locks[i] = new Lock(i);
    }
  }

  @Override
  public void turn(Lockstep.Actor me) throws Throwable {
    turn(me, new Holder());
  }

  private void turn(Lockstep.Actor me, Holder holder) throws Throwable {
    Lock lock = locks[random.nextInt(locks.length)];
    Object got = random.nextInt(5) == 0 ? tryLock(me, holder, lock) : lock(me, holder, lock);
    if (got != LOCKED) {
      return;
    }
    try {
      switch (random.nextInt(6)) {
        case 0 -> checkpoint();
        case 1 -> sleep(ofMillis(1));
        case 2, 3 -> turn(me, holder);
        case 4 -> turnOfChild(me, holder);
        default -> {
          me.meddle();
          turn(me, holder);
        }
      }
    } finally {
      lock.unlock();
      me.performAtOnce("unlock " + lock.mutex, UNLOCKED, () -> unlock(lock.mutex));
    }
  }

  private Object lock(Lockstep.Actor me, Holder holder, Lock lock) throws Throwable {
    return me.perform(
        "lock " + lock.mutex, waiting -> lock.lock(holder, waiting), () -> lock(lock.mutex));
  }

  private static Object lock(Mutex mutex) {
    try {
      mutex.lock();
      return LOCKED;
    } catch (DeadlockException e) {
      return new Deadlock(e.waits().stream().map(DeadlockException.Wait::waiter).toList());
    } catch (CancelledException e) {
      throw e;
    } catch (IllegalStateException _) {
      return HELD;
    }
  }

  private static Object tryLock(Lockstep.Actor me, Holder holder, Lock lock) throws Throwable {
    Object expected = lock.holder == null ? LOCKED : HELD;
    if (lock.holder == null) {
      lock.holder = holder;
    }
    return me.performAtOnce(
        "try to lock " + lock.mutex, expected, () -> tryLock(lock.mutex) ? LOCKED : HELD);
  }

  private static boolean tryLock(Mutex mutex) {
    try {
      return mutex.tryLock();
    } catch (IllegalStateException _) {
      return false; // it is the caller's own
    }
  }

  private static Object unlock(Mutex mutex) {
    mutex.unlock();
    return UNLOCKED;
  }

  private void turnOfChild(Lockstep.Actor me, Holder holder) throws Throwable {
    Task<?> child =
        async(
            me.name + "'s child",
            () -> {
              Holder own = new Holder();
              holder.child = own;
              turn(me, own);
              holder.child = null;
            });
    try {
      child.await();
    } finally {
      holder.child = null;
    }
  }

  @Override
  public void atRest(Lockstep run) throws Throwable {
    for (Lock lock : locks) {
      lock.queue.removeIf(holder -> holder.waiting.isServed());
      assertEquals(lock.holder != null, lock.mutex.isLocked(), "whether it is locked");
      assertEquals(lock.queue.size(), Queues.waiting(lock.mutex, "queue"), "who waits");
    }
  }
}
