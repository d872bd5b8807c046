package dev.thrum.internal;

import dev.thrum.internal.wait.Party;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// In debug mode, something that a task has opened and that somebody has to close: named in the log
/// if it is open when the task's loop ends.
public final class LeftOpen {
  private LeftOpen() {}

  /// Notes that the caller has opened something. Does nothing without debug mode, and for a thread
  /// beside the loops.
  ///
  /// @param resource what must be closed
  /// @param isOpen whether closing it would still make a difference, asked at the end of the loop
  /// @return to be called when it is closed; from any thread
  public static Runnable unlessClosed(Object resource, BooleanSupplier isOpen) {
    Party opener = Party.current();
    if (!opener.debug()) {
      return () -> {};
    }
    DebugStack openedAt = new DebugStack("opened here");
    return opener.atEndOfLoop(() -> {
      if (isOpen.getAsBoolean()) {
        report(resource, openedAt);
      }
    });
  }

  /// Says that something was not closed.
  ///
  /// @param resource what is still open
  /// @param openedAt where the program has opened it, or null if it has not itself
  public static void report(Object resource, @Nullable DebugStack openedAt) {
    Warnings.warn(
        resource
            + " was left open at the end of its loop; close it, or open it in a try block"
            + (openedAt == null ? "" : DebugStack.sentence("opened", openedAt)),
        DebugStack.shown(openedAt));
  }
}
