package dev.thrum.micrometer;

import dev.thrum.Task;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What must be remembered of one loop. Used by the thread in which it delivers its events.
final class LoopWatch {
  private final LoopMeters meters;
  private final Map<Task<?>, Long> readySince = new HashMap<>();
  private @Nullable Long stepSince;
  private long alive;
  private boolean over;

  LoopWatch(LoopMeters meters) {
    this.meters = meters;
  }

  void spawned() {
    meters.started.increment();
    meters.alive.incrementAndGet();
    alive++;
  }

  void ready(Task<?> task, long nanos) {
    readySince.put(task, nanos);
  }

  void stepBegin(Task<?> task, long nanos) {
    stepSince = nanos;
    record(meters.delay, readySince.remove(task), nanos);
  }

  void stepEnd(long nanos) {
    record(meters.steps, stepSince, nanos);
    stepSince = null;
  }

  private static void record(Timer timer, @Nullable Long since, long until) {
    if (since != null) {
      timer.record(until - since, TimeUnit.NANOSECONDS);
    }
  }

  void done(Task<?> task) {
    switch (task.state()) {
      case FAILED -> meters.failed.increment();
      case CANCELLED -> meters.cancelled.increment();
      default -> meters.succeeded.increment();
    }
    if (alive > 0) {
      alive--;
      meters.alive.decrementAndGet();
    }
    over = over || task.id() == 1;
  }

  /// Whether the main task's end has been told, and with it the loop's: the step that is told next
  /// is its last one. The task itself may be done long before that is told.
  boolean isOver() {
    return over;
  }
}
