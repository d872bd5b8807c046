package dev.thrum.internal.engine;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Tasks are ordinary virtual threads of which one at a time holds the loop's baton. Who suspends
/// asks the loop for the next one and hands the baton straight to it; only when nothing is ready
/// does it go back to the loop's own thread, which waits for timers and other threads.
///
/// Whoever holds the baton may touch the loop. Passing it is a volatile write that the next holder
/// reads, so that everything done before is seen after.
final class PortableEngine implements Engine {
  private static final int PASSES = 1024;

  final Carrier carrier;
  private final Thread home = Thread.currentThread();
  private volatile boolean atHome = true;
  private int passes;

  PortableEngine(Carrier carrier) {
    this.carrier = carrier;
  }

  @Override
  public Fiber fiber(Object owner, @Nullable String name, Runnable body) {
    return new PortableFiber(this, owner, name, body);
  }

  @Override
  public boolean isConfined() {
    return false;
  }

  @Override
  public String name() {
    return "portable";
  }

  /// Whether the baton should go back to the loop's own thread although something is ready. A
  /// carrier of the JDK's runs what its own virtual threads wake until there is nothing left, and
  /// the tasks of a busy loop always wake the next one: without a gap now and then, virtual threads
  /// that others have started would never run. By the fiber that has the baton.
  boolean isTimeForAGap() {
    if (++passes < PASSES) {
      return false;
    }
    passes = 0;
    return true;
  }

  void pass(@Nullable PortableFiber next) {
    if (next == null) {
      atHome = true;
      LockSupport.unpark(home);
    } else {
      next.take();
    }
  }

  /// The loop's own thread hands the baton out.
  void passFromHome(PortableFiber next) {
    atHome = false;
    next.take();
  }

  /// An interrupt of the loop's own thread is noticed elsewhere; left set, it would turn this wait
  /// into a spin.
  @Override
  public void awaitTurn() {
    while (!atHome) {
      LockSupport.park(this);
      Thread.interrupted();
    }
  }
}
