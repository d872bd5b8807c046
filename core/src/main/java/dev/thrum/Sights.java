package dev.thrum;

import dev.thrum.internal.inspect.Look;
import dev.thrum.internal.inspect.Sight;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

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
    return new Look(loop, new Sights(loop, fromOutside).all(), fromOutside);
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
    found.add(task.sight(step.owner, step.ownerScope, List.copyOf(scopes), children));
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
        scope.kind(),
        scope.isSet() ? Math.max(0, scope.due() - loop.nanos()) / 1_000_000 : -1,
        pending == null ? null : pending.reason(),
        children);
  }
}
