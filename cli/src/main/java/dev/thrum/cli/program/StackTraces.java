package dev.thrum.cli.program;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;

/// Leaves out of stack traces what is below a program: who called its `main`, and how.
final class StackTraces {
  private StackTraces() {}

  /// Cuts an exception, its causes and what they suppressed.
  static void cut(Throwable exception, Class<?> caller) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> rest = new ArrayDeque<>();
    rest.add(exception);
    while (!rest.isEmpty()) {
      Throwable next = rest.remove();
      if (seen.add(next)) {
        next.setStackTrace(above(next.getStackTrace(), caller.getName()));
        rest.addAll(Arrays.asList(next.getSuppressed()));
        if (next.getCause() != null) {
          rest.add(next.getCause());
        }
      }
    }
  }

  private static StackTraceElement[] above(StackTraceElement[] trace, String caller) {
    int end = 0;
    while (end < trace.length && !trace[end].getClassName().equals(caller)) {
      end++;
    }
    if (end == trace.length) {
      return trace;
    }
    while (end > 0 && isPlumbing(trace[end - 1].getClassName())) {
      end--;
    }
    return Arrays.copyOf(trace, end);
  }

  private static boolean isPlumbing(String className) {
    return className.startsWith("java.lang.reflect.")
        || className.startsWith("jdk.internal.reflect.")
        || className.startsWith("java.lang.invoke.")
        || className.equals(MainMethod.class.getName());
  }
}
