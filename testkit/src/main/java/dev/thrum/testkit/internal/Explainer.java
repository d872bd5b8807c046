package dev.thrum.testkit.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Turns a failing run into an explanation: the shortest schedule that fails, twice confirmed, its
/// trace, and the one switch that decides.
final class Explainer {
  private static final int MOST_FLIPS = 300;
  private static final long FLIP_NANOS = 2_000_000_000L;

  private final Session session;

  Explainer(Session session) {
    this.session = session;
  }

  /// The last run of the session has failed.
  Explanation explain(Session.Result result, Strategy strategy, long seed) {
    int[] picks = session.conductor().picks.toArray();
    String found = strategy.name() + ", seed " + seed;
    Minimizer minimizer = new Minimizer(session, result.signature());
    Schedule schedule = minimizer.minimize(picks);
    if (schedule == null) {
      return unrepeatable(result, new Repeat(picks), found, minimizer.replays());
    }
    return explain(schedule, minimizer, found);
  }

  private Explanation explain(Schedule schedule, Minimizer minimizer, String found) {
    boolean once = minimizer.fails(schedule);
    boolean twice = minimizer.fails(schedule);
    Flip flip = flip(schedule, minimizer);
    Recorder recorder = new Recorder(true);
    Session.Result shown = session.run(schedule.follow(), recorder, null);
    Throwable failure =
        Objects.requireNonNull(
            shown.passed() ? new AssertionError("it passed when shown") : shown.failure());
    return new Explanation(
        failure,
        schedule(recorder, schedule).toString(),
        recorder.trace(schedule.base()),
        schedule.size(),
        flip.words(),
        turn(flip, recorder, schedule),
        shown.stuck(),
        minimizer.replays() + 1,
        found,
        notes(once && twice));
  }

  private List<String> notes(boolean sure) {
    List<String> notes = new ArrayList<>();
    if (!sure) {
      notes.add("it does not fail each time it is repeated");
    }
    if (session.conductor().isAbandoned()) {
      notes.add("some tasks could not be ended, and were left where they are");
    }
    return notes;
  }

  /// The same schedule with the sites that the recorder has seen.
  private static Schedule schedule(Recorder recorder, Schedule schedule) {
    List<Deviation> seen =
        schedule.base() == Plain.FIFO ? recorder.fromFifo() : recorder.fromStay();
    return seen.size() == schedule.deviations().size()
        ? new Schedule(schedule.base(), seen, schedule.draws())
        : schedule;
  }

  private Explanation unrepeatable(
      Session.Result result, Repeat repeat, String found, int replays) {
    Recorder recorder = new Recorder(true);
    var _ = session.run(repeat, recorder, null);
    return new Explanation(
        Objects.requireNonNull(result.failure()),
        "",
        recorder.trace(null),
        repeat.length(),
        "",
        0,
        result.stuck(),
        replays + 1,
        found,
        List.of(
            "the run could not be repeated: something outside the control of the exploration decides"
                + " about it; the trace is that of a repetition"));
  }

  /// A change of the schedule that makes it pass.
  ///
  /// @param words the change, as people read it
  /// @param departure which departure of the schedule is left out, or -1
  /// @param before what another task would have to go before, or null
  private record Flip(String words, int departure, Deviation.@Nullable Move before) {
    static final Flip NONE = new Flip("", -1, null);
  }

  /// Which single change makes it pass.
  private Flip flip(Schedule schedule, Minimizer minimizer) {
    List<Deviation> all = schedule.deviations();
    for (int i = all.size() - 1; i >= 0; i--) {
      List<Deviation> rest = new ArrayList<>(all);
      Deviation left = rest.remove(i);
      if (minimizer.passes(new Schedule(schedule.base(), rest, schedule.draws()))) {
        String words =
            "it fails because "
                + describe(left.chosen(), left.site())
                + " goes before "
                + describe(left.instead(), "")
                + " (choice "
                + left.choice()
                + "); the other way round it passes";
        return new Flip(words, i, null);
      }
    }
    for (Draw draw : schedule.draws()) {
      List<Draw> rest = new ArrayList<>(schedule.draws());
      rest.remove(draw);
      if (minimizer.passes(new Schedule(schedule.base(), all, rest))) {
        String words =
            "it fails because choice "
                + (draw.number() + 1)
                + " of task "
                + draw.path()
                + " falls on "
                + draw.value()
                + "; if it falls on 0 it passes";
        return new Flip(words, -1, null);
      }
    }
    return schedule.size() == 0 ? flipFromPlain(schedule.base()) : Flip.NONE;
  }

  private Flip flipFromPlain(Plain base) {
    OneDelay sweep = new OneDelay(base);
    long end = System.nanoTime() + FLIP_NANOS; // each may take as many steps as a livelock
    for (int i = 0; i < MOST_FLIPS && !sweep.isExhausted() && System.nanoTime() < end; i++) {
      Recorder recorder = new Recorder(true);
      Session.Result result = session.run(sweep, recorder, null);
      List<Deviation> one = base == Plain.FIFO ? recorder.fromFifo() : recorder.fromStay();
      if (result.passed() && one.size() == 1) {
        Deviation only = one.getFirst();
        String words =
            "it fails in the plain order; it passes if "
                + describe(only.chosen(), only.site())
                + " goes before "
                + describe(only.instead(), "");
        return new Flip(words, -1, only.instead());
      }
    }
    String tried =
        sweep.isExhausted() ? "no single switch makes" : "none of the switches tried made";
    return new Flip("it fails in the plain order, and " + tried + " it pass", -1, null);
  }

  /// The step at which a change would be made.
  private static int turn(Flip flip, Recorder recorder, Schedule schedule) {
    List<Integer> leaves = recorder.leaves(schedule.base());
    if (flip.departure() >= 0 && leaves.size() == schedule.deviations().size()) {
      return leaves.get(flip.departure());
    }
    return flip.before() == null ? 0 : recorder.numberOf(flip.before());
  }

  private String describe(Deviation.Move move, String site) {
    String name = move.path();
    for (Actor actor : session.conductor().main().all) {
      if (actor.path().equals(move.path()) && actor.task != null) {
        name = Trace.title(move.path(), actor.task.name());
      }
    }
    String where = site.isEmpty() ? "" : " from " + site;
    return switch (move.kind()) {
      case RUN -> "step " + (move.number() + 1) + " of " + name + where;
      case FIRE -> "the timer of " + name;
      case SKEW, REST -> "the next timer";
      case CANCEL -> "the cancellation of " + name;
    };
  }
}
