package dev.thrum.testkit.internal;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Where in the user's code a thread is.
final class Sites {
  private static final Set<String> THRUM =
      Set.of(
          "dev.thrum",
          "dev.thrum.channel",
          "dev.thrum.file",
          "dev.thrum.internal",
          "dev.thrum.internal.engine",
          "dev.thrum.internal.wait",
          "dev.thrum.internal.process",
          "dev.thrum.net",
          "dev.thrum.net.internal",
          "dev.thrum.process",
          "dev.thrum.spi",
          "dev.thrum.stream",
          "dev.thrum.sync",
          "dev.thrum.testkit",
          "dev.thrum.testkit.internal");

  private Sites() {}

  /// The innermost frame of the user's, as `File.java:12`, if there is one.
  static Optional<StackTraceElement> of(StackTraceElement[] stack) {
    return Stream.of(stack).filter(Sites::isOfUser).findFirst();
  }

  /// The innermost frame of the user's that a parked thread is in.
  static String of(Thread thread) {
    return of(thread.getStackTrace()).map(Sites::text).orElse("");
  }

  static String text(StackTraceElement frame) {
    return (frame.getFileName() == null ? frame.getClassName() : frame.getFileName())
        + ":"
        + frame.getLineNumber();
  }

  /// The innermost frame of any kind that somebody wrote who is not the JDK.
  static String call(StackTraceElement[] stack) {
    for (int i = 0; i < stack.length; i++) {
      if (isOfUser(stack[i])) {
        String called =
            i == 0
                ? ""
                : simple(stack[i - 1].getClassName()) + "." + stack[i - 1].getMethodName() + " at ";
        return called + text(stack[i]);
      }
    }
    return stack.length == 0 ? "an unknown place" : stack[stack.length - 1].toString();
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  static boolean isOfUser(StackTraceElement frame) {
    String name = frame.getClassName();
    int end = name.lastIndexOf('.');
    String inPackage = end < 0 ? "" : name.substring(0, end);
    return !name.startsWith("java.")
        && !name.startsWith("jdk.")
        && !name.startsWith("sun.")
        && !name.startsWith("org.junit.")
        && !THRUM.contains(inPackage);
  }
}
