package dev.thrum;

import dev.thrum.internal.DebugStack;
import dev.thrum.internal.Durations;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Work of one loop that runs beside it: `blocking` on virtual threads, at most so many at a time,
/// and `parallel` on the processors' pool, which all loops share.
///
/// The bookkeeping is done on the loop. A cancelled call that has not begun is dropped; one that
/// runs is interrupted and waited for, but not for ever: after the grace it is left alone and named
/// in the log, and what it returns later is dropped.
final class Workers {

  /// The pool that `parallel` uses: daemon threads that end when idle.
  private static final class Processors {
    static final ThreadPoolExecutor POOL = pool();

    private static ThreadPoolExecutor pool() {
      int cores = Runtime.getRuntime().availableProcessors();
      ThreadPoolExecutor pool =
          new ThreadPoolExecutor(
              cores,
              cores,
              5,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              Thread.ofPlatform().daemon().name("thrum-parallel-", 1).factory());
      pool.allowCoreThreadTimeOut(true);
      return pool;
    }
  }

  private final LoopImpl loop;
  private final int limit;
  final Duration grace;
  private final ArrayDeque<Work<?>> queue = new ArrayDeque<>();
  private int active;

  Workers(LoopImpl loop, int limit, Duration grace) {
    this.loop = loop;
    this.limit = limit;
    this.grace = grace;
  }

  static <T extends @Nullable Object, X extends Throwable> T blocking(VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    TaskImpl<?> caller = TaskImpl.current("blocking(…)");
    return caller.loop.workers.onVirtualThread(caller, body);
  }

  private <T extends @Nullable Object> T onVirtualThread(TaskImpl<?> caller, VoidBody<?> body) {
    caller.enter();
    Work<T> work = new Work<>(caller, body, this);
    caller.announce(work);
    if (active < limit) {
      active++;
      work.startOnVirtualThread();
    } else {
      queue.add(work);
    }
    return await(caller, work);
  }

  static <T extends @Nullable Object, X extends Throwable> T parallel(VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    TaskImpl<?> caller = TaskImpl.current("parallel(…)");
    return caller.loop.workers.onProcessor(caller, body);
  }

  private <T extends @Nullable Object> T onProcessor(TaskImpl<?> caller, VoidBody<?> body) {
    caller.enter();
    Work<T> work = new Work<>(caller, body, null);
    caller.announce(work);
    Processors.POOL.execute(work);
    return await(caller, work);
  }

  private <T extends @Nullable Object> T await(TaskImpl<?> caller, Work<T> work) {
    loop.outside++;
    try {
      // Handing the work over may have suspended the task in the JDK, and the work may be done.
      if (!work.isDone() && caller.park(work) instanceof Cancellation pending && !work.isDone()) {
        stop(caller, work, pending);
      }
    } finally {
      loop.outside--;
      caller.announce(null);
    }
    return work.result(caller);
  }

  private void stop(TaskImpl<?> caller, Work<?> work, Cancellation pending) {
    if (queue.remove(work) || work.dropUnlessBegun(Processors.POOL)) {
      throw caller.cancelled(pending);
    }
    work.interrupt();
    long nanos = Durations.nanos(grace);
    if (!work.isDone() && !caller.parkMaskedFor(work, nanos) && !work.isDone()) {
      DebugStack calledAt = new DebugStack("it was called here");
      Throwable stack = work.stack();
      stack.addSuppressed(calledAt.trimmed());
      Log.warn(
          work
              + " of "
              + caller.name()
              + " still runs "
              + Durations.readable(grace)
              + " after it was cancelled; it is left alone. Make it react to interrupts"
              + DebugStack.sentence("called", calledAt),
          stack);
      throw caller.cancelled(pending);
    }
  }

  /// A worker has ended: on the loop.
  void freed() {
    Work<?> next = queue.poll();
    if (next == null) {
      active--;
    } else {
      next.startOnVirtualThread();
    }
  }
}
