package dev.thrum.sync;

import dev.thrum.internal.inspect.Ticks;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.Selectable;
import dev.thrum.internal.wait.Unheeded;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A flag and those who wait for it.
final class EventImpl extends Labelled implements Event, Selectable, Unheeded {
  private final WaitQueue queue = new WaitQueue();
  private volatile boolean set;
  private boolean noticed;
  private int unheeded = -1;

  EventImpl(@Nullable String name) {
    super("event", name);
  }

  @Override
  public void set() {
    List<Waiter> woken;
    guard();
    try {
      noticed |= set;
      set = true;
      woken = queue.handAll(null);
      noticed |= !woken.isEmpty();
    } finally {
      unguard();
    }
    woken.forEach(Waiter::wake);
  }

  @Override
  public void clear() {
    guard();
    if (set && !noticed) {
      unheeded = Ticks.now();
    }
    set = false;
    noticed = false;
    unguard();
  }

  @Override
  public boolean isSet() {
    look();
    noticed |= set;
    return set;
  }

  @Override
  public void await() {
    Party me = Party.current();
    me.enter();
    Waiter waiter = queueUnlessSet(me);
    if (waiter == null) {
      me.passed();
      return;
    }
    if (!me.await(waiter) && leave(queue, waiter)) {
      throw me.cancelled();
    }
    var _ = waiter.take();
  }

  private @Nullable Waiter queueUnlessSet(Party me) {
    guard();
    try {
      if (set) {
        noticed = true;
        return null;
      }
      return queue(queue, me, null);
    } finally {
      unguard();
    }
  }

  @Override
  public boolean isReady() {
    look();
    noticed |= set;
    return set;
  }

  @Override
  public void register(Waiter waiter) {
    queue.add(waiter);
  }

  @Override
  public void unregister(Waiter waiter) {
    queue.remove(waiter);
  }

  @Override
  public int unheededAt() {
    return unheeded;
  }

  @Override
  public String toString() {
    look();
    return label() + (set ? ", set" : ", not set, " + queue.size() + " waiting");
  }
}
