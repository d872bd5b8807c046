package dev.thrum.testkit.internal;

import java.util.List;

/// Picks a task with a probability in proportion to the steps that it and those it will still start
/// are expected to take, as passing runs have shown them, so that every interleaving of tasks of
/// very different length is about as likely (Uniform Random Walk, Zhao et al. 2025).
final class UniformWalk extends Estimating {
  private int[] weights = new int[16];

  UniformWalk(long seed, Estimate estimate) {
    super(seed, estimate);
  }

  @Override
  public String name() {
    return "uniform walk";
  }

  @Override
  public void begin(Conductor run) {
    super.begin(run);
    for (Actor actor : run.main().all) {
      actor.unspawned = actor.expectedWithChildren - actor.expected;
    }
  }

  @Override
  int pickPlain(Conductor run, int count) {
    if (weights.length < count) {
      weights = new int[count * 2];
    }
    int total = 0;
    for (int i = 0; i < count; i++) {
      int weight = run.actor(i).remaining();
      weights[i] = weight;
      total += weight;
    }
    int at = random.below(total);
    int pick = 0;
    while (at >= weights[pick]) {
      at -= weights[pick++];
    }
    chose((double) total / weights[pick]);
    return pick;
  }

  @Override
  public void end(Conductor run, boolean passed) {
    super.end(run, passed);
    if (passed) {
      learn(run);
    }
  }

  /// Takes the steps of a run that has ended for what to expect.
  static void learn(Conductor run) {
    List<Actor> all = run.main().all;
    for (int i = all.size() - 1; i >= 0; i--) {
      Actor actor = all.get(i);
      if (actor.isOf(run.run())) {
        actor.expected = actor.steps;
      }
      int sum = actor.expected;
      for (Actor child : actor.children) {
        sum += child.expectedWithChildren;
      }
      actor.expectedWithChildren = sum;
    }
  }
}
