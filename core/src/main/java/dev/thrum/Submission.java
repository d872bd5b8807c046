package dev.thrum;

import dev.thrum.internal.Inbox;
import org.jspecify.annotations.Nullable;

/// Work that another thread brings in: the task exists at once, and starts when it arrives.
final class Submission<T extends @Nullable Object> extends Inbox.Node {
  private final TaskImpl<T> task;

  Submission(LoopImpl loop, VoidBody<?> body) {
    this.task = new TaskImpl<>(loop.main(), loop, null, body, TaskImpl.Role.SUBMITTED);
  }

  TaskImpl<T> task() {
    return task;
  }

  @Override
  protected void arrive() {
    TaskImpl<?> owner = task.loop.main();
    if (task.loop.isClosed() || owner.phase().compareTo(ScopeImpl.Phase.ENDING) >= 0) {
      task.refuse();
    } else {
      owner.adopt(task);
    }
  }
}
