package dev.thrum.bench.inspect;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// What an operation took one process: CPU time of all its threads and time on the wall, in
/// nanoseconds.
record Cost(double cpuNanos, double wallNanos) {

  /// That of several intervals of one process.
  static Cost mean(List<Cost> costs) {
    return new Cost(mean(costs, Cost::cpuNanos), mean(costs, Cost::wallNanos));
  }

  private static double mean(List<Cost> costs, ToDoubleFunction<Cost> measure) {
    return costs.stream().mapToDouble(measure).average().orElseThrow();
  }

  /// The part of the time that the process ran.
  double busy() {
    return cpuNanos / wallNanos;
  }
}
