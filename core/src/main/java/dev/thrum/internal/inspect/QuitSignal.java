package dev.thrum.internal.inspect;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Notices Ctrl-\ (SIGQUIT), on which the JVM prints its threads, to print the tasks after them.
///
/// The JVM keeps that signal for itself, so nobody can ask to be told. But the JVM's thread `Signal
/// Dispatcher` works only when a signal has come: for all others it starts a Java thread, which
/// allocates; for this one it prints and allocates nothing. So when that thread has used time and
/// has not allocated, it was this signal. A JVM that does not tell these two numbers is left alone.
final class QuitSignal {
  private com.sun.management.@Nullable ThreadMXBean threads;
  private long dispatcher;
  private long cpu;
  private long allocated;
  private boolean prints;
  private volatile boolean printing;

  void start(ThreadMXBean bean) {
    try {
      if (bean instanceof com.sun.management.ThreadMXBean detailed
          && detailed.isThreadCpuTimeEnabled()
          && detailed.isThreadAllocatedMemoryEnabled()) {
        find(detailed);
      }
    } catch (LinkageError | UnsupportedOperationException _) {
      threads = null; // an image without jdk.management
    }
  }

  private void find(com.sun.management.ThreadMXBean bean) {
    for (ThreadInfo thread : bean.getThreadInfo(bean.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().equals("Signal Dispatcher")) {
        threads = bean;
        dispatcher = thread.getThreadId();
        cpu = bean.getThreadCpuTime(dispatcher);
        allocated = bean.getThreadAllocatedBytes(dispatcher);
      }
    }
  }

  /// Whether it has come and the JVM has printed its part.
  boolean hasCome() {
    com.sun.management.ThreadMXBean bean = threads;
    if (bean == null) {
      return false;
    }
    long used = bean.getThreadCpuTime(dispatcher);
    boolean works = used != cpu;
    cpu = used;
    if (works) {
      prints = true;
    }
    if (works || !prints) {
      return false;
    }
    prints = false;
    long before = allocated;
    allocated = bean.getThreadAllocatedBytes(dispatcher);
    return allocated == before;
  }

  /// To where the JVM prints, whatever the program has made of `System.out`. On a thread of its
  /// own: it may take long, and whoever reads it may be slow.
  void print() {
    if (!printing) {
      printing = true;
      Thread.ofPlatform().daemon().name("thrum-quit").start(this::write);
    }
  }

  private void write() {
    String dump = dump();
    try {
      // Closing it would close the descriptor.
      @SuppressWarnings("resource")
      FileOutputStream out = new FileOutputStream(FileDescriptor.out);
      out.write(("\n" + dump + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // There is nobody to read it.
    } finally {
      printing = false;
    }
  }

  /// What goes wrong must not end the sampler, whose thread this is.
  private static String dump() {
    try {
      return TextViews.dump(Options.NONE);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return "Thrum could not tell its tasks: " + e;
    }
  }
}
