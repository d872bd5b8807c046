package dev.thrum.testkit.internal;

/// Every schedule, depth first: the last choice that has another possibility takes it.
final class EveryOrder implements Search {
  private final Ints bounds = new Ints();
  private final Ints picks = new Ints();
  private boolean exhausted;
  private boolean diverged;
  private boolean cut;

  @Override
  public String name() {
    return "every order";
  }

  @Override
  public boolean isExhausted() {
    return exhausted;
  }

  @Override
  public boolean isComplete() {
    return exhausted && !diverged && !cut;
  }

  /// Whether a run did not go the way that its choices led before.
  boolean hasDiverged() {
    return diverged;
  }

  @Override
  public int pick(Conductor run, int count) {
    return next(run, count);
  }

  @Override
  public int draw(Conductor run, int bound) {
    return next(run, bound);
  }

  private int next(Conductor run, int bound) {
    int at = run.picks.size();
    if (at < picks.size()) {
      diverged |= bounds.get(at) != bound;
      return Math.min(picks.get(at), bound - 1);
    }
    bounds.add(bound);
    picks.add(0);
    return 0;
  }

  @Override
  public void end(Conductor run, boolean passed) {
    cut |= run.wasTakenOver();
    int at = picks.size() - 1;
    while (at >= 0 && picks.get(at) + 1 >= bounds.get(at)) {
      at--;
    }
    if (at < 0 || diverged) {
      exhausted = true;
      return;
    }
    picks.set(at, picks.get(at) + 1);
    picks.truncate(at + 1);
    bounds.truncate(at + 1);
  }
}
