package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;

/// A semaphore that barges: a release wakes one who waits, but whoever comes first takes the
/// permit. Acquiring is a suspension point, also if a permit is free.
final class BargingSemaphore {
  private final Sleepers waiting = new Sleepers();
  private int permits;

  BargingSemaphore(int permits) {
    this.permits = permits;
  }

  void acquire() {
    checkpoint();
    while (permits == 0) {
      waiting.sleep();
    }
    permits--;
  }

  void release() {
    permits++;
    waiting.wakeOne();
  }
}
