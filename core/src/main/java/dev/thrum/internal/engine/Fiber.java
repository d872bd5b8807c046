package dev.thrum.internal.engine;

import dev.thrum.internal.Inbox;

/// One task's thread, seen from the loop: it runs in steps, and only when the loop lets it.
public abstract sealed class Fiber extends Inbox.Node permits ConfinedFiber, PortableFiber {
  final Carrier carrier;
  final Object owner;

  Fiber(Carrier carrier, Object owner) {
    this.carrier = carrier;
    this.owner = owner;
  }

  /// Whom it runs for.
  ///
  /// @return the owner
  public final Object owner() {
    return owner;
  }

  /// The thread that the body runs on.
  ///
  /// @return a virtual thread
  public abstract Thread thread();

  /// Makes it ready for its first step. Once.
  public final void start() {
    carrier.ready(this);
  }

  /// Runs one step, to the next suspension or the end, or has it run until [Engine#awaitTurn()]. By
  /// the loop's own thread only.
  public abstract void step();

  /// Gives up the loop until [#resume()]. May return early, as `park` may. Inside the fiber only.
  ///
  /// @param blocker what it waits for, shown in thread dumps
  public abstract void suspend(Object blocker);

  /// Lets other ready fibers go first. Inside the fiber only.
  public abstract void yieldNow();

  /// Makes a suspended fiber ready. On the loop only.
  public abstract void resume();

  /// Hands down the scoped values that are bound in the calling thread, where the engine can. To be
  /// called before the start.
  public abstract void inheritScopedValues();

  @Override
  protected final void arrive() {
    carrier.ready(this);
  }
}
