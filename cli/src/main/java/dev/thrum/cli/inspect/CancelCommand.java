package dev.thrum.cli.inspect;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `thrum cancel`.
@Command(
    name = "cancel",
    description = "Cancel a task of a running JVM.",
    customSynopsis = "thrum cancel [--yes] [--loop NAME] [--reason TEXT] PID TASK",
    separator = " ",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "It says which task it is about to cancel, and asks. The task ends as if it had",
      "been cancelled by the program: at its next wait, and after its clean-up. So do",
      "the tasks that it started. Cancelling a main task ends its loop.",
      "",
      "Examples:",
      "  thrum cancel 4711 12",
      "  thrum cancel 4711 12 --loop loop-2 --reason 'hangs since noon' --yes"
    })
final class CancelCommand implements Callable<Integer> {
  private static final int NOT_CANCELLED = 1;

  @Mixin private final Jvm jvm = new Jvm();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TASK",
      hideParamSyntax = true,
      description = "The task's number, as 'thrum ps PID' shows it.")
  private @Nullable String task;

  @Option(
      names = "--loop",
      paramLabel = "NAME",
      description = "The task's loop, if several have a task with this number.")
  private @Nullable String loop;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "What the task is told, and those who await it.")
  private String reason = "cancelled with thrum cancel";

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Override
  public Integer call() throws TargetException {
    jvm.address();
    long id = number();
    if (!yes && !Question.canBeAsked()) {
      throw jvm.wrong("there is no terminal to ask on; --yes cancels without a question");
    }
    try (Target target = jvm.connect()) {
      var sought = TaskSought.find(target, id, Optional.ofNullable(loop));
      String name = sought.description();
      if (!yes && !Question.ask("Cancel %s (%s)?".formatted(name, sought.circumstances()))) {
        Output.print("Nothing was cancelled.");
        return NOT_CANCELLED;
      }
      if (!target.cancel(sought.loop(), id, reason)) {
        throw new TargetException(name + " was cancelled before, and has not ended yet");
      }
      Output.print("Cancelled %s (%s).".formatted(name, sought.circumstances()));
      return 0;
    }
  }

  private long number() {
    if (task == null) {
      throw jvm.wrong("a task is missing; 'thrum ps PID' shows the number of each");
    }
    try {
      return Long.parseLong(task);
    } catch (NumberFormatException e) {
      throw jvm.wrong("'" + task + "' is no number of a task; 'thrum ps PID' shows them");
    }
  }
}
