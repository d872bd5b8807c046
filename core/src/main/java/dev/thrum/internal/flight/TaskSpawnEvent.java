package dev.thrum.internal.flight;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;

/// A task was started.
@Name("dev.thrum.TaskSpawn")
@Label("Task Start")
@Description("A task was started; the stack trace is that of the task that started it")
@Registered
@StackTrace
final class TaskSpawnEvent extends TaskEvent {
  @Label("Started By")
  @Description("The task that started it, 0 if none of the loop did")
  long spawner;
}
