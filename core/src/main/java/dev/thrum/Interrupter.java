package dev.thrum;

import dev.thrum.internal.Timer;

/// Interrupts one task that is parked in the JDK while its scope is cancelled: at once, and again
/// with growing pauses as long as it parks on.
final class Interrupter extends Timer {
  private static final long FIRST_PAUSE = 1_000_000;
  private static final long LONGEST_PAUSE = 128_000_000;

  private final TaskImpl<?> task;
  private long pause;
  private boolean pending;

  Interrupter(TaskImpl<?> task) {
    this.task = task;
  }

  void interrupt() {
    if (pause == 0) {
      pause = FIRST_PAUSE;
      send();
    } else if (!isSet()) {
      task.loop.timers.set(this, task.loop.timeAfter(pause));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  @Override
  protected void fire() {
    if (task.isParkedInJdk()) {
      send();
    }
  }

  private void send() {
    pending = true;
    task.thread().interrupt();
  }

  /// Whether an interrupt that was just noticed is one of these.
  boolean takeBack() {
    boolean ours = pending;
    pending = false;
    return ours;
  }

  /// The cancellation is over, or the task has noticed it. Called by the task itself.
  void forget() {
    task.loop.timers.unset(this);
    if (pending) {
      Thread.interrupted();
    }
  }
}
