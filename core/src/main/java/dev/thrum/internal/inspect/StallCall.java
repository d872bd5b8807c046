package dev.thrum.internal.inspect;

import dev.thrum.internal.Frames;
import dev.thrum.internal.inspect.StallCause.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What of the JDK a task has called that holds its loop, told by the frames above the program's
/// own, and what to use instead. The first that fits counts: the JDK reads files to find a name or
/// a class, and waits for a future to do its work in one.
enum StallCall {
  NAME(
      Kind.NAME,
      "The JDK looks a host's name up, which cannot be suspended. Use Net.resolve or Net.connect,"
          + " which do it beside the loop, or call blocking(…).",
      "java.net.InetAddress",
      "java.net.Inet4AddressImpl.",
      "java.net.Inet6AddressImpl.") {
    @Override
    boolean fits(StackTraceElement frame) {
      return super.fits(frame) && !frame.getMethodName().startsWith("isReachable");
    }
  },
  LOADING(
      Kind.FILE,
      "It loads a class or a resource, which cannot be suspended. Do so before the loop runs, or in"
          + " blocking(…).",
      "java.lang.ClassLoader.",
      "java.net.URLClassLoader.",
      "jdk.internal.loader."),
  LOGGING(
      Kind.FILE,
      "It logs, and whoever takes the log does not keep up. Give the logger a handler with a thread"
          + " of its own, or log in blocking(…).",
      "java.util.logging.",
      "sun.util.logging.",
      "jdk.internal.logger."),
  PRINTING(
      Kind.FILE,
      "It prints, and whoever reads that does not keep up. Send the text through a Channel to a"
          + " task that prints it in blocking(…).",
      "java.io.PrintStream.",
      "java.lang.System$Out."),
  INPUT(
      Kind.FILE,
      "It reads the standard input, and nothing comes. Read it in blocking(…).",
      "java.lang.System$In.",
      "java.io.Console.",
      "jdk.internal.io."),
  PIPE(
      Kind.FILE,
      "It reads what a process writes, or writes what it reads, which the JDK cannot suspend. Use"
          + " Subprocess, or call blocking(…).",
      "java.lang.Process$Pipe",
      "java.lang.ProcessImpl$"),
  FILE(
      Kind.FILE,
      "File operations of the JDK cannot be suspended. Use AsyncFiles, or call blocking(…).",
      "java.io.File",
      "java.io.RandomAccessFile.",
      "java.io.UnixFileSystem.",
      "java.io.WinNTFileSystem.",
      "sun.nio.fs.",
      "sun.nio.ch.File",
      "sun.nio.ch.UnixFile",
      "java.nio.file.",
      "java.util.zip.ZipFile"),
  HTTP(
      Kind.JDK,
      "HttpClient.sendAsync and await(future)",
      "jdk.internal.net.http.",
      "sun.net.www.protocol.http"),
  SLEEP(Kind.JDK, "sleep(…)", "java.lang.Thread.sleep"),
  JOIN(Kind.JDK, "a task and await(task)", "java.lang.Thread.join"),
  PROCESS(Kind.JDK, "Subprocess", "java.lang.Process"),
  INVOKE_ALL(Kind.JDK, "gather(…)", "java.util.concurrent.AbstractExecutorService.invokeAll"),
  INVOKE_ANY(Kind.JDK, "race(…)", "java.util.concurrent.AbstractExecutorService.invokeAny"),
  EXECUTOR(
      Kind.JDK,
      "tasks of a scope(…), which waits for their end",
      "java.util.concurrent.ExecutorService.close",
      "java.util.concurrent.ThreadPoolExecutor.awaitTermination",
      "java.util.concurrent.ThreadPerTaskExecutor.awaitTermination",
      "java.util.concurrent.ForkJoinPool.awaitTermination",
      "java.util.concurrent.ForkJoinPool.close"),
  FUTURE(
      Kind.JDK,
      "await(future)",
      "java.util.concurrent.FutureTask.",
      "java.util.concurrent.CompletableFuture.",
      "java.util.concurrent.ForkJoinTask."),
  LATCH(Kind.JDK, "an Event or gather(…)", "java.util.concurrent.CountDownLatch."),
  BARRIER(
      Kind.JDK, "a Barrier", "java.util.concurrent.CyclicBarrier.", "java.util.concurrent.Phaser."),
  SEMAPHORE(Kind.JDK, "dev.thrum.sync.Semaphore", "java.util.concurrent.Semaphore."),
  EXCHANGER(Kind.JDK, "a Channel", "java.util.concurrent.Exchanger.", "java.io.Piped"),
  QUEUE(Kind.JDK, "a Channel") {
    @Override
    boolean fits(StackTraceElement frame) {
      String type = frame.getClassName();
      return type.startsWith("java.util.concurrent.")
          && (type.endsWith("Queue") || type.endsWith("Deque"));
    }
  },
  SOCKET(Kind.JDK, "Net", "java.net.", "sun.nio.ch."),
  MUTEX(Kind.JDK, "a Mutex", "java.util.concurrent.locks.ReentrantLock."),
  RW_LOCK(
      Kind.JDK,
      "an RwLock",
      "java.util.concurrent.locks.ReentrantReadWriteLock",
      "java.util.concurrent.locks.StampedLock."),
  CONDITION(
      Kind.JDK,
      "a Condition",
      "java.lang.Object.wait",
      "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject."),
  PARK(Kind.JDK, "an Event", "java.util.concurrent.locks.LockSupport.");

  /// The JDK waits in these too, for its own ends: they count only where the program calls them.
  private static final Set<StallCall> OF_PROGRAM = EnumSet.of(MUTEX, RW_LOCK, CONDITION, PARK);

  private final Kind kind;
  private final String advice;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> prefixes;

  StallCall(Kind kind, String advice, String... prefixes) {
    this.kind = kind;
    this.advice = advice;
    this.prefixes = List.of(prefixes);
  }

  /// What the innermost frames say.
  ///
  /// @param stack a stack
  /// @return the call, or null if it is none of these
  static @Nullable StallCall of(StackTraceElement[] stack) {
    List<StackTraceElement> frames = new ArrayList<>();
    for (StackTraceElement frame : stack) {
      if (!Frames.isOfJdk(frame)) {
        break;
      }
      frames.add(frame);
    }
    return frames.isEmpty()
        ? null
        : Arrays.stream(values()).filter(call -> call.isIn(frames)).findFirst().orElse(null);
  }

  private boolean isIn(List<StackTraceElement> frames) {
    return OF_PROGRAM.contains(this)
        ? fits(frames.getLast())
        : frames.stream().anyMatch(this::fits);
  }

  boolean fits(StackTraceElement frame) {
    String call = frame.getClassName() + "." + frame.getMethodName();
    return prefixes.stream().anyMatch(call::startsWith);
  }

  /// What it is, as long as it does not wait in a way that the confined engine can suspend; else
  /// `JDK`.
  Kind kind() {
    return kind;
  }

  /// What to do, in sentences; of the kind `JDK`, what to use instead of the call.
  String advice() {
    return advice;
  }
}
