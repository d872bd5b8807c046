package dev.thrum.programs;

import static dev.thrum.Async.shield;

/// A condition of a [BargingLock]: who waits gives the lock back meanwhile, and holds it again when
/// the wait ends, however it ends.
final class BargingCondition {
  private final BargingLock lock;
  private final Sleepers waiting = new Sleepers();

  BargingCondition(BargingLock lock) {
    this.lock = lock;
  }

  void await() {
    lock.unlock();
    try {
      waiting.sleep();
    } finally {
      shield(() -> lock.lock());
    }
  }

  void notifyOne() {
    waiting.wakeOne();
  }

  void notifyEverybody() {
    waiting.wakeAll();
  }
}
