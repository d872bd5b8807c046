package dev.thrum.testkit;

import dev.thrum.testkit.internal.Watch;
import org.jspecify.annotations.Nullable;

/// Ends a test that hangs, and says what all its tasks are doing.
///
/// A thread of its own interrupts the test's thread, which cancels the main task: an interrupt that
/// a thread sends to itself would not reach the loop.
final class Deadline implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 1_000;

  private final Thread test = Thread.currentThread();
  private final Watch watch;
  private @Nullable String dump;
  private boolean over;

  private Deadline(Watch watch) {
    this.watch = watch;
  }

  /// Begins to count, for the calling thread.
  static Deadline start(double seconds, Watch watch) {
    Deadline deadline = new Deadline(watch);
    var _ =
        Thread.ofPlatform()
            .daemon()
            .name("thrum-test-deadline")
            .start(() -> deadline.guard(seconds));
    return deadline;
  }

  private synchronized void guard(double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (!over && dump == null && end > System.nanoTime()) {
      waitUntil(end);
    }
    if (over) {
      return;
    }
    hangs("it has not ended after " + seconds + " s");
    test.interrupt();
    long patience = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!over && patience > System.nanoTime()) {
      waitUntil(patience);
    }
    if (!over) {
      System.err.println("it does not end for an interrupt either; " + dump);
    }
  }

  @SuppressWarnings("WaitNotInLoop") // its callers look again
  private void waitUntil(long end) {
    try {
      wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
    } catch (InterruptedException e) {
      throw new AssertionError("nobody knows this thread", e);
    }
  }

  /// The test will come to no end.
  synchronized void hangs(String why) {
    if (!over && dump == null) {
      dump = "the test hangs: " + why + "\n" + watch.dump();
      notifyAll();
    }
  }

  /// Fails for what was found, whatever the test made of being cancelled for it; else for what came
  /// out of the test.
  synchronized void orThrow(@Nullable Throwable thrown) throws Throwable {
    if (dump != null) {
      AssertionError hung = new AssertionError(dump);
      if (thrown != null) {
        hung.addSuppressed(thrown);
      }
      throw hung;
    }
    if (thrown != null) {
      throw thrown;
    }
  }

  /// The test is over.
  @Override
  public synchronized void close() {
    over = true;
    if (dump != null) {
      Thread.interrupted();
    }
    notifyAll();
  }
}
