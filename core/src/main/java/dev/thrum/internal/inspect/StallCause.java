package dev.thrum.internal.inspect;

import dev.thrum.internal.Frames;
import java.util.Map;

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
    /// It is in native code that waits.
    NATIVE("native call"),
    /// It reads or writes a file.
    FILE("file I/O"),
    /// It resolves a host's name.
    NAME("name lookup"),
    /// It is parked and cannot be taken off its thread.
    PINNED("pinned"),
    /// It waits for a monitor.
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
          + " --add-opens java.base/java.lang=ALL-UNNAMED";

  /// What to use for a wait of the JDK that has a counterpart here.
  private static final Map<String, String> COUNTERPARTS =
      Map.ofEntries(
          Map.entry("java.lang.Thread.sleep", "sleep(…)"),
          Map.entry("java.lang.Thread.join", "a task, and await(task)"),
          Map.entry("java.lang.Object.wait", "a Condition, or blocking(…)"),
          Map.entry("java.util.concurrent.FutureTask.get", "await(future)"),
          Map.entry("java.util.concurrent.CompletableFuture.get", "await(future)"),
          Map.entry("java.util.concurrent.CompletableFuture.join", "await(future)"),
          Map.entry("java.util.concurrent.CountDownLatch.await", "an Event, or gather(…)"),
          Map.entry("java.util.concurrent.CyclicBarrier.await", "a Barrier"),
          Map.entry("java.util.concurrent.Semaphore.acquire", "dev.thrum.sync.Semaphore"),
          Map.entry("java.util.concurrent.LinkedBlockingQueue.take", "a Channel"),
          Map.entry("java.util.concurrent.LinkedBlockingQueue.put", "a Channel"),
          Map.entry("java.util.concurrent.ArrayBlockingQueue.take", "a Channel"),
          Map.entry("java.util.concurrent.ArrayBlockingQueue.put", "a Channel"),
          Map.entry("java.util.concurrent.SynchronousQueue.take", "a Channel"),
          Map.entry("java.util.concurrent.SynchronousQueue.put", "a Channel"),
          Map.entry("java.util.concurrent.locks.ReentrantLock.lock", "a Mutex"),
          Map.entry("java.lang.ProcessImpl.waitFor", "Subprocess"),
          Map.entry("java.lang.Process.waitFor", "Subprocess"));

  /// Judges.
  ///
  /// @param state the state of the task's thread
  /// @param stack its stack
  /// @param confined whether the task runs on the loop's own thread
  /// @param share how much of a processor that thread used, from 0 to 1, or a negative number if
  ///   that is not known
  static StallCause of(
      Thread.State state, StackTraceElement[] stack, boolean confined, double share) {
    return switch (state) {
      case BLOCKED -> monitor();
      case WAITING, TIMED_WAITING -> confined ? pinned(stack) : jdk(stack);
      default -> running(stack, confined, share);
    };
  }

  private static StallCause monitor() {
    return new StallCause(
        Kind.MONITOR,
        "It waits for a monitor that another thread holds. Use a Mutex, or call blocking(…).");
  }

  private static StallCause pinned(StackTraceElement[] stack) {
    String why = "native code is below it on the stack";
    for (StackTraceElement frame : stack) {
      if (frame.getMethodName().equals("<clinit>")) {
        why = "the initializer of " + frame.getClassName() + " is below it on the stack";
        break;
      }
    }
    return new StallCause(
        Kind.PINNED,
        "It waits and cannot be suspended, since "
            + why
            + ". Wait outside of that, or call blocking(…).");
  }

  private static StallCause jdk(StackTraceElement[] stack) {
    String instead = "the wait that Thrum has for this, or call blocking(…)";
    for (StackTraceElement frame : stack) {
      if (!Frames.isOfJdk(frame)) {
        break;
      }
      String call = frame.getClassName() + "." + frame.getMethodName();
      String known = COUNTERPARTS.get(call);
      if (known != null) {
        instead = known;
      } else if (frame.getClassName().startsWith("sun.nio.ch.")
          || frame.getClassName().startsWith("java.net.")) {
        instead = "Net, or call blocking(…)";
      }
    }
    return new StallCause(
        Kind.JDK,
        "On the portable engine a wait of the JDK holds the loop. Use "
            + instead
            + "."
            + CONFINED
            + ".");
  }

  private static StallCause running(StackTraceElement[] stack, boolean confined, double share) {
    for (StackTraceElement frame : stack) {
      if (!Frames.isOfJdk(frame)) {
        break;
      }
      String type = frame.getClassName();
      if (isName(type)) {
        return new StallCause(
            Kind.NAME,
            "The JDK looks a host's name up in a native call. Net.connect does that beside the"
                + " loop; else call blocking(…).");
      }
      if (isFile(type) && share < 0.5) {
        return new StallCause(
            Kind.FILE,
            "File operations of the JDK cannot be suspended. Use AsyncFiles, or call blocking(…).");
      }
    }
    boolean inNative = stack.length > 0 && stack[0].isNativeMethod();
    if (inNative && share < 0.5) {
      return new StallCause(
          Kind.NATIVE, "A native call cannot be suspended. Call it in blocking(…).");
    }
    if (confined && share >= 0 && share < 0.5) {
      return new StallCause(
          Kind.STARVED,
          "It can run and gets little of a processor: the machine is busy, or the JVM pauses.");
    }
    return new StallCause(
        Kind.CPU,
        "Move the computation into parallel(…), or call checkpoint() in it now and then.");
  }

  private static boolean isName(String type) {
    return type.startsWith("java.net.Inet") && type.contains("Address");
  }

  private static boolean isFile(String type) {
    return type.startsWith("java.io.File")
        || type.startsWith("java.io.RandomAccessFile")
        || type.startsWith("java.io.UnixFileSystem")
        || type.startsWith("sun.nio.fs.")
        || type.startsWith("sun.nio.ch.File")
        || type.startsWith("sun.nio.ch.UnixFile")
        || type.startsWith("java.nio.file.")
        || type.startsWith("java.util.zip.ZipFile");
  }
}
