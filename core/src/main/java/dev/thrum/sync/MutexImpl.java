package dev.thrum.sync;

import dev.thrum.DeadlockException;
import dev.thrum.internal.wait.Held;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitGraph;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A holder and a queue. Who unlocks makes the next one the holder before that one runs.
final class MutexImpl extends Labelled implements Mutex, Held {
  private final WaitQueue queue = new WaitQueue();
  private volatile @Nullable Party holder;
  private @Nullable String brokenBy;

  MutexImpl(@Nullable String name) {
    super("mutex", name);
  }

  @Override
  public void lock() {
    Party me = Party.current();
    me.enter();
    Waiter waiter = lockOrQueue(me);
    if (waiter == null) {
      me.passed();
      return;
    }
    lookForEnded();
    refuseCycle(me, waiter);
    if (!me.await(waiter) && leave(queue, waiter)) {
      throw me.cancelled();
    }
    served(me, waiter);
  }

  /// Locks it whatever cancellation comes, for a condition that gave it back.
  void lockMasked(Party me) {
    Waiter waiter = lockOrQueue(me);
    if (waiter != null) {
      lookForEnded();
      refuseCycle(me, waiter);
      me.awaitMasked(waiter);
      served(me, waiter);
    }
  }

  private void served(Party me, Waiter waiter) {
    checkBroken(waiter.take());
    me.holds(this);
  }

  /// Takes it, or a place in the queue.
  private @Nullable Waiter lockOrQueue(Party me) {
    guard();
    try {
      if (takeIfFree(me)) {
        return null;
      }
      return queue(queue, me, null);
    } finally {
      unguard();
    }
  }

  private boolean takeIfFree(Party me) {
    checkBroken(brokenBy);
    Party known = holder;
    if (known == me) {
      throw new IllegalStateException(
          me
              + " holds "
              + label()
              + " already, and it is not reentrant: split the method into an outer one that locks"
              + " and an inner one that expects it locked");
    }
    if (known != null) {
      return false;
    }
    holder = me;
    me.holds(this);
    return true;
  }

  private void refuseCycle(Party me, Waiter waiter) {
    List<DeadlockException.Wait> cycle = WaitGraph.cycle(me, this);
    if (cycle != null && leave(queue, waiter)) {
      throw new DeadlockException(me + " would wait for itself: " + this, cycle);
    }
  }

  @Override
  public boolean tryLock() {
    Party me = Party.current();
    boolean locked = tryLock(me);
    if (!locked) {
      lookForEnded();
      locked = tryLock(me);
    }
    return locked;
  }

  private boolean tryLock(Party me) {
    guard();
    try {
      return takeIfFree(me);
    } finally {
      unguard();
    }
  }

  @Override
  public void unlock() {
    Party me = Party.current();
    Waiter next;
    guard();
    try {
      if (holder != me) {
        throw notHeld(me);
      }
      me.holdsNoMore(this);
      next = queue.poll();
      if (next == null) {
        holder = null;
      } else {
        holder = next.party();
        next.hand(null);
      }
    } finally {
      unguard();
    }
    if (next != null) {
      next.wake();
    }
  }

  private IllegalStateException notHeld(Party me) {
    Party known = holder;
    return new IllegalStateException(
        me
            + " cannot unlock "
            + label()
            + ", which "
            + (known == null ? "is not locked" : known + " holds")
            + ": only the holder may, once for each lock(); withLock(body) does it right");
  }

  private void checkBroken(@Nullable Object by) {
    if (by != null) {
      throw new BrokenException(
          label()
              + " is broken: "
              + by
              + " ended without unlocking it, so what it guards may be half changed. Unlock in a"
              + " finally, or use withLock(body)",
          null);
    }
  }

  /// Nobody tells when a thread ends.
  private void lookForEnded() {
    Party known = holder;
    if (known != null && known.isOver()) {
      abandonedBy(known);
    }
  }

  @Override
  public void abandonedBy(Party ended) {
    List<Waiter> woken;
    guard();
    try {
      if (holder != ended) {
        return;
      }
      brokenBy = ended.toString();
      holder = null;
      woken = queue.handAll(brokenBy);
    } finally {
      unguard();
    }
    woken.forEach(Waiter::wake);
  }

  @Override
  public List<Party> holders() {
    look();
    Party known = holder;
    return known == null ? List.of() : List.of(known);
  }

  @Override
  public boolean isLocked() {
    look();
    return holder != null;
  }

  @Override
  public boolean isHeldByCaller() {
    look();
    return holder == Party.current();
  }

  @Override
  public Condition newCondition() {
    return new ConditionImpl(this);
  }

  @Override
  public String toString() {
    look();
    Party known = holder;
    return known == null ? label() : label() + ", held by " + known;
  }
}
