package dev.thrum.bench.explore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jetbrains.lincheck.LincheckAssertionError;

/// Lincheck's model checker, which walks through the schedules with no switch that is not forced,
/// then those with one, and so on, and switches at each access to what threads share, locks
/// included. It has a fixed seed of its own.
final class Lincheck implements Tool {
  private static final String HUNG = "Concurrent test has hung";

  /// How many schedules have run. Lincheck puts fields and arrays back to what they were before
  /// each schedule, so the count is kept outside the heap.
  private static final ByteBuffer SCHEDULES = ByteBuffer.allocateDirect(Integer.BYTES);

  @Override
  public String name() {
    return "lincheck";
  }

  @Override
  public List<String> strategies() {
    return List.of("model");
  }

  @Override
  public String description() throws IOException {
    return "Lincheck " + ClassPath.version("lincheck");
  }

  @Override
  public boolean seeded() {
    return false;
  }

  @Override
  public List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+EnableDynamicAgentLoading",
        "--sun-misc-unsafe-memory-access=allow",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
        "--add-exports=java.base/jdk.internal.util=ALL-UNNAMED");
  }

  @Override
  public Attempt explore(String strategy, Program program, long seed, int budget) {
    SCHEDULES.putInt(0, 0);
    boolean found = false;
    long start = System.nanoTime();
    try {
      org.jetbrains.lincheck.Lincheck.runConcurrentTest(
          budget,
          () -> {
            SCHEDULES.putInt(0, SCHEDULES.getInt(0) + 1);
            ThreadPrograms.create(program).runAll();
          });
    } catch (LincheckAssertionError e) {
      check(program, e);
      found = true;
    }
    var took = Duration.ofNanos(System.nanoTime() - start);
    int schedules = SCHEDULES.getInt(0);
    // A schedule that fails is run once more for its trace.
    return new Attempt(found ? schedules - 1 : schedules, found, took);
  }

  private static void check(Program program, LincheckAssertionError failure) {
    boolean hung = String.valueOf(failure.getMessage()).contains(HUNG);
    if (program.bug() != (hung ? Program.Bug.DEADLOCK : Program.Bug.ASSERTION)) {
      throw new IllegalStateException("not the bug of " + program.title(), failure);
    }
  }
}
