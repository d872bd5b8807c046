package dev.thrum.stream;

import dev.thrum.internal.wait.Held;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.Waiter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where one task waits for another one of its loop to change something that both know. It hands
/// nothing over: who wakes looks at what it waited for.
///
/// It can say whom it waits for, and then a wait that can never end is found.
final class Turn implements Held {
  private final String what;
  private final @Nullable Party by;
  private @Nullable Waiter waiting;

  /// @param what what one waits for, as people read it
  /// @param by who alone can bring it about, or null for several
  Turn(String what, @Nullable Party by) {
    this.what = what;
    this.by = by;
  }

  /// Waits for a [#pass()].
  ///
  /// @return false if the task was cancelled first
  boolean await(Party me) {
    Waiter waiter = begin(me);
    try {
      return me.await(waiter) || waiter.isDone();
    } finally {
      end(waiter);
    }
  }

  /// As [#await], and gives up when a time is over.
  ///
  /// @return false if the task was cancelled or the time was over
  boolean await(Party me, long nanos) {
    Waiter waiter = begin(me);
    try {
      return me.await(waiter, nanos) || waiter.isDone();
    } finally {
      end(waiter);
    }
  }

  /// Waits for a [#pass()], whatever cancellation comes.
  void awaitMasked(Party me) {
    Waiter waiter = begin(me);
    try {
      me.awaitMasked(waiter);
    } finally {
      end(waiter);
    }
  }

  private Waiter begin(Party me) {
    if (waiting != null) {
      throw new AssertionError(me + " and " + waiting.party() + " wait for one turn: " + what);
    }
    Waiter waiter = me.begin(this, null);
    waiting = waiter;
    return waiter;
  }

  private void end(Waiter waiter) {
    if (waiting == waiter) {
      waiting = null;
    }
    var _ = waiter.take();
  }

  /// Whether somebody waits here or is about to find out that it has been cancelled.
  boolean isAwaited() {
    return waiting != null;
  }

  /// Lets the one run that waits here.
  ///
  /// @return false if nobody does, or only one that has been cancelled
  boolean pass() {
    Waiter waiter = waiting;
    if (waiter == null || waiter.party().hasLeft()) {
      return false;
    }
    waiting = null;
    waiter.hand(null);
    waiter.wake();
    return true;
  }

  @Override
  public List<Party> holders() {
    return by == null ? List.of() : List.of(by);
  }

  @Override
  public void abandonedBy(Party holder) {
    throw new AssertionError("a turn is not held");
  }

  @Override
  public String toString() {
    return what;
  }
}
