package dev.thrum.sync;

import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A count and a queue, in which everybody stands with the number that it wants.
final class SemaphoreImpl extends Labelled implements Semaphore {
  private final int max;
  private final WaitQueue queue = new WaitQueue();
  private int available;

  SemaphoreImpl(@Nullable String name, int permits, int max) {
    super("semaphore", name);
    if (max < 1 || permits < 0 || permits > max) {
      throw new IllegalArgumentException(
          "a semaphore has from 0 to max permits, and max is at least 1: "
              + permits
              + " of "
              + max);
    }
    this.max = max;
    this.available = permits;
  }

  @Override
  public void acquire(int permits) {
    checkWanted(permits);
    Party me = Party.current();
    me.enter();
    Waiter waiter = takeOrQueue(me, permits);
    if (waiter == null) {
      me.passed();
      return;
    }
    if (!me.await(waiter) && leave(queue, waiter)) {
      bring(0); // there may be enough for those behind it
      throw me.cancelled();
    }
    var _ = waiter.take();
  }

  private @Nullable Waiter takeOrQueue(Party me, int permits) {
    guard();
    try {
      if (takeIfFirst(permits)) {
        return null;
      }
      return queue(queue, me, permits);
    } finally {
      unguard();
    }
  }

  private boolean takeIfFirst(int permits) {
    if (available < permits || queue.peek() != null) {
      return false;
    }
    available -= permits;
    return true;
  }

  @Override
  public boolean tryAcquire(int permits) {
    checkWanted(permits);
    guard();
    try {
      return takeIfFirst(permits);
    } finally {
      unguard();
    }
  }

  @Override
  public void release(int permits) {
    if (permits < 1) {
      throw new IllegalArgumentException("at least one permit can be released: " + permits);
    }
    bring(permits);
  }

  /// Takes permits in and hands out what there is, in order.
  private void bring(int permits) {
    for (Waiter next = bringAndServe(permits); next != null; next = bringAndServe(0)) {
      next.wake();
    }
  }

  private @Nullable Waiter bringAndServe(int permits) {
    guard();
    try {
      if (permits > max - available) {
        throw tooMany(permits);
      }
      available += permits;
      for (Waiter next = queue.peek(); next != null; next = queue.peek()) {
        int wanted = (int) Objects.requireNonNull(next.item());
        if (wanted > available) {
          return null;
        }
        if (queue.claim(next)) {
          available -= wanted;
          next.hand(null);
          return next;
        }
      }
      return null;
    } finally {
      unguard();
    }
  }

  private IllegalStateException tooMany(int permits) {
    return new IllegalStateException(
        "releasing "
            + permits
            + " would give "
            + label()
            + " more than "
            + max
            + " permits, of which "
            + available
            + " are free: release once for each acquire, as withPermit(body) does; to signal with"
            + " it, make it with a higher maximum, create(permits, max)");
  }

  private void checkWanted(int permits) {
    if (permits < 1 || permits > max) {
      throw new IllegalArgumentException(
          label() + " has " + max + " permits: nobody can acquire " + permits);
    }
  }

  @Override
  public int availablePermits() {
    guard();
    int now = available;
    unguard();
    return now;
  }

  @Override
  public boolean isLocked() {
    guard();
    try {
      return available == 0 || queue.peek() != null;
    } finally {
      unguard();
    }
  }

  @Override
  public String toString() {
    look();
    return label() + ", " + available + " of " + max + " free, " + queue.size() + " waiting";
  }
}
