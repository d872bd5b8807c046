package dev.thrum.testkit.internal;

import java.util.Arrays;

/// Runs the task with the highest of some random priorities, and at a few random places of the run
/// moves the one that runs to the end of the line (PCT, Burckhardt et al. 2010).
final class Priorities extends Chance {
  private final int depth;
  private final int[] changes;
  private int next;

  /// @param depth of how many ordered steps a bug is to be found
  Priorities(long seed, int depth) {
    super(seed);
    this.depth = depth;
    this.changes = new int[depth - 1];
  }

  @Override
  public String name() {
    return "priorities " + depth;
  }

  @Override
  public void begin(Conductor run) {
    super.begin(run);
    for (int i = 0; i < changes.length; i++) {
      changes[i] = random.below(run.longest()) + 1;
    }
    Arrays.sort(changes);
    next = 0;
  }

  @Override
  int pickPlain(Conductor run, int count) {
    Actor last = run.last();
    while (next < changes.length && run.steps() >= changes[next]) {
      if (last != null) {
        last.priority = (double) (changes.length - next) / (depth + 1);
      }
      next++;
    }
    int best = 0;
    for (int i = 0; i < count; i++) {
      Actor actor = run.actor(i);
      if (actor.priority == 0) {
        actor.priority = 1 + random.fraction();
      }
      if (actor.priority > run.actor(best).priority) {
        best = i;
      }
    }
    return best;
  }
}
