package dev.thrum.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedSet;
import java.util.function.ToDoubleFunction;

/// All samples of a run, and their medians.
final class Results {
  private static final String HEAP = ".heap";

  private final LinkedHashMap<String, Map<String, List<Double>>> rows = new LinkedHashMap<>();
  private final ToDoubleFunction<Sample> time;

  Results(boolean cpu) {
    time = cpu ? Sample::cpuNanos : Sample::nanos;
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

  SequencedSet<String> rows() {
    return rows.sequencedKeySet();
  }

  static String unit(String row) {
    return row.endsWith(HEAP) ? "bytes" : "ns";
  }

  OptionalDouble median(String row, String peer) {
    var values = rows.getOrDefault(row, Map.of()).getOrDefault(peer, List.of());
    if (values.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }
}
