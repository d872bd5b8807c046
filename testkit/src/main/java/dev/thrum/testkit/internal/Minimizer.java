package dev.thrum.testkit.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reduces a failing run to the fewest departures from a plain order that still fail for the same
/// reason.
final class Minimizer {
  private static final int MOST_REPLAYS = 400;
  private static final long MOST_NANOS = 20_000_000_000L;

  private final Session session;
  private final String signature;
  private final long end = System.nanoTime() + MOST_NANOS;
  private int replays;

  Minimizer(Session session, String signature) {
    this.session = session;
    this.signature = signature;
  }

  int replays() {
    return replays;
  }

  /// A short schedule of a run.
  ///
  /// @param picks the run, choice by choice
  /// @return the schedule, or null if the run does not repeat
  @Nullable Schedule minimize(int[] picks) {
    Recorder recorder = new Recorder(false);
    Session.Result again = session.run(new Repeat(picks), recorder, null);
    replays++;
    if (!again.signature().equals(signature)) {
      return null;
    }
    Schedule best = null;
    for (Schedule whole :
        List.of(
            new Schedule(Plain.STAY, recorder.fromStay(), recorder.draws()),
            new Schedule(Plain.FIFO, recorder.fromFifo(), recorder.draws()))) {
      Schedule reduced = fails(whole) ? reduce(whole) : null;
      if (reduced != null && (best == null || reduced.size() < best.size())) {
        best = reduced;
      }
    }
    return best;
  }

  private Schedule reduce(Schedule whole) {
    List<Object> kept = truncate(whole);
    int pieces = 2;
    while (!kept.isEmpty() && replays < MOST_REPLAYS && System.nanoTime() < end) {
      List<Object> smaller = without(whole.base(), kept, pieces);
      if (smaller != null) {
        kept = smaller;
        pieces = Math.max(2, pieces - 1);
      } else if (pieces >= kept.size()) {
        break;
      } else {
        pieces = Math.min(kept.size(), pieces * 2);
      }
    }
    return schedule(whole.base(), kept);
  }

  /// What comes after the failure is of no use: finds the shortest beginning that fails.
  private List<Object> truncate(Schedule whole) {
    List<Object> all = new ArrayList<>(whole.deviations());
    all.addAll(whole.draws());
    int passes = -1;
    int fails = all.size();
    while (fails - passes > 1) {
      int middle = (passes + fails) / 2;
      if (fails(schedule(whole.base(), all.subList(0, middle)))) {
        fails = middle;
      } else {
        passes = middle;
      }
    }
    return new ArrayList<>(all.subList(0, fails));
  }

  /// Leaves out one of so many pieces, if it can be left out.
  private @Nullable List<Object> without(Plain base, List<Object> all, int pieces) {
    int count = Math.min(pieces, all.size());
    for (int piece = count - 1; piece >= 0; piece--) {
      int from = all.size() * piece / count;
      int to = all.size() * (piece + 1) / count;
      List<Object> rest = new ArrayList<>(all.subList(0, from));
      rest.addAll(all.subList(to, all.size()));
      if (fails(schedule(base, rest))) {
        return rest;
      }
    }
    return null;
  }

  private static Schedule schedule(Plain base, List<?> parts) {
    List<Deviation> deviations = new ArrayList<>();
    List<Draw> draws = new ArrayList<>();
    for (Object part : parts) {
      switch (Objects.requireNonNull(part)) {
        case Deviation deviation -> deviations.add(deviation);
        case Draw draw -> draws.add(draw);
        default -> throw new AssertionError(part);
      }
    }
    return new Schedule(base, deviations, draws);
  }

  /// Whether nothing fails, not even in another way.
  boolean passes(Schedule schedule) {
    replays++;
    return session.run(schedule.follow()).passed();
  }

  boolean fails(Schedule schedule) {
    replays++;
    return session.run(schedule.follow()).signature().equals(signature);
  }
}
