package dev.thrum.sync;

import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A queue for each round. Who waits is handed its index, or why it is sent away.
final class BarrierImpl extends Labelled implements Barrier {

  /// Why somebody is sent away.
  private record Break(String what, @Nullable Throwable cause) {}

  private final int parties;
  private final @Nullable Runnable action;
  private WaitQueue round = new WaitQueue();
  private @Nullable Break broken;

  BarrierImpl(@Nullable String name, int parties, @Nullable Runnable action) {
    super("barrier", name);
    if (parties < 1) {
      throw new IllegalArgumentException("a barrier needs at least one party: " + parties);
    }
    this.parties = parties;
    this.action = action;
  }

  @Override
  public int await() {
    Party me = Party.current();
    me.enter();
    WaitQueue mine;
    Waiter waiter = null;
    List<Waiter> met = List.of();
    guard();
    try {
      checkBroken();
      mine = round;
      if (mine.size() < parties - 1 || mine.waiting() < parties - 1) {
        waiter = queue(mine, me, null);
      } else if (action == null) {
        met = letGo(mine);
      } else {
        round = new WaitQueue();
      }
    } finally {
      unguard();
    }
    if (waiter != null) {
      return arrived(me, mine, waiter);
    }
    if (action != null) {
      met = act(action, mine);
    }
    met.forEach(Waiter::wake);
    me.passed();
    return parties - 1;
  }

  private int arrived(Party me, WaitQueue mine, Waiter waiter) {
    if (!me.await(waiter) && leave(mine, waiter)) {
      throw me.cancelled();
    }
    Object handed = waiter.take();
    if (handed instanceof Break why) {
      throw exception(why);
    }
    return (int) Objects.requireNonNull(handed);
  }

  private List<Waiter> act(Runnable work, WaitQueue mine) {
    try {
      work.run();
    } catch (Throwable failure) {
      breakUp(new Break("was broken by its action: " + failure, failure), mine);
      throw failure;
    }
    guard();
    try {
      return letGo(mine);
    } finally {
      unguard();
    }
  }

  private static List<Waiter> letGo(WaitQueue mine) {
    List<Waiter> met = new ArrayList<>(mine.size());
    for (Waiter next = mine.poll(); next != null; next = mine.poll()) {
      next.hand(met.size());
      met.add(next);
    }
    return met;
  }

  @Override
  public void reset() {
    List<Waiter> sent;
    guard();
    try {
      broken = null;
      sent = round.handAll(new Break("was reset by " + Party.current(), null));
    } finally {
      unguard();
    }
    sent.forEach(Waiter::wake);
  }

  @Override
  public void abort() {
    breakUp(new Break("was aborted by " + Party.current(), null), new WaitQueue());
  }

  /// Breaks it for all who come, who wait, and who met already in a round that did not end well.
  private void breakUp(Break why, WaitQueue met) {
    List<Waiter> sent = new ArrayList<>();
    guard();
    try {
      broken = why;
      sent.addAll(met.handAll(why));
      sent.addAll(round.handAll(why));
    } finally {
      unguard();
    }
    sent.forEach(Waiter::wake);
  }

  private void checkBroken() {
    Break why = broken;
    if (why != null) {
      throw exception(why);
    }
  }

  private BrokenException exception(Break why) {
    String mend = broken == null ? "" : "; nobody can meet there before reset()";
    return new BrokenException(label() + " " + why.what + mend, why.cause);
  }

  @Override
  public boolean isBroken() {
    guard();
    try {
      return broken != null;
    } finally {
      unguard();
    }
  }

  @Override
  public int parties() {
    return parties;
  }

  @Override
  public int waiting() {
    guard();
    try {
      return round.waiting();
    } finally {
      unguard();
    }
  }

  @Override
  public String toString() {
    look();
    return label()
        + (broken == null ? ", " + round.size() + " of " + parties + " waiting" : ", broken");
  }
}
