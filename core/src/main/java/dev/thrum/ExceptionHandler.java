package dev.thrum;

/// Hears of errors that have nobody else to go to: failures in a `supervise`, in background tasks
/// after they were told to end, in losers of a race.
///
/// It runs on the loop, mostly in the failing task's thread: it should be short and must not wait
/// for the loop. If it throws, the default handler (which logs) gets both.
@FunctionalInterface
public interface ExceptionHandler {

  /// Called once for each such error.
  ///
  /// @param task the task that failed
  /// @param exception its failure
  void handle(Task<?> task, Throwable exception);
}
