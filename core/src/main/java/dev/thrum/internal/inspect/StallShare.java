package dev.thrum.internal.inspect;

import java.lang.management.LockInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/// How much of a processor a step uses that goes on: what the thread uses that carries its task.
///
/// On the portable engine that is one of the JDK's own. The JVM says of a thread that carries a
/// virtual one that it waits for it, and so gives it away.
///
/// @param carrier the number of the thread
/// @param sinceNanos from when on
/// @param cpuNanos what it had used by then
record StallShare(long carrier, long sinceNanos, long cpuNanos) {

  /// From this share on a thread computes.
  private static final double MOST = 0.5;

  /// Below this share it has not run at all; a thread that is short of processors gets some.
  private static final double NOTHING = 0.01;

  /// How much of a processor.
  enum Use {
    /// This JVM does not tell, or not of this task.
    UNKNOWN,
    /// None at all: it waits for something.
    NOTHING,
    /// Little, though it may want more.
    LITTLE,
    /// Little for its time, and yet more than a step may take in all.
    A_STEP,
    /// Most of one.
    MOST
  }

  /// Begins to measure.
  ///
  /// @param now the time
  /// @param threads the JVM's threads
  /// @param task the task's thread
  /// @param carrier the thread that carries it, or null if that is to be found
  /// @return the beginning, or null if this JVM does not tell
  static @Nullable StallShare since(
      long now, ThreadMXBean threads, Thread task, @Nullable Thread carrier) {
    if (!threads.isThreadCpuTimeSupported()) {
      return null;
    }
    long id = carrier != null ? carrier.threadId() : carrierOf(task, threads);
    long used = id < 0 ? -1 : threads.getThreadCpuTime(id);
    return used < 0 ? null : new StallShare(id, now, used);
  }

  private static long carrierOf(Thread task, ThreadMXBean threads) {
    for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (info != null && carries(info.getLockInfo(), task)) {
        return info.getThreadId();
      }
    }
    return -1;
  }

  private static boolean carries(@Nullable LockInfo awaited, Thread task) {
    return awaited != null
        && awaited.getClassName().equals(task.getClass().getName())
        && awaited.getIdentityHashCode() == System.identityHashCode(task);
  }

  /// What it has used since.
  ///
  /// @param now the time
  /// @param threads the JVM's threads
  /// @param task the task's thread
  /// @param limit how long a step may take
  /// @return how much; unknown if the task has changed its carrier
  Use until(long now, ThreadMXBean threads, Thread task, long limit) {
    ThreadInfo info = threads.getThreadInfo(carrier);
    long used = threads.getThreadCpuTime(carrier);
    if (info == null || !carries(info.getLockInfo(), task) || used < 0 || now <= sinceNanos) {
      return Use.UNKNOWN;
    }
    long step = used - cpuNanos;
    double share = (double) step / (now - sinceNanos);
    return share >= MOST
        ? Use.MOST
        : step >= limit ? Use.A_STEP : share < NOTHING ? Use.NOTHING : Use.LITTLE;
  }
}
