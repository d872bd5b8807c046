package dev.thrum.bench;

/// Wall-clock and process CPU time since it was started.
record Stopwatch(long wallStart, long cpuStart) {
  static Stopwatch start() {
    return new Stopwatch(System.nanoTime(), CpuClock.nanos());
  }

  long wallNanos() {
    return System.nanoTime() - wallStart;
  }

  long cpuNanos() {
    return CpuClock.nanos() - cpuStart;
  }
}
