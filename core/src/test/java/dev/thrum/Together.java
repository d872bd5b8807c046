package dev.thrum;

import dev.thrum.internal.Sneaky;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Bodies that run at once, each on a thread of its own, as a plain thread or as the main task of a
/// loop. Closing it joins them all and fails if one of them failed.
final class Together implements AutoCloseable {
  private static final long LIMIT_MILLIS = 15_000;

  private final List<Thread> threads = new ArrayList<>();
  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  /// Starts a plain thread.
  Thread thread(String name, VoidBody<?> body) {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .start(() -> {
              try {
                body.run();
              } catch (Throwable e) {
                failures.add(e);
              }
            });
    threads.add(thread);
    return thread;
  }

  /// Starts a loop, on real time and on the engine under test.
  Thread loop(String name, VoidBody<?> body) {
    return thread(
        name,
        () -> {
          VoidBody<RuntimeException> main =
              () -> {
                try {
                  body.run();
                } catch (Throwable e) {
                  throw Sneaky.sneak(e);
                }
              };
          Runner.builder().name(name).run(main);
        });
  }

  /// Until something is true that no event tells of.
  static void eventually(String what, BooleanSupplier condition) {
    for (int i = 0; i < 10_000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
    throw new AssertionError("never came true: " + what);
  }

  /// Whether a plain thread stands still. A loop's thread on the portable engine does so, too,
  /// while one of its tasks runs.
  static boolean isBlocked(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING;
  }

  @Override
  public void close() {
    long end = System.nanoTime() + LIMIT_MILLIS * 1_000_000;
    for (Thread thread : threads) {
      long left = Math.max(1, (end - System.nanoTime()) / 1_000_000);
      try {
        thread.join(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      if (thread.isAlive() && failures.isEmpty()) {
        AssertionError stuck = new AssertionError(thread.getName() + " did not end");
        stuck.setStackTrace(thread.getStackTrace());
        failures.add(stuck);
      }
    }
    threads.forEach(Thread::interrupt);
    if (!failures.isEmpty()) {
      AssertionError failed = new AssertionError(failures.getFirst());
      failures.stream().skip(1).forEach(failed::addSuppressed);
      throw failed;
    }
  }
}
