package dev.thrum.testkit.internal;

/// How many schedules there are, guessed from random runs: the mean of one over each run's
/// probability (Knuth 1975). It varies wildly for large trees.
final class Estimate {
  private double sum;
  private int runs;

  void add(double inverseProbability) {
    sum += inverseProbability;
    runs++;
  }

  int runs() {
    return runs;
  }

  /// The guess; 0 before the first run.
  double schedules() {
    return runs == 0 ? 0 : sum / runs;
  }
}
