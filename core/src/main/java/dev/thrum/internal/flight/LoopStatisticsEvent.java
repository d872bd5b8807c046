package dev.thrum.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/// How much a loop has to do.
@Name("dev.thrum.LoopStatistics")
@Label("Loop Statistics")
@Description("How much a loop has to do")
@Category("Thrum")
@Period("1 s")
@StackTrace(false)
final class LoopStatisticsEvent extends Event {
  @Label("Loop")
  String loop = "";

  @Label("Tasks")
  @Description("Tasks that have not ended")
  long tasks;

  @Label("Ready")
  @Description("Tasks that wait for their turn")
  long ready;

  @Label("Steps")
  @Description("Steps since the loop began")
  long steps;

  @Label("Timers")
  @Description("Timers that are set: sleeps, timeouts and the like")
  long timers;
}
