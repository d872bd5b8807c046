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

/// The CPU time of this process.
///
/// The JDK's own figure comes in steps of ten milliseconds on Linux, so there the system's clock is
/// read instead.
final class CpuClock {
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
    try {
      int status = (int) CLOCK_GETTIME.invokeExact(CLOCK_PROCESS_CPUTIME_ID, TIME);
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
