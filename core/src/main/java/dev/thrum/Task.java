package dev.thrum;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A running piece of work: the child of the scope it was started in.
///
/// It is a [Future], so that other threads and libraries can wait for it: [Future#get()],
/// [Future#state()] and the like work from any thread. Inside the loop use [#await()].
///
/// **Cancellation.** [#cancel] cancels the task's own scope and with it everything the task has
/// started. The task ends when its body ends; a body that swallows the cancellation and returns a
/// value returns it. A task always runs to its first suspension point, even if it is cancelled
/// before it starts.
///
/// @param <T> the type of its value
public sealed interface Task<T extends @Nullable Object> extends Future<T> permits TaskEnd {

  /// Waits until the task has ended, and takes its value. A suspension point.
  ///
  /// The task's own exception comes out unwrapped, checked ones too, with the stack of the first
  /// awaiter appended. Cancelling the waiter does not cancel the task.
  ///
  /// @return its value
  /// @throws CancellationException if the task was cancelled (a plain one)
  /// @throws CancelledException if the calling task is cancelled
  /// @throws DeadlockException if the task can only end after the caller
  /// @throws IllegalStateException outside a loop, or if the task awaits itself
  T await();

  /// As [#await()], and tells the compiler of a checked exception that may come out.
  ///
  /// @param declared the exception's class
  /// @param <X> the exception
  /// @return its value
  /// @throws X if the task failed with it
  default <X extends Exception> T await(Class<X> declared) throws X {
    java.util.Objects.requireNonNull(declared, "declared");
    return await();
  }

  /// How it ended. It counts as hearing of a failure, like `await`.
  ///
  /// @return the outcome
  /// @throws IllegalStateException if it has not ended
  Outcome<T> outcome();

  /// Cancels it and everything it has started. From any thread; returns at once.
  ///
  /// @param reason for people: why
  /// @return false if it has ended or was cancelled before; the first reason stays
  boolean cancel(String reason);

  /// As `cancel("…")`; a task that waits in the JDK is interrupted whatever the argument.
  @Override
  boolean cancel(boolean mayInterruptIfRunning);

  /// The task as a `CompletableFuture`, for libraries that take one. From any thread; it is the
  /// same one each time.
  ///
  /// It completes with the task: with its value, its own exception, or a `CancellationException`.
  /// That counts as hearing of a failure, like `await`, also if nobody reads it. Cancelling the
  /// future cancels the task, and so does completing it by hand or with `orTimeout` (but not
  /// `completeAsync` or `obtrudeValue`): like every `CompletableFuture` it is then complete at once
  /// and for all who have it, while the task still cleans up, and what fails in that goes to the
  /// task's owner. Take a `copy()` for somebody who must not end the task.
  ///
  /// What is attached to it without an executor runs on the loop, before the task's owner goes on,
  /// and so must not block.
  ///
  /// @return the future
  CompletableFuture<T> toCompletableFuture();

  /// Its name: as given, else `task-` and its id.
  ///
  /// @return the name
  String name();

  /// Its number on its loop, in the order of creation, from 1.
  ///
  /// @return the id
  long id();

  /// The loop it runs on.
  ///
  /// @return the loop
  Loop loop();
}
