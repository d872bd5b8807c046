package dev.thrum.bench.explore;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One explorer of schedules. The process that compares asks for its name, its strategies and how
/// to start a JVM for it; all the rest happens in that JVM.
interface Tool {
  /// One word.
  String name();

  /// The ways it chooses schedules, one word each.
  List<String> strategies();

  /// What runs, with versions.
  String description() throws IOException;

  /// Whether an attempt depends on its seed.
  boolean seeded();

  /// The JVM and its flags, without class path and main class. Prepares what the JVM needs.
  List<String> java() throws IOException, InterruptedException;

  /// Explores a program until its bug shows or that many schedules have run, or all there are.
  Attempt explore(String strategy, Program program, long seed, int budget) throws IOException;

  /// All tools there are.
  static List<Tool> all() {
    return List.of(new Thrum(), new Fray(), new Lincheck());
  }

  static Optional<Tool> named(String name) {
    return all().stream().filter(tool -> tool.name().equals(name)).findFirst();
  }

  /// How many schedules ran, the failing one included, whether it did fail, and how long it took.
  record Attempt(int schedules, boolean found, Duration took) {
    double perSecond() {
      return schedules / (Math.max(1, took.toNanos()) / 1e9);
    }
  }
}
