package dev.thrum.sync;

import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.Selectable;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A flag and those who wait for it.
final class EventImpl extends Labelled implements Event, Selectable {
  private final WaitQueue queue = new WaitQueue();
  private volatile boolean set;

  EventImpl(@Nullable String name) {
    super("event", name);
  }

  @Override
  public void set() {
    List<Waiter> woken;
    guard();
    try {
      set = true;
      woken = queue.handAll(null);
    } finally {
      unguard();
    }
    woken.forEach(Waiter::wake);
  }

  @Override
  public void clear() {
    guard();
    set = false;
    unguard();
  }

  @Override
  public boolean isSet() {
    look();
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
  public String toString() {
    look();
    return label() + (set ? ", set" : ", not set, " + queue.size() + " waiting");
  }
}
