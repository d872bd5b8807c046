package dev.thrum.bench.inspect;

import java.util.List;
import java.util.Locale;

/// The median of some figures and its quartiles.
record Spread(double low, double median, double high) {

  static Spread of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Spread(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
  }

  /// Between two values it goes straight.
  private static double at(double[] sorted, double part) {
    double place = part * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /// As a ratio; with the quartiles, where there are some.
  String ratio(boolean quartiles) {
    var ratio = String.format(Locale.ROOT, "×%.3f", median);
    return quartiles ? ratio + String.format(Locale.ROOT, " (%.3f–%.3f)", low, high) : ratio;
  }
}
