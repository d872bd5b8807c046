package dev.thrum.bench.explore;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What one strategy of one tool did with one program; a line of text between processes.
///
/// @param median the schedules that it took to find the bug, with the attempts that did not find it
///   counted as longer than all others; empty if at least half of them did not
/// @param found how many attempts found the bug
/// @param attempts how many there were
/// @param rate schedules a second, over all attempts
record Row(
    String tool,
    String strategy,
    String program,
    Optional<Double> median,
    int found,
    int attempts,
    double rate) {
  private static final Pattern LINE =
      Pattern.compile(
          "(\\S+) (\\S+) (\\S+) median=(-|[\\d.]+) found=(\\d+)/(\\d+) rate=([\\d.]+)/s");

  static Row of(Tool tool, String strategy, Program program, List<Tool.Attempt> attempts) {
    long schedules = attempts.stream().mapToLong(Tool.Attempt::schedules).sum();
    long nanos = attempts.stream().mapToLong(attempt -> attempt.took().toNanos()).sum();
    return new Row(
        tool.name(),
        strategy,
        program.title(),
        median(attempts),
        (int) attempts.stream().filter(Tool.Attempt::found).count(),
        attempts.size(),
        schedules / (Math.max(1, nanos) / 1e9));
  }

  private static Optional<Double> median(List<Tool.Attempt> attempts) {
    var lengths =
        attempts.stream()
            .mapToDouble(a -> a.found() ? a.schedules() : Double.POSITIVE_INFINITY)
            .sorted()
            .toArray();
    double low = lengths[(lengths.length - 1) / 2];
    double high = lengths[lengths.length / 2];
    return Double.isInfinite(high) ? Optional.empty() : Optional.of((low + high) / 2);
  }

  static Optional<Row> parse(String line) {
    var words = LINE.matcher(line);
    if (!words.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Row(
            words.group(1),
            words.group(2),
            words.group(3),
            words.group(4).equals("-")
                ? Optional.empty()
                : Optional.of(Double.valueOf(words.group(4))),
            Integer.parseInt(words.group(5)),
            Integer.parseInt(words.group(6)),
            Double.parseDouble(words.group(7))));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s %s %s median=%s found=%d/%d rate=%.1f/s",
        tool,
        strategy,
        program,
        median.map(Row::plain).orElse("-"),
        found,
        attempts,
        rate);
  }

  /// Without a fraction where there is none.
  static String plain(double number) {
    return number == Math.rint(number)
        ? String.format(Locale.ROOT, "%.0f", number)
        : String.format(Locale.ROOT, "%.1f", number);
  }
}
