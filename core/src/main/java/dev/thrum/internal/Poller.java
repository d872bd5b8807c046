package dev.thrum.internal;

/// What brings a loop's I/O: it looks for what the system has to report, and waits for it when the
/// loop has nothing else to do.
///
/// It runs between two steps, in one thread for its whole life: a virtual thread of the loop where
/// those run on the loop's own thread, since it may block on a lock that a task holds, else the
/// loop's own thread.
public interface Poller {

  /// Runs the life of the thread that will poll, where that is one of the poller's own.
  ///
  /// @param life calls the other methods, but for [#wakeUp]
  default void runIn(Runnable life) {
    life.run();
  }

  /// Sends what the tasks have left, takes in what has come, and wakes those who wait for it.
  ///
  /// @param nanos how long it may wait in the system if nothing has come and
  ///   [PollerHost#mayBlock()]; 0: not at all; [Long#MAX_VALUE]: without end
  void poll(long nanos);

  /// Whether a [#poll] would do something without the system. As long as nobody waits for what
  /// comes from outside, the loop finds neither an idle moment nor a deadlock before that is done.
  ///
  /// @return true if something was left for it
  default boolean isDue() {
    return false;
  }

  /// Ends a [#poll] that waits, or the next one that would. From any thread.
  void wakeUp();

  /// The loop has ended: sends what is left as far as that goes, and closes everything.
  void close();
}
