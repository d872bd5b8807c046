package dev.thrum.internal.flight;

import dev.thrum.Task;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;

/// What the events of a task have in common. They are off until a recording asks for them, since
/// they cost something at each step of each task.
@Category({"Thrum", "Tasks"})
@Enabled(false)
@Registered(false)
@StackTrace(false)
abstract class TaskEvent extends Event {
  @Label("Loop")
  String loop = "";

  @Label("Task")
  @Description("The task's number on its loop")
  long task;

  @Label("Name")
  String name = "";

  final void of(Task<?> subject) {
    loop = subject.loop().name();
    task = subject.id();
    name = subject.name();
  }
}
