package dev.thrum.stream;

import dev.thrum.internal.engine.Engine;
import dev.thrum.internal.wait.Party;

/// The calling task, where only a task may call.
final class Here {
  private Here() {}

  /// The calling task.
  ///
  /// @param what what works only there: `a generator can be iterated`
  static Party task(String what) {
    if (Engine.currentOwner() instanceof Party task) {
      return task;
    }
    throw new IllegalStateException(
        what
            + " only inside a task, and "
            + Thread.currentThread()
            + " is none. Start a loop with run(() -> …); from a thread beside a loop use"
            + " loop.submit(…)");
  }
}
