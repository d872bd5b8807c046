package dev.thrum;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A task as others see it through `toCompletableFuture`. Whoever completes it in place of the task
/// has no use for the task any more.
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
      case SUCCESS -> super.complete(task.resultNow());
      case FAILED -> super.completeExceptionally(task.failure());
      case CANCELLED -> super.completeExceptionally(task.plainCancellation());
      case RUNNING -> false;
    };
  }

  @Override
  public boolean complete(T value) {
    return end(super.complete(value), "completed by somebody else");
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return end(super.completeExceptionally(failure), "failed by somebody else: " + failure);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return end(super.cancel(mayInterruptIfRunning), "cancelled");
  }

  private boolean end(boolean isFirst, String how) {
    if (isFirst) {
      task.cancel("its CompletableFuture was " + how);
    }
    return isFirst;
  }

  @Override
  public String toString() {
    return "future of " + task;
  }
}
