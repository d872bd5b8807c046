package dev.thrum.internal.process;

import dev.thrum.internal.Frames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Joins the stack of an exception that came from a child with that of its caller, so that a trace
/// reads from the failing line there to `main` here.
public final class Stacks {
  private static final StackWalker WALKER = StackWalker.getInstance();

  private Stacks() {}

  /// Leaves out who ran a body in the child. An exception whose own methods fail stays as it is.
  static void cutBelowBody(Throwable thrown) {
    try {
      StackTraceElement[] frames = thrown.getStackTrace();
      for (int i = 0; i < frames.length; i++) {
        if (frames[i].getClassName().equals(Parcel.class.getName())) {
          thrown.setStackTrace(Arrays.copyOf(frames, i));
          return;
        }
      }
    } catch (Throwable _) {
      // then more of its stack is told
    }
  }

  /// Notes where an exception was thrown.
  ///
  /// @param thrown an exception that a child sent
  /// @param pid the child
  public static void cameFrom(Throwable thrown, long pid) {
    StackTraceElement[] frames = thrown.getStackTrace();
    if (frames.length > 0) {
      StackTraceElement[] joined = Arrays.copyOf(frames, frames.length + 1);
      joined[frames.length] = mark("in child JVM " + pid, "run");
      thrown.setStackTrace(joined);
    }
  }

  /// Forgets where an exception was made, which tells nothing.
  ///
  /// @param made an exception
  /// @param <E> its type
  /// @return the same one
  public static <E extends Throwable> E without(E made) {
    made.setStackTrace(new StackTraceElement[0]);
    return made;
  }

  /// Adds the caller's stack to an exception.
  ///
  /// @param thrown an exception
  /// @param name who awaited it
  public static void awaitedBy(Throwable thrown, String name) {
    List<StackTraceElement> joined = new ArrayList<>(Arrays.asList(thrown.getStackTrace()));
    if (!joined.isEmpty()) {
      joined.add(mark("awaited by " + name, "await"));
    }
    WALKER.forEach(frame -> {
      if (!isPlumbing(frame.getClassName())) {
        joined.add(frame.toStackTraceElement());
      }
    });
    thrown.setStackTrace(joined.toArray(StackTraceElement[]::new));
  }

  private static StackTraceElement mark(String what, String how) {
    return new StackTraceElement(what, how, "Thrum", -1);
  }

  private static boolean isPlumbing(String className) {
    return Frames.isPlumbing(className)
        || className.startsWith("dev.thrum.process.Processes")
        || className.equals("dev.thrum.Async");
  }

  /// Throws an exception of any type.
  ///
  /// @param exception what to throw
  /// @return never
  public static RuntimeException sneak(Throwable exception) {
    return Stacks.<RuntimeException>raise(exception);
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> RuntimeException raise(Throwable exception) throws X {
    throw (X) exception;
  }
}
