package dev.thrum.testkit.internal;

/// Every schedule, depth first: the last choice that has another possibility takes it.
final class EveryOrder implements Search {
  static final String DIVERGED =
      "nondeterminism: the same choices did not lead to the same possibilities in another run";

  private final Ints bounds = new Ints();
  private final Ints picks = new Ints();

  /// What was to choose from, as a number.
  private final Ints offered = new Ints();

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

  @Override
  public int pick(Conductor run, int count) {
    int keys = count;
    for (int i = 0; i < count; i++) {
      keys = 31 * keys + run.key(i);
    }
    return next(run, count, keys);
  }

  @Override
  public int draw(Conductor run, int bound) {
    return next(run, bound, bound);
  }

  private int next(Conductor run, int bound, int keys) {
    int at = run.picks.size();
    if (at < picks.size()) {
      diverged |= bounds.get(at) != bound || offered.get(at) != keys;
      return Math.min(picks.get(at), bound - 1);
    }
    bounds.add(bound);
    offered.add(keys);
    picks.add(0);
    return 0;
  }

  @Override
  public void end(Conductor run, boolean passed) {
    cut |= run.wasTakenOver();
    if (diverged) {
      run.uncontrolled().note(DIVERGED);
    }
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
    offered.truncate(at + 1);
  }
}
