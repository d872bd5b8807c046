package dev.thrum.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/// All samples of a run, and what they come to: the best or the median.
final class Results {
  private static final String HEAP = ".heap";

  private final LinkedHashMap<String, Map<String, List<Double>>> rows = new LinkedHashMap<>();
  private final ToDoubleFunction<Sample> time;
  private final boolean best;

  Results(ToDoubleFunction<Sample> time, boolean best) {
    this.time = time;
    this.best = best;
  }

  void add(Sample sample) {
    put(sample.row(), sample.peer(), time.applyAsDouble(sample));
    sample
        .bytes()
        .ifPresent(bytes -> put(sample.row().replace(".start", HEAP), sample.peer(), bytes));
  }

  private void put(String row, String peer, double value) {
    rows.computeIfAbsent(row, _ -> new HashMap<>())
        .computeIfAbsent(peer, _ -> new ArrayList<>())
        .add(value);
  }

  /// The rows of one table that have a sample.
  List<String> rows(Table table) {
    return rows.keySet().stream().filter(row -> Workload.ofRow(row).table() == table).toList();
  }

  static String unit(String row) {
    return row.endsWith(HEAP) ? "bytes" : "ns";
  }

  OptionalDouble value(String row, String peer) {
    var values = rows.getOrDefault(row, Map.of()).getOrDefault(peer, List.of());
    if (values.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return OptionalDouble.of(best ? sorted[0] : median(sorted));
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
