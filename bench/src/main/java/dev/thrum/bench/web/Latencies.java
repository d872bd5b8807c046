package dev.thrum.bench.web;

/// Times counted in microseconds, up to a second.
final class Latencies {
  private static final int MOST = 1_000_000;

  private final int[] counts = new int[MOST + 1];
  private long count;

  void add(long nanos) {
    counts[(int) Math.min(MOST, nanos / 1000)]++;
    count++;
  }

  long count() {
    return count;
  }

  /// The time in milliseconds that so many of a hundred took at most.
  double percentile(int percent) {
    long seen = 0;
    for (int micros = 0; micros <= MOST; micros++) {
      seen += counts[micros];
      if (seen * 100 >= count * percent) {
        return micros / 1e3;
      }
    }
    return MOST / 1e3;
  }
}
