package dev.thrum;

import dev.thrum.internal.Poller;
import dev.thrum.internal.engine.Fiber;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The turns of a loop's poller.
///
/// On an engine whose fibers run on the loop's own thread the poller is one of them: it takes locks
/// (an allocator's, a logger's) that a task of this loop may hold, and the loop's bare code waiting
/// for such a lock would keep the task from ever giving it back. While the fiber is blocked by one
/// the loop goes on without it.
///
/// Elsewhere whoever waits for a lock holds the loop, so that none is ever handed to a task that
/// cannot run; there the loop's own thread polls, as it is no carrier that others would miss.
final class Polling {
  private static final long CLOSE_NANOS = 5_000_000_000L;

  private final LoopImpl loop;
  private final Poller poller;
  private final @Nullable Fiber fiber;
  private boolean resting = true;
  private boolean canRun;
  private boolean fresh = true;
  private boolean waking;
  private boolean failed;
  private boolean closing;
  private boolean closed;
  private long nanos;

  Polling(LoopImpl loop, Poller poller) {
    this.loop = loop;
    this.poller = poller;
    this.fiber =
        loop.engine().isConfined() ? loop.engine().fiber(this, "thrum-io", this::live) : null;
    if (fiber != null) {
      fiber.start();
    }
  }

  /// The poller itself.
  Poller poller() {
    return poller;
  }

  /// Polls. By the loop's own thread, between two steps.
  ///
  /// @param wait how long it may wait in the system
  /// @return false if the poller is blocked by something else or does not work
  boolean poll(long wait) {
    if (fiber == null) {
      pollOnce(wait);
      loop.afterPoll.run();
      return !failed;
    }
    if (resting) {
      nanos = wait;
      resting = false;
      fresh = true;
      if (!canRun) {
        fiber.resume();
      }
    } else if (!canRun) {
      wake(); // a selector of the JDK may have parked it, and the loop has woken by itself
    }
    return step(fiber);
  }

  /// Wakes it from another thread: waking takes a lock of the selector's, and where that falls to
  /// the fiber next, the loop's thread would wait for a fiber that only it can run.
  private void wake() {
    if (!waking) {
      waking = true;
      Thread.ofVirtual().name("thrum-io-waker").start(poller::wakeUp);
    }
  }

  /// What it waits for in the JDK may come while it goes to sleep; then it can go on, and nobody
  /// will wake the loop for that.
  private boolean step(Fiber own) {
    if (!canRun) {
      return false;
    }
    canRun = false;
    waking = false;
    loop.stepService(own);
    fresh = resting;
    return (resting && !failed) || canRun || closed;
  }

  /// Whether a poll may still wait as long as it was told to: one that was blocked in between by
  /// something else has been overtaken by the loop.
  boolean mayWait() {
    return fresh;
  }

  /// Its fiber can go on.
  void ready() {
    canRun = true;
  }

  private void live() {
    try {
      poller.runIn(this::pollAll);
    } finally {
      closed = true;
    }
  }

  private void pollAll() {
    while (!closing) {
      if (resting) {
        rest();
      } else {
        pollOnce(nanos);
        resting = true;
      }
    }
    closeNow();
  }

  private void rest() {
    if (fiber != null) {
      fiber.suspend(this);
    }
  }

  private void pollOnce(long wait) {
    try {
      poller.poll(wait);
      failed = false;
    } catch (Throwable broken) {
      if (!failed) {
        Log.warn("the I/O of " + loop.name() + " failed", broken);
      }
      failed = true; // and is not told of again until it has worked
    }
  }

  private void closeNow() {
    try {
      poller.close();
    } catch (Throwable broken) {
      Log.warn("the I/O of " + loop.name() + " could not be closed", broken);
    }
  }

  /// The run is over. What blocks the poller then cannot be a task; but it is not waited for for
  /// ever.
  void close() {
    closing = true;
    if (fiber == null) {
      closeNow();
      return;
    }
    long end = System.nanoTime() + CLOSE_NANOS;
    if (!canRun) {
      if (resting) {
        resting = false;
        fiber.resume();
      } else {
        wake();
      }
    }
    while (!closed && System.nanoTime() < end) {
      if (!step(fiber)) {
        LockSupport.parkNanos(this, 1_000_000);
        loop.takeIn();
      }
    }
  }

  @Override
  public String toString() {
    return "the next turn of " + loop.name();
  }
}
