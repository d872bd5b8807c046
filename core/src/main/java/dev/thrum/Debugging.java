package dev.thrum;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// What debug mode knows beside the tasks: where each was started, and which of them swallowed a
/// cancellation.
final class Debugging {
  private final Map<TaskImpl<?>, DebugStack> origins =
      Collections.synchronizedMap(new WeakHashMap<>());

  /// Called by the thread that starts the task, also by one beside the loop.
  void created(TaskImpl<?> task) {
    origins.put(task, new DebugStack("the task was started here"));
  }

  /// Where a task was started, if that is known.
  @Nullable Throwable origin(TaskImpl<?> task) {
    return origins.isEmpty() ? null : origins.get(task);
  }

  /// Called in the task's thread, when its body and its children have ended.
  void ended(
      TaskImpl<?> task, Future.State state, boolean cancelled, @Nullable Throwable exception) {
    DebugStack origin = origins.remove(task);
    if (state == Future.State.FAILED && exception != null && origin != null) {
      exception.addSuppressed(origin);
    }
    if (state == Future.State.SUCCESS && cancelled) {
      Log.warn(
          task.name()
              + " was cancelled and returned all the same: it caught the CancelledException and"
              + " did not throw it on",
          origin);
    }
  }
}
