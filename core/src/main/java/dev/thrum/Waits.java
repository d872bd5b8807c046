package dev.thrum;

import dev.thrum.internal.inspect.Seen;
import dev.thrum.internal.wait.Held;
import dev.thrum.internal.wait.OpenWait;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitGraph;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What tasks wait for, as people read it, and the waits that can never end.
final class Waits {

  /// A wait that is not for another task.
  private record Named(String name) {
    @Override
    public String toString() {
      return name;
    }
  }

  /// A scope that waits for its children to end.
  record Join(ScopeImpl scope) implements Held, Seen.Children {
    @Override
    public List<Party> holders() {
      List<Party> running = new ArrayList<>();
      for (TaskImpl<?> child = scope.firstChild(); child != null; child = child.next) {
        // Background children are told to end.
        if (!child.isDone() && !child.role.isDaemon()) {
          running.add(child);
        }
      }
      return running.size() == 1 || scope.joinsAll() ? running : List.of();
    }

    @Override
    public void abandonedBy(Party holder) {
      throw new AssertionError("children are not held");
    }

    @Override
    public String toString() {
      return "the end of its children";
    }
  }

  static final Object SLEEP = new Named("the end of a sleep");
  static final Object JDK = new Named("a call of the JDK");

  private Waits() {}

  /// Refuses an await that closes a cycle: of the task itself, of one it was started by, or of one
  /// that waits for it through others.
  static void checkAwait(TaskImpl<?> waiter, TaskImpl<?> target) {
    if (target == waiter) {
      throw new IllegalStateException(
          waiter + " cannot await itself: it ends only after this await");
    }
    for (TaskImpl<?> at = target; at != null; at = awaitedBy(at)) {
      if (at == waiter || (at.id < waiter.id && owns(at, waiter))) {
        throw refusal(waiter, target, cycle(waiter, target, at));
      }
    }
    refuseCycle(waiter, target);
  }

  private static @Nullable TaskImpl<?> awaitedBy(TaskImpl<?> task) {
    return task.waitsFor() instanceof TaskImpl<?> next ? next : null;
  }

  /// Refuses a wait for a task's end that closes a cycle through locks. The caller takes back what
  /// is announced here once it has waited.
  static void refuseCycle(Party waiter, TaskImpl<?> target) {
    waiter.announce(target);
    List<DeadlockException.Wait> cycle =
        WaitGraph.isNeeded() ? WaitGraph.cycle(waiter, target) : null;
    if (cycle != null) {
      waiter.announce(null);
      throw refusal(waiter, target, cycle);
    }
  }

  private static DeadlockException refusal(
      Party waiter, TaskImpl<?> target, List<DeadlockException.Wait> cycle) {
    return new DeadlockException(
        waiter + " would wait for " + target + ", which can only end after it", cycle);
  }

  /// Ends a scope with a failure if a child waits for a lock that is given back only after it.
  static void checkJoin(ScopeImpl scope) {
    if (!WaitGraph.isNeeded()) {
      return;
    }
    TaskImpl<?> host = scope.host;
    host.announce(scope);
    List<DeadlockException.Wait> cycle = WaitGraph.cycle(host, new Join(scope));
    if (cycle != null) {
      scope.fail(
          new DeadlockException(
              host + " would wait for its children, which can only end after it", cycle),
          "the loop");
    }
  }

  /// A task that joins its children is blocked on its own scope, which is itself.
  private static String describe(TaskImpl<?> task) {
    Object on = task.blockedOn();
    return on == task ? "the end of its children" : String.valueOf(on);
  }

  private static boolean owns(TaskImpl<?> owner, TaskImpl<?> task) {
    for (ScopeImpl at = task.parent; at != null; at = at.host.parent) {
      if (at.host == owner) {
        return true;
      }
    }
    return false;
  }

  private static List<DeadlockException.Wait> cycle(
      TaskImpl<?> waiter, TaskImpl<?> target, TaskImpl<?> last) {
    List<DeadlockException.Wait> waits = new ArrayList<>();
    waits.add(new DeadlockException.Wait(waiter.name(), target.toString()));
    for (TaskImpl<?> at = target; at != null && at != last; at = awaitedBy(at)) {
      waits.add(new DeadlockException.Wait(at.name(), describe(at)));
    }
    if (last != waiter) {
      waits.add(new DeadlockException.Wait(last.name(), "the end of its child " + waiter.name()));
    }
    return waits;
  }

  /// Whether only a task of its own loop can end a task's wait. Of a channel or an event nobody can
  /// know who else has it.
  static boolean isClosed(TaskImpl<?> task) {
    if (task.isWoken()) {
      return false; // whoever looks at its stack may hold it up on its way back to the loop
    }
    Object on = task.blockedOn();
    return switch (on) {
      case null -> false;
      case Held lock -> isHeldByOthers(lock.holders(), task);
      case OpenWait _ -> false;
      default -> on != JDK;
    };
  }

  /// A lock that nobody holds while somebody waits for it is just being handed over.
  private static boolean isHeldByOthers(List<Party> holders, TaskImpl<?> task) {
    return !holders.isEmpty() && holders.stream().allMatch(holder -> isOther(holder, task));
  }

  private static boolean isOther(Party holder, TaskImpl<?> task) {
    return holder != task && holder instanceof TaskImpl<?> other && other.loop == task.loop;
  }

  /// The deadlock in which all tasks of a loop are, or null if one may still be woken.
  static @Nullable DeadlockException deadlock(LoopImpl loop) {
    List<TaskImpl<?>> tasks = all(loop.main());
    return tasks.stream().allMatch(Waits::isClosed)
        ? new DeadlockException(
            "deadlock: every task of " + loop.name() + " waits for another", edges(tasks))
        : null;
  }

  /// Every task of a loop that has not ended.
  static List<TaskImpl<?>> all(TaskImpl<?> main) {
    List<TaskImpl<?>> found = new ArrayList<>();
    List<TaskImpl<?>> todo = new ArrayList<>(List.of(main));
    while (!todo.isEmpty()) {
      TaskImpl<?> task = todo.removeLast();
      found.add(task);
      for (ScopeImpl at = task; at != null; at = at.inner) {
        for (TaskImpl<?> child = at.firstChild(); child != null; child = child.next) {
          if (!child.isOver()) {
            todo.add(child);
          }
        }
      }
    }
    return found;
  }

  /// What they wait for.
  static List<DeadlockException.Wait> edges(List<TaskImpl<?>> tasks) {
    return tasks.stream()
        .map(task -> new DeadlockException.Wait(task.name(), describe(task)))
        .toList();
  }
}
