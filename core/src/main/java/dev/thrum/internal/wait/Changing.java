package dev.thrum.internal.wait;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Guarded state that parties look at, wait for, and look at again when it has changed.
///
/// Nothing is handed over: whoever changes the state ends all waits, and each looks anew. So a
/// waiter that is cancelled has nothing to pass on. What is given to the methods here runs under
/// the guard: a few instructions that neither wait nor throw.
public abstract class Changing extends Guarded {
  private final WaitQueue waiting = new WaitQueue();
  private final boolean outside;

  /// Made by subclasses.
  ///
  /// @param outside whether it changes by what no loop brings about: see [Party#outsideBegins()]
  protected Changing(boolean outside) {
    this.outside = outside;
  }

  /// Looks at the state.
  ///
  /// @param look what to find out
  /// @return what it says
  protected final boolean see(BooleanSupplier look) {
    guard();
    try {
      return look.getAsBoolean();
    } finally {
      unguard();
    }
  }

  /// Changes the state, and lets all who wait look again.
  ///
  /// @param step the change
  protected final void change(Runnable step) {
    List<Waiter> woken;
    guard();
    try {
      step.run();
      woken = changed();
    } finally {
      unguard();
    }
    woken.forEach(Waiter::wake);
  }

  /// Waits until a look says true.
  ///
  /// @param look what to wait for; what it does when it says true changes nothing for others
  /// @throws java.util.concurrent.CancellationException if the caller is cancelled
  protected final void awaitUntil(BooleanSupplier look) {
    await(look, false);
  }

  /// Waits until a step can be done, and lets all who wait look again.
  ///
  /// @param step what to do; false if it cannot be done yet
  /// @throws java.util.concurrent.CancellationException if the caller is cancelled
  protected final void awaitChange(BooleanSupplier step) {
    await(step, true);
  }

  private void await(BooleanSupplier look, boolean changes) {
    Party me = Party.current();
    if (!await(me, look, changes)) {
      throw me.cancelled();
    }
  }

  /// Waits until a look says true, or the caller is cancelled.
  ///
  /// @param look what to wait for; what it does when it says true changes nothing for others
  /// @return false if the caller is cancelled
  protected final boolean awaitOrLeave(BooleanSupplier look) {
    return await(Party.current(), look, false);
  }

  private boolean await(Party me, BooleanSupplier look, boolean changes) {
    if (me.mustLeave()) {
      return false;
    }
    Waiter waiter = lookOrQueue(me, look, changes);
    if (waiter == null) {
      me.passed();
      return true;
    }
    while (waiter != null) {
      begins(me);
      boolean changed;
      try {
        changed = me.await(waiter);
      } finally {
        ends(me);
      }
      if (!changed && leave(waiting, waiter)) {
        return false;
      }
      var _ = waiter.take();
      waiter = lookOrQueue(me, look, changes);
    }
    return true;
  }

  /// Waits until a look says true, whatever cancellation comes.
  ///
  /// @param look what to wait for
  protected final void awaitMasked(BooleanSupplier look) {
    Party me = Party.current();
    while (true) {
      Waiter waiter = lookOrQueue(me, look, false);
      if (waiter == null) {
        return;
      }
      begins(me);
      try {
        me.awaitMasked(waiter);
      } finally {
        ends(me);
      }
      var _ = waiter.take();
    }
  }

  private @Nullable Waiter lookOrQueue(Party me, BooleanSupplier look, boolean changes) {
    List<Waiter> woken = List.of();
    guard();
    try {
      if (!look.getAsBoolean()) {
        return queue(waiting, me, null);
      }
      if (changes) {
        woken = changed();
      }
    } finally {
      unguard();
    }
    woken.forEach(Waiter::wake);
    return null;
  }

  /// Lets all who wait look again. Under the guard.
  ///
  /// @return who is to be woken once the guard is left
  protected final List<Waiter> changed() {
    Waiter next = waiting.poll();
    if (next == null) {
      return List.of();
    }
    List<Waiter> woken = new ArrayList<>(1);
    for (; next != null; next = waiting.poll()) {
      next.hand(null);
      woken.add(next);
    }
    return woken;
  }

  private void begins(Party me) {
    if (outside) {
      me.outsideBegins();
    }
  }

  private void ends(Party me) {
    if (outside) {
      me.outsideEnds();
    }
  }
}
