package dev.thrum.testkit;

/// A test that fails under some order of its tasks. The message tells the order and how to repeat
/// it; the cause is what the test threw.
public final class ExplorationFailedError extends AssertionError {
  private static final long serialVersionUID = 1L;

  ExplorationFailedError(String report, Throwable failure) {
    super(report, failure);
  }
}
