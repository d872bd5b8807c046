package dev.thrum.internal.inspect;

/// A task, as the sampler and the tools see it. From any thread; what it answers is as it was a
/// moment ago.
public interface Seen {

  /// What a task waits for that waits only for its own children.
  interface Children {}

  /// Its number in its loop.
  ///
  /// @return the number
  long id();

  /// Its name.
  ///
  /// @return the name, `task-` and the number if it was not given one
  String name();

  /// The thread that it runs on.
  ///
  /// @return a virtual thread
  Thread thread();

  /// How many steps it has ended.
  ///
  /// @return zero in its first step
  long stepCount();

  /// The sampler has found it running.
  void sampled();

  /// Cancels it.
  ///
  /// @param reason why
  /// @return false if it has ended or was cancelled before
  boolean cancel(String reason);
}
