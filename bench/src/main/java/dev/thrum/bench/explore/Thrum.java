package dev.thrum.bench.explore;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;

import dev.thrum.VoidBody;
import dev.thrum.programs.Programs;
import dev.thrum.testkit.Explorer;
import dev.thrum.testkit.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Thrum's explorer, on tasks. A scheduling point is an await: what stands between two of them is
/// one step.
final class Thrum implements Tool {
  private static final Map<String, Explorer.Strategy> STRATEGIES =
      Map.of(
          "plan", Explorer.Strategy.PLAN,
          "random", Explorer.Strategy.RANDOM,
          "walk", Explorer.Strategy.UNIFORM_WALK,
          "pct3", Explorer.Strategy.PRIORITIES_3);

  @Override
  public String name() {
    return "thrum";
  }

  @Override
  public List<String> strategies() {
    return List.of("plan", "random", "walk", "pct3");
  }

  @Override
  public String description() {
    return "Thrum, confined engine";
  }

  @Override
  public boolean seeded() {
    return true;
  }

  @Override
  public List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-opens=java.base/java.lang=ALL-UNNAMED");
  }

  @Override
  public Attempt explore(String strategy, Program program, long seed, int budget) {
    Verdict verdict =
        Explorer.explore(
            Explorer.options()
                .strategy(Objects.requireNonNull(STRATEGIES.get(strategy)))
                .seed(seed)
                .schedules(budget)
                .time(Duration.ofMinutes(5))
                .progress(_ -> {}),
            body(program));
    return new Attempt((int) verdict.schedules(), !verdict.passed(), verdict.time());
  }

  private static VoidBody<?> body(Program program) {
    if (program == Program.THROUGHPUT) {
      return Thrum::threeWorkers;
    }
    String title = program.title();
    return Programs.named(title.startsWith("reorder_") ? title + "_sp" : title).buggy();
  }

  private static void threeWorkers() {
    for (int points : new int[] {3, 3, 4}) {
      async(() -> {
        for (int i = 0; i < points; i++) {
          checkpoint();
        }
      });
    }
  }
}
