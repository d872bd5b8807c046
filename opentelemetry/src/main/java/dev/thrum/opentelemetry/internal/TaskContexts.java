package dev.thrum.opentelemetry.internal;

import dev.thrum.TaskLocal;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/// Keeps the current context in a local of the task; on threads beside any loop, where
/// OpenTelemetry keeps it.
final class TaskContexts implements ContextStorage {
  private final ContextStorage threads = ContextStorage.defaultStorage();
  private final TaskLocal<Context> current = TaskLocal.of(threads.root());

  @Override
  public Scope attach(@Nullable Context context) {
    if (!TaskLocal.isSettable()) {
      return threads.attach(context);
    }
    Context before = current.get();
    if (context == null || context == before) {
      return Scope.noop();
    }
    current.set(context);
    return new Attached(context, before);
  }

  @Override
  public @Nullable Context current() {
    return TaskLocal.isSettable() ? current.get() : threads.current();
  }

  /// Belongs to a task, or to the work of one, which has a thread of its own.
  private final class Attached implements Scope {
    private final Thread opener = Thread.currentThread();
    private final Context context;
    private final Context before;
    private boolean closed;

    Attached(Context context, Context before) {
      this.context = context;
      this.before = before;
    }

    @Override
    public void close() {
      if (!closed && opener == Thread.currentThread() && current.get() == context) {
        closed = true;
        current.set(before);
      } else {
        System.getLogger("dev.thrum.opentelemetry")
            .log(
                System.Logger.Level.DEBUG,
                "a scope was closed twice, out of order, or where it was not opened: ignored");
      }
    }
  }
}
