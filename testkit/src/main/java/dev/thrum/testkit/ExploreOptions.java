package dev.thrum.testkit;

import dev.thrum.internal.Durations;
import dev.thrum.testkit.internal.Conductor;
import dev.thrum.testkit.internal.Exploring;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/// How far an exploration goes. Each method gives other options and leaves these as they are.
///
/// To begin with: 10,000 runs or 10 seconds, whichever is over first; the plan of all strategies;
/// runs of at most 20,000 steps; no cancellations put in; seed 1, or what the system property
/// `thrum.seed` says.
public final class ExploreOptions {
  private long schedules = 10_000;
  private Duration time = Duration.ofSeconds(10);
  private long seed = Long.getLong("thrum.seed", 1);
  private Explorer.Strategy strategy = Explorer.Strategy.PLAN;
  private int steps = 20_000;
  private int cancellations;
  private boolean cancelMain;
  private boolean timeSkew;
  private boolean sharedOnly;
  private Consumer<String> progress = line -> System.err.println("exploring: " + line);

  ExploreOptions() {}

  private ExploreOptions(ExploreOptions other) {
    schedules = other.schedules;
    time = other.time;
    seed = other.seed;
    strategy = other.strategy;
    steps = other.steps;
    cancellations = other.cancellations;
    cancelMain = other.cancelMain;
    timeSkew = other.timeSkew;
    sharedOnly = other.sharedOnly;
    progress = other.progress;
  }

  private ExploreOptions with(Consumer<ExploreOptions> change) {
    ExploreOptions changed = new ExploreOptions(this);
    change.accept(changed);
    return changed;
  }

  private static void check(boolean ok, String what, Object was) {
    if (!ok) {
      throw new IllegalArgumentException(what + ", not " + was);
    }
  }

  /// At most so many runs.
  ///
  /// @param most at least 1
  /// @return options with that
  public ExploreOptions schedules(long most) {
    check(most >= 1, "an exploration makes at least 1 run", most);
    return with(o -> o.schedules = most);
  }

  /// At most so long, by the machine's clock; looked at between two runs.
  ///
  /// @param most more than nothing
  /// @return options with that
  public ExploreOptions time(Duration most) {
    check(most.isPositive(), "an exploration takes some time", most);
    return with(o -> o.time = most);
  }

  /// Where the random numbers begin. The same seed gives the same runs, in any JVM.
  ///
  /// @param begin any number
  /// @return options with that
  public ExploreOptions seed(long begin) {
    return with(o -> o.seed = begin);
  }

  /// Other runs than the plan's.
  ///
  /// @param which which runs
  /// @return options with that
  public ExploreOptions strategy(Explorer.Strategy which) {
    Objects.requireNonNull(which, "which");
    return with(o -> o.strategy = which);
  }

  /// After how many steps a run that has not ended counts as a livelock.
  ///
  /// @param most at least 1
  /// @return options with that
  public ExploreOptions steps(int most) {
    check(most >= 1, "a run takes at least 1 step", most);
    return with(o -> o.steps = most);
  }

  /// Cancels one task in each run, at any of its suspension points: any task but the main one. The
  /// body must expect it; what it must not do then is lose something, leak it, or hang.
  ///
  /// @return options with that
  public ExploreOptions cancelAnywhere() {
    return cancellations(1);
  }

  /// Cancels up to so many tasks in each run.
  ///
  /// @param most how many
  /// @return options with that
  public ExploreOptions cancellations(int most) {
    check(most >= 0, "the number of cancellations is not negative", most);
    return with(o -> o.cancellations = most);
  }

  /// Lets the cancellations strike the main task as well. Its body must see to it that this is no
  /// failure.
  ///
  /// @return options with that
  public ExploreOptions cancelMainToo() {
    return with(o -> o.cancelMain = true);
  }

  /// Lets timers fire although tasks are ready, as they do on a slow or busy machine: finds races
  /// between a timeout and what it guards.
  ///
  /// @return options with that
  public ExploreOptions timeSkew() {
    return with(o -> o.timeSkew = true);
  }

  /// Promises that the tasks share nothing but [Shared] variables and Thrum's own locks, channels
  /// and tasks; connections and files are not among these. Then of the schedules that differ only
  /// in the order of steps which use nothing in common, one is tried. If the promise is not kept,
  /// bugs are missed.
  ///
  /// @return options with that
  public ExploreOptions sharedOnly() {
    return with(o -> o.sharedOnly = true);
  }

  /// Who is told how far it is; the standard error output unless chosen.
  ///
  /// @param listener gets a line every two seconds
  /// @return options with that
  public ExploreOptions progress(Consumer<String> listener) {
    Objects.requireNonNull(listener, "listener");
    return with(o -> o.progress = listener);
  }

  Exploring.Order order() {
    return new Exploring.Order(
        schedules,
        Durations.nanos(time),
        seed,
        strategy == Explorer.Strategy.PLAN ? "" : strategy.name(),
        limits(),
        sharedOnly,
        progress);
  }

  Conductor.Limits limits() {
    return new Conductor.Limits(steps, cancellations, cancelMain, timeSkew);
  }
}
