package dev.thrum;

import dev.thrum.internal.Durations;
import dev.thrum.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Runs loops with options. `Async.run(body)` is a runner without any.
///
/// A runner can be used again and from several threads; each run has a loop of its own, on the
/// calling thread. Called on a virtual thread, the loop gets a platform thread of its own and the
/// caller waits. Called inside a task, a runner without options just opens a scope.
///
/// **When a run ends.** The main task's body has ended, then its children; background and submitted
/// tasks are cancelled then and joined. Work in `blocking` or `parallel` that does not react to its
/// interrupt is left alone after the grace ([Builder#cancelGrace], 5 s) and named in the log.
///
/// **Interrupts.** Interrupting the thread that called `run` cancels the main task; `run` then ends
/// with a `CancellationException`, and the thread's interrupt status is set.
public final class Runner {

  /// The reason of a main task that was cancelled by Ctrl-C.
  public static final String CTRL_C_REASON = "interrupted by Ctrl-C";

  /// Which engine to use.
  public enum EngineChoice {
    /// The confined one where the JVM's flags allow it, else the portable one. The system property
    /// `thrum.engine` may name one of the two.
    AUTO,
    /// Tasks on the loop's own thread, and every wait of the JDK a suspension point.
    CONFINED,
    /// Tasks on ordinary virtual threads that pass a baton; needs no flag.
    PORTABLE;

    EngineChoice orConfigured() {
      String configured = System.getProperty("thrum.engine");
      if (this != AUTO || configured == null) {
        return this;
      }
      try {
        return valueOf(configured.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException _) {
        throw new IllegalStateException(
            "system property thrum.engine is '"
                + configured
                + "'; it may be auto, confined or portable");
      }
    }
  }

  /// Whether the first Ctrl-C cancels the main task; the second one halts the JVM with status 130.
  public enum CtrlC {
    /// Only if `run` is called on the JVM's main thread, as in a program's `main`.
    ON_MAIN_THREAD,
    /// Always.
    ALWAYS,
    /// Never.
    NEVER
  }

  private final RunnerOptions options;
  private final boolean configured;

  private Runner(RunnerOptions options, boolean configured) {
    this.options = options;
    this.configured = configured;
  }

  /// Options to be chosen.
  ///
  /// @return a builder
  public static Builder builder() {
    return new Builder();
  }

  static Runner withDefaults() {
    return new Runner(RunnerOptions.defaults(), false);
  }

  /// Runs a body as the main task of a new loop, until it and its children are done.
  ///
  /// @param body the main task's body
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails; the exception is its own, not wrapped
  /// @throws java.util.concurrent.CancellationException if the main task is cancelled
  /// @throws IllegalStateException inside a task, if this runner has options
  public <T extends @Nullable Object, X extends Throwable> T run(Body<T, X> body) throws X {
    return runEither(body);
  }

  /// Runs a body without a value.
  ///
  /// @param body the main task's body
  /// @param <X> what it may throw
  /// @throws X if it fails
  public <X extends Throwable> void run(VoidBody<X> body) throws X {
    runEither(body);
  }

  private <T extends @Nullable Object, X extends Throwable> T runEither(VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    TaskImpl<?> outer = TaskImpl.currentOrNull();
    if (outer != null) {
      if (configured) {
        throw new IllegalStateException(
            "a loop is running here already, and a runner's options cannot change it; call"
                + " run(body) without options, or run this outside with blocking(…)");
      }
      return GroupScope.failFast(outer, body instanceof Body<?, ?>).run(body);
    }
    return Thread.currentThread().isVirtual()
        ? LoopThread.run(options, body)
        : MainRun.run(options, body);
  }

  /// The options of a runner.
  public static final class Builder {
    private final RunnerOptions defaults = RunnerOptions.defaults();
    private @Nullable String name;
    private EngineChoice choice = defaults.choice();
    private boolean debug = defaults.debug();
    private CtrlC ctrlC = defaults.ctrlC();
    private int blockingLimit = defaults.blockingLimit();
    private Duration cancelGrace = defaults.cancelGrace();
    private @Nullable Duration stallLimit;
    private ExceptionHandler handler = defaults.handler();
    private final List<Instrument> instruments = new ArrayList<>();
    private @Nullable TimeSource time;

    private Builder() {}

    /// Names the loop, for logs and tools.
    ///
    /// @param name the name
    /// @return this
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /// Chooses the engine.
    ///
    /// @param choice the engine
    /// @return this
    public Builder engine(EngineChoice choice) {
      this.choice = Objects.requireNonNull(choice, "choice");
      return this;
    }

    /// Debug mode: exceptions show where a task was started and where a cancellation was asked for.
    /// The log names a task that swallows one, submitted tasks that the end of the run cuts off,
    /// tasks that do not end when they are told to, and what the tasks of the run have opened and
    /// not closed, each with where it was started or opened. Costs a stack walk for each of them.
    /// The default is the system property `thrum.debug`, else the environment variable
    /// `THRUM_DEBUG`.
    ///
    /// @param debug whether to
    /// @return this
    public Builder debug(boolean debug) {
      this.debug = debug;
      return this;
    }

    /// What Ctrl-C does; [CtrlC#ON_MAIN_THREAD] unless chosen.
    ///
    /// @param ctrlC the choice
    /// @return this
    public Builder ctrlC(CtrlC ctrlC) {
      this.ctrlC = Objects.requireNonNull(ctrlC, "ctrlC");
      return this;
    }

    /// How many `blocking` calls of this loop may run at a time; 64 unless chosen. More wait.
    ///
    /// @param limit at least 1
    /// @return this
    public Builder blockingLimit(int limit) {
      if (limit < 1) {
        throw new IllegalArgumentException("the blocking limit must be at least 1: " + limit);
      }
      this.blockingLimit = limit;
      return this;
    }

    /// How long a cancelled task waits for its `blocking` or `parallel` work to end after the
    /// interrupt; 5 s unless chosen. Then the work is left alone and named in the log.
    ///
    /// @param grace the bound
    /// @return this
    public Builder cancelGrace(Duration grace) {
      this.cancelGrace = Durations.check(grace, "the grace");
      return this;
    }

    /// How long a step of a task may take before it is reported as a stall, which holds up all
    /// other tasks of the loop; `Duration.ZERO` turns the reports off for this loop. The default is
    /// the system property `thrum.stall`, in milliseconds, else 100 ms.
    ///
    /// It is the machine's time that counts, whatever clock the loop has, and it is looked at every
    /// 50 ms. So a limit below 50 ms is one of 50 ms; a step that ends within the limit is never
    /// reported, one that goes on for 100 ms more is, unless the JVM stood still meanwhile.
    ///
    /// @param limit the bound, not negative
    /// @return this
    public Builder stallLimit(Duration limit) {
      if (Objects.requireNonNull(limit, "limit").isNegative()) {
        throw new IllegalArgumentException(
            "the stall limit must not be negative: "
                + limit
                + "; for no reports use Duration.ZERO");
      }
      this.stallLimit = limit;
      return this;
    }

    /// Who hears of errors that nobody else can be told. The default logs them.
    ///
    /// @param handler the handler
    /// @return this
    public Builder exceptionHandler(ExceptionHandler handler) {
      this.handler = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /// Lets an instrument watch from the beginning. May be called more than once.
    ///
    /// @param instrument the instrument
    /// @return this
    public Builder instrument(Instrument instrument) {
      instruments.add(Objects.requireNonNull(instrument, "instrument"));
      return this;
    }

    /// Where the loop takes its time from; the machine's clock unless chosen.
    ///
    /// @param time the source, for one run at a time
    /// @return this
    public Builder time(TimeSource time) {
      this.time = Objects.requireNonNull(time, "time");
      return this;
    }

    /// The runner.
    ///
    /// @return a runner with these options
    public Runner build() {
      return new Runner(
          new RunnerOptions(
              name,
              choice,
              debug,
              ctrlC,
              blockingLimit,
              cancelGrace,
              stallLimit,
              handler,
              List.copyOf(instruments),
              time),
          true);
    }

    /// As `build().run(body)`.
    ///
    /// @param body the main task's body
    /// @param <T> the type of its value
    /// @param <X> what it may throw
    /// @return its value
    /// @throws X if it fails
    public <T extends @Nullable Object, X extends Throwable> T run(Body<T, X> body) throws X {
      return build().run(body);
    }

    /// As `build().run(body)`.
    ///
    /// @param body the main task's body
    /// @param <X> what it may throw
    /// @throws X if it fails
    public <X extends Throwable> void run(VoidBody<X> body) throws X {
      build().run(body);
    }
  }
}
