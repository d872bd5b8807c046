package dev.thrum.internal.inspect;

import dev.thrum.Loop;
import org.jspecify.annotations.Nullable;

/// A loop, as the sampler and the tools see it. Everything here may be asked from any thread; what
/// it answers is as it was a moment ago.
public interface Watched {

  /// The loop's name.
  ///
  /// @return the name
  String name();

  /// The engine's name.
  ///
  /// @return `confined` or `portable`
  String engineName();

  /// Whether its run is over.
  ///
  /// @return true from the moment the main task has ended
  boolean isClosed();

  /// Whether it is in debug mode.
  ///
  /// @return true if tasks know where they were started
  boolean debug();

  /// How long one of its steps may take before it is a stall.
  ///
  /// @return nanoseconds; `Long.MAX_VALUE` if none ever is
  long stallNanos();

  /// In debug mode, looks whether tasks that were told to end take too long to do so, and says so.
  /// By the sampler.
  void lookForLate();

  /// Its own thread, which on the confined engine carries the tasks.
  ///
  /// @return a platform thread
  Thread carrier();

  /// How many steps it has begun.
  ///
  /// @return a number that grows
  long steps();

  /// How many tasks it has started.
  ///
  /// @return a number that grows
  long started();

  /// How many tasks have not ended.
  ///
  /// @return their number
  default long taskCount() {
    return Math.max(0, started() - history().count());
  }

  /// The loop itself.
  ///
  /// @return this
  Loop loop();

  /// Whose step is under way.
  ///
  /// @return a task, or null if it is idle, polls, or does something of its own
  @Nullable Seen running();

  /// How many tasks can run.
  ///
  /// @return the length of its queue
  int readyCount();

  /// How many timers are set.
  ///
  /// @return their number
  int timerCount();

  /// How long its steps take.
  ///
  /// @return the sample
  Histogram histogram();

  /// What has ended.
  ///
  /// @return the history
  History history();

  /// What the sampler knows of it.
  ///
  /// @return its own part
  Samples samples();

  /// Looks at all its tasks. The loop does it itself between two steps, so that nothing changes
  /// meanwhile; if it does not come to that soon, because a step holds it, they are read from
  /// outside, and some may be missing.
  ///
  /// @return the tasks, each after its owner
  Look look();
}
