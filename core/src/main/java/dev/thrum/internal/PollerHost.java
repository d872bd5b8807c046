package dev.thrum.internal;

import dev.thrum.Scope;
import dev.thrum.Task;
import dev.thrum.VoidBody;
import java.util.function.Function;

/// A loop, as whoever brings its I/O sees it.
public interface PollerHost {

  /// The loop's poller, made at the first call. On the loop only; from then on every turn of the
  /// loop polls.
  ///
  /// @param maker makes the only poller of this loop
  /// @return the poller
  Poller poller(Function<? super PollerHost, ? extends Poller> maker);

  /// Whether the loop has nothing to do but to wait. By the poller, once it has said that it is
  /// going to wait: what other threads send after that wakes it.
  ///
  /// @return true if the poller may wait in the system
  boolean mayBlock();

  /// Whether the caller is the loop's running task, its poller, or the loop itself.
  ///
  /// @return true if it may touch what belongs to the loop
  boolean isHere();

  /// Refuses callers from elsewhere.
  ///
  /// @param used what they use, for the message
  /// @throws WrongThreadException unless [#isHere()]
  default void checkHere(Object used) {
    if (!isHere()) {
      throw new WrongThreadException(
          used
              + " is used only by tasks of its own loop, not by "
              + Thread.currentThread()
              + "; use loop.submit(…)");
    }
  }

  /// The loop's timers, for what is to happen there without a task. On the loop only.
  ///
  /// @return the timers, whose times are those of [#nanos()]
  Timers timers();

  /// The loop's time.
  ///
  /// @return nanoseconds since the loop was made
  long nanos();

  /// A time that lies ahead.
  ///
  /// @param nanos how far, zero or more
  /// @return the time in nanoseconds of the loop, cut at the largest there is
  long timeAfter(long nanos);

  /// A choice among several that are as good, by whoever decides for the loop.
  ///
  /// @param bound how many there are
  /// @return a number from 0 to below that
  int choose(int bound);

  /// Starts a child of a scope. On the loop, by the poller too, which is no task that could do so.
  /// The child has the locals of the scope's own task.
  ///
  /// @param scope an open scope of this loop
  /// @param name the child's name
  /// @param body what it does
  /// @return the child
  /// @throws IllegalStateException if the scope has been left
  Task<?> start(Scope scope, String name, VoidBody<?> body);

  /// Makes the running task as good as new, if it has nothing left of what it did, so that it can
  /// begin something else under another name instead of ending for another task to start.
  ///
  /// @param name its new name
  /// @return false if it has children or an open scope, or is cancelled; nothing has changed then
  boolean renew(String name);

  /// Whether debug mode is on.
  ///
  /// @return true if what was left open should be reported with where it was opened
  boolean debug();

  /// What the loop can do next.
  ///
  /// @return the same for the whole life of the loop
  Menu menu();
}
