package dev.thrum.net.internal;

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
public class Waiting {

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

  /// Nobody waits yet.
  ///
  /// @param what what is waited for, in words that end before its name
  /// @param of what it is part of
  /// @param outside whether the world outside brings it about
  /// @return a queue of waiting tasks
  public static Waiting on(String what, Object of, boolean outside) {
    return outside ? new Outside(what, of) : new Waiting(what, of);
  }

  /// A wait begins.
  void begin(Party me) {}

  /// A wait is over.
  void end(Party me) {}

  /// Waits until it is woken.
  ///
  /// @param me the caller
  /// @return what was handed over, or null if nothing was
  /// @throws java.util.concurrent.CancellationException if the caller is cancelled first
  public @Nullable Object await(Party me) {
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
  /// @param me the caller
  /// @param limit how long
  /// @return whether it was woken
  public boolean awaitFor(Party me, Duration limit) {
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
  ///
  /// @param me the caller
  public void awaitMasked(Party me) {
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
  public boolean wakeOne() {
    return serveFirst(null);
  }

  /// Hands something to who has waited longest.
  ///
  /// @param what the thing
  /// @return false if nobody waits
  public boolean hand(Object what) {
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
  public void wakeAll() {
    if (!queue.isEmpty()) {
      queue.handAll(null).forEach(Waiter::wake);
    }
  }

  @Override
  public String toString() {
    return what + of;
  }
}
