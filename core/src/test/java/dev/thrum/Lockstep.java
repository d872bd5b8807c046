package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Tasks of one loop that do random things, each of them to a model first and then in fact. What
/// comes of it must be the same, and nobody may wait whom the model has served.
///
/// Between two suspension points nothing else runs, so that the model knows the exact state in
/// which an operation begins, and the exact moment of each cancellation. Time is virtual: the same
/// seed gives the same run on the same engine.
final class Lockstep {
  /// What an operation comes to that is cancelled before it is served.
  static final Object CANCELLED = mark("cancelled");

  private static final int REMEMBERED = 60;

  final RandomGenerator random;
  private final World world;
  private final List<Actor> actors = new ArrayList<>();
  private final ArrayDeque<Object> trail = new ArrayDeque<>();
  private long operations;
  private boolean over;

  /// What they do it to.
  interface World {
    /// Something random, by one task.
    void turn(Actor me) throws Throwable;

    /// All of them wait: compares what can be seen, and serves somebody.
    void atRest(Lockstep run) throws Throwable;
  }

  /// One who waits, as far as the model knows.
  static final class Waiting {
    private @Nullable Object result;

    boolean isServed() {
      return result != null;
    }

    void serve(Object with) {
      result = with;
    }
  }

  private record Event(String who, Object what) {
    @Override
    public String toString() {
      return who + " " + what;
    }
  }

  Lockstep(RandomGenerator random, World world) {
    this.random = random;
    this.world = world;
  }

  static Object mark(String name) {
    return new Object() {
      @Override
      public String toString() {
        return name;
      }
    };
  }

  /// Runs it.
  ///
  /// @return how many operations it was
  long run(int tasks, long enough) throws Throwable {
    try {
      VirtualTime.run(() ->
          scope(s -> {
            for (int i = 0; i < tasks; i++) {
              Actor actor = new Actor("task " + i);
              actors.add(actor);
              s.async(actor.name, actor::live);
            }
            while (actors.stream().anyMatch(actor -> actor.alive)) {
              sleep(ofMillis(1));
              sleep(ofNanos(1)); // the others' naps end on other nanoseconds: now all of them wait
              over = operations >= enough;
              actors.forEach(Actor::checkNotLeftBehind);
              world.atRest(this);
            }
          }));
    } catch (Throwable e) {
      throw new AssertionError(e.getMessage() + "\nafter\n  " + history(), e);
    }
    return operations;
  }

  private String history() {
    return String.join("\n  ", trail.stream().map(Object::toString).toList());
  }

  void note(String who, Object what) {
    if (trail.size() == REMEMBERED) {
      trail.remove();
    }
    trail.add(new Event(who, what));
  }

  /// One of the tasks.
  final class Actor {
    final String name;
    private boolean alive = true;
    private @Nullable Function<String, Boolean> cancel;
    private boolean cancelled;
    private boolean shielded;
    private @Nullable Waiting waiting;

    Actor(String name) {
      this.name = name;
    }

    RandomGenerator random() {
      return random;
    }

    /// Whether an operation that can wait would be refused now.
    boolean isCancelled() {
      return cancelled && !shielded;
    }

    void live() throws Throwable {
      while (!over) {
        switch (random.nextInt(6)) {
          case 0 -> inChild();
          case 1 -> inScope(true);
          case 2, 3 -> meddle();
          default -> inScope(false);
        }
        cancel = null;
        cancelled = false;
        switch (random.nextInt(8)) {
          case 0 -> sleep(ofMillis(random.nextInt(1, 3)));
          case 1, 2 -> checkpoint();
          default -> {}
        }
      }
      alive = false;
    }

    private void inScope(boolean inShield) throws Throwable {
      scope(s -> {
        cancel = s::cancel;
        if (inShield) {
          shielded = true;
          shield(this::turns);
          shielded = false;
        } else {
          turns();
        }
      });
    }

    private void inChild() {
      Task<?> child = async(this::turns);
      cancel = child::cancel;
      try {
        child.await();
      } catch (CancellationException e) {
        if (!cancelled) {
          throw e;
        }
      }
    }

    private void turns() throws Throwable {
      for (int i = random.nextInt(3); i >= 0; i--) {
        world.turn(this);
      }
    }

    /// Cancels what somebody does, if it can be cancelled.
    void meddle() {
      actors.get(random.nextInt(actors.size())).cancel(name);
    }

    private void cancel(String by) {
      Function<String, Boolean> known = cancel;
      if (known != null && !cancelled) {
        note(by, "cancels " + name);
        cancelled = true;
        Waiting wait = waiting;
        if (wait != null && !wait.isServed() && !shielded) {
          wait.serve(CANCELLED);
        }
        var _ = known.apply("by " + by);
      }
    }

    /// Does something that can wait.
    ///
    /// @param model does it to the model: what comes of it, or null if it has to wait until the
    ///   model serves it
    /// @return what came of it
    Object perform(Object what, Function<Waiting, @Nullable Object> model, Body<?, ?> fact)
        throws Throwable {
      note(name, what);
      operations++;
      Waiting wait = new Waiting();
      if (isCancelled()) {
        wait.serve(CANCELLED);
      } else {
        Object now = model.apply(wait);
        if (now != null) {
          wait.serve(now);
        }
      }
      waiting = wait;
      Object actual = outcome(fact);
      waiting = null;
      return check(what, wait.result, actual);
    }

    /// Does something that cannot wait, and that a cancellation does not keep from being done.
    Object performAtOnce(Object what, Object expected, Body<?, ?> fact) throws Throwable {
      note(name, what);
      operations++;
      return check(what, expected, outcome(fact));
    }

    private Object outcome(Body<?, ?> fact) throws Throwable {
      try {
        return fact.call();
      } catch (CancelledException _) {
        return CANCELLED;
      }
    }

    private Object check(Object what, @Nullable Object expected, Object actual) {
      note(name, actual);
      if (!actual.equals(expected)) {
        throw new AssertionError(
            name + ": " + what + " came to " + actual + " and should have come to " + expected);
      }
      return actual;
    }

    private void checkNotLeftBehind() {
      Waiting wait = waiting;
      if (wait != null && wait.isServed()) {
        throw new AssertionError(name + " still waits and should have got " + wait.result);
      }
    }
  }
}
