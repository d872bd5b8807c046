package dev.thrum;

/// Watches a loop: the one hook for consoles, traces and metrics.
///
/// The methods are called in the order of the events, one at a time, in a thread of the loop beside
/// its tasks, right after the step in which the event happened. If one blocks, the loop goes on and
/// later events queue up. The time is when it happened, in nanoseconds of the loop's time source.
/// An instrument that throws is removed and logged. While none is attached this costs nothing.
///
/// **Who caused it.** A step is what lies between `stepBegin(x)` and `stepEnd(x)`, and steps never
/// overlap. What is told in between, task `x` has caused: that is how one knows who started, woke
/// or cancelled a task. What is told at other times came from the loop itself: a timer, I/O, or
/// another thread.
public interface Instrument {

  /// A task was started.
  ///
  /// @param task the new task
  /// @param nanos when
  default void spawned(Task<?> task, long nanos) {}

  /// A task can run: it was started, or what it waited for has come.
  ///
  /// @param task the task
  /// @param nanos when
  default void ready(Task<?> task, long nanos) {}

  /// A task begins to run.
  ///
  /// @param task the task
  /// @param nanos when
  default void stepBegin(Task<?> task, long nanos) {}

  /// A task has suspended or ended.
  ///
  /// @param task the task
  /// @param nanos when
  default void stepEnd(Task<?> task, long nanos) {}

  /// A task waits.
  ///
  /// @param task the task
  /// @param on what it waits for: a task, or something that its `toString` tells
  /// @param nanos when
  default void blocked(Task<?> task, Object on, long nanos) {}

  /// A cancellation has reached the innermost scope that a task is in: its next suspension point
  /// throws, also that of a task that runs. Not told of one that begins in a scope that is
  /// cancelled already, or leaves a shield in one.
  ///
  /// @param task the task
  /// @param nanos when
  default void cancelled(Task<?> task, long nanos) {}

  /// A task has ended.
  ///
  /// @param task the task, with its outcome
  /// @param nanos when
  default void done(Task<?> task, long nanos) {}
}
