package dev.thrum.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;

/// A task held up its loop. It is committed by who noticed it, so that the event's own time is when
/// it was told, and its fields say when it was.
@Name("dev.thrum.Stall")
@Label("Stall")
@Description("A step of a task took so long that the other tasks of its loop noticed")
@Category("Thrum")
@Enabled
@Registered
final class StallEvent extends TaskEvent {
  @Label("Kind")
  String kind = "";

  @Label("Since")
  @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
  long since;

  @Label("Held Up For")
  @Timespan(Timespan.NANOSECONDS)
  long took;

  @Label("Site")
  @Description("The program's own line that led there")
  String site = "";

  @Label("Advice")
  String advice = "";

  @Label("Stack")
  @Description("Where the task was, one frame a line")
  String stack = "";
}
