package dev.thrum.internal.inspect;

import dev.thrum.internal.Frames;
import java.util.List;

/// A step that took too long, or still does.
///
/// @param atMillis when it was noticed, in milliseconds of the epoch
/// @param loop the loop's name
/// @param task the task's number
/// @param name the task's name
/// @param cause what holds it
/// @param millis how long it has taken so far; the sampler sees no more than its ticks
/// @param neverYielded whether it is the task's first step
/// @param ready how many other tasks could run
/// @param stack where the task is
public record Stall(
    long atMillis,
    String loop,
    long task,
    String name,
    StallCause cause,
    long millis,
    boolean neverYielded,
    int ready,
    List<StackTraceElement> stack) {

  Stall lasting(long longer) {
    return new Stall(atMillis, loop, task, name, cause, longer, neverYielded, ready, stack);
  }

  /// Where the program is.
  ///
  /// @return a class, a method and a line
  public String site() {
    return Frames.site(stack.toArray(StackTraceElement[]::new));
  }

  /// All of it in a sentence or two.
  String message() {
    return "task "
        + name
        + " holds "
        + loop
        + ": its step has taken "
        + Words.millis(millis)
        + (neverYielded ? " and is its first, it has never yielded" : "")
        + " ("
        + cause.kind().text()
        + ") at "
        + site()
        + (ready > 0
            ? "; " + ready + (ready == 1 ? " other task is" : " other tasks are") + " ready"
            : "")
        + ". "
        + cause.advice();
  }
}
