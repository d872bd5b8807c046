package dev.thrum;

import dev.thrum.internal.Bodies;
import dev.thrum.internal.engine.Engine;
import dev.thrum.internal.wait.Party;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A loop as an executor service. The futures it returns are tasks, whose `get` suspends inside a
/// task and blocks elsewhere.
///
/// Which tasks run is known on the loop only; how many have not ended is an atomic count, since a
/// task can end in the bare code of the loop, which takes no lock.
final class LoopExecutor extends AbstractExecutorService {
  private final LoopImpl loop;
  private final Set<TaskImpl<?>> running = new LinkedHashSet<>();
  private final AtomicLong unfinished = new AtomicLong();
  private final CompletableFuture<@Nullable Void> terminated = new CompletableFuture<>();
  private volatile boolean shutdown;
  private volatile boolean stopping;

  LoopExecutor(LoopImpl loop) {
    this.loop = loop;
  }

  // Work

  private <T extends @Nullable Object> TaskImpl<T> start(Body<? extends T, ?> body) {
    unfinished.incrementAndGet();
    TaskImpl<T> task;
    try {
      task = bringIn(body);
    } catch (Throwable e) {
      ended();
      throw e;
    }
    var _ = task.end().thenRun(this::ended);
    return task;
  }

  private <T extends @Nullable Object> TaskImpl<T> bringIn(Body<? extends T, ?> body) {
    if (shutdown) {
      throw new RejectedExecutionException("this executor of " + loop + " was shut down");
    }
    return (TaskImpl<T>)
        loop.<T>submit(() -> {
          begin(TaskImpl.current("an executor's work"));
          return body.call();
        });
  }

  private void begin(TaskImpl<?> task) {
    running.add(task);
    task.watch(running::remove);
    if (stopping) {
      task.cancelNow(stopRequest());
    }
  }

  private void ended() {
    if (unfinished.decrementAndGet() == 0) {
      boolean _ = isTerminated();
    }
  }

  @Override
  public void execute(Runnable command) {
    Objects.requireNonNull(command, "command");
    AtomicBoolean begun = new AtomicBoolean();
    TaskImpl<?> task =
        start(() -> {
          begun.set(true);
          perform(command);
          return Bodies.nothing();
        });
    var _ =
        task.end()
            .thenRun(() -> {
              if (!begun.get()) {
                tellRefused(task);
              }
            });
  }

  private void perform(Runnable command) {
    try {
      command.run();
    } catch (CancelledException e) {
      throw e;
    } catch (Throwable e) {
      loop.report(TaskImpl.current("an executor's work"), e);
    }
  }

  /// The loop broke down before it could start. In a thread of its own, since a handler may lock.
  private void tellRefused(TaskImpl<?> task) {
    RejectedExecutionException refusal = loop.rejected();
    Engine.outsideThread("thrum-refused", () -> loop.report(task, refusal)).start();
  }

  @Override
  public Future<?> submit(Runnable work) {
    Objects.requireNonNull(work, "work");
    return start(() -> {
      work.run();
      return Bodies.nothing();
    });
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Runnable work, T result) {
    Objects.requireNonNull(work, "work");
    return start(() -> {
      work.run();
      return result;
    });
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Callable<T> work) {
    Objects.requireNonNull(work, "work");
    return start(work::call);
  }

  // Several at once

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> work) throws InterruptedException {
    return invokeAll(work, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> work, long timeout, TimeUnit unit)
      throws InterruptedException {
    Party caller = Party.current();
    long began = caller.nanoTime();
    long limit = unit.toNanos(timeout);
    List<Future<T>> futures = new ArrayList<>(work.size());
    try {
      for (Callable<T> one : work) {
        futures.add(submit(one));
      }
      for (Future<T> future : futures) {
        join(future, Math.max(0, limit - (caller.nanoTime() - began)));
      }
    } catch (TimeoutException _) {
      cancelAndJoin(futures);
    } catch (Throwable e) {
      futures.forEach(future -> future.cancel(true));
      throw e;
    }
    return futures;
  }

  private static void cancelAndJoin(List<? extends Future<?>> futures) throws InterruptedException {
    futures.forEach(future -> future.cancel(true));
    try {
      for (Future<?> future : futures) {
        join(future, Long.MAX_VALUE);
      }
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static void join(Future<?> future, long nanos)
      throws InterruptedException, TimeoutException {
    try {
      var _ = future.get(nanos, TimeUnit.NANOSECONDS);
    } catch (CancelledException e) {
      throw e;
    } catch (ExecutionException | CancellationException _) {
      // whoever asks the future hears of it
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> work)
      throws InterruptedException, ExecutionException {
    try {
      return invokeAny(work, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> work, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<Body<T, Exception>> bodies = new ArrayList<>(work.size());
    for (Callable<T> one : work) {
      bodies.add(Objects.requireNonNull(one, "work")::call);
    }
    if (bodies.isEmpty()) {
      throw new IllegalArgumentException("invokeAny needs at least one piece of work");
    }
    Task<T> race = start(() -> Async.race(bodies));
    try {
      return race.get(timeout, unit);
    } catch (TimeoutException e) {
      cancelAndJoin(List.of(race));
      throw e;
    } finally {
      race.cancel("invokeAny was given up");
    }
  }

  // Its end

  @Override
  public void shutdown() {
    shutdown = true;
    boolean _ = isTerminated();
  }

  @Override
  public List<Runnable> shutdownNow() {
    stopping = true;
    shutdown();
    if (loop.isHere()) {
      stopAll();
    } else {
      loop.post(this::stopAll);
    }
    return List.of();
  }

  private void stopAll() {
    Cancellation request = stopRequest();
    List.copyOf(running).forEach(task -> task.cancelNow(request));
  }

  private Cancellation stopRequest() {
    return Cancellation.because(loop, "its executor was shut down");
  }

  @Override
  public boolean isShutdown() {
    return shutdown || loop.isClosed();
  }

  @Override
  public boolean isTerminated() {
    if (isShutdown() && unfinished.get() == 0) {
      terminated.complete(null);
    }
    return terminated.isDone(); // for good, though work that is refused counts for a moment
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    Runnable look = this::isTerminated;
    loop.atEnd.add(look);
    TaskImpl<?> task = TaskImpl.currentOrNull();
    try {
      if (isTerminated()) {
        return true;
      }
      if (task == null) {
        terminated.get(timeout, unit);
      } else {
        Duration limit = Duration.ofNanos(Math.max(0, unit.toNanos(timeout)));
        Async.timeout(limit, () -> awaitEnd(task));
      }
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      loop.atEnd.remove(look);
    }
  }

  /// Once it is shut down only its own tasks can end the wait.
  private void awaitEnd(TaskImpl<?> task) {
    task.enter();
    LoopImpl home = task.loop;
    int outside = shutdown && home == loop ? 0 : 1;
    CompletableFuture<?> hook =
        terminated.thenRun(() -> home.post(() -> task.wakeFrom(terminated)));
    home.outside += outside;
    try {
      while (!terminated.isDone()) {
        if (task.park(terminated) instanceof Cancellation pending) {
          throw task.cancelled(pending);
        }
      }
    } finally {
      home.outside -= outside;
      hook.cancel(false);
    }
  }

  /// Shuts it down and waits for its tasks; if the caller is cancelled or interrupted meanwhile,
  /// cancels them and waits all the same.
  @Override
  public void close() {
    shutdown();
    TaskImpl<?> task = TaskImpl.currentOrNull();
    if (task == null) {
      super.close();
    } else if (!isTerminated()) {
      try {
        awaitEnd(task);
      } catch (CancelledException cancelled) {
        shutdownNow();
        Async.shield(() -> awaitEnd(task));
        throw cancelled;
      }
    }
  }

  @Override
  public String toString() {
    return "executor of " + loop;
  }
}
