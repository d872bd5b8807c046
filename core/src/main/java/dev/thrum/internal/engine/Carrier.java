package dev.thrum.internal.engine;

import org.jspecify.annotations.Nullable;

/// What an engine needs of a loop: somebody to tell that a fiber is ready, and to ask who is next.
public interface Carrier {

  /// The fiber can run. From any thread; once for each time it was suspended.
  ///
  /// @param fiber the fiber
  void ready(Fiber fiber);

  /// The step that ran is over; which fiber runs now? Only by who holds the loop.
  ///
  /// @return the fiber, or null if the loop's own thread has to wait or to end
  @Nullable Fiber next();

  /// Runs something on the loop, between two steps. From any thread; dropped after the loop's end.
  ///
  /// @param action short, never waits, takes no lock
  /// @return false if the loop has ended
  boolean post(Runnable action);
}
