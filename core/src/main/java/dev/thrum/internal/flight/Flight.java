package dev.thrum.internal.flight;

import dev.thrum.Instrument;
import dev.thrum.Loop;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;

/// The door to the Flight Recorder. As long as nobody records, going through it loads one class of
/// the JDK and no other; where the module `jdk.jfr` is missing, none.
public final class Flight {
  private static final boolean IS_THERE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private Flight() {}

  /// Whether somebody records, or has.
  ///
  /// @return false as long as nobody ever did
  public static boolean isUsed() {
    return IS_THERE && FlightRecorder.isInitialized();
  }

  /// What is to watch a loop that begins, from its first task on.
  ///
  /// @param loop the loop
  /// @return instruments, if a recording asks for the events of tasks
  public static List<Instrument> atStart(Loop loop) {
    return isUsed() ? Recorder.atStart(loop) : List.of();
  }

  /// To be called now and then, once it [#isUsed()]: follows the recordings that begin and end.
  ///
  /// @param figures the loops that run, each with what tells how much it has to do
  public static void tick(Map<? extends Loop, Supplier<Figures>> figures) {
    Recorder.tick(figures);
  }

  /// Records that a task held up its loop.
  ///
  /// @param loop the loop
  /// @param task the task's number
  /// @param name the task's name
  /// @param kind what kind of stall it was
  /// @param site the program's own line that led there
  /// @param stack where the task was, one frame a line
  /// @param advice what to do about it
  /// @param nanos how long it took, or has taken so far
  public static void stall(
      Loop loop,
      long task,
      String name,
      String kind,
      String site,
      String stack,
      String advice,
      long nanos) {
    if (isUsed()) {
      StallEvent event = new StallEvent();
      if (event.isEnabled()) {
        event.loop = loop.name();
        event.task = task;
        event.name = name;
        event.kind = kind;
        event.site = site;
        event.stack = stack;
        event.advice = advice;
        event.took = nanos;
        event.since = System.currentTimeMillis() - nanos / 1_000_000;
        event.commit();
      }
    }
  }
}
