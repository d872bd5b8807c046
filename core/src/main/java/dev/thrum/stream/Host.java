package dev.thrum.stream;

import dev.thrum.internal.wait.Party;
import java.util.concurrent.ForkJoinWorkerThread;

/// The task that runs a stream, as a gatherer in it knows it.
///
/// @param task the task
/// @param operation the gatherer: `mapAsync(…)`
record Host(Party task, String operation) {

  /// The calling task, which begins a stream.
  static Host of(String operation) {
    if (Thread.currentThread() instanceof ForkJoinWorkerThread) {
      throw parallel(operation);
    }
    return new Host(Here.task("a stream with " + operation + " works"), operation);
  }

  /// To be called first with each element: throws in another thread, or if the task is cancelled.
  void enter() {
    check();
    task.enter();
  }

  /// Throws in another thread.
  void check() {
    if (Party.current() != task) {
      throw parallel(operation);
    }
  }

  static IllegalStateException parallel(String operation) {
    return new IllegalStateException(
        operation
            + " works in the one task that runs the stream, and this one is parallel: call"
            + " sequential()");
  }
}
