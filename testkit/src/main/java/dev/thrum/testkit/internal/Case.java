package dev.thrum.testkit.internal;

import dev.thrum.VoidBody;

/// What is run again and again: a body on a loop, and what belongs before and after it.
public interface Case {

  /// Before each run, outside the loop.
  ///
  /// @throws Throwable if it fails; so does the run
  default void before() throws Throwable {}

  /// The main task.
  ///
  /// @throws Throwable if the run fails
  void run() throws Throwable;

  /// After each run, outside the loop.
  ///
  /// @throws Throwable if it fails; so does the run
  default void after() throws Throwable {}

  /// Only a body.
  ///
  /// @param body the main task
  /// @return the case
  static Case of(VoidBody<?> body) {
    return body::run;
  }
}
