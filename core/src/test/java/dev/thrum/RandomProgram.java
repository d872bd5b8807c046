package dev.thrum;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// A random program: what each task of a tree does, step by step. The same seed gives the same one.
///
/// Tasks await only tasks that come before them in the text and are none of their owners, so that a
/// program never deadlocks.
record RandomProgram(long seed, List<Step> main) {

  /// One thing that a task does.
  sealed interface Step {}

  /// Waits; not at all if it is zero.
  record Nap(int millis) implements Step {}

  /// Fails, with an exception of its own each time.
  record Boom() implements Step {}

  /// Starts a task.
  record Spawn(int id, boolean named, boolean daemon, boolean awaited, List<Step> body)
      implements Step {}

  /// The ways to open a scope.
  enum Opening {
    SCOPE,
    SUPERVISE,
    TIMEOUT,
    TIMEOUT_OR,
    SHIELD,
    GRACE,
    NESTED_RUN
  }

  /// Opens a scope, with a time for those that have one.
  record Block(Opening opening, int millis, List<Step> body) implements Step {}

  /// Goes on after a failure, and cleans up.
  record Try(List<Step> body, List<Step> cleanup) implements Step {}

  /// Swallows the cancellation too, as a program should not.
  record Stubborn(List<Step> body) implements Step {}

  /// Cancels a task if it has been started.
  record Cancel(int id) implements Step {}

  /// Cancels the innermost scope that has a handle.
  record CancelScope() implements Step {}

  /// Moves the innermost deadline.
  record Move(int millis) implements Step {}

  /// Waits for a task if it has been started.
  record Await(int id) implements Step {}

  /// Waits for tasks that have been started.
  record AwaitAll(List<Integer> ids) implements Step {}

  /// The ways to run several.
  enum Several {
    GATHER,
    SETTLE,
    RACE,
    MAP
  }

  /// Runs several bodies.
  record Many(Several how, List<List<Step>> bodies) implements Step {}

  static RandomProgram of(long seed, int size) {
    Maker maker = new Maker(Seeds.generator(seed), size);
    List<Step> steps = new ArrayList<>();
    while (maker.left > 0) {
      steps.addAll(maker.body(0));
    }
    return new RandomProgram(seed, List.copyOf(steps));
  }

  /// Writes the text.
  private static final class Maker {
    private static final int DEEPEST = 6;

    private final RandomGenerator random;
    private final List<Integer> done = new ArrayList<>();
    private int ids;
    int left;

    Maker(RandomGenerator random, int size) {
      this.random = random;
      this.left = size;
    }

    List<Step> body(int depth) {
      List<Step> steps = new ArrayList<>();
      int length = 1 + random.nextInt(5);
      for (int i = 0; i < length && left > 0; i++) {
        left--;
        steps.add(step(depth));
      }
      return steps;
    }

    private Step step(int depth) {
      int kind = random.nextInt(depth < DEEPEST ? 100 : 45);
      if (kind < 25) {
        return new Nap(random.nextInt(4) == 0 ? 0 : random.nextInt(20));
      }
      if (kind < 29) {
        return new Boom();
      }
      if (kind < 32 && ids > 0) {
        return new Cancel(random.nextInt(ids));
      }
      if (kind < 34) {
        return new CancelScope();
      }
      if (kind < 36) {
        return new Move(random.nextInt(20));
      }
      if (kind < 42 && !done.isEmpty()) {
        return new Await(earlier());
      }
      if (kind < 45) {
        return done.size() < 2 ? new Nap(1) : new AwaitAll(List.of(earlier(), earlier()));
      }
      return nested(kind, depth + 1);
    }

    private int earlier() {
      return done.get(random.nextInt(done.size()));
    }

    private Step nested(int kind, int depth) {
      if (kind < 70) {
        int id = ids++;
        boolean named = random.nextInt(3) == 0;
        boolean daemon = random.nextInt(6) == 0;
        boolean awaited = random.nextInt(2) == 0 && !daemon;
        List<Step> body = body(depth);
        done.add(id);
        return new Spawn(id, named, daemon, awaited, body);
      }
      if (kind < 84) {
        Opening[] all = Opening.values();
        return new Block(all[random.nextInt(all.length)], random.nextInt(25), body(depth));
      }
      if (kind < 92) {
        return new Try(body(depth), random.nextInt(3) == 0 ? body(DEEPEST) : List.of());
      }
      if (kind < 94) {
        return new Stubborn(body(depth));
      }
      Several[] all = Several.values();
      List<List<Step>> bodies = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        bodies.add(body(depth));
      }
      return new Many(all[random.nextInt(all.length)], bodies);
    }
  }
}
