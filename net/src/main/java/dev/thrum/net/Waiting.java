package dev.thrum.net;

import dev.thrum.internal.Durations;
import dev.thrum.internal.wait.OpenWait;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Tasks of one loop that wait for one thing, first come, first served. Whoever brings it about
/// hands it to one of them, or wakes them so that each looks again.
///
/// While somebody waits here for the world outside, the loop is not deadlocked and virtual time
/// stands still; a wait for a task of the same loop is an ordinary one.
class Waiting {

  /// Waits for the world outside.
  private static final class Outside extends Waiting implements OpenWait {
    Outside(String what, Object of) {
      super(what, of);
    }

    @Override
    void begin(Party me) {
      me.outsideBegins();
    }

    @Override
    void end(Party me) {
      me.outsideEnds();
    }
  }

  private final String what;
  private final Object of;
  private final WaitQueue queue = new WaitQueue();

  private Waiting(String what, Object of) {
    this.what = what;
    this.of = of;
  }

  static Waiting on(String what, Object of, boolean outside) {
    return outside ? new Outside(what, of) : new Waiting(what, of);
  }

  void begin(Party me) {}

  void end(Party me) {}

  /// Waits until it is woken.
  ///
  /// @return what was handed over, or null if nothing was
  /// @throws java.util.concurrent.CancellationException if the caller is cancelled first
  @Nullable Object await(Party me) {
    Waiter own = queue(me);
    boolean woken;
    begin(me);
    try {
      woken = me.await(own);
    } finally {
      end(me);
    }
    if (!woken && leave(own)) {
      throw me.cancelled();
    }
    return own.take();
  }

  /// Waits until it is woken, cancelled, or the time is over.
  ///
  /// @return whether it was woken
  boolean awaitFor(Party me, Duration limit) {
    Waiter own = queue(me);
    boolean woken;
    begin(me);
    try {
      woken = me.await(own, Durations.nanos(limit));
    } finally {
      end(me);
    }
    if (!woken && leave(own)) {
      return false;
    }
    var _ = own.take();
    return true;
  }

  /// Waits until it is woken, whatever cancellation comes.
  void awaitMasked(Party me) {
    Waiter own = queue(me);
    begin(me);
    try {
      me.awaitMasked(own);
    } finally {
      end(me);
    }
    var _ = own.take();
  }

  private Waiter queue(Party me) {
    Waiter own = me.begin(this, null);
    queue.add(own);
    return own;
  }

  private boolean leave(Waiter own) {
    if (own.isDone()) {
      return false;
    }
    queue.remove(own);
    var _ = own.take();
    return true;
  }

  /// Wakes who has waited longest.
  ///
  /// @return false if nobody waits
  boolean wakeOne() {
    return serveFirst(null);
  }

  /// Hands something to who has waited longest.
  ///
  /// @return false if nobody waits
  boolean hand(Object what) {
    return serveFirst(what);
  }

  private boolean serveFirst(@Nullable Object what) {
    Waiter first = queue.poll();
    if (first == null) {
      return false;
    }
    first.hand(what);
    first.wake();
    return true;
  }

  /// Wakes all.
  void wakeAll() {
    if (!queue.isEmpty()) {
      queue.handAll(null).forEach(Waiter::wake);
    }
  }

  @Override
  public String toString() {
    return what + of;
  }
}
