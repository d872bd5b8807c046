package dev.thrum;

import dev.thrum.internal.DebugStack;
import dev.thrum.internal.Warnings;
import org.jspecify.annotations.Nullable;

/// What Thrum says by itself, through the logger `dev.thrum`. Never called by the loop's own code,
/// since a logger takes locks.
///
/// The logger is asked for each time: a static one would be lost for good if the class were first
/// used on a stack that has no room left.
final class Log {
  private Log() {}

  static void unhandled(Task<?> task, Throwable exception) {
    logger()
        .log(
            System.Logger.Level.ERROR,
            "task "
                + task.name()
                + " of "
                + task.loop().name()
                + " failed with nobody to tell"
                + started((TaskImpl<?>) task),
            exception);
  }

  private static String started(TaskImpl<?> task) {
    return DebugStack.sentence("started", task.loop.debugging().origin(task));
  }

  static void warn(String message, @Nullable Throwable exception) {
    Warnings.warn(message, exception);
  }

  private static System.Logger logger() {
    return System.getLogger("dev.thrum");
  }

  static void info(String message) {
    logger().log(System.Logger.Level.INFO, message);
  }
}
