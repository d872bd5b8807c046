package dev.thrum.data;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What a run did.
///
/// @param elapsed how long it took
/// @param stages its operators, from the sources on, and the sink
/// @param letters how many elements failed in this run
/// @param resumed whether it went on where an earlier one had ended
public record Summary(Duration elapsed, List<Stage> stages, long letters, boolean resumed) {

  /// An operator or sink.
  ///
  /// @param name how it is called
  /// @param in how many elements came
  /// @param out how many left
  /// @param waited how long the elements before it waited because of it
  public record Stage(String name, long in, long out, Duration waited) {}

  /// What the others waited for most.
  ///
  /// @return the name of a stage, or `this loop` if it was the computing itself
  public String bottleneck() {
    Stage worst =
        stages.stream().max((one, other) -> one.waited().compareTo(other.waited())).orElseThrow();
    return worst.waited().multipliedBy(2).compareTo(elapsed) < 0 ? "this loop" : worst.name();
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    int width = stages.stream().mapToInt(stage -> stage.name().length()).max().orElse(0);
    for (Stage stage : stages) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-" + Math.max(1, width) + "s %,12d in %,12d out   waited for %6.2f s%n",
              stage.name(),
              stage.in(),
              stage.out(),
              stage.waited().toNanos() / 1e9));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%.2f s, %,d dead letters, most was waited for: %s",
            elapsed.toNanos() / 1e9,
            letters,
            bottleneck()));
    return text.toString();
  }
}
