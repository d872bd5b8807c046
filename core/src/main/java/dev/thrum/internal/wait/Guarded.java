package dev.thrum.internal.wait;

import dev.thrum.internal.Steering;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// State that tasks of any loop and plain threads share, behind a spin lock.
///
/// The lock is held for a few instructions, never across a wait and never while somebody else's
/// code runs (a priority channel's comparator excepted). Who finds it taken spins, see [#spin]. The
/// bare code of a loop's own thread never takes it: it could wait for one of its own tasks there.
public abstract class Guarded implements OpenWait {
  private static final int SPINS = 2_000;
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final VarHandle BUSY;
  private static final VarHandle NUMBER;

  static {
    try {
      BUSY = MethodHandles.lookup().findVarHandle(Guarded.class, "busy", boolean.class);
      NUMBER = MethodHandles.lookup().findVarHandle(Guarded.class, "number", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by its handle
  private boolean busy;

  private volatile long number;

  /// Made by subclasses.
  @SuppressWarnings("this-escape") // its identity is all that is looked at
  protected Guarded() {
    Steering.create(this);
  }

  /// Takes the lock. It does not nest.
  public final void guard() {
    Steering.touch(this, Steering.Touch.WRITE);
    if (!BUSY.compareAndSet(this, false, true)) {
      guardContended();
    }
  }

  /// To be called by what looks at the state without the lock.
  public final void look() {
    Steering.touch(this, Steering.Touch.READ);
  }

  /// Gives the lock back.
  public final void unguard() {
    BUSY.setRelease(this, false);
  }

  /// The order in which several are taken; most are never asked.
  ///
  /// @return a number of its own
  public final long number() {
    long known = number;
    if (known == 0 && NUMBER.compareAndSet(this, 0, NUMBERS.incrementAndGet())) {
      known = number;
    }
    return known == 0 ? number : known;
  }

  /// Puts a party into a queue. Under the guard; [#await] must follow outside it.
  ///
  /// @param queue where it waits
  /// @param me who waits
  /// @param offered what it brings with it, or null
  /// @return its place there
  public final Waiter queue(WaitQueue queue, Party me, @Nullable Object offered) {
    Waiter waiter = me.begin(this, offered);
    queue.add(waiter);
    return waiter;
  }

  /// Waits in a queue until it is served.
  ///
  /// @param queue where it waits
  /// @param me who waits
  /// @return what was handed to it, or null
  /// @throws java.util.concurrent.CancellationException if it is cancelled first
  public final @Nullable Object await(WaitQueue queue, Party me) {
    Waiter waiter = me.waiter();
    if (!me.await(waiter) && leave(queue, waiter)) {
      throw me.cancelled();
    }
    return waiter.take();
  }

  /// Ends a wait that a cancellation or the time cut short, unless it was served meanwhile.
  ///
  /// @param queue where it stands
  /// @param waiter the waiter
  /// @return false if it was served: then it must be taken, or passed on
  public final boolean leave(WaitQueue queue, Waiter waiter) {
    guard();
    try {
      if (waiter.isDone()) {
        return false;
      }
      queue.remove(waiter);
      var _ = waiter.take();
      return true;
    } finally {
      unguard();
    }
  }

  private void guardContended() {
    int spins = 0;
    do {
      spin(++spins);
    } while ((boolean) BUSY.getOpaque(this) || !BUSY.compareAndSet(this, false, true));
  }

  /// Passes the time until another thread has done a few instructions. That thread may be waiting
  /// for this processor, so that a platform thread gives way after a while. A virtual one does not:
  /// it may hold another guard, and if it is a task, other tasks would run in the middle of an
  /// operation that does not wait.
  ///
  /// @param times how often that was called in a row
  @SuppressWarnings("ThreadPriorityCheck") // see above
  public static void spin(int times) {
    if (times < SPINS || Thread.currentThread().isVirtual()) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
  }
}
