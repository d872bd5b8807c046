package dev.thrum;

import dev.thrum.internal.Bodies;
import dev.thrum.internal.DebugStack;
import dev.thrum.internal.Sneaky;
import dev.thrum.internal.engine.Engine;
import dev.thrum.internal.wait.Party;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/// One call of `blocking` or `parallel`: runs in a worker's thread and tells the loop when it ends.
///
/// The thread sees the task locals of the task it works for, as a copy of its own.
final class Work<T extends @Nullable Object> implements Runnable {
  private static final ThreadLocal<Work<?>> CURRENT = new ThreadLocal<>();

  final TaskImpl<?> caller;
  Object @Nullable [] locals;

  private final VoidBody<?> body;
  private final @Nullable Workers slots;
  private @Nullable Thread thread;
  private volatile @Nullable Party worker;
  private boolean cancelled;
  private boolean over;
  private @Nullable Object value;
  private @Nullable Throwable failure;
  private volatile boolean stopping;
  private boolean done;

  Work(TaskImpl<?> caller, VoidBody<?> body, @Nullable Workers slots) {
    this.caller = caller;
    this.body = java.util.Objects.requireNonNull(body, "body");
    this.slots = slots;
    this.locals = caller.locals;
  }

  /// The work that the calling thread does, if it is a worker.
  static @Nullable Work<?> current() {
    return CURRENT.get();
  }

  void startOnVirtualThread() {
    Engine.outsideThread("thrum-blocking of " + caller.name(), this).start();
  }

  @Override
  public void run() {
    if (!begin()) {
      if (slots != null) {
        caller.loop.post(slots::freed);
      }
      return;
    }
    CURRENT.set(this);
    Object outcome = null;
    Throwable thrown = null;
    try {
      outcome = Bodies.run(body);
    } catch (Throwable e) {
      thrown = e;
    }
    CURRENT.remove();
    finish();
    Object result = outcome;
    Throwable out = thrown;
    caller.loop.post(() -> ended(result, out));
  }

  private synchronized boolean begin() {
    if (cancelled) {
      return false;
    }
    thread = Thread.currentThread();
    worker = Party.current();
    if (stopping) {
      thread.interrupt();
    }
    return true;
  }

  /// From here on no interrupt reaches the thread, which may belong to a pool.
  private synchronized void finish() {
    over = true;
    worker = null;
    if (thread != null && !thread.isVirtual()) {
      Thread.interrupted();
    }
    thread = null;
  }

  private void ended(@Nullable Object result, @Nullable Throwable thrown) {
    value = result;
    failure = thrown;
    done = true;
    if (slots != null) {
      slots.freed();
    }
    caller.wakeFrom(this);
  }

  /// Who does the work, while it does.
  @Nullable Party worker() {
    return worker;
  }

  // On the loop

  boolean isDone() {
    return done;
  }

  /// Sees to it that it never begins, if it has not.
  boolean dropUnlessBegun(ThreadPoolExecutor pool) {
    synchronized (this) {
      if (thread != null || over) {
        return false;
      }
      cancelled = true;
    }
    pool.remove(this);
    return true;
  }

  synchronized void interrupt() {
    stopping = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  /// In the worker's thread: throws if the task it works for has been cancelled.
  void checkpoint() {
    if (stopping) {
      throw new CancelledException(
          new Cancellation("the task that waits for this work was cancelled", null));
    }
  }

  @SuppressWarnings({"unchecked", "NullAway"})
  T result(TaskImpl<?> awaiter) {
    Throwable thrown = failure;
    if (thrown == null) {
      return (T) value;
    }
    Cancellation pending = awaiter.innermost.effective;
    if (pending != null
        && (thrown instanceof CancelledException || Interruptions.isBehind(thrown))) {
      throw awaiter.cancelled(pending).via(thrown);
    }
    AwaitTrace.append(thrown, awaiter);
    throw Sneaky.sneak(thrown);
  }

  /// Where it is now.
  synchronized Throwable stack() {
    DebugStack stack = new DebugStack("it runs here");
    if (thread != null) {
      stack.setStackTrace(thread.getStackTrace());
    }
    return stack;
  }

  @Override
  public String toString() {
    return slots == null ? "parallel work" : "blocking work";
  }
}
