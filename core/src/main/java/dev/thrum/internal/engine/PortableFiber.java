package dev.thrum.internal.engine;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A virtual thread that runs only while it holds the baton of its loop.
final class PortableFiber extends Fiber {
  private static final ThreadLocal<PortableFiber> CURRENT = new ThreadLocal<>();

  private final PortableEngine engine;
  private final Thread thread;
  private volatile boolean baton;
  private boolean started;
  private boolean queued;
  private boolean suspended;

  PortableFiber(PortableEngine engine, Object owner, @Nullable String name, Runnable body) {
    super(engine.carrier, owner);
    this.engine = engine;
    Thread.Builder.OfVirtual builder = Thread.ofVirtual();
    if (name != null) {
      builder.name(name);
    }
    this.thread = builder.unstarted(() -> run(body));
  }

  static @Nullable Object currentOwner() {
    PortableFiber fiber = CURRENT.get();
    return fiber == null ? null : fiber.owner;
  }

  @Override
  public Thread thread() {
    return thread;
  }

  @Override
  public void step() {
    engine.passFromHome(this);
  }

  @Override
  public void suspend(Object blocker) {
    suspended = true;
    PortableFiber next = nextOrGap();
    if (next == this) {
      taken();
      return;
    }
    baton = false;
    engine.pass(next);
    next = null; // or this stack would keep that task alive
    awaitBaton(blocker);
  }

  /// A stack that is too deep to be suspended keeps its thread until the loop has come round again.
  private void awaitBaton(Object blocker) {
    boolean interrupted = false;
    StackOverflowError tooDeep = null;
    while (!baton) {
      if (tooDeep != null) {
        Thread.onSpinWait();
        continue;
      }
      try {
        LockSupport.park(blocker);
      } catch (StackOverflowError e) {
        tooDeep = e;
        carrier.post(this::resumeIfSuspended);
        ExtraCarrier.lendUntil(() -> baton);
      }
      if (!baton && Thread.interrupted()) {
        interrupted = true;
        carrier.post(this::resumeIfSuspended);
      }
    }
    if (interrupted) {
      thread.interrupt();
    }
    if (tooDeep != null) {
      throw tooDeep;
    }
  }

  @Override
  public void yieldNow() {
    resume();
    suspend(this);
  }

  @Override
  public void resume() {
    if (!queued) {
      queued = true;
      carrier.ready(this);
    }
  }

  /// For an interrupt, which may come when the fiber has been resumed already.
  private void resumeIfSuspended() {
    if (suspended) {
      resume();
    }
  }

  @Override
  public void inheritScopedValues() {
    // The public API has no way to do this for a single thread.
  }

  void take() {
    taken();
    baton = true;
    if (started) {
      LockSupport.unpark(thread);
    } else {
      started = true;
      thread.start();
    }
  }

  private void run(Runnable body) {
    CURRENT.set(this);
    try {
      body.run();
    } finally {
      engine.pass(nextOrGap());
    }
  }

  private @Nullable PortableFiber nextOrGap() {
    return engine.isTimeForAGap() ? null : (PortableFiber) carrier.next();
  }

  private void taken() {
    queued = false;
    suspended = false;
  }
}
