package dev.thrum;

import org.jspecify.annotations.Nullable;

/// What Thrum says by itself, through the logger `dev.thrum`. Never called by the loop's own code,
/// since a logger takes locks.
final class Log {
  private static final System.Logger LOGGER = System.getLogger("dev.thrum");

  private Log() {}

  static void unhandled(Task<?> task, Throwable exception) {
    LOGGER.log(
        System.Logger.Level.ERROR,
        "task " + task.name() + " of " + task.loop().name() + " failed with nobody to tell",
        exception);
  }

  static void warn(String message, @Nullable Throwable exception) {
    LOGGER.log(System.Logger.Level.WARNING, message, exception);
  }

  static void info(String message) {
    LOGGER.log(System.Logger.Level.INFO, message);
  }
}
