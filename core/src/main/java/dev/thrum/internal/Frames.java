package dev.thrum.internal;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Whose code a frame of a stack is.
public final class Frames {
  private static final Set<String> OURS =
      Set.of(
          "dev.thrum",
          "dev.thrum.channel",
          "dev.thrum.console",
          "dev.thrum.file",
          "dev.thrum.inspect",
          "dev.thrum.internal",
          "dev.thrum.internal.engine",
          "dev.thrum.internal.flight",
          "dev.thrum.internal.inspect",
          "dev.thrum.internal.process",
          "dev.thrum.internal.wait",
          "dev.thrum.net",
          "dev.thrum.net.internal",
          "dev.thrum.process",
          "dev.thrum.spi",
          "dev.thrum.stream",
          "dev.thrum.sync",
          "dev.thrum.testkit",
          "dev.thrum.testkit.internal");

  /// Classes beside those that programs call: what runs a task and a scope.
  private static final Set<String> INSIDE =
      Set.of(
          "dev.thrum.AwaitTrace",
          "dev.thrum.Debugging",
          "dev.thrum.ScopeImpl",
          "dev.thrum.TaskEnd",
          "dev.thrum.TaskImpl",
          "dev.thrum.TaskWait");

  private static final List<String> OF_TESTS = List.of("org.junit.", "org.opentest4j.");

  private Frames() {}

  /// Whether it is the JDK's.
  ///
  /// @param frame a frame
  /// @return true if it is
  public static boolean isOfJdk(StackTraceElement frame) {
    String name = frame.getClassName();
    return name.startsWith("java.")
        || name.startsWith("javax.")
        || name.startsWith("jdk.")
        || name.startsWith("sun.")
        || name.startsWith("com.sun.");
  }

  /// Whether it is in one of Thrum's own packages. Tests and examples that live in packages below
  /// or beside them are users.
  ///
  /// @param frame a frame
  /// @return true if it is
  public static boolean isOfThrum(StackTraceElement frame) {
    String name = frame.getClassName();
    return OURS.contains(packageOf(name));
  }

  private static String packageOf(String className) {
    int end = className.lastIndexOf('.');
    return end < 0 ? "" : className.substring(0, end);
  }

  /// Whether it is the program's own, or a library's.
  ///
  /// @param frame a frame
  /// @return true if it is neither the JDK's, Thrum's nor a test runner's
  public static boolean isOfUser(StackTraceElement frame) {
    return !isOfJdk(frame)
        && OF_TESTS.stream().noneMatch(frame.getClassName()::startsWith)
        && !isOfThrum(frame);
  }

  /// Whether it tells nobody anything, for it is in every stack.
  ///
  /// @param className a frame's class
  /// @return true for what runs tasks, Thrum's and the JDK's
  public static boolean isPlumbing(String className) {
    return INSIDE.contains(className)
        || className.startsWith("dev.thrum.internal.")
        || className.startsWith("java.lang.VirtualThread")
        || className.startsWith("java.lang.invoke.LambdaForm")
        || className.startsWith("jdk.internal.vm.Continuation")
        || className.equals("java.lang.System$1");
  }

  /// What of a stack is the program's own.
  ///
  /// @param stack the frames, innermost first
  /// @return those of the user; all of them if none is
  public static StackTraceElement[] own(StackTraceElement[] stack) {
    StackTraceElement[] own =
        Stream.of(stack).filter(Frames::isOfUser).toArray(StackTraceElement[]::new);
    return own.length == 0 ? stack : own;
  }

  /// Where the program is: its innermost own frame, else the innermost one of all.
  ///
  /// @param stack the frames, innermost first
  /// @return a class, a method and a line
  public static String site(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (isOfUser(frame)) {
        return text(frame);
      }
    }
    return stack.length == 0 ? "an unknown place" : text(stack[0]);
  }

  /// As in a stack trace, without the module.
  ///
  /// @param frame a frame
  /// @return a class, a method and a line
  public static String text(StackTraceElement frame) {
    String place =
        frame.isNativeMethod()
            ? "native"
            : frame.getFileName() == null
                ? "unknown"
                : frame.getFileName()
                    + (frame.getLineNumber() >= 0 ? ":" + frame.getLineNumber() : "");
    return frame.getClassName() + "." + frame.getMethodName() + "(" + place + ")";
  }
}
