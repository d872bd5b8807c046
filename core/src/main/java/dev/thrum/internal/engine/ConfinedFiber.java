package dev.thrum.internal.engine;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A virtual thread that is its own scheduler, so that a wake-up names its task without a look-up.
///
/// A virtual thread that code inside a task starts inherits this scheduler. Its continuation is not
/// ours: it is a stranger and goes to the JDK's default scheduler, where its author expects it.
final class ConfinedFiber extends Fiber implements Executor {
  private final Thread thread;
  private @Nullable Runnable continuation;

  ConfinedFiber(Carrier carrier, Object owner, @Nullable String name, Runnable body) {
    super(carrier, owner);
    this.thread = Loom.newVirtualThread(this, name, body);
  }

  static @Nullable Object ownerOf(Thread virtualThread) {
    return Loom.schedulerOf(virtualThread) instanceof ConfinedFiber fiber
            && fiber.thread == virtualThread
        ? fiber.owner
        : null;
  }

  /// The first to be executed is the fiber itself, in its first step.
  @Override
  public void execute(Runnable task) {
    if (continuation == null) {
      continuation = task;
    } else if (continuation == task) {
      carrier.ready(this);
    } else {
      Loom.DEFAULT_SCHEDULER.execute(task);
    }
  }

  @Override
  public Thread thread() {
    return thread;
  }

  @Override
  public void step() {
    if (continuation == null) {
      thread.start();
    }
    Objects.requireNonNull(continuation).run();
  }

  @Override
  public void suspend(Object blocker) {
    LockSupport.setCurrentBlocker(blocker);
    Loom.park(thread);
    LockSupport.setCurrentBlocker(null);
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // the scheduler that this relies on is the loop
  public void yieldNow() {
    Thread.yield();
  }

  @Override
  public void resume() {
    if (Loom.unpark(thread)) {
      carrier.ready(this);
    } else {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void inheritScopedValues() {
    Loom.inheritScopedValues(thread);
  }
}
