package dev.thrum;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A task as others see it through `toCompletableFuture`.
final class TaskFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  private final TaskImpl<T> task;

  TaskFuture(TaskImpl<T> task) {
    this.task = task;
  }

  /// Completes with the task, which has ended.
  ///
  /// @return false if it was complete before
  boolean take() {
    return switch (task.state()) {
      case SUCCESS -> complete(task.resultNow());
      case FAILED -> completeExceptionally(task.failure());
      case CANCELLED -> completeExceptionally(task.plainCancellation());
      case RUNNING -> false;
    };
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      task.cancel("its CompletableFuture was cancelled");
    }
    return cancelled;
  }

  @Override
  public String toString() {
    return "future of " + task;
  }
}
