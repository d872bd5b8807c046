package dev.thrum.testkit.internal;

/// Every schedule that leaves a plain order in one place: first the plain order itself, then for
/// each of its choices each of the other possibilities.
final class OneDelay implements Strategy {
  private final Plain base;
  private int[] bounds = {};
  private boolean knowsBase;
  private int at = -1;
  private int other;
  private boolean exhausted;

  OneDelay(Plain base) {
    this.base = base;
  }

  @Override
  public String name() {
    return base == Plain.FIFO ? "one delay" : "one switch";
  }

  /// Whether nothing is left to try.
  boolean isExhausted() {
    return exhausted;
  }

  @Override
  public int pick(Conductor run, int count) {
    int plain = base.pick(run, count);
    if (run.picks.size() != at) {
      return plain;
    }
    return other - 1 < plain ? other - 1 : Math.min(other, count - 1);
  }

  @Override
  public int draw(Conductor run, int bound) {
    return run.picks.size() == at ? Math.min(other, bound - 1) : 0;
  }

  @Override
  public void end(Conductor run, boolean passed) {
    if (!knowsBase) {
      knowsBase = true;
      bounds = run.bounds.toArray();
      at = 0;
      other = 0;
    }
    other++;
    while (at < bounds.length && other >= bounds[at]) {
      at++;
      other = 1;
    }
    exhausted = at >= bounds.length;
  }
}
