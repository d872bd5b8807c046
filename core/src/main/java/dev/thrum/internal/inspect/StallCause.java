package dev.thrum.internal.inspect;

import dev.thrum.internal.Frames;
import java.util.Arrays;

/// What holds a loop, and what to use instead: judged by the state of the thread, by how much of a
/// processor it used, and by the innermost frames of its stack.
///
/// @param kind what it is
/// @param advice what to do
public record StallCause(Kind kind, String advice) {

  /// What can hold a loop.
  public enum Kind {
    /// It computes.
    CPU("CPU loop"),
    /// It is in native code that waits, or the JVM has it wait for another thread's initializer.
    NATIVE("native call"),
    /// It reads or writes a file, a pipe or the console.
    FILE("file I/O"),
    /// It resolves a host's name.
    NAME("name lookup"),
    /// It is parked and cannot be taken off the thread that carries it.
    PINNED("pinned"),
    /// It waits for a monitor: on the confined engine only if it is pinned.
    MONITOR("monitor"),
    /// It waits in a call of the JDK that holds the loop: on the portable engine only.
    JDK("JDK call"),
    /// It could run, and gets no processor.
    STARVED("no processor");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /// For people.
    ///
    /// @return some words
    public String text() {
      return text;
    }
  }

  private static final String CONFINED =
      " The confined engine makes every wait of the JDK a suspension point: start java with"
          + " --add-opens java.base/java.lang=ALL-UNNAMED.";

  /// Judges.
  ///
  /// @param state the state of the task's thread
  /// @param stack its stack
  /// @param confined whether the task runs on the loop's own thread
  /// @param use how much of a processor it used
  static StallCause of(
      Thread.State state, StackTraceElement[] stack, boolean confined, StallShare.Use use) {
    return switch (state) {
      case BLOCKED -> monitor(stack, confined);
      case WAITING, TIMED_WAITING ->
          confined || isPinned(stack) ? pinned(stack, confined) : jdk(stack);
      default -> running(stack, use);
    };
  }

  /// On the confined engine a task that waits for a monitor is suspended, unless it is pinned.
  private static StallCause monitor(StackTraceElement[] stack, boolean confined) {
    StallCall call = StallCall.of(stack);
    return new StallCause(
        Kind.MONITOR,
        "It waits for a monitor that another thread holds"
            + (confined ? ", and cannot be suspended, since " + pin(stack) : "")
            + ". "
            + (call == null || call.kind() == Kind.JDK
                ? "Use a Mutex, or call blocking(…)."
                : call.advice()));
  }

  private static boolean isPinned(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .anyMatch(frame ->
            frame.getClassName().equals("java.lang.VirtualThread")
                && frame.getMethodName().equals("parkOnCarrierThread"));
  }

  private static StallCause pinned(StackTraceElement[] stack, boolean confined) {
    return new StallCause(
        Kind.PINNED,
        "It waits and cannot be suspended, since "
            + pin(stack)
            + ". "
            + (confined && isWaitOfThrum(stack)
                ? "Only the loop that it holds could end this wait. Wait outside of that."
                : "Wait outside of that, or call all of it in blocking(…)."));
  }

  /// What is below it that keeps it from being suspended. Calls from native code into Java leave no
  /// frame of their own, but the methods that the JVM calls itself are known.
  private static String pin(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (frame.getMethodName().equals("<clinit>")) {
        return "the initializer of " + frame.getClassName() + " is below it on the stack";
      }
      if (frame.getClassName().equals("java.lang.ClassLoader")
          && frame.getMethodName().equals("loadClass")) {
        return "the loading of a class is below it on the stack";
      }
    }
    return "native code is below it on the stack";
  }

  private static boolean isWaitOfThrum(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .filter(frame -> !Frames.isOfJdk(frame))
        .findFirst()
        .filter(Frames::isOfThrum)
        .isPresent();
  }

  private static StallCause jdk(StackTraceElement[] stack) {
    StallCall call = StallCall.of(stack);
    if (call != null && call.kind() != Kind.JDK) {
      return new StallCause(call.kind() == Kind.NAME ? Kind.NAME : Kind.JDK, call.advice());
    }
    return new StallCause(
        Kind.JDK,
        "On the portable engine a wait of the JDK holds the loop. "
            + (call == null ? "Call" : "Use " + call.advice() + ", or call")
            + " blocking(…)."
            + CONFINED);
  }

  private static StallCause running(StackTraceElement[] stack, StallShare.Use use) {
    StallCall call = StallCall.of(stack);
    if (call != null && call.kind() == Kind.NAME) {
      return new StallCause(Kind.NAME, call.advice());
    }
    if (use == StallShare.Use.MOST) {
      return computing();
    }
    if (call != null && call.kind() == Kind.FILE) {
      return new StallCause(Kind.FILE, call.advice());
    }
    if (stack.length > 0 && stack[0].isNativeMethod()) {
      return new StallCause(
          Kind.NATIVE,
          "A native call cannot be suspended. "
              + (call == null
                  ? "Call it in blocking(…)."
                  : "Use " + call.advice() + ", or call blocking(…)."));
    }
    return switch (use) {
      case NOTHING ->
          new StallCause(
              Kind.NATIVE,
              "It uses no processor: it waits in a foreign function, or for another thread that"
                  + " initializes a class. Call it in blocking(…).");
      case LITTLE ->
          new StallCause(
              Kind.STARVED,
              "It can run and gets little of a processor: the machine is busy, or the JVM pauses."
                  + " Fewer threads that compute, or more processors, would help it.");
      case UNKNOWN, A_STEP, MOST -> computing();
    };
  }

  private static StallCause computing() {
    return new StallCause(
        Kind.CPU,
        "Move the computation into parallel(…), or call checkpoint() in it now and then.");
  }
}
