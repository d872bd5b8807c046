package dev.thrum.testkit.internal;

import dev.thrum.internal.Steered;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A task by its place in the tree of tasks: the n-th child that its parent started. It stands for
/// that task in every run of one exploration.
///
/// What is known of the task of the present run is valid only in that run, see [#begin].
public final class Actor {
  final int id;
  final @Nullable Actor parent;
  final int number;
  final boolean submitted;
  final List<Actor> children = new ArrayList<>(2);
  final List<Actor> all;

  // In the present run.
  private int run = -1;
  @Nullable Steered task;
  int spawned;
  int steps;
  int fires;
  int cancels;
  int draws;
  int created;
  double priority;
  boolean goesLast;
  int clock;
  boolean underWay;

  /// How many steps it is expected to take, and all that it starts as well.
  int expected;

  int expectedWithChildren;

  /// What its children that have not been started yet are expected to take.
  int unspawned;

  private Actor(@Nullable Actor parent, int number, boolean submitted, List<Actor> all) {
    this.parent = parent;
    this.number = number;
    this.submitted = submitted;
    this.all = all;
    this.id = all.size();
    all.add(this);
  }

  /// The main task of a new tree.
  static Actor main() {
    return new Actor(null, 0, false, new ArrayList<>());
  }

  /// The child that it starts next in this run.
  Actor nextChild() {
    int next = spawned++;
    while (children.size() <= next) {
      children.add(new Actor(this, children.size() + 1, false, all));
    }
    return children.get(next);
  }

  /// A task that came from outside.
  Actor submitted(int number) {
    for (Actor actor : all) {
      if (actor.submitted && actor.number == number) {
        return actor;
      }
    }
    return new Actor(this, number, true, all);
  }

  /// Its task of this run has started.
  void begin(int thisRun, Steered started) {
    forget(thisRun);
    task = started;
  }

  /// Forgets what other runs have left.
  void forget(int thisRun) {
    if (run != thisRun) {
      run = thisRun;
      task = null;
      spawned = 0;
      steps = 0;
      fires = 0;
      cancels = 0;
      draws = 0;
      created = 0;
      priority = 0;
      goesLast = false;
      clock = 0;
      underWay = false;
    }
  }

  boolean isOf(int thisRun) {
    return run == thisRun && task != null;
  }

  /// The steps that it and what it will start are still expected to take; at least one.
  int remaining() {
    return Math.max(1, expected - steps) + Math.max(0, unspawned);
  }

  /// Its place: `main`, `1`, `1.2`.
  ///
  /// @return the path
  public String path() {
    Actor above = parent;
    if (above == null) {
      return "main";
    }
    String own = (submitted ? "s" : "") + number;
    return above.parent == null ? own : above.path() + "." + own;
  }

  @Override
  public String toString() {
    return path();
  }
}
