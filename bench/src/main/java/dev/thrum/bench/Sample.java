package dev.thrum.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// One measured round: a tab-separated line between a peer's process and the driver.
public record Sample(String row, String peer, double nanos, double cpuNanos, OptionalDouble bytes) {
  private static final Pattern TAB = Pattern.compile("\t");

  static Sample of(String row, String peer, long ops, long wallNanos, long cpuNanos) {
    return new Sample(
        row, peer, (double) wallNanos / ops, (double) cpuNanos / ops, OptionalDouble.empty());
  }

  Sample withBytes(double bytesPerOp) {
    return new Sample(row, peer, nanos, cpuNanos, OptionalDouble.of(bytesPerOp));
  }

  String line() {
    var times = String.format(Locale.ROOT, "%s\t%s\t%.2f\t%.2f", row, peer, nanos, cpuNanos);
    return bytes.isEmpty()
        ? times
        : times + String.format(Locale.ROOT, "\t%.1f", bytes.getAsDouble());
  }

  /// The sample of a line, if it is one.
  public static Optional<Sample> parse(String line) {
    var fields = TAB.split(line, -1);
    if (fields.length < 4) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Sample(
              fields[0],
              fields[1],
              Double.parseDouble(fields[2]),
              Double.parseDouble(fields[3]),
              fields.length > 4
                  ? OptionalDouble.of(Double.parseDouble(fields[4]))
                  : OptionalDouble.empty()));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
