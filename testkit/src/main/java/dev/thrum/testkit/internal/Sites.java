package dev.thrum.testkit.internal;

import dev.thrum.internal.Frames;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Where in the user's code a thread is.
final class Sites {
  private Sites() {}

  /// The innermost frame of the user's, as `File.java:12`, if there is one.
  static Optional<StackTraceElement> of(StackTraceElement[] stack) {
    return Stream.of(stack).filter(Frames::isOfUser).findFirst();
  }

  /// The innermost frame of the user's, or nothing.
  static String innermost(StackTraceElement[] stack) {
    return of(stack).map(Sites::text).orElse("");
  }

  /// The outermost frame of the user's, if it is in another file than the innermost: where the body
  /// of a task is while a method that it calls waits.
  static String outermost(StackTraceElement[] stack) {
    List<StackTraceElement> own = Stream.of(stack).filter(Frames::isOfUser).toList();
    return own.isEmpty()
            || Objects.equals(own.getFirst().getFileName(), own.getLast().getFileName())
        ? ""
        : text(own.getLast());
  }

  /// Both, for people.
  static String place(List<StackTraceElement> stack) {
    StackTraceElement[] frames = stack.toArray(StackTraceElement[]::new);
    String body = outermost(frames);
    return innermost(frames) + (body.isEmpty() ? "" : ", in " + body);
  }

  /// Where something was thrown: the innermost frame, and who called that file.
  static String origin(StackTraceElement[] stack) {
    List<StackTraceElement> own = Stream.of(stack).filter(Frames::isOfUser).toList();
    if (own.isEmpty()) {
      return "";
    }
    String file = own.getFirst().getFileName();
    return text(own.getFirst())
        + own.stream()
            .filter(frame -> !Objects.equals(frame.getFileName(), file))
            .findFirst()
            .map(frame -> ", called from " + text(frame))
            .orElse("");
  }

  /// What the user's innermost frame has called, as `Semaphore.acquire`; a monitor that it waits to
  /// enter is no call.
  static Optional<String> called(StackTraceElement[] stack) {
    for (int i = 0; i < stack.length; i++) {
      if (Frames.isOfUser(stack[i])) {
        return Optional.of(i == 0 ? "a monitor" : call(stack[i - 1]));
      }
    }
    return Optional.empty();
  }

  private static String call(StackTraceElement frame) {
    return simple(frame.getClassName()) + "." + frame.getMethodName();
  }

  static String text(StackTraceElement frame) {
    return (frame.getFileName() == null ? frame.getClassName() : frame.getFileName())
        + ":"
        + frame.getLineNumber();
  }

  /// The innermost frame of any kind that somebody wrote who is not the JDK.
  static String call(StackTraceElement[] stack) {
    for (int i = 0; i < stack.length; i++) {
      if (Frames.isOfUser(stack[i])) {
        String called = i == 0 ? "" : call(stack[i - 1]) + " at ";
        return called + text(stack[i]);
      }
    }
    return stack.length == 0 ? "an unknown place" : stack[stack.length - 1].toString();
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
