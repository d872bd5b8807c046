package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;

import dev.thrum.VoidBody;

/// A small concurrent program with one known bug that shows in some orders of its tasks, and the
/// same program mended.
///
/// Both bodies are to be run as the main task of a loop, with a clock that jumps. They make all
/// they need anew, so that they can be run any number of times, and nothing but the order of tasks
/// and of equal timers decides how they end. The bug shows as an exception that comes out of the
/// body, most often an `AssertionError`, or as a deadlock: everybody waits for ever. The mended
/// body ends normally in every order.
///
/// Every access to shared state that another task could see or disturb is a step of its own,
/// divided from the next by a suspension point. Starting a task is one only in programs whose name
/// ends in `_sp`.
///
/// @param name the name under which it is known
/// @param kind the kind of bug: atomicity, order, deadlock, lost-wakeup, starvation, cancellation,
///   timeout, shutdown or resource
/// @param failsInFifoOrder whether the bug shows in the loop's normal order: who became ready first
///   runs first
/// @param portable whether it runs on the portable engine, too; false if its tasks wait in the JDK
/// @param buggy the program with the bug
/// @param fixed the program without
public record Program(
    String name,
    String kind,
    boolean failsInFifoOrder,
    boolean portable,
    VoidBody<?> buggy,
    VoidBody<?> fixed) {

  /// The text of a program, with the bug and its mending side by side.
  @FunctionalInterface
  interface Text {

    /// Plays it.
    ///
    /// @param mended whether without the bug
    /// @throws Exception if the bug showed
    void play(boolean mended) throws Exception;
  }

  /// A program whose bug does not show in the loop's normal order.
  static Program passesInFifo(String name, String kind, Text text) {
    return of(name, kind, false, text);
  }

  /// A program whose bug shows in the loop's normal order already.
  static Program failsInFifo(String name, String kind, Text text) {
    return of(name, kind, true, text);
  }

  private static Program of(String name, String kind, boolean failsInFifoOrder, Text text) {
    VoidBody<Exception> buggy = () -> text.play(false);
    VoidBody<Exception> fixed = () -> text.play(true);
    return new Program(name, kind, failsInFifoOrder, true, buggy, fixed);
  }

  /// The same, for a program whose tasks wait in the JDK.
  Program onConfinedOnly() {
    return new Program(name, kind, failsInFifoOrder, false, buggy, fixed);
  }

  /// What a program claims about itself.
  static void check(boolean holds, String claim) {
    if (!holds) {
      throw new AssertionError(claim);
    }
  }

  /// So many suspension points.
  static void steps(int count) {
    for (int i = 0; i < count; i++) {
      checkpoint();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
