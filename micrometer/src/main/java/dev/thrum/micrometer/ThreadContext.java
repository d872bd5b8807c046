package dev.thrum.micrometer;

import dev.thrum.Body;
import dev.thrum.VoidBody;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Carries the thread locals that Micrometer's context propagation knows (those with a
/// `ThreadLocalAccessor`: observations, the logging context, a security context) into tasks.
///
/// Each task has a thread of its own, so that a thread local is a variable of the task, which a
/// child does not inherit. A carried body begins with the values that were set where it was
/// wrapped:
///
/// ```java
/// async(carried(() -> handle(request)));
/// blocking(carried(() -> query(database)));
/// ```
///
/// **Guarantees.** The values are taken when the body is wrapped and put back when it ends. It
/// works for every body: of a task, of `blocking` and `parallel` work, and of what another thread
/// submits.
///
/// **Non-guarantees.** What is not wrapped sees nothing. What a task sets later, the others do not
/// see. Needs `io.micrometer:context-propagation`. Values of Thrum's own are kept in a
/// [dev.thrum.TaskLocal], which follows tasks by itself.
public final class ThreadContext {
  private static final ContextSnapshotFactory SNAPSHOTS = ContextSnapshotFactory.builder().build();

  private ThreadContext() {}

  /// A body that begins with the caller's thread locals.
  ///
  /// @param body what runs
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return the body to be started
  public static <T extends @Nullable Object, X extends Throwable> Body<T, X> carried(
      Body<T, X> body) {
    Objects.requireNonNull(body, "body");
    ContextSnapshot caller = SNAPSHOTS.captureAll();
    return () -> {
      try (var _ = caller.setThreadLocals()) {
        return body.call();
      }
    };
  }

  /// A body without a value that begins with the caller's thread locals.
  ///
  /// @param body what runs
  /// @param <X> what it may throw
  /// @return the body to be started
  public static <X extends Throwable> VoidBody<X> carried(VoidBody<X> body) {
    Objects.requireNonNull(body, "body");
    Body<@Nullable Void, X> valued =
        () -> {
          body.run();
          return null;
        };
    return carried(valued);
  }
}
