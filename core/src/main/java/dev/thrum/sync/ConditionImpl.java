package dev.thrum.sync;

import dev.thrum.internal.inspect.Ticks;
import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.Unheeded;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/// A queue of those who gave up the mutex to wait.
final class ConditionImpl extends Guarded implements Condition, Unheeded {
  private final MutexImpl mutex;
  private final WaitQueue queue = new WaitQueue();
  private int unheeded = -1;

  ConditionImpl(MutexImpl mutex) {
    this.mutex = mutex;
  }

  @Override
  public void await() {
    Party me = Party.current();
    checkHeld("await");
    me.enter();
    Waiter waiter;
    guard();
    try {
      waiter = queue(queue, me, null);
    } finally {
      unguard();
    }
    mutex.unlock();
    boolean signalled;
    try {
      signalled = me.await(waiter) || !leave(queue, waiter);
    } catch (Throwable outOfStack) {
      mutex.lockMasked(me);
      throw outOfStack;
    }
    if (signalled) {
      var _ = waiter.take();
    }
    mutex.lockMasked(me);
    if (!signalled) {
      throw me.cancelled();
    }
  }

  @Override
  public void await(BooleanSupplier test) {
    Objects.requireNonNull(test, "test");
    Party me = Party.current();
    me.enter();
    if (test.getAsBoolean()) {
      me.passed();
      return;
    }
    do {
      unheeded = -1; // no signal is missed that the test has seen the effect of
      await();
    } while (!test.getAsBoolean());
  }

  @Override
  public void signal() {
    wake(1, "signal");
  }

  @Override
  public void signalAll() {
    wake(Integer.MAX_VALUE, "signalAll");
  }

  private void wake(int count, String operation) {
    checkHeld(operation);
    List<Waiter> woken = new ArrayList<>(1);
    guard();
    try {
      Waiter next = queue.poll();
      if (next == null) {
        unheeded = Ticks.now();
      }
      while (next != null) {
        next.hand(null);
        woken.add(next);
        next = woken.size() < count ? queue.poll() : null;
      }
    } finally {
      unguard();
    }
    woken.forEach(Waiter::wake);
  }

  private void checkHeld(String operation) {
    if (!mutex.isHeldByCaller()) {
      throw new IllegalStateException(
          operation
              + "() of a condition needs its mutex, and "
              + Party.current()
              + " does not hold it: call it inside mutex.withLock(…)");
    }
  }

  @Override
  public int unheededAt() {
    return unheeded;
  }

  @Override
  public String toString() {
    look();
    return "condition of " + mutex.label() + ", " + queue.size() + " waiting";
  }
}
