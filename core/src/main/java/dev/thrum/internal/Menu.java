package dev.thrum.internal;

/// What a loop can do next, for a [Steering] to choose from: run a step of a ready task, or fire a
/// timer that is due.
public interface Menu {

  /// How many tasks are ready.
  ///
  /// @return the number
  int ready();

  /// A ready task.
  ///
  /// @param index 0 for the one that has been ready longest
  /// @return the task
  Steered ready(int index);

  /// How many timers are due.
  ///
  /// @return the number
  int due();

  /// The task that a due timer wakes or cancels.
  ///
  /// @param index 0 for the one that was due first
  /// @return the task
  Steered due(int index);

  /// When the earliest timer is due, in nanoseconds of [Steering#nanoTime()].
  ///
  /// @return the time, or [Long#MAX_VALUE] if none is set
  long earliest();

  /// Whether work outside the loop is under way that will come back: a call of `blocking`, a file.
  ///
  /// @return true if a task waits for it
  boolean hasOutsideWork();

  /// Whether a task waits for a future, which a task of this loop or anybody else may complete.
  ///
  /// @return true if one does
  boolean hasOpenFutures();

  /// Ends the main task with a failure.
  ///
  /// @param failure what comes out of the run
  void fail(Throwable failure);

  /// The main task.
  ///
  /// @return the task
  Steered main();
}
