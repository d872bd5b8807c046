package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;

/// A lock that barges, as the monitors of threads do: giving it back wakes one who waits, but
/// whoever comes first takes it. Taking it is a suspension point, also if it is free.
final class BargingLock implements Guard {
  private final Sleepers waiting = new Sleepers();
  private boolean locked;

  void lock() {
    checkpoint();
    while (locked) {
      waiting.sleep();
    }
    locked = true;
  }

  void unlock() {
    locked = false;
    waiting.wakeOne();
  }

  @Override
  public void around(Runnable section) {
    lock();
    try {
      section.run();
    } finally {
      unlock();
    }
  }
}
