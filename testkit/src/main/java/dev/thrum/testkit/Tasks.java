package dev.thrum.testkit;

import dev.thrum.Async;
import dev.thrum.Loop;
import dev.thrum.internal.Menu;
import dev.thrum.internal.PollerHost;
import dev.thrum.internal.Steered;
import dev.thrum.internal.engine.Engine;
import dev.thrum.testkit.internal.Conductor;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// What a test asks of the tasks of its loop.
public final class Tasks {
  /// How many tasks of each loop are in [#waitAllBlocked()]: they do not wait for each other.
  private static final Map<Menu, Integer> CALLERS = new WeakHashMap<>();

  private Tasks() {}

  private static synchronized int change(Menu loop, int by) {
    return CALLERS.merge(loop, by, Integer::sum);
  }

  /// Waits until every other task of the loop waits: nobody is ready, and no timer is due. Time
  /// does not move meanwhile.
  ///
  /// It does not wait for work outside the loop: a task in `blocking` counts as one that waits. On
  /// the confined engine one in a call of the JDK does too.
  ///
  /// **Cancellation.** It is a suspension point. **Threads.** Tasks only.
  ///
  /// @throws IllegalStateException outside a task
  /// @throws dev.thrum.CancelledException if the caller is cancelled
  public static void waitAllBlocked() {
    Menu loop = ((PollerHost) Loop.current()).menu();
    Steered caller = (Steered) Engine.currentOwner();
    change(loop, 1);
    try {
      waitAllBlocked(loop, caller);
    } finally {
      change(loop, -1);
    }
  }

  private static void waitAllBlocked(Menu loop, @Nullable Steered caller) {
    do {
      if (caller != null && caller.steering() instanceof Conductor conductor) {
        conductor.goesLast(caller);
      }
      Async.checkpoint();
    } while (loop.ready() >= change(loop, 0));
  }
}
