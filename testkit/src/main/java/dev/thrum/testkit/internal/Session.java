package dev.thrum.testkit.internal;

import dev.thrum.Runner;
import dev.thrum.VoidBody;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Runs one body again and again, each time on a fresh loop of the calling thread.
public final class Session {
  private final Case what;
  private final VoidBody<Throwable> body;
  private final Conductor conductor;
  private final Runner runner;
  private final List<Throwable> unheard = new ArrayList<>();

  /// How a run ended.
  ///
  /// @param failure what failed, or null if it passed
  /// @param stuck why it came to no end, or null
  record Result(@Nullable Throwable failure, @Nullable Stuck stuck) {
    static final Result PASSED = new Result(null, null);

    boolean passed() {
      return failure == null;
    }

    /// What two runs that fail for the same reason have in common.
    String signature() {
      Throwable thrown = failure;
      if (thrown == null) {
        return "passed";
      }
      if (stuck != null) {
        return stuck.shape();
      }
      return thrown.getClass().getName()
          + " at "
          + Sites.of(thrown.getStackTrace()).map(Sites::text).orElse("");
    }
  }

  /// A session that has run nothing yet.
  ///
  /// @param limits what a run may do
  /// @param what what to run
  public Session(Conductor.Limits limits, Case what) {
    this.what = what;
    this.body = what::run;
    this.conductor = new Conductor(limits);
    this.runner =
        Runner.builder()
            .name("explored")
            .time(conductor)
            .ctrlC(Runner.CtrlC.NEVER)
            .exceptionHandler((_, exception) -> unheard.add(exception))
            .build();
  }

  Conductor conductor() {
    return conductor;
  }

  Result run(Strategy strategy) {
    return run(strategy, null, null);
  }

  /// One run.
  Result run(Strategy strategy, @Nullable Recorder recorder, @Nullable Footprints footprints) {
    unheard.clear();
    conductor.begin(strategy, recorder, footprints);
    Throwable thrown = null;
    try {
      what.before();
      runner.run(body);
    } catch (Throwable e) {
      thrown = e;
    }
    try {
      what.after();
    } catch (Throwable e) {
      thrown = thrown == null ? e : thrown;
    }
    if (Thread.currentThread().isInterrupted()) {
      CancellationException ended = new CancellationException("the exploration was interrupted");
      ended.initCause(thrown);
      throw ended;
    }
    Result result = result(thrown);
    conductor.end(result.passed());
    return result;
  }

  private Result result(@Nullable Throwable thrown) {
    Stuck stuck = conductor.stuck();
    if (stuck != null) {
      return new Result(stuck.toThrowable(), stuck);
    }
    if (thrown != null) {
      return isAborted(thrown) ? Result.PASSED : new Result(thrown, null);
    }
    return unheard.isEmpty() ? Result.PASSED : new Result(unheard.getFirst(), null);
  }

  /// A test that found its assumptions not met has not failed.
  private static boolean isAborted(Throwable thrown) {
    return thrown.getClass().getName().equals("org.opentest4j.TestAbortedException");
  }
}
