package dev.thrum.testkit.internal;

/// Decides one run after the other.
interface Strategy {

  /// The name, for people.
  String name();

  /// Whether nobody starves under it, so that a run which comes to no end is the program's fault.
  default boolean isFair() {
    return false;
  }

  /// A run begins.
  default void begin(Conductor run) {}

  /// What to do next. The choices are in [Conductor#actor(int)] and [Conductor#kind(int)], the
  /// loop's own order first.
  ///
  /// @param run the run
  /// @param count how many choices there are, at least 2
  /// @return the index of one
  int pick(Conductor run, int count);

  /// An even choice inside a step, such as which of several ready clauses of a select wins.
  ///
  /// @param run the run
  /// @param bound how many there are, at least 2
  /// @return the index of one
  int draw(Conductor run, int bound);

  /// A run has ended.
  ///
  /// @param run the run
  /// @param passed whether it passed
  default void end(Conductor run, boolean passed) {}
}
