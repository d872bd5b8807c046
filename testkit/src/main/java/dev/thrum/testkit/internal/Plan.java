package dev.thrum.testkit.internal;

import java.util.List;

/// Which strategy decides the next run, if nobody asked for a single one.
///
/// The first run is in the loop's own order. From then on more than every other run is a uniform
/// walk, which finds most bugs soonest; the runs between are the small changes to a plain order,
/// which explain themselves, and when these are through priorities and plain chance. As soon as the
/// tree of schedules looks small enough to be searched whole, that takes its part of the runs.
final class Plan {
  /// The first runs, and those that come round after them: the loop's own order and what leaves it
  /// once (f), the same for tasks that go on as long as they can (s), walks (w), plain chance (r),
  /// priorities (p). The proportions are measured with some seventy programs.
  private static final String HEAD = "fwrwpf";

  private static final String CYCLE = "wwswwswwrswwswwswwrf";
  private static final int RUNS_BEFORE_ESTIMATE = 4;

  /// After so many runs the search of the whole tree takes every other one; if the tree seems to
  /// have no more schedules than that, at once.
  private static final int HURRY = 64;

  private final Estimate estimate = new Estimate();
  private final OneDelay fifo = new OneDelay(Plain.FIFO);
  private final OneDelay stay = new OneDelay(Plain.STAY);
  private final UniformWalk walk;
  private final RandomOrder random;
  private final List<Priorities> priorities;
  private final Search every;
  private final double budget;
  private int runs;
  private int turn;
  private boolean searching;

  Plan(long seed, double budget, Search every) {
    this.budget = budget;
    this.every = every;
    this.walk = new UniformWalk(seed, estimate);
    this.random = new RandomOrder(seed, estimate);
    this.priorities =
        List.of(new Priorities(seed, 5), new Priorities(seed, 3), new Priorities(seed, 2));
  }

  Estimate estimate() {
    return estimate;
  }

  /// Who decides the next run.
  Strategy next() {
    int run = runs++;
    if (!searching && estimate.runs() >= RUNS_BEFORE_ESTIMATE) {
      searching = estimate.schedules() <= budget;
    }
    boolean searchable = searching && !every.isExhausted();
    if (searchable && run % 2 == 0 && (run >= HURRY || estimate.schedules() < HURRY)) {
      return every;
    }
    char who =
        run < HEAD.length()
            ? HEAD.charAt(run)
            : CYCLE.charAt((run - HEAD.length()) % CYCLE.length());
    return switch (who) {
      case 'w' -> walk;
      case 'r' -> random;
      case 'p' -> priorities.getFirst();
      case 'f' -> sweep(fifo, stay);
      default -> sweep(stay, fifo);
    };
  }

  private Strategy sweep(OneDelay first, OneDelay second) {
    return !first.isExhausted() ? first : !second.isExhausted() ? second : chance();
  }

  private Strategy chance() {
    int round = turn++;
    return round % 2 == 0 ? random : priorities.get(round / 2 % priorities.size());
  }

  /// Whether every schedule with at most one delay has been tried.
  boolean isSwept() {
    return fifo.isComplete();
  }

  /// Whether every schedule has been tried.
  boolean isExhausted() {
    return every.isComplete();
  }
}
