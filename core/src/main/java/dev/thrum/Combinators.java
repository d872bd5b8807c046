package dev.thrum;

import dev.thrum.internal.Bodies;
import dev.thrum.internal.Sneaky;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Several bodies at once: each a child, all joined before any of these returns.
final class Combinators {
  private Combinators() {}

  static <T extends @Nullable Object> List<T> gather(Collection<? extends VoidBody<?>> bodies) {
    List<TaskImpl<T>> tasks = new ArrayList<>(bodies.size());
    runAll("gather(…)", GroupScope.Policy.FAIL_FAST, bodies, tasks);
    return values(tasks);
  }

  /// If the caller is cancelled there are no outcomes, and the exception handler hears of failures.
  static <T extends @Nullable Object> List<Outcome<T>> settle(
      Collection<? extends Body<? extends T, ?>> bodies) {
    List<TaskImpl<T>> tasks = new ArrayList<>(bodies.size());
    try {
      runAll("settle(…)", GroupScope.Policy.SETTLE, bodies, tasks);
    } catch (CancelledException cancelled) {
      for (TaskImpl<T> task : tasks) {
        if (task.state() == Future.State.FAILED) {
          task.loop.report(task, task.failure());
        }
      }
      throw cancelled;
    }
    List<Outcome<T>> outcomes = new ArrayList<>(tasks.size());
    for (TaskImpl<T> task : tasks) {
      outcomes.add(task.outcome());
    }
    return Collections.unmodifiableList(outcomes);
  }

  private static <T extends @Nullable Object> void runAll(
      String operation,
      GroupScope.Policy policy,
      Collection<? extends VoidBody<?>> bodies,
      List<TaskImpl<T>> tasks) {
    TaskImpl<?> caller = TaskImpl.current(operation);
    caller.enter();
    bodies.forEach(body -> Objects.requireNonNull(body, "body"));
    GroupScope group = new GroupScope(caller, policy, true, null);
    group.run(
        group,
        (GroupScope scope) -> {
          for (VoidBody<?> body : bodies) {
            tasks.add(scope.spawn(null, body, TaskImpl.Role.CHILD));
          }
        });
  }

  static <T extends @Nullable Object> List<T> gatherTasks(
      Collection<? extends Task<? extends T>> tasks) {
    TaskImpl<?> caller = TaskImpl.current("awaitAll(…)");
    caller.enter();
    List<Task<? extends T>> all = new ArrayList<>(tasks);
    all.forEach(task -> Objects.requireNonNull(task, "task"));
    try {
      for (Task<? extends T> task : Completion.<T>of(all)) {
        task.await();
      }
      List<T> values = new ArrayList<>(all.size());
      for (Task<? extends T> task : all) {
        values.add(task.await());
      }
      return Collections.unmodifiableList(values);
    } catch (Throwable failure) {
      stop(caller, all, failure);
      throw failure;
    }
  }

  /// The rest of a failed `awaitAll` is cancelled and joined, and its failures are suppressed in
  /// the first. If it was cancelled itself, their failures are left for their owner to hear of.
  private static void stop(TaskImpl<?> caller, List<? extends Task<?>> all, Throwable failure) {
    all.forEach(task -> task.cancel("gathered with a task that failed: " + failure));
    ShieldScope shield = new ShieldScope(caller, null);
    shield.run(
        shield,
        (ShieldScope _) -> {
          for (Task<?> task : Completion.of(all)) {
            if (!(failure instanceof CancelledException)
                && task.outcome() instanceof Outcome.Failure<?>(Throwable other)
                && other != failure) {
              failure.addSuppressed(other);
            }
          }
        });
  }

  private static <T extends @Nullable Object> List<T> values(List<TaskImpl<T>> tasks) {
    List<T> values = new ArrayList<>(tasks.size());
    for (TaskImpl<T> task : tasks) {
      values.add(task.outcome().get());
    }
    return Collections.unmodifiableList(values);
  }

  static <T extends @Nullable Object> T race(Collection<? extends Body<? extends T, ?>> bodies) {
    TaskImpl<?> caller = TaskImpl.current("race(…)");
    caller.enter();
    if (bodies.isEmpty()) {
      throw new IllegalArgumentException("a race needs at least one body");
    }
    bodies.forEach(body -> Objects.requireNonNull(body, "body"));
    return new Race<T>(caller).run(List.copyOf(bodies));
  }

  /// One race: the first success cancels the rest.
  private static final class Race<T extends @Nullable Object> {
    private final GroupScope scope;
    private final List<TaskImpl<T>> racers = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private @Nullable TaskImpl<?> winner;

    Race(TaskImpl<?> caller) {
      this.scope = new GroupScope(caller, GroupScope.Policy.RACE, true, null);
    }

    T run(List<? extends Body<? extends T, ?>> bodies) {
      try {
        scope.run(scope, (GroupScope _) -> bodies.forEach(this::enter));
      } catch (CancelledException cancelled) {
        for (TaskImpl<T> racer : racers) {
          if (racer.state() == Future.State.FAILED && failures.contains(racer.failure())) {
            scope.loop.report(racer, racer.failure());
          }
        }
        throw cancelled;
      }
      for (TaskImpl<T> racer : racers) {
        if (racer == winner) {
          return racer.outcome().get();
        }
      }
      throw Sneaky.sneak(defeat());
    }

    private void enter(Body<? extends T, ?> body) {
      TaskImpl<T> racer = scope.spawn(null, body, TaskImpl.Role.CHILD);
      racer.watch(this::ended);
      racers.add(racer);
    }

    private void ended(TaskImpl<?> racer) {
      if (winner == null && racer.state() == Future.State.SUCCESS) {
        winner = racer;
        scope.cancelNow(new Cancellation("the race was won by " + racer.name(), null));
      } else if (racer.state() == Future.State.FAILED) {
        failures.add(racer.failure());
      }
    }

    private Throwable defeat() {
      if (failures.isEmpty()) {
        return new CancellationException("every racer was cancelled");
      }
      Throwable first = failures.getFirst();
      for (Throwable later : failures) {
        if (later != first) {
          first.addSuppressed(later);
        }
      }
      return first;
    }
  }

  static <A extends @Nullable Object, T extends @Nullable Object> List<T> mapAll(
      Iterable<? extends A> items, int limit, BodyOf<? super A, ? extends T, ?> step) {
    List<T> results = new ArrayList<>();
    Slots slots =
        eachAll(
            "mapAll(…)",
            items,
            limit,
            (item, index) -> {
              results.add(Bodies.<T>nothing());
              return () -> {
                T result = step.call(item);
                results.set(index, result);
              };
            });
    slots.check();
    return Collections.unmodifiableList(results);
  }

  static <A extends @Nullable Object> void forEachAll(
      Iterable<? extends A> items, int limit, VoidBodyOf<? super A, ?> step) {
    var _ = eachAll("forEachAll(…)", items, limit, (item, _) -> () -> step.run(item));
  }

  /// Makes the body for the element at an index.
  private interface Maker<A extends @Nullable Object> {
    VoidBody<?> make(A item, int index);
  }

  /// A child for each element, at most so many at a time. Elements are taken one after the other,
  /// by the calling task, so that an iterator may wait.
  private static <A extends @Nullable Object> Slots eachAll(
      String operation, Iterable<? extends A> items, int limit, Maker<A> maker) {
    TaskImpl<?> caller = TaskImpl.current(operation);
    caller.enter();
    Objects.requireNonNull(items, "items");
    if (limit < 1) {
      throw new IllegalArgumentException("the limit must be at least 1: " + limit);
    }
    GroupScope group = GroupScope.failFast(caller, true);
    Slots slots = new Slots(caller, limit);
    group.run(
        group,
        (GroupScope scope) -> {
          Iterator<? extends A> iterator = items.iterator();
          for (int index = 0; ; index++) {
            slots.take();
            if (!iterator.hasNext()) {
              return;
            }
            VoidBody<?> body = maker.make(iterator.next(), index);
            scope.spawn(null, body, TaskImpl.Role.CHILD).watch(slots::free);
          }
        });
    return slots;
  }

  /// How many children may still be started.
  private static final class Slots {
    private final TaskImpl<?> taker;
    private int left;
    private @Nullable TaskImpl<?> cancelled;

    Slots(TaskImpl<?> taker, int limit) {
      this.taker = taker;
      this.left = limit;
    }

    void take() {
      taker.enter();
      if (left > 0) {
        taker.passed();
      }
      while (left == 0) {
        if (taker.park(this) instanceof Cancellation pending) {
          throw taker.cancelled(pending);
        }
        taker.enter(); // the child that made room may have failed
      }
      left--;
    }

    void free(TaskImpl<?> ended) {
      left++;
      if (cancelled == null && ended.state() == Future.State.CANCELLED) {
        cancelled = ended;
      }
      taker.wakeFrom(this);
    }

    /// An element whose task cancelled itself has no result.
    void check() {
      if (cancelled != null) {
        cancelled.outcome().get();
      }
    }

    @Override
    public String toString() {
      return "one of its children to end";
    }
  }
}
