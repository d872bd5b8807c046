package dev.thrum.internal.wait;

import dev.thrum.internal.Sneaky;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// One who waits in one queue: the node of a [WaitQueue], and the place where what it waits for is
/// put down.
///
/// It belongs to a [Party], which uses it again for its next wait. The queue's links and `item` are
/// touched under the guard of what it waits for. Being done is written last and may be read by the
/// party without the guard, which then sees everything that was put down before.
public final class Waiter {
  private static final int FREE = 0;
  private static final int WAITING = 1;
  private static final int DONE = 2;
  private static final int ABANDONED = 3;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Party party;
  @Nullable Waiter previous;
  @Nullable Waiter next;
  boolean queued;

  private final @Nullable Selection selection;
  private final int clause;
  private @Nullable Object on;
  private @Nullable Object item;
  private long uses;

  @SuppressWarnings("unused") // by its handle
  private int state;

  /// The node of a party that waits for one thing at a time.
  ///
  /// @param party who waits
  public Waiter(Party party) {
    this.party = party;
    this.selection = null;
    this.clause = 0;
  }

  /// The node of one clause of a party that waits for several things.
  ///
  /// @param party who waits
  /// @param selection what decides which clause wins
  /// @param clause the clause's number
  public Waiter(Party party, Selection selection, int clause) {
    this.party = party;
    this.selection = selection;
    this.clause = clause;
  }

  /// Begins a wait. Before it is queued, under the guard.
  ///
  /// @param what what it waits for
  /// @param offered what it brings with it, or null
  public void begin(Object what, @Nullable Object offered) {
    uses++;
    on = what;
    item = offered;
    STATE.setRelease(this, WAITING);
  }

  /// Whether it can still be served. Under the guard.
  boolean canBeServed() {
    return !party.hasLeft() && (selection == null ? isWaiting() : selection.isOpen());
  }

  /// Decides that this one is served, if it still can be. Under the guard; then [#hand] must
  /// follow.
  ///
  /// @return false if it has left, or if another of its clauses has won
  boolean claim() {
    return !party.hasLeft() && (selection == null ? isWaiting() : selection.win(clause));
  }

  /// Puts down what it waited for and ends its wait. Under the guard; [#wake()] is to follow
  /// outside it.
  ///
  /// @param value what it gets, or null
  public void hand(@Nullable Object value) {
    item = value;
    if (selection == null) {
      STATE.setRelease(this, DONE);
    } else {
      selection.handOver();
    }
  }

  /// Hands over what needs no guard, and wakes.
  ///
  /// @param value what it gets if it can still be served
  /// @return whether it was
  public boolean serve(Object value) {
    if (!claim()) {
      return false;
    }
    hand(value);
    wake();
    return true;
  }

  /// Its party failed while it waited, for want of stack or memory. What was handed over before is
  /// kept: then the wait has not failed.
  ///
  /// @param outOfStack what is thrown if nothing was
  /// @return true
  public boolean keepOrAbandon(Throwable outOfStack) {
    if (isDone()) {
      return true;
    }
    abandon();
    throw Sneaky.sneak(outOfStack);
  }

  /// Nothing may be handed to it any more, and it cannot be used again; it stays where it is queued
  /// until somebody passes it over. Calls next to nothing, since a call may fail for want of stack.
  void abandon() {
    state = ABANDONED;
    if (selection != null) {
      selection.abandoned = true;
    }
  }

  /// Lets the party run that was served.
  public void wake() {
    party.wakeFor(on());
  }

  /// Whether it was served, or another clause of its selection.
  ///
  /// @return true from the moment something was handed over
  public boolean isDone() {
    return selection == null ? (int) STATE.getAcquire(this) == DONE : selection.isHandedOver();
  }

  /// The node for a party's next wait: its last one, unless the use of that has not come to its
  /// end, or a new one.
  ///
  /// @param last the last one, if there was one
  /// @param party who waits
  /// @return a node that may be begun
  public static Waiter next(@Nullable Waiter last, Party party) {
    if (last != null && (int) STATE.getAcquire(last) == FREE) {
      return last;
    }
    if (last != null) {
      last.abandon();
    }
    return new Waiter(party);
  }

  /// Whether it stands in a wait that has not been served.
  ///
  /// @return true if it waits
  public boolean isWaiting() {
    return (int) STATE.getAcquire(this) == WAITING;
  }

  /// Whether it stands in a queue. For its party, without the guard: somebody may have passed it
  /// over meanwhile, but nobody else puts it in.
  ///
  /// @return false if it need not be taken out
  public boolean isQueued() {
    return queued;
  }

  /// How often it has begun.
  ///
  /// @return the number of waits it was used for
  public long uses() {
    return uses;
  }

  /// What it waits for.
  ///
  /// @return what it was begun with
  public Object on() {
    Object known = on;
    return known == null ? this : known;
  }

  /// Who waits.
  ///
  /// @return the party
  public Party party() {
    return party;
  }

  /// What it brings, or what was handed to it.
  ///
  /// @return the item, or null
  public @Nullable Object item() {
    return item;
  }

  /// Takes what was handed over and ends the use of this node.
  ///
  /// @return the item, or null
  public @Nullable Object take() {
    Object taken = item;
    item = null;
    on = null;
    STATE.setRelease(this, FREE);
    return taken;
  }
}
