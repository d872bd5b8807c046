package dev.thrum.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.testkit.ExploreOptions;
import dev.thrum.testkit.Explorer;
import dev.thrum.testkit.Verdict;
import java.time.Duration;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The search that leaves schedules out must reach every final state that the full one reaches.
final class ReductionTest {
  private static final long SEED = Long.getLong("thrum.seed", System.nanoTime());
  private static final int PROGRAMS = Integer.getInteger("thrum.programs", 150);
  private static final long MOST = 30_000;

  private static final ExploreOptions EVERY =
      Explorer.options()
          .strategy(Explorer.Strategy.EVERY_ORDER)
          .schedules(MOST)
          .time(Duration.ofSeconds(60))
          .progress(_ -> {});

  private record States(TreeSet<String> all, long runs, boolean complete) {}

  private static States states(ExploreOptions options, RandomTasks program) {
    TreeSet<String> all = new TreeSet<>();
    Verdict verdict =
        Explorer.explore(
            options,
            () -> {
              String end;
              try {
                end = program.run();
              } catch (dev.thrum.DeadlockException _) {
                end = "deadlock";
              }
              all.add(end);
            });
    boolean complete =
        verdict instanceof Verdict.Passed passed
            && passed.coverage() == Verdict.Coverage.EXHAUSTIVE;
    if (!verdict.passed()) {
      all.add("failed: " + ((Verdict.Failed) verdict).failure());
    }
    return new States(all, verdict.schedules(), complete);
  }

  @Test
  void reachesTheSameFinalStates() {
    System.out.println("ReductionTest: -Dthrum.seed=" + SEED);
    long full = 0;
    long reduced = 0;
    int compared = 0;
    for (int i = 0; i < PROGRAMS; i++) {
      RandomTasks program = new RandomTasks(SEED + i, 2 + i % 2, 2 + i % 3);
      ExploreOptions options = i % 4 == 3 ? EVERY.cancelAnywhere() : EVERY;
      States every = states(options, program);
      if (!every.complete) {
        continue;
      }
      States some = states(options.sharedOnly(), program);
      long seed = SEED + i;
      assertTrue(some.complete, () -> "not complete with seed " + seed + program);
      assertEquals(every.all, some.all, () -> "with seed " + seed + program);
      compared++;
      full += every.runs;
      reduced += some.runs;
    }
    System.out.println(
        "ReductionTest: " + compared + " programs, " + full + " schedules, reduced to " + reduced);
    assertTrue(compared > PROGRAMS / 3, "programs small enough to compare: " + compared);
    assertTrue(reduced < full, "it leaves something out");
  }
}
