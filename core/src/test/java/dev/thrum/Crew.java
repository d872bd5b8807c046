package dev.thrum;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/// Threads that work for a test, plain ones or each with a loop of its own, and their failures.
final class Crew {
  private static final long LONGEST = 15_000;

  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /// Starts a thread that runs a body, in a loop or as it is.
  Thread start(boolean inALoop, VoidBody<?> body) {
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                if (inALoop) {
                  VoidBody<Throwable> inside = body::run;
                  Async.run(inside);
                } else {
                  body.run();
                }
              } catch (Throwable e) {
                failures.add(e);
              }
            });
    threads.add(thread);
    return thread;
  }

  /// Waits until all have ended, and fails if one of them has.
  void join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(LONGEST);
      if (thread.isAlive()) {
        AssertionError stuck = new AssertionError(thread + " does not end");
        stuck.setStackTrace(thread.getStackTrace());
        failures.forEach(stuck::addSuppressed);
        throw stuck;
      }
    }
    threads.clear();
    if (!failures.isEmpty()) {
      AssertionError failed = new AssertionError("a thread failed", failures.poll());
      failures.forEach(failed::addSuppressed);
      throw failed;
    }
  }

  /// Until a plain thread waits.
  static void awaitParked(Thread thread) {
    eventually(
        thread + " waits",
        () ->
            thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING);
  }

  /// Until something is true that no event tells of.
  static void eventually(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + LONGEST * 1_000_000;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never came true: " + what);
      }
      pause();
    }
  }

  /// Lets the others run for a moment.
  static void pause() {
    LockSupport.parkNanos(1_000_000);
  }

  /// Lets other tasks run, or other threads.
  static void rest() {
    if (TaskImpl.currentOrNull() == null) {
      LockSupport.parkNanos(1_000);
    } else {
      Async.checkpoint();
    }
  }

  /// Runs something again and again on the calling thread until it answers false, and interrupts it
  /// meanwhile; a wait that ends for an interrupt is begun anew.
  static void interruptedNowAndThen(IntPredicate body) {
    Thread worker = Thread.currentThread();
    boolean[] over = {false};
    Thread nuisance =
        Thread.ofPlatform()
            .start(() -> {
              while (!over[0]) {
                LockSupport.parkNanos(20_000);
                synchronized (over) {
                  if (!over[0]) {
                    worker.interrupt();
                  }
                }
              }
            });
    boolean more = true;
    for (int i = 0; more; i++) {
      try {
        more = body.test(i);
      } catch (CancellationException _) {
        var _ = Thread.interrupted();
      }
    }
    synchronized (over) {
      over[0] = true;
    }
    try {
      var _ = Thread.interrupted();
      nuisance.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
