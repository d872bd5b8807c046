package dev.thrum;

import dev.thrum.internal.Frames;
import java.util.ArrayList;
import java.util.List;

/// Joins the stack of an exception with that of the task that awaited it, so that a trace reads
/// from the failing line through every `await` to `main`.
final class AwaitTrace {
  private static final StackWalker WALKER = StackWalker.getInstance();

  private AwaitTrace() {}

  static void append(Throwable failure, TaskImpl<?> awaiter) {
    StackTraceElement[] thrown = failure.getStackTrace();
    if (thrown.length == 0) {
      return;
    }
    List<StackTraceElement> joined = new ArrayList<>();
    for (StackTraceElement frame : thrown) {
      if (!isPlumbing(frame.getClassName())) {
        joined.add(frame);
      }
    }
    joined.add(new StackTraceElement("awaited by " + awaiter.name(), "await", "Thrum", -1));
    WALKER.forEach(frame -> {
      if (!isPlumbing(frame.getClassName())) {
        joined.add(frame.toStackTraceElement());
      }
    });
    failure.setStackTrace(joined.toArray(StackTraceElement[]::new));
  }

  private static boolean isPlumbing(String className) {
    return Frames.isPlumbing(className) || className.equals("dev.thrum.Async");
  }
}
