package dev.thrum.bench.explore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kotlin.Unit;
import org.jspecify.annotations.Nullable;
import org.pastalab.fray.core.TestRunner;
import org.pastalab.fray.core.command.Configuration;
import org.pastalab.fray.core.command.ExecutionInfo;
import org.pastalab.fray.core.command.LambdaExecutor;
import org.pastalab.fray.core.command.NetworkDelegateType;
import org.pastalab.fray.core.command.SystemTimeDelegateType;
import org.pastalab.fray.core.randomness.ControlledRandom;
import org.pastalab.fray.core.randomness.Randomness;
import org.pastalab.fray.core.randomness.RandomnessProvider;
import org.pastalab.fray.core.scheduler.PCTScheduler;
import org.pastalab.fray.core.scheduler.POSScheduler;
import org.pastalab.fray.core.scheduler.RandomScheduler;
import org.pastalab.fray.core.scheduler.SURWScheduler;
import org.pastalab.fray.core.scheduler.Scheduler;
import org.pastalab.fray.runtime.DeadlockException;

/// Fray, which runs threads one at a time and chooses the next at each lock, volatile or atomic
/// access, wait, park and start of a thread. Configured as its launcher for tests, but without the
/// coverage that it would measure along the way.
final class Fray implements Tool {
  private static final int PCT_CHANGE_POINTS = 3;
  private static final int PATIENCE_SECONDS = 120;

  @Override
  public String name() {
    return "fray";
  }

  @Override
  public List<String> strategies() {
    return List.of("random", "pct3", "pos", "surw");
  }

  @Override
  public String description() throws IOException {
    return "Fray " + ClassPath.version("fray-core");
  }

  @Override
  public boolean seeded() {
    return true;
  }

  @Override
  public List<String> java() throws IOException, InterruptedException {
    var home = Path.of(System.getProperty("thrum.bench.home", "bench"));
    return FrayJdk.prepare(home.resolve("target/fray")).java();
  }

  @Override
  public Attempt explore(String strategy, Program program, long seed, int budget)
      throws IOException {
    var report = Files.createTempDirectory("bench-fray");
    var randomness = new Seeded(seed);
    var configuration =
        configuration(program, budget, report, scheduler(strategy, randomness), randomness);
    var runner = new TestRunner(configuration);
    long start = System.nanoTime();
    var failure = runner.run();
    var took = Duration.ofNanos(System.nanoTime() - start);
    check(program, failure);
    int passed = configuration.getCurrentIteration();
    delete(report);
    return new Attempt(failure == null ? passed : passed + 1, failure != null, took);
  }

  private static Configuration configuration(
      Program program,
      int budget,
      Path report,
      Scheduler scheduler,
      RandomnessProvider randomness) {
    var executor =
        new LambdaExecutor(() -> {
          ThreadPrograms.create(program).runAll();
          return Unit.INSTANCE;
        });
    return new Configuration(
        new ExecutionInfo(
            executor,
            /* ignoreUnhandledExceptions= */ false,
            /* interleaveMemoryOps= */ false,
            /* maxScheduledStep= */ -1),
        report,
        budget,
        PATIENCE_SECONDS,
        scheduler,
        randomness,
        /* fullSchedule= */ true,
        /* exploreMode= */ false,
        /* noExitWhenBugFound= */ true,
        /* isReplay= */ false,
        /* noFray= */ false,
        /* dummyRun= */ false,
        NetworkDelegateType.PROACTIVE,
        SystemTimeDelegateType.NONE,
        /* virtualTimeDelta= */ 100_000,
        /* ignoreTimedBlock= */ true,
        /* sleepAsYield= */ true,
        /* resetClassLoader= */ true,
        /* redirectStdout= */ false,
        /* abortThreadExecutionAfterMainExit= */ false,
        /* resolveRacingOperationStackTraceHash= */ scheduler instanceof SURWScheduler,
        /* timelineCoverageType= */ null);
  }

  private static Scheduler scheduler(String strategy, RandomnessProvider randomness) {
    var first = randomness.getRandomness();
    return switch (strategy) {
      case "random" -> new RandomScheduler(first);
      case "pct3" -> new PCTScheduler(first, PCT_CHANGE_POINTS, 0);
      case "pos" -> new POSScheduler(first);
      case "surw" -> new SURWScheduler(first);
      default -> throw new IllegalArgumentException("unknown strategy " + strategy);
    };
  }

  private static void check(Program program, @Nullable Throwable failure) {
    boolean expected =
        switch (failure) {
          case null -> true;
          case DeadlockException _ -> program.bug() == Program.Bug.DEADLOCK;
          case AssertionError _ -> program.bug() == Program.Bug.ASSERTION;
          default -> false;
        };
    if (!expected) {
      throw new IllegalStateException("not the bug of " + program.title(), failure);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.toList().reversed()) {
        Files.delete(file);
      }
    }
  }

  /// Randomness for one run after another, all of it from one seed.
  private static final class Seeded implements RandomnessProvider {
    private final Random seeds;

    Seeded(long seed) {
      seeds = new Random(seed);
    }

    @Override
    public Randomness getRandomness() {
      return new ControlledRandom(
          new ArrayList<>(), new ArrayList<>(), new Random(seeds.nextLong()));
    }
  }
}
