package dev.thrum;

import dev.thrum.internal.Sneaky;
import org.jspecify.annotations.Nullable;

/// A run whose caller is a virtual thread, which cannot carry a loop: a platform thread does.
final class LoopThread<T extends @Nullable Object> implements Runnable {
  private final RunnerOptions options;
  private final VoidBody<?> body;
  private @Nullable T value;
  private @Nullable Throwable failure;

  private LoopThread(RunnerOptions options, VoidBody<?> body) {
    this.options = options;
    this.body = body;
  }

  static <T extends @Nullable Object> T run(RunnerOptions options, VoidBody<?> body) {
    LoopThread<T> run = new LoopThread<>(options, body);
    Thread carrier =
        Thread.ofPlatform()
            .name("thrum-loop of " + Thread.currentThread().getName())
            .unstarted(run);
    carrier.start();
    join(carrier);
    return run.outcome();
  }

  /// An interrupt of the caller is one of the loop.
  private static void join(Thread carrier) {
    boolean interrupted = false;
    while (true) {
      try {
        carrier.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
        carrier.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    try {
      value = MainRun.run(options, body);
    } catch (Throwable e) {
      failure = e;
    }
  }

  @SuppressWarnings("NullAway") // null only if T allows it
  private T outcome() {
    Throwable thrown = failure;
    if (thrown != null) {
      throw Sneaky.sneak(thrown);
    }
    return value;
  }
}
