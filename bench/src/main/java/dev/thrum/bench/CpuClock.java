package dev.thrum.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/// The CPU time of a process, all its threads together.
///
/// The JDK's own figure comes in steps of ten milliseconds on Linux, as `/proc/PID/stat` has it, so
/// there the system's clock is read instead.
public final class CpuClock {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final int CLOCK_PROCESS_CPUTIME_ID = 2;
  private static final MemorySegment TIME = Arena.global().allocate(ValueLayout.JAVA_LONG, 2);
  private static final @Nullable MethodHandle CLOCK_GETTIME =
      System.getProperty("os.name").equals("Linux") ? clockGetTime() : null;

  private CpuClock() {}

  /// Nanoseconds, for one thread to ask.
  static long nanos() {
    if (CLOCK_GETTIME == null) {
      return PROCESS.getProcessCpuTime();
    }
    return read(CLOCK_GETTIME, CLOCK_PROCESS_CPUTIME_ID);
  }

  /// Nanoseconds of another process, for one thread to ask.
  public static long nanos(long pid) {
    if (CLOCK_GETTIME == null) {
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().totalCpuDuration())
          .orElseThrow(() -> new IllegalStateException("no CPU time of process " + pid))
          .toNanos();
    }
    return read(CLOCK_GETTIME, clockOf(pid));
  }

  /// The kernel's numbering, which `clock_getcpuclockid` gives too.
  private static int clockOf(long pid) {
    return (int) (~pid << 3 | CLOCK_PROCESS_CPUTIME_ID);
  }

  private static long read(MethodHandle clockGetTime, int clock) {
    try {
      int status = (int) clockGetTime.invokeExact(clock, TIME);
      Check.same(0, status);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    return TIME.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000
        + TIME.getAtIndex(ValueLayout.JAVA_LONG, 1);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle clockGetTime() {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("clock_gettime"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  }
}
