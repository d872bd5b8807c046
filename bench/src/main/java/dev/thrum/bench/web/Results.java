package dev.thrum.bench.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// What is known of every server and row: samples, that it failed, or that the server has no answer
/// of that kind.
final class Results {
  private final boolean best;
  private final Map<Cell, List<Sample>> samples = new HashMap<>();
  private final Set<Cell> failed = new HashSet<>();
  private final Map<String, Set<Kind>> lacking = new HashMap<>();

  private record Cell(String server, Row row) {}

  /// @param best whether the interval counts in which a request has cost least, not the median
  Results(boolean best) {
    this.best = best;
  }

  void add(String server, Row row, Sample sample) {
    samples.computeIfAbsent(new Cell(server, row), _ -> new ArrayList<>()).add(sample);
  }

  void fail(String server, Row row) {
    failed.add(new Cell(server, row));
  }

  void lack(String server, Kind kind) {
    lacking.computeIfAbsent(server, _ -> new HashSet<>()).add(kind);
  }

  boolean hasFailed(String server, Row row) {
    return failed.contains(new Cell(server, row));
  }

  boolean lacks(String server, Row row) {
    return lacking.getOrDefault(server, Set.of()).contains(row.kind());
  }

  /// Whether nothing has failed.
  boolean ok() {
    return failed.isEmpty();
  }

  /// Empty where nothing was measured, or something failed.
  OptionalDouble value(String server, Row row, ToDoubleFunction<Sample> measure) {
    if (hasFailed(server, row)) {
      return OptionalDouble.empty();
    }
    List<Sample> all = samples.getOrDefault(new Cell(server, row), List.of());
    if (best) {
      return all.stream()
          .min(Comparator.comparingDouble(Sample::microsPerRequest))
          .map(measure::applyAsDouble)
          .map(OptionalDouble::of)
          .orElse(OptionalDouble.empty());
    }
    double[] sorted = all.stream().mapToDouble(measure).sorted().toArray();
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    int middle = sorted.length / 2;
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }
}
