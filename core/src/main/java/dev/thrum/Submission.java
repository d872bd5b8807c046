package dev.thrum;

import dev.thrum.internal.Inbox;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Work that another thread brings in: the task exists at once, and starts when it arrives.
///
/// One that arrives while the main task ends is refused. Its sender, who may have been between two
/// instructions when that began, looks again and is told, or withdraws it before it arrives: so
/// none is accepted and then not started, unless the loop breaks down.
final class Submission<T extends @Nullable Object> extends Inbox.Node {
  private enum Fate {
    OPEN,
    STARTED,
    REFUSED
  }

  private final TaskImpl<T> task;
  private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.OPEN);

  Submission(LoopImpl loop, VoidBody<?> body) {
    this.task = new TaskImpl<>(loop.main(), loop, null, body, TaskImpl.Role.SUBMITTED);
  }

  TaskImpl<T> task() {
    return task;
  }

  /// Whether it does not start, and if that is still open it never will. For its sender.
  boolean isRefused() {
    boolean _ = fate.compareAndSet(Fate.OPEN, Fate.REFUSED);
    return fate.get() == Fate.REFUSED;
  }

  @Override
  protected void arrive() {
    TaskImpl<?> owner = task.loop.main();
    boolean late = task.loop.isClosed() || owner.phase().compareTo(ScopeImpl.Phase.ENDING) >= 0;
    if (!fate.compareAndSet(Fate.OPEN, late ? Fate.REFUSED : Fate.STARTED)) {
      return;
    }
    if (late) {
      task.refuse();
    } else {
      owner.adopt(task);
    }
  }
}
