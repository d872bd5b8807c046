package dev.thrum.internal.flight;

import dev.thrum.Instrument;
import dev.thrum.Task;
import dev.thrum.internal.Steered;
import dev.thrum.internal.WaitText;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the events of one loop's tasks, at the time and in the thread where they happen.
///
/// What a task waits for is told by a text that may be the program's own, so that another
/// instrument asks for it: [#words()].
final class TaskEvents implements Prompt {
  private final Map<Task<?>, TaskBlockedEvent> waits = new HashMap<>();
  private final Instrument words =
      new Instrument() {
        @Override
        public void blocked(Task<?> task, Object on, long nanos) {
          String text = WaitText.of(task, on);
          TaskBlockedEvent wait = waits.get(task);
          if (wait != null) {
            wait.waitedFor = text;
          }
        }

        @Override
        public String toString() {
          return "flight recorder";
        }
      };

  private @Nullable Task<?> running;
  private @Nullable TaskStepEvent step;

  /// Whether a recording asks for one of them.
  static boolean areEnabled() {
    return new TaskStepEvent().isEnabled()
        || new TaskBlockedEvent().isEnabled()
        || new TaskSpawnEvent().isEnabled()
        || new TaskEndEvent().isEnabled();
  }

  Instrument words() {
    return words;
  }

  @Override
  public void spawned(Task<?> task, long nanos) {
    TaskSpawnEvent event = new TaskSpawnEvent();
    if (event.isEnabled()) {
      Task<?> by = running;
      event.of(task);
      event.spawner = by == null ? 0 : by.id();
      event.commit();
    }
  }

  @Override
  public void stepBegin(Task<?> task, long nanos) {
    TaskBlockedEvent wait = waits.remove(task);
    if (wait != null && wait.over && wait.shouldCommit()) {
      wait.of(task);
      wait.commit();
    }
    running = task;
    TaskStepEvent event = new TaskStepEvent();
    event.begin();
    step = event;
  }

  @Override
  public void stepEnd(Task<?> task, long nanos) {
    running = null;
    TaskStepEvent event = step;
    step = null;
    if (event != null) {
      event.end();
      if (event.shouldCommit()) {
        event.of(task);
        event.commit();
      }
    }
  }

  @Override
  public void blocked(Task<?> task, Object on, long nanos) {
    TaskBlockedEvent event = new TaskBlockedEvent();
    if (event.isEnabled()) {
      event.begin();
      waits.put(task, event);
    }
  }

  @Override
  public void ready(Task<?> task, long nanos) {
    TaskBlockedEvent wait = waits.get(task);
    if (wait != null) {
      wait.end();
      wait.over = true;
    }
  }

  @Override
  public void done(Task<?> task, long nanos) {
    waits.remove(task);
    TaskEndEvent event = new TaskEndEvent();
    if (event.isEnabled()) {
      Throwable failure = ((Steered) task).failedWith();
      event.of(task);
      event.outcome =
          switch (task.state()) {
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
            default -> "succeeded";
          };
      event.failure = failure == null ? null : failure.getClass();
      event.commit();
    }
  }

  @Override
  public String toString() {
    return "flight recorder";
  }
}
