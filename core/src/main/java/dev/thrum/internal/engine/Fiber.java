package dev.thrum.internal.engine;

import dev.thrum.internal.Inbox;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// One task's thread, seen from the loop: it runs in steps, and only when the loop lets it.
///
/// **Scheduled twice.** Whoever looks at the stack of a virtual thread that can run has the JDK
/// schedule it once more. So a fiber that stands in the ready queue or in the inbox is not put
/// there again: a second place would give it a second turn for good, and a node that is pushed
/// twice takes all that stands between its two places out of the inbox. The place that it has will
/// do, since the thread can run before it is scheduled, and being taken out is made known before it
/// runs.
public abstract sealed class Fiber extends Inbox.Node permits ConfinedFiber, PortableFiber {
  private static final VarHandle SENT;

  static {
    try {
      SENT = MethodHandles.lookup().findVarHandle(Fiber.class, "sent", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Where it stands, or has stood last, in the ready queue, which sets it: how many came before.
  public long place;

  final Carrier carrier;
  final Object owner;

  @SuppressWarnings("unused") // by its handle
  private volatile boolean sent;

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

  /// To be called before it is put into the inbox.
  ///
  /// @return false if it is there
  public final boolean send() {
    return SENT.compareAndSet(this, false, true);
  }

  @Override
  protected final void arrive() {
    sent = false;
    carrier.ready(this);
  }
}
