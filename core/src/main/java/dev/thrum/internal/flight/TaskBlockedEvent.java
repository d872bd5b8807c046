package dev.thrum.internal.flight;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;

/// A task has waited, from when it suspended until it could run again.
@Name("dev.thrum.TaskBlocked")
@Label("Task Blocked")
@Description("A task waited for something, until it could run again")
@Registered
final class TaskBlockedEvent extends TaskEvent {
  @Label("Waited For")
  String waitedFor = "";

  transient boolean over;
}
