package dev.thrum.internal.flight;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;

/// A task has run, from when it got its turn until it suspended or ended.
@Name("dev.thrum.TaskStep")
@Label("Task Step")
@Description("A task ran, and nothing else of its loop, until it suspended or ended")
@Registered
final class TaskStepEvent extends TaskEvent {}
