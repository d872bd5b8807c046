package dev.thrum.sync;

import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A bucket, the one who waits for what drops into it, and those behind.
///
/// **The queue.** Only the head waits with a time limit. It is in no queue; who is in the queue is
/// handed nothing but the head's place, and throws it on when it is cancelled.
final class RateLimiterImpl extends Labelled implements RateLimiter {
  private final Bucket bucket;
  private final WaitQueue queue = new WaitQueue();
  private @Nullable Party head;

  RateLimiterImpl(@Nullable String name, int permits, Duration per, int burst) {
    super("rate limiter", name);
    this.bucket = new Bucket(permits, per, burst);
  }

  @Override
  public void acquire(int permits) {
    bucket.check(permits);
    Party me = Party.current();
    me.enter();
    if (takeOrQueue(me, permits)) {
      me.passed();
    } else {
      waitAsHead(me, permits);
    }
  }

  /// Takes permits, or becomes the head, maybe after waiting for that in the queue.
  ///
  /// @return true if they are taken
  private boolean takeOrQueue(Party me, int permits) {
    long now = me.nanoTime();
    Waiter waiter;
    guard();
    try {
      if (head == null) {
        boolean taken = bucket.take(now, permits) <= 0;
        head = taken ? null : me;
        return taken;
      }
      waiter = queue(queue, me, null);
    } finally {
      unguard();
    }
    if (!me.await(waiter) && leave(queue, waiter)) {
      throw me.cancelled();
    }
    var _ = waiter.take();
    return false;
  }

  private void waitAsHead(Party me, int permits) {
    try {
      for (long left = take(me, permits); left > 0; left = take(me, permits)) {
        Waiter waiter = me.begin(this, null);
        var _ = me.await(waiter, left);
        var _ = waiter.take();
      }
    } finally {
      leaveHead();
    }
  }

  private long take(Party me, int permits) {
    if (me.mustLeave()) {
      throw me.cancelled();
    }
    long now = me.nanoTime();
    guard();
    try {
      return bucket.take(now, permits);
    } finally {
      unguard();
    }
  }

  private void leaveHead() {
    Waiter next;
    guard();
    try {
      next = queue.poll();
      if (next == null) {
        head = null;
      } else {
        head = next.party();
        next.hand(null);
      }
    } finally {
      unguard();
    }
    if (next != null) {
      next.wake();
    }
  }

  @Override
  public boolean tryAcquire(int permits) {
    bucket.check(permits);
    long now = Party.current().nanoTime();
    guard();
    try {
      return head == null && bucket.take(now, permits) <= 0;
    } finally {
      unguard();
    }
  }

  @Override
  public String toString() {
    look();
    int waiting = queue.size() + (head == null ? 0 : 1);
    return label() + ", " + bucket + ", " + waiting + " waiting";
  }
}
