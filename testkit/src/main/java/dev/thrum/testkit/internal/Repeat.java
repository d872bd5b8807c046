package dev.thrum.testkit.internal;

/// Repeats a run choice by choice.
final class Repeat implements Strategy {
  private final int[] picks;

  Repeat(int[] picks) {
    this.picks = picks;
  }

  @Override
  public String name() {
    return "repeat";
  }

  @Override
  public boolean isFair() {
    return true;
  }

  @Override
  public int pick(Conductor run, int count) {
    return next(run, count);
  }

  @Override
  public int draw(Conductor run, int bound) {
    return next(run, bound);
  }

  int length() {
    return picks.length;
  }

  private int next(Conductor run, int bound) {
    int at = run.picks.size();
    return at < picks.length ? Math.min(picks[at], bound - 1) : 0;
  }
}
