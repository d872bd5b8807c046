package dev.thrum;

import dev.thrum.internal.inspect.Look;
import dev.thrum.internal.inspect.Sight;
import dev.thrum.internal.wait.Held;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Copies what can be seen of a loop's tasks. By who holds the loop it is exact; from outside the
/// lists change under its feet, so that it may miss some, and looks at none twice.
final class Sights {
  private final LoopImpl loop;
  private final boolean fromOutside;
  private final List<Sight> found = new ArrayList<>();
  private final ArrayDeque<Step> todo = new ArrayDeque<>();
  private final Set<TaskImpl<?>> seen;

  /// A task to look at, and where it stands.
  private record Step(TaskImpl<?> task, long owner, int ownerScope) {}

  private Sights(LoopImpl loop, boolean fromOutside) {
    this.loop = loop;
    this.fromOutside = fromOutside;
    this.seen = fromOutside ? Collections.newSetFromMap(new IdentityHashMap<>()) : Set.of();
  }

  static Look of(LoopImpl loop, boolean fromOutside) {
    return new Look(loop.watched, new Sights(loop, fromOutside).all(), fromOutside);
  }

  private List<Sight> all() {
    todo.add(new Step(loop.main(), 0, 0));
    for (Step step = todo.pollLast(); step != null; step = todo.pollLast()) {
      try {
        look(step);
      } catch (RuntimeException changed) {
        if (!fromOutside) {
          throw changed;
        }
        // It has changed while it was read: it is one of those that are missing.
      }
    }
    return found;
  }

  private void look(Step step) {
    TaskImpl<?> task = step.task;
    int at = todo.size();
    List<Sight.Scope> scopes = List.of();
    int children = 0;
    int number = 0;
    for (ScopeImpl scope = task; scope != null && number < 10_000; scope = scope.inner) {
      int own = childrenOf(scope, task, number);
      children += own;
      if (scope != task) {
        scopes = new ArrayList<>(scopes);
        scopes.add(describe(scope, own));
      }
      number++;
    }
    reverseFrom(at);
    found.add(sight(step, List.copyOf(scopes), children));
  }

  private Sight sight(Step step, List<Sight.Scope> scopes, int children) {
    TaskImpl<?> task = step.task;
    Sight.State state = state(task);
    boolean waits = state == Sight.State.WAITING;
    Cancellation pending = task.innermost.effective;
    List<Held> locks = task.held;
    return new Sight(
        task,
        task.id,
        task.name,
        step.owner,
        step.ownerScope,
        switch (task.role) {
          case DAEMON -> Sight.Kind.BACKGROUND;
          case SUBMITTED -> Sight.Kind.SUBMITTED;
          default -> task.parent == null ? Sight.Kind.MAIN : Sight.Kind.CHILD;
        },
        state,
        task.born,
        task.since,
        task.steps,
        task.samples,
        waits ? waitsOn(task) : null,
        waits ? task.waitsFor() : null,
        locks == null ? List.of() : List.copyOf(locks),
        scopes,
        pending == null ? null : pending.reason(),
        dueIn(task),
        children,
        loop.debugging().origin(task));
  }

  private static @Nullable Object waitsOn(TaskImpl<?> task) {
    return task.blockedOn instanceof ScopeImpl scope && scope.host == task
        ? new Waits.Join(scope)
        : task.blockedOn;
  }

  private Sight.State state(TaskImpl<?> task) {
    return switch (task.doing) {
      case TaskWait.RUNNING ->
          loop.isRunning(task.fiber) ? Sight.State.RUNNING : Sight.State.IN_JDK;
      case TaskWait.WAITING, TaskWait.MASKED -> Sight.State.WAITING;
      case TaskWait.ENDING -> loop.isRunning(task.fiber) ? Sight.State.ENDING : Sight.State.IN_JDK;
      case TaskWait.ENDED -> Sight.State.FAILED;
      default -> Sight.State.READY;
    };
  }

  private int childrenOf(ScopeImpl scope, TaskImpl<?> owner, int number) {
    int count = 0;
    for (TaskImpl<?> child = scope.firstChild(); child != null; child = child.next) {
      if (fromOutside && !seen.add(child)) {
        break;
      }
      todo.add(new Step(child, owner.id, number));
      count++;
    }
    return count;
  }

  /// The last one of the list is looked at first.
  private void reverseFrom(int at) {
    int count = todo.size() - at;
    if (count > 1) {
      List<Step> added = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        added.add(todo.removeLast());
      }
      todo.addAll(added);
    }
  }

  private Sight.Scope describe(ScopeImpl scope, int children) {
    Cancellation pending = scope.effective;
    return new Sight.Scope(
        scope.kind(), dueIn(scope), pending == null ? null : pending.reason(), children);
  }

  /// Milliseconds until its timer fires, or -1.
  private long dueIn(ScopeImpl scope) {
    return scope.isSet() ? Math.max(0, scope.due() - loop.nanos()) / 1_000_000 : -1;
  }
}
