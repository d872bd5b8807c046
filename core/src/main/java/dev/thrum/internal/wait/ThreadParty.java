package dev.thrum.internal.wait;

import dev.thrum.internal.DebugStack;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that is no task: it blocks where a task would suspend. An interrupt is its
/// cancellation; the status stays set.
final class ThreadParty implements Party {
  private static final ThreadLocal<ThreadParty> CURRENT =
      ThreadLocal.withInitial(() -> new ThreadParty(Thread.currentThread()));

  private final Thread thread;
  private Waiter waiter = new Waiter(this);
  private volatile @Nullable Object announced;
  private int announcements;

  private ThreadParty(Thread thread) {
    this.thread = thread;
  }

  static ThreadParty current() {
    return CURRENT.get();
  }

  @Override
  public void enter() {
    if (mustLeave()) {
      throw cancelled();
    }
  }

  @Override
  public void passed() {
    // The system sees to it that others run.
  }

  @Override
  public Waiter begin(Object on, @Nullable Object offered) {
    waiter = Waiter.next(waiter, this);
    waiter.begin(on, offered);
    return waiter;
  }

  @Override
  public Waiter waiter() {
    return waiter;
  }

  @Override
  public boolean await(Waiter waited) {
    try {
      while (!waited.isDone()) {
        if (thread.isInterrupted()) {
          return false;
        }
        LockSupport.park(waited.on());
      }
      return true;
    } catch (Throwable outOfStack) {
      return waited.keepOrAbandon(outOfStack);
    }
  }

  @Override
  public boolean await(Waiter waited, long nanos) {
    try {
      long start = System.nanoTime();
      while (!waited.isDone()) {
        long left = nanos - (System.nanoTime() - start);
        if (left <= 0 || thread.isInterrupted()) {
          return false;
        }
        LockSupport.parkNanos(waited.on(), left);
      }
      return true;
    } catch (Throwable outOfStack) {
      return waited.keepOrAbandon(outOfStack);
    }
  }

  @Override
  public void awaitMasked(Waiter waited) {
    boolean interrupted = false;
    try {
      while (!waited.isDone()) {
        LockSupport.park(waited.on());
        interrupted |= Thread.interrupted();
      }
    } catch (Throwable outOfStack) {
      var _ = waited.keepOrAbandon(outOfStack);
    } finally {
      if (interrupted) {
        thread.interrupt();
      }
    }
  }

  @Override
  public void outsideBegins() {
    // A thread has no loop to tell.
  }

  @Override
  public void outsideEnds() {
    // See outsideBegins().
  }

  @Override
  public boolean mustLeave() {
    return thread.isInterrupted();
  }

  @Override
  public RuntimeException cancelled() {
    CancellationException cancelled =
        new CancellationException("thread " + name() + " was interrupted");
    cancelled.initCause(new InterruptedException());
    return cancelled;
  }

  @Override
  public void wakeFor(Object on) {
    LockSupport.unpark(thread);
  }

  @Override
  public boolean hasLeft() {
    return false;
  }

  @Override
  public int choose(int bound) {
    return ThreadLocalRandom.current().nextInt(bound);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void holds(Held lock) {
    // Nobody is told when a thread ends; who finds its lock taken looks, see isOver().
  }

  @Override
  public void holdsNoMore(Held lock) {
    // See holds().
  }

  @Override
  public void announce(@Nullable Object on) {
    announcements++;
    announced = on;
  }

  @Override
  public Runnable atEndOfLoop(Runnable action) {
    return () -> {};
  }

  @Override
  public boolean debug() {
    return DebugStack.isDefault();
  }

  @Override
  public @Nullable Object waitsFor() {
    if (thread.isInterrupted()) {
      return null; // it is about to leave
    }
    return waiter.isWaiting() ? waiter.on() : announced;
  }

  @Override
  public long waitNumber() {
    return waiter.uses() + announcements;
  }

  @Override
  public boolean isOver() {
    return !thread.isAlive();
  }

  @Override
  public String name() {
    return thread.getName().isEmpty() ? thread.toString() : thread.getName();
  }

  @Override
  public String toString() {
    return "thread " + name();
  }
}
