package dev.thrum.testkit.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One exploration: runs until the budget is spent, everything has been tried, or a run fails.
public final class Exploring {
  private static final long PROGRESS_NANOS = 2_000_000_000L;

  /// What was asked for.
  ///
  /// @param schedules how many runs at most
  /// @param nanos how long at most
  /// @param seed where the random numbers begin
  /// @param strategy the name of a single strategy, or empty for the plan
  /// @param limits what a run may do
  /// @param sharedOnly whether tasks share only what is tracked
  /// @param progress where to say how far it is
  public record Order(
      long schedules,
      long nanos,
      long seed,
      String strategy,
      Conductor.Limits limits,
      boolean sharedOnly,
      Consumer<String> progress) {}

  /// What came of it.
  ///
  /// @param schedules how many runs were explored
  /// @param nanos how long that took
  /// @param exhaustive whether every schedule was tried
  /// @param oneDelay whether every schedule with one delay was tried
  /// @param estimate how many schedules there are, as far as known
  /// @param uncontrolled what could not be controlled
  /// @param failure the failing run, or null
  public record Outcome(
      long schedules,
      long nanos,
      boolean exhaustive,
      boolean oneDelay,
      double estimate,
      List<String> uncontrolled,
      @Nullable Explanation failure) {}

  private final Order order;
  private final Session session;
  private final @Nullable Plan plan;
  private final Estimate estimate;
  private final Strategy single;
  private final Search every;
  private final long start = System.nanoTime();
  private long told = start;

  /// An exploration that has not begun.
  ///
  /// @param order what to do
  /// @param body what to run
  public Exploring(Order order, Case body) {
    this.order = order;
    this.session = new Session(order.limits(), body);
    this.every = order.sharedOnly() ? new Reduced() : new EveryOrder();
    Plan whole =
        order.strategy().isEmpty()
            ? new Plan(
                order.seed(), order.sharedOnly() ? Double.MAX_VALUE : order.schedules(), every)
            : null;
    this.plan = whole;
    this.estimate = whole == null ? new Estimate() : whole.estimate();
    this.single = whole == null ? strategy(order.strategy()) : Plain.FIFO;
  }

  private Strategy strategy(String name) {
    return switch (name) {
      case "FIFO" -> Plain.FIFO;
      case "STAY" -> Plain.STAY;
      case "ONE_DELAY" -> new OneDelay(Plain.FIFO);
      case "ONE_SWITCH" -> new OneDelay(Plain.STAY);
      case "EVERY_ORDER" -> every;
      case "UNIFORM_WALK" -> new UniformWalk(order.seed(), estimate);
      case "PRIORITIES_2" -> new Priorities(order.seed(), 2);
      case "PRIORITIES_3" -> new Priorities(order.seed(), 3);
      case "PRIORITIES_5" -> new Priorities(order.seed(), 5);
      case "RANDOM" -> new RandomOrder(order.seed(), estimate);
      default -> throw new IllegalArgumentException("no strategy has the name " + name);
    };
  }

  /// Does it, on the calling thread.
  ///
  /// @return what came of it
  public Outcome explore() {
    long done = 0;
    Strategy last = null;
    while (done < order.schedules() && !isOver(last) && System.nanoTime() - start < order.nanos()) {
      Strategy strategy = plan == null ? single : plan.next();
      last = strategy;
      Session.Result result =
          session.run(
              strategy, null, strategy instanceof Reduced reduced ? reduced.footprints() : null);
      done++;
      if (!result.passed()) {
        long took = System.nanoTime() - start;
        return outcome(done, took, new Explainer(session).explain(result, strategy, order.seed()));
      }
      if (done == 1) {
        UniformWalk.learn(session.conductor());
        checkRepeats();
      }
      if ((done & 63) == 0) {
        progress(done);
      }
    }
    return outcome(done, System.nanoTime() - start, null);
  }

  /// Follows one schedule.
  ///
  /// @param limits those of the exploration that found it
  /// @param text the schedule
  /// @param body what to run
  /// @return what came of it
  public static Outcome replay(Conductor.Limits limits, String text, Case body) {
    Schedule schedule = Schedule.parse(text);
    Session session = new Session(schedule.limits(limits), body);
    Schedule.Following following = schedule.follow();
    Recorder recorder = new Recorder(true);
    long start = System.nanoTime();
    Session.Result result = session.run(following, recorder, null);
    following
        .stale(schedule.base() == Plain.FIFO ? recorder.fromFifo() : recorder.fromStay())
        .ifPresent(session.conductor().uncontrolled()::note);
    Throwable failure = result.failure();
    Explanation why =
        failure == null
            ? null
            : new Explanation(
                failure,
                text,
                recorder.trace(schedule.base()),
                schedule.size(),
                "",
                0,
                result.stuck(),
                1,
                "replay",
                List.of());
    return new Outcome(
        1,
        System.nanoTime() - start,
        false,
        false,
        0,
        session.conductor().uncontrolled().notes(),
        why);
  }

  private boolean isOver(@Nullable Strategy last) {
    if (plan != null) {
      return plan.isExhausted();
    }
    return switch (last) {
      case null -> false;
      case Search search -> search.isExhausted();
      case OneDelay sweep -> sweep.isExhausted();
      case Plain _ -> true;
      default -> false;
    };
  }

  /// The first run once more: the same choices must have the same effect.
  private void checkRepeats() {
    Conductor run = session.conductor();
    int[] trace = run.trace.toArray();
    int[] picks = run.picks.toArray();
    Recorder recorder = new Recorder(true);
    Session.Result result = session.run(new Repeat(picks), recorder, null);
    int[] again = run.trace.toArray();
    int at = Arrays.mismatch(trace, again);
    if (!result.passed()) {
      run.uncontrolled()
          .note(
              "nondeterminism: the first run passed, and repeated choice by choice it failed with "
                  + result.failure());
    } else if (at >= 0) {
      List<Trace.Step> steps = recorder.trace(null).steps();
      String where =
          at < steps.size() ? steps.get(at).path() + " " + steps.get(at).text() : "the end";
      run.uncontrolled()
          .note(
              "nondeterminism: the same choices led elsewhere the second time, from step "
                  + (at + 1)
                  + " on ("
                  + where
                  + "); something depends on the machine's time, on other threads, on identity"
                  + " hash codes or on what an earlier run has left");
    }
  }

  private void progress(long done) {
    long now = System.nanoTime();
    if (now - told >= PROGRESS_NANOS) {
      told = now;
      order.progress().accept(line(done, now - start, estimate));
    }
  }

  private static String line(long done, long nanos, Estimate estimate) {
    long rate = Math.round(done * 1e9 / Math.max(1, nanos));
    String tree =
        estimate.runs() == 0
            ? ""
            : String.format(Locale.ROOT, ", about %.3g schedules in all", estimate.schedules());
    return String.format(Locale.ROOT, "%,d schedules, %,d a second%s", done, rate, tree);
  }

  private Outcome outcome(long done, long took, @Nullable Explanation failure) {
    if (failure == null) {
      session.conductor().passed();
    }
    boolean clean = session.conductor().uncontrolled().notes().isEmpty();
    boolean exhaustive = every.isComplete() && clean && failure == null;
    return new Outcome(
        done,
        took,
        exhaustive,
        clean
            && (plan != null
                ? plan.isSwept()
                : single instanceof OneDelay sweep && sweep.isComplete()),
        estimate.schedules(),
        session.conductor().uncontrolled().notes(),
        failure);
  }
}
