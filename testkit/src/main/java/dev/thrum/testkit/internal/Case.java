package dev.thrum.testkit.internal;

import dev.thrum.VoidBody;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

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

  /// A case that knows whether any run of it met the test's assumptions.
  final class Assuming implements Case {
    private final Case what;
    private @Nullable TestAbortedException aborted;
    private boolean met;

    /// For a case that has not run.
    ///
    /// @param what the case
    public Assuming(Case what) {
      this.what = what;
    }

    @Override
    public void before() throws Throwable {
      try {
        what.before();
      } catch (TestAbortedException e) {
        aborted = e;
        throw e;
      }
    }

    @Override
    public void run() throws Throwable {
      try {
        what.run();
        met = true;
      } catch (TestAbortedException e) {
        aborted = e;
        throw e;
      }
    }

    @Override
    public void after() throws Throwable {
      what.after();
    }

    /// Passes if a run met them.
    ///
    /// @throws TestAbortedException that of a run, if none did
    public void check() {
      if (!met && aborted != null) {
        throw aborted;
      }
    }
  }
}
