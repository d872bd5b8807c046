package dev.thrum.testkit.internal;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/// Which strategy decides the next run, if nobody asked for a single one.
///
/// The first run is in the loop's own order. From then on every other run is a uniform walk, which
/// finds most bugs soonest; the runs between are the small changes to a plain order, which cost
/// little and explain themselves, and after these priorities and plain chance. As soon as the tree
/// of schedules looks small enough to be searched whole, that takes every other run.
final class Plan {
  private static final int RUNS_BEFORE_ESTIMATE = 6;

  private final Estimate estimate = new Estimate();
  private final OneDelay fifo = new OneDelay(Plain.FIFO);
  private final OneDelay stay = new OneDelay(Plain.STAY);
  private final UniformWalk walk;
  private final RandomOrder random;
  private final List<Priorities> priorities;
  private final Search every;
  private final Queue<OneDelay> sweeps = new ArrayDeque<>();
  private final long budget;
  private int runs;
  private int turn;
  private boolean searching;

  Plan(long seed, long budget, Search every) {
    this.budget = budget;
    this.every = every;
    this.walk = new UniformWalk(seed, estimate);
    this.random = new RandomOrder(seed, estimate);
    this.priorities =
        List.of(new Priorities(seed, 3), new Priorities(seed, 2), new Priorities(seed, 5));
    sweeps.add(stay);
    sweeps.add(fifo);
  }

  Estimate estimate() {
    return estimate;
  }

  /// Who decides the next run.
  Strategy next() {
    int run = runs++;
    if (run == 0) {
      return fifo;
    }
    if (!searching && estimate.runs() >= RUNS_BEFORE_ESTIMATE) {
      searching = estimate.schedules() <= budget;
    }
    if (searching && !every.isExhausted() && run % 2 == 0) {
      return every;
    }
    return turn++ % 2 == 0 ? walk : between();
  }

  private Strategy between() {
    while (!sweeps.isEmpty()) {
      OneDelay sweep = sweeps.remove();
      if (!sweep.isExhausted()) {
        sweeps.add(sweep);
        return sweep;
      }
    }
    int round = turn / 2;
    return round % 2 == 0 ? random : priorities.get(round / 2 % priorities.size());
  }

  /// Whether every schedule with at most one delay has been tried.
  boolean isSwept() {
    return fifo.isExhausted();
  }

  /// Whether every schedule has been tried.
  boolean isExhausted() {
    return every.isComplete();
  }

  /// How many of them were random, after the walk, the sweeps and the search.
  int runs() {
    return runs;
  }
}
