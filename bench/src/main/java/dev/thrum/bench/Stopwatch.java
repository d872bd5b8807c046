package dev.thrum.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// Wall-clock and process CPU time since it was started.
record Stopwatch(long wallStart, long cpuStart) {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  static Stopwatch start() {
    return new Stopwatch(System.nanoTime(), PROCESS.getProcessCpuTime());
  }

  long wallNanos() {
    return System.nanoTime() - wallStart;
  }

  long cpuNanos() {
    return PROCESS.getProcessCpuTime() - cpuStart;
  }
}
