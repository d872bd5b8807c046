package dev.thrum;

import dev.thrum.internal.DebugStack;
import dev.thrum.internal.Durations;
import dev.thrum.internal.Warnings;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What debug mode knows beside the tasks: where each was started, which of them swallowed a
/// cancellation, and which were told to end because their owner has.
final class Debugging {

  /// That a background or submitted task was told to end.
  private static final class Told {
    final long sinceNanos = System.nanoTime();
    final boolean first;
    boolean isKnownToBeLate;

    Told(boolean first) {
      this.first = first;
    }
  }

  private final LoopImpl loop;
  private final Map<TaskImpl<?>, DebugStack> origins =
      Collections.synchronizedMap(new WeakHashMap<>());
  private final Map<TaskImpl<?>, Told> told = new ConcurrentHashMap<>(0);

  Debugging(LoopImpl loop) {
    this.loop = loop;
  }

  /// Called by the thread that starts the task, also by one beside the loop.
  void created(TaskImpl<?> task) {
    origins.put(task, new DebugStack("the task was started here"));
  }

  /// Where a task was started, if that is known. Of one that has ended only if it failed.
  @Nullable DebugStack origin(TaskImpl<?> task) {
    return origins.isEmpty() ? null : origins.get(task);
  }

  /// A background or submitted task has to end because its owner has. On the loop.
  ///
  /// @param first whether it was not cancelled for itself before
  void toldToEnd(TaskImpl<?> task, boolean first) {
    told.putIfAbsent(task, new Told(first));
  }

  /// Called in the task's thread, when its body and its children have ended.
  void ended(
      TaskImpl<?> task, Future.State state, boolean cancelled, @Nullable Throwable exception) {
    Told end = told.remove(task);
    DebugStack origin = state == Future.State.FAILED ? origins.get(task) : origins.remove(task);
    switch (state) {
      case FAILED -> {
        if (exception != null && origin != null && !hasOrigin(exception)) {
          exception.addSuppressed(origin.trimmed());
        }
      }
      case CANCELLED -> {
        if (task.isSubmitted() && (end == null ? task.endedByOwner() : end.first)) {
          cutOff(task, origin);
        }
      }
      default -> {
        if (cancelled) {
          swallowed(task, origin);
        }
      }
    }
  }

  /// One that several tasks throw would grow with each.
  private static boolean hasOrigin(Throwable exception) {
    return Stream.of(exception.getSuppressed()).anyMatch(DebugStack.class::isInstance);
  }

  private static void swallowed(TaskImpl<?> task, @Nullable DebugStack origin) {
    Warnings.warn(
        task.name()
            + " was cancelled and returned all the same: it caught the CancelledException and"
            + " did not throw it on"
            + DebugStack.sentence("started", origin),
        DebugStack.shown(origin));
  }

  /// Only to the log: which of the two ends first may depend on the machine.
  private void cutOff(TaskImpl<?> task, @Nullable DebugStack origin) {
    Warnings.log(
        "submitted task "
            + task.name()
            + " was cut off, since the run of "
            + loop.name()
            + " ended before it did. Wait for it there, or cancel it"
            + DebugStack.sentence("started", origin),
        DebugStack.shown(origin));
  }

  /// Says which tasks have not ended long after they were told to. By the sampler's thread, which
  /// takes no lock of a logger.
  void lookForLate() {
    told.forEach((task, end) -> {
      if (!end.isKnownToBeLate
          && System.nanoTime() - end.sinceNanos >= Durations.nanos(loop.workers.grace)) {
        end.isKnownToBeLate = true;
        Thread.ofPlatform().daemon().name("thrum-late").start(() -> late(task));
      }
    });
  }

  private void late(TaskImpl<?> task) {
    DebugStack origin = origin(task);
    Warnings.log(
        (task.isSubmitted() ? "submitted task " : "background task ")
            + task.name()
            + " still runs "
            + Durations.readable(loop.workers.grace)
            + " after it was told to end, and its owner waits for it. Let it end when it is"
            + " cancelled"
            + DebugStack.sentence("started", origin),
        DebugStack.shown(origin));
  }
}
