package dev.thrum.internal.flight;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import org.jspecify.annotations.Nullable;

/// A task has ended.
@Name("dev.thrum.TaskEnd")
@Label("Task End")
@Description("A task has ended")
@Registered
final class TaskEndEvent extends TaskEvent {
  @Label("Outcome")
  @Description("succeeded, failed or cancelled")
  String outcome = "";

  @Label("Failure")
  @Description("The class of the exception that it failed with")
  @Nullable Class<?> failure;
}
