package dev.thrum.bench.echo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/// All samples of a run, and their medians.
final class Results {
  private final Map<Cell, List<Sample>> samples = new HashMap<>();

  private record Cell(Scenario row, String server) {}

  void add(Scenario row, String server, Sample sample) {
    samples.computeIfAbsent(new Cell(row, server), _ -> new ArrayList<>()).add(sample);
  }

  OptionalDouble median(Scenario row, String server, ToDoubleFunction<Sample> measure) {
    double[] sorted =
        samples.getOrDefault(new Cell(row, server), List.of()).stream()
            .mapToDouble(measure)
            .sorted()
            .toArray();
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    int middle = sorted.length / 2;
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }
}
