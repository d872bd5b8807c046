package dev.thrum;

import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/// A running event loop: many tasks on one thread, one at a time.
///
/// A handle on it is what other threads need to bring work in; inside, use [Async].
public sealed interface Loop permits LoopImpl {

  /// The loop of the calling task.
  ///
  /// @return the loop
  /// @throws IllegalStateException outside a task
  static Loop current() {
    return TaskImpl.current("Loop.current()").loop;
  }

  /// Brings in work from any thread. What one thread submits starts in that order.
  ///
  /// The task belongs to the loop's main task: it is cancelled when that one's body and children
  /// have ended. From then on work is refused; what was accepted before is started all the same, so
  /// that it runs to its first suspension point. Its failure goes to whoever asks the returned
  /// future; if nobody ever does, it is logged once the task is garbage.
  ///
  /// @param body what it runs
  /// @param <T> the type of its value
  /// @return the task, which is also a `java.util.concurrent.Future`
  /// @throws java.util.concurrent.RejectedExecutionException if the loop ends or has ended
  <T extends @Nullable Object> Task<T> submit(Body<? extends T, ?> body);

  /// Brings in work without a value.
  ///
  /// @param body what it runs
  /// @return the task
  /// @throws java.util.concurrent.RejectedExecutionException if the loop ends or has ended
  Task<?> submit(VoidBody<?> body);

  /// The loop as an executor, for libraries that take one: what it is given runs as tasks of the
  /// loop, like those of [#submit], and the futures that it returns are these tasks.
  ///
  /// `shutdown` refuses new work of this executor only, and touches neither the loop nor other
  /// executors of it. `shutdownNow` cancels its tasks; each still runs to its first suspension
  /// point, so that it returns an empty list. `invokeAny` is a race: the losers are cancelled and
  /// joined, as are those that `invokeAll` and `invokeAny` cancel because their time is over. What
  /// an `execute` throws goes to the exception handler.
  ///
  /// When the loop ends, work is refused with a `RejectedExecutionException` as by [#submit], and
  /// the executor is terminated with it, also for who awaits that. Work that was accepted is
  /// started. If the loop breaks down before, its future is cancelled, and for an `execute` the
  /// exception handler gets a `RejectedExecutionException`.
  ///
  /// It may be used from any thread, and inside a task its waits are suspension points on both
  /// engines.
  ///
  /// @return a new executor
  ExecutorService executor();

  /// Lets an instrument watch from now on. From any thread.
  ///
  /// @param instrument the instrument
  void attach(Instrument instrument);

  /// Ends what [#attach] or the runner began; harmless if it does not watch. From any thread.
  ///
  /// @param instrument the instrument
  void detach(Instrument instrument);

  /// The name given to the runner, else `loop-` and a number.
  ///
  /// @return the name
  String name();

  /// The engine in use: `confined` or `portable`.
  ///
  /// @return its name
  String engineName();

  /// Whether its run is over.
  ///
  /// @return true from the moment the main task has ended
  boolean isClosed();
}
