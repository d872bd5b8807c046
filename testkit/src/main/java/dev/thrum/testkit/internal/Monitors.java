package dev.thrum.testkit.internal;

import dev.thrum.internal.engine.Engine;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Tasks that wait for a monitor (`synchronized`, `Object.wait`).
///
/// The JVM does not hand such a task to its loop when the monitor is left; a thread of the JDK
/// does, a moment later. For runs to be the same each time, the loop waits for that moment.
final class Monitors {
  private static final @Nullable Field ON_WAITING_LIST = onWaitingList();

  private Monitors() {}

  private static @Nullable Field onWaitingList() {
    try {
      Field field = Class.forName("java.lang.VirtualThread").getDeclaredField("onWaitingList");
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException | RuntimeException _) {
      return null; // the portable engine: such a wait holds the loop
    }
  }

  /// Whether one of these tasks, none of which is in the loop's hands, has been let go and is on
  /// its way.
  ///
  /// The JDK's thread takes it off its list and makes it runnable a moment later. Who was seen on
  /// the list therefore counts until it has arrived.
  static boolean isOneUnderWay(List<Actor> parked) {
    boolean any = false;
    for (Actor actor : parked) {
      Thread thread = Objects.requireNonNull(actor.task).thread();
      actor.underWay |= isOnWaitingList(thread) || thread.getState() == Thread.State.RUNNABLE;
      any |= actor.underWay;
    }
    return any;
  }

  private static boolean isOnWaitingList(Thread thread) {
    try {
      return ON_WAITING_LIST != null && ON_WAITING_LIST.getBoolean(thread);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Makes sure that nobody is on the way: lets two threads of its own go the same way, one after
  /// the other. The first may overtake somebody, the second cannot.
  ///
  /// @return whether one of these tasks has been let go after all
  static boolean settle(List<Actor> parked) {
    if (ON_WAITING_LIST == null) {
      return false;
    }
    if (parked.stream().noneMatch(Monitors::isBlocked)) {
      return isOneUnderWay(parked); // since a moment ago
    }
    probe();
    probe();
    return isOneUnderWay(parked);
  }

  /// Whether it waits to enter a monitor.
  static boolean isBlocked(Actor actor) {
    return Objects.requireNonNull(actor.task).thread().getState() == Thread.State.BLOCKED;
  }

  private static void probe() {
    Object monitor = new Object();
    CountDownLatch passed = new CountDownLatch(1);
    Thread probe =
        Engine.outsideThread(
            "thrum-monitor-probe",
            () -> {
              synchronized (monitor) {
                passed.countDown();
              }
            });
    synchronized (monitor) {
      probe.start();
      while (probe.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
    }
    try {
      passed.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
