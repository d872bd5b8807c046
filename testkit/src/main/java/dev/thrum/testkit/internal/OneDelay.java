package dev.thrum.testkit.internal;

import java.util.Arrays;

/// Every schedule that leaves a plain order in one place: first the plain order itself, then for
/// each of its choices each of the other possibilities.
final class OneDelay implements Strategy {
  private final Plain base;
  private int[] bounds = {};
  private boolean knowsBase;
  private int at = -1;
  private int other;
  private boolean exhausted;
  private boolean cut;

  OneDelay(Plain base) {
    this.base = base;
  }

  @Override
  public String name() {
    return base == Plain.FIFO ? "one delay" : "one switch";
  }

  @Override
  public boolean isFair() {
    return true;
  }

  /// Whether nothing is left to try.
  boolean isExhausted() {
    return exhausted;
  }

  /// Whether what it has tried is all that it should.
  boolean isComplete() {
    return exhausted && !cut;
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
    int[] seen = run.bounds.toArray();
    int known = Math.min(at + 1, Math.min(bounds.length, seen.length));
    cut |= knowsBase && !Arrays.equals(bounds, 0, known, seen, 0, known);
    if (!knowsBase) {
      knowsBase = true;
      bounds = seen;
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
