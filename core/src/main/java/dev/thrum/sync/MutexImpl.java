package dev.thrum.sync;

import dev.thrum.DeadlockException;
import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.Held;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitGraph;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A holder and a queue. Who unlocks makes the next one the holder before that one runs.
final class MutexImpl extends Guarded implements Mutex, Held {
  private final @Nullable String name;
  private final WaitQueue queue = new WaitQueue();
  private volatile @Nullable Party holder;
  private @Nullable String brokenBy;

  MutexImpl(@Nullable String name) {
    this.name = name;
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
    refuseCycle(me, waiter);
    if (!me.await(waiter) && leave(queue, waiter)) {
      throw me.cancelled();
    }
    served(me, waiter);
  }

  /// Locks it whatever cancellation comes, for a condition that gives it back.
  void lockMasked(Party me) {
    Waiter waiter = lockOrQueue(me);
    if (waiter != null) {
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
    Party known = holder;
    if (known != null && known.isOver()) {
      abandonedBy(known);
    }
    guard();
    try {
      checkBroken(brokenBy);
      if (holder == null) {
        holder = me;
        me.holds(this);
        return null;
      }
      if (holder == me) {
        throw new IllegalStateException(
            me
                + " holds "
                + this
                + " already, and it is not reentrant: split the method into an outer one that"
                + " locks and an inner one that expects it locked");
      }
      Waiter waiter = me.waiter();
      waiter.begin(this, null);
      queue.add(waiter);
      return waiter;
    } finally {
      unguard();
    }
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
    guard();
    try {
      checkBroken(brokenBy);
      if (holder != null) {
        return false;
      }
      holder = me;
      me.holds(this);
      return true;
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
            + describe()
            + ", which "
            + (known == null ? "is not locked" : known + " holds")
            + ": only the holder may, once for each lock(); withLock(body) does it right");
  }

  private void checkBroken(@Nullable Object by) {
    if (by != null) {
      throw new BrokenException(
          describe()
              + " is broken: "
              + by
              + " ended without unlocking it, so what it guards may be half changed. Unlock in a"
              + " finally, or use withLock(body)");
    }
  }

  @Override
  public void abandonedBy(Party ended) {
    List<Waiter> woken = new ArrayList<>();
    guard();
    try {
      if (holder != ended) {
        return;
      }
      brokenBy = ended.toString();
      holder = null;
      queue.pollAll(_ -> true, brokenBy, woken);
    } finally {
      unguard();
    }
    woken.forEach(Waiter::wake);
  }

  @Override
  public List<Party> holders() {
    Party known = holder;
    return known == null ? List.of() : List.of(known);
  }

  @Override
  public boolean isLocked() {
    return holder != null;
  }

  @Override
  public boolean isHeldByCaller() {
    return holder == Party.current();
  }

  @Override
  public Condition newCondition() {
    return new ConditionImpl(this);
  }

  private String describe() {
    return name == null ? "mutex@" + number() : "mutex " + name;
  }

  @Override
  public String toString() {
    Party known = holder;
    return known == null ? describe() : describe() + ", held by " + known;
  }
}
