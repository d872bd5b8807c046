package dev.thrum;

import dev.thrum.internal.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The front door: `import static dev.thrum.Async.*;`
///
/// {@snippet :
/// void main() {
///   run(() -> {
///     var user = async(() -> loadUser(7));
///     var orders = async(() -> loadOrders(7));
///     return page(await(user), await(orders));
///   });
/// }
/// }
///
/// **Where.** Except [#run], [#checkpoint] and [#blocking]'s and [#parallel]'s bodies, everything
/// here is to be called inside a task; elsewhere it throws an `IllegalStateException` that says so.
///
/// **Cancellation.** Everything that can wait throws [CancelledException] first if the calling task
/// is cancelled, also when it then need not wait. What has been handed over to the task before the
/// cancellation is delivered, and the next call throws.
///
/// **Exceptions** come out as they were thrown, checked ones too: methods that run a body here
/// declare what it throws; [#await(Task)] cannot, see [Task#await(Class)]. A second failure is a
/// suppressed exception of the first.
///
/// **Errors.** `null` gives a `NullPointerException`, a negative duration or a limit below 1 an
/// `IllegalArgumentException`; nothing has been started then.
@SuppressWarnings("overloads") // BodyOf extends VoidBodyOf so that they are not ambiguous
public final class Async {
  private Async() {}

  // Running

  /// Runs a loop on the calling thread until the main task and all its children are done. Inside a
  /// task it is a nested [#scope]. See [Runner] for options, interrupts and how a run ends.
  ///
  /// @param body the main task's body
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails
  /// @throws java.util.concurrent.CancellationException if the main task is cancelled
  public static <T extends @Nullable Object, X extends Throwable> T run(Body<T, X> body) throws X {
    return Runner.withDefaults().run(body);
  }

  /// Runs a loop for a body without a value.
  ///
  /// @param body the main task's body
  /// @param <X> what it may throw
  /// @throws X if it fails
  public static <X extends Throwable> void run(VoidBody<X> body) throws X {
    Runner.withDefaults().run(body);
  }

  // Tasks

  /// Starts a child of the calling task's innermost open scope. It begins to run when the caller
  /// waits next; children begin in the order they were started.
  ///
  /// @param body what it runs
  /// @param <T> the type of its value
  /// @return the child
  public static <T extends @Nullable Object> Task<T> async(Body<? extends T, ?> body) {
    return TaskImpl.current("async(…)").innermost.async(body);
  }

  /// Starts a child without a value.
  ///
  /// @param body what it runs
  /// @return the child
  public static Task<?> async(VoidBody<?> body) {
    return TaskImpl.current("async(…)").innermost.async(body);
  }

  /// Starts a named child.
  ///
  /// @param name its name, also its thread's
  /// @param body what it runs
  /// @param <T> the type of its value
  /// @return the child
  public static <T extends @Nullable Object> Task<T> async(String name, Body<? extends T, ?> body) {
    return TaskImpl.current("async(…)").innermost.async(name, body);
  }

  /// Starts a named child without a value.
  ///
  /// @param name its name, also its thread's
  /// @param body what it runs
  /// @return the child
  public static Task<?> async(String name, VoidBody<?> body) {
    return TaskImpl.current("async(…)").innermost.async(name, body);
  }

  /// Starts a daemon child: see [Scope#background(VoidBody)].
  ///
  /// @param body what it runs
  /// @return the child
  public static Task<?> background(VoidBody<?> body) {
    return TaskImpl.current("background(…)").innermost.background(body);
  }

  /// Starts a daemon child that is started again: see [Scope#background(Restart, VoidBody)].
  ///
  /// @param restart when, and after what pause
  /// @param body what it runs
  /// @return the child
  public static Task<?> background(Restart restart, VoidBody<?> body) {
    return TaskImpl.current("background(…)").innermost.background(restart, body);
  }

  /// Waits for a task's value: see [Task#await()].
  ///
  /// @param task the task, of this loop or another
  /// @param <T> the type of its value
  /// @return its value
  public static <T extends @Nullable Object> T await(Task<? extends T> task) {
    return task.await();
  }

  /// Waits for a stage. Cancelling the caller cancels the stage if it is a `Future`.
  ///
  /// @param stage the stage
  /// @param <T> the type of its value
  /// @return its value
  /// @throws java.util.concurrent.CancellationException if it was cancelled
  public static <T extends @Nullable Object> T await(CompletionStage<? extends T> stage) {
    return Arrival.of(stage);
  }

  /// Waits for a future. Cancelling the caller cancels the future.
  ///
  /// @param future the future
  /// @param <T> the type of its value
  /// @return its value
  /// @throws java.util.concurrent.CancellationException if it was cancelled
  public static <T extends @Nullable Object> T await(CompletableFuture<? extends T> future) {
    return Arrival.of((CompletionStage<? extends T>) future);
  }

  /// Waits for a future. Cancelling the caller cancels the future. One that can only be waited for
  /// by a thread is waited for by a virtual thread beside the loop.
  ///
  /// @param future the future
  /// @param <T> the type of its value
  /// @return its value
  /// @throws java.util.concurrent.CancellationException if it was cancelled
  public static <T extends @Nullable Object> T await(Future<? extends T> future) {
    return Arrival.of(future);
  }

  /// Waits for the first item of a publisher and cancels the subscription then.
  ///
  /// @param publisher the publisher
  /// @param <T> the type of its items
  /// @return the first item
  /// @throws java.util.NoSuchElementException if it ends without one
  public static <T> T await(Flow.Publisher<? extends T> publisher) {
    return Arrival.of(publisher);
  }

  // Scopes

  /// A fail-fast group: the first failure of a child or of the body cancels the others, all are
  /// joined, and the failure comes out of here. The body runs in the calling task.
  ///
  /// @param body what runs inside, with the scope
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return the body's value, once all children are done
  /// @throws X if the body or a child fails
  /// @throws java.util.concurrent.CancellationException if [Scope#cancel] ended the body
  public static <T extends @Nullable Object, X extends Throwable> T scope(BodyOf<Scope, T, X> body)
      throws X {
    ScopeImpl scope = GroupScope.failFast(TaskImpl.current("scope(…)"), true);
    return scope.run(scope, Objects.requireNonNull(body, "body"));
  }

  /// A fail-fast group around a body without a value. If [Scope#cancel] ends it, it just returns.
  ///
  /// @param body what runs inside, with the scope
  /// @param <X> what it may throw
  /// @throws X if the body or a child fails
  public static <X extends Throwable> void scope(VoidBodyOf<Scope, X> body) throws X {
    ScopeImpl scope = GroupScope.failFast(TaskImpl.current("scope(…)"), false);
    scope.run(scope, Objects.requireNonNull(body, "body"));
  }

  /// A group whose children fail alone: the loop's exception handler hears of each failure.
  ///
  /// @param body what runs inside, with the scope
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return the body's value, once all children are done
  /// @throws X if the body fails
  public static <T extends @Nullable Object, X extends Throwable> T supervise(
      BodyOf<Scope, T, X> body) throws X {
    ScopeImpl scope = GroupScope.supervisor(TaskImpl.current("supervise(…)"), true, null);
    return scope.run(scope, Objects.requireNonNull(body, "body"));
  }

  /// A group whose children fail alone, around a body without a value.
  ///
  /// @param body what runs inside, with the scope
  /// @param <X> what it may throw
  /// @throws X if the body fails
  public static <X extends Throwable> void supervise(VoidBodyOf<Scope, X> body) throws X {
    ScopeImpl scope = GroupScope.supervisor(TaskImpl.current("supervise(…)"), false, null);
    scope.run(scope, Objects.requireNonNull(body, "body"));
  }

  /// A group whose children fail alone and tell a handler.
  ///
  /// @param handler hears of each failure, in the failing child's thread
  /// @param body what runs inside, with the scope
  /// @param <X> what it may throw
  /// @throws X if the body fails
  public static <X extends Throwable> void supervise(
      ExceptionHandler handler, VoidBodyOf<Scope, X> body) throws X {
    Objects.requireNonNull(handler, "handler");
    ScopeImpl scope = GroupScope.supervisor(TaskImpl.current("supervise(…)"), false, handler);
    scope.run(scope, Objects.requireNonNull(body, "body"));
  }

  // Several at once

  /// Runs bodies at once and returns their values in order. The first failure cancels the others
  /// and comes out of here once all are joined.
  ///
  /// @param bodies what to run; with none the result is empty
  /// @param <T> the type of the values
  /// @param <X> what they may throw
  /// @return the values, in the order of the bodies
  /// @throws X the first failure
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <T extends @Nullable Object, X extends Throwable> List<T> gather(
      Body<? extends T, ? extends X>... bodies) throws X {
    return Combinators.gather(Arrays.asList(bodies));
  }

  /// Runs bodies without values at once.
  ///
  /// @param bodies what to run
  /// @param <X> what they may throw
  /// @throws X the first failure
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <X extends Throwable> void gather(VoidBody<? extends X>... bodies) throws X {
    Combinators.gather(Arrays.asList(bodies));
  }

  /// Runs bodies at once and returns their values in order.
  ///
  /// @param bodies what to run
  /// @param <T> the type of the values
  /// @param <X> what they may throw
  /// @return the values, in the order of the bodies
  /// @throws X the first failure
  public static <T extends @Nullable Object, X extends Throwable> List<T> gather(
      Collection<? extends Body<? extends T, ? extends X>> bodies) throws X {
    return Combinators.gather(bodies);
  }

  /// Waits for tasks that run already. The first failure cancels the others and comes out of here
  /// once all are joined. The same task may be given twice.
  ///
  /// @param tasks the tasks
  /// @param <T> the type of the values
  /// @return the values, in the order of the tasks
  public static <T extends @Nullable Object> List<T> awaitAll(
      Collection<? extends Task<? extends T>> tasks) {
    return Combinators.gatherTasks(tasks);
  }

  /// Runs bodies at once and tells how each ended: none stops another.
  ///
  /// @param bodies what to run
  /// @param <T> the type of the values
  /// @return the outcomes, in the order of the bodies
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <T extends @Nullable Object> List<Outcome<T>> settle(
      Body<? extends T, ?>... bodies) {
    return Combinators.settle(Arrays.asList(bodies));
  }

  /// Runs bodies at once and tells how each ended.
  ///
  /// @param bodies what to run
  /// @param <T> the type of the values
  /// @return the outcomes, in the order of the bodies
  public static <T extends @Nullable Object> List<Outcome<T>> settle(
      Collection<? extends Body<? extends T, ?>> bodies) {
    return Combinators.settle(bodies);
  }

  /// Runs bodies at once and returns the first value; the others are cancelled and joined. If all
  /// fail, the first failure comes out with the others suppressed. What a loser throws after it was
  /// told to end goes to the exception handler.
  ///
  /// @param bodies what to run, at least one
  /// @param <T> the type of the value
  /// @param <X> what they may throw
  /// @return the first value
  /// @throws X if all fail
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <T extends @Nullable Object, X extends Throwable> T race(
      Body<? extends T, ? extends X>... bodies) throws X {
    return Combinators.race(Arrays.asList(bodies));
  }

  /// Runs bodies at once and returns the first value.
  ///
  /// @param bodies what to run, at least one
  /// @param <T> the type of the value
  /// @param <X> what they may throw
  /// @return the first value
  /// @throws X if all fail
  public static <T extends @Nullable Object, X extends Throwable> T race(
      Collection<? extends Body<? extends T, ? extends X>> bodies) throws X {
    return Combinators.race(bodies);
  }

  /// The given tasks in the order in which they end, for one loop of the calling task: `for (var t
  /// : asCompleted(tasks)) use(await(t));`. Each comes once, also if it was given twice. Leaving
  /// the loop early leaves the tasks alone.
  ///
  /// @param tasks the tasks
  /// @param <T> the type of the values
  /// @return the same tasks
  public static <T extends @Nullable Object> Iterable<Task<? extends T>> asCompleted(
      Collection<? extends Task<? extends T>> tasks) {
    return Completion.of(tasks);
  }

  /// Applies a function to every element, at most so many at a time, each in a child of its own.
  /// The first failure cancels the others and comes out of here. Elements are taken as room comes.
  ///
  /// @param items the elements
  /// @param limit how many at a time, at least 1
  /// @param step the function
  /// @param <A> the type of the elements
  /// @param <T> the type of the results
  /// @param <X> what it may throw
  /// @return the results, in the order of the elements
  /// @throws X the first failure
  public static <A extends @Nullable Object, T extends @Nullable Object, X extends Throwable>
      List<T> mapAll(
          Iterable<? extends A> items, int limit, BodyOf<? super A, ? extends T, ? extends X> step)
          throws X {
    return Combinators.mapAll(items, limit, Objects.requireNonNull(step, "step"));
  }

  /// Does something with every element, at most so many at a time, each in a child of its own.
  ///
  /// @param items the elements
  /// @param limit how many at a time, at least 1
  /// @param step what to do
  /// @param <A> the type of the elements
  /// @param <X> what it may throw
  /// @throws X the first failure
  public static <A extends @Nullable Object, X extends Throwable> void forEachAll(
      Iterable<? extends A> items, int limit, VoidBodyOf<? super A, ? extends X> step) throws X {
    Combinators.forEachAll(items, limit, Objects.requireNonNull(step, "step"));
  }

  // Time

  /// Gives a body a time limit. When it is over, the body and its children are cancelled and
  /// joined, which may take longer, and then the exception is thrown. A body that returns a value
  /// all the same returns it; one that throws something else throws that, with the timeout
  /// suppressed in it. Of nested limits with one deadline only the outermost becomes an exception.
  ///
  /// @param limit the time from now; with zero the body runs to its first suspension point
  /// @param body what runs inside
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return the body's value
  /// @throws X if the body fails
  /// @throws TimeoutException if the time was over
  public static <T extends @Nullable Object, X extends Throwable> T timeout(
      Duration limit, Body<T, X> body) throws X, TimeoutException {
    return TimeoutScope.run(limit, true, body);
  }

  /// Gives a body without a value a time limit.
  ///
  /// @param limit the time from now
  /// @param body what runs inside
  /// @param <X> what it may throw
  /// @throws X if the body fails
  /// @throws TimeoutException if the time was over
  public static <X extends Throwable> void timeout(Duration limit, VoidBody<X> body)
      throws X, TimeoutException {
    TimeoutScope.run(limit, false, body);
  }

  /// Gives a body a time limit that it can move: see [Timeout].
  ///
  /// @param limit the time from now
  /// @param body what runs inside, with the scope
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return the body's value
  /// @throws X if the body fails
  /// @throws TimeoutException if the time was over
  public static <T extends @Nullable Object, X extends Throwable> T timeout(
      Duration limit, BodyOf<Timeout, T, X> body) throws X, TimeoutException {
    TimeoutScope scope = new TimeoutScope(TaskImpl.current("timeout(…)"), limit, true);
    return scope.run(scope, Objects.requireNonNull(body, "body"));
  }

  /// Gives a body without a value a time limit that it can move.
  ///
  /// @param limit the time from now
  /// @param body what runs inside, with the scope
  /// @param <X> what it may throw
  /// @throws X if the body fails
  /// @throws TimeoutException if the time was over
  public static <X extends Throwable> void timeout(Duration limit, VoidBodyOf<Timeout, X> body)
      throws X, TimeoutException {
    TimeoutScope scope = new TimeoutScope(TaskImpl.current("timeout(…)"), limit, false);
    scope.run(scope, Objects.requireNonNull(body, "body"));
  }

  /// Gives a body a time limit and a value for when it is over. Only this limit is answered with
  /// the fallback: a `TimeoutException` of the body itself comes out.
  ///
  /// @param limit the time from now
  /// @param fallback the value if the time was over
  /// @param body what runs inside
  /// @param <T> the type of the value
  /// @param <X> what it may throw
  /// @return the body's value, or the fallback
  /// @throws X if the body fails
  public static <T extends @Nullable Object, X extends Throwable> T timeoutOr(
      Duration limit, T fallback, Body<? extends T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    TimeoutScope scope = new TimeoutScope(TaskImpl.current("timeoutOr(…)"), limit, true);
    return scope.runOr(fallback, body);
  }

  /// The earliest deadline that the calling task is under, its own or an outer one; a shield hides
  /// those outside it.
  ///
  /// @return the deadline, or empty if there is none
  public static Optional<Instant> deadline() {
    return TaskImpl.current("deadline()").deadline();
  }

  /// Runs a body that outer cancellation does not enter, for cleanup that must wait. Its own
  /// timeouts and scopes work as ever. Give it a limit: [#shield(Duration, Body)].
  ///
  /// @param body what runs inside
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return the body's value
  /// @throws X if the body fails
  public static <T extends @Nullable Object, X extends Throwable> T shield(Body<T, X> body)
      throws X {
    return ShieldScope.run(null, body);
  }

  /// Runs a body without a value that outer cancellation does not enter.
  ///
  /// @param body what runs inside
  /// @param <X> what it may throw
  /// @throws X if the body fails
  public static <X extends Throwable> void shield(VoidBody<X> body) throws X {
    ShieldScope.run(null, body);
  }

  /// Runs a body that outer cancellation enters only after a grace: from its coming, or from now if
  /// it has come already.
  ///
  /// @param grace how long it stays outside
  /// @param body what runs inside
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return the body's value
  /// @throws X if the body fails
  public static <T extends @Nullable Object, X extends Throwable> T shield(
      Duration grace, Body<T, X> body) throws X {
    return ShieldScope.run(Objects.requireNonNull(grace, "grace"), body);
  }

  /// Runs a body without a value that outer cancellation enters only after a grace.
  ///
  /// @param grace how long it stays outside
  /// @param body what runs inside
  /// @param <X> what it may throw
  /// @throws X if the body fails
  public static <X extends Throwable> void shield(Duration grace, VoidBody<X> body) throws X {
    ShieldScope.run(Objects.requireNonNull(grace, "grace"), body);
  }

  /// Runs a body, and runs it again while it fails, by a policy. Each attempt is a scope of its
  /// own: what it starts is joined before the next one begins.
  ///
  /// When the policy gives up, the last failure comes out, with the earlier ones suppressed (of
  /// very many the latest). A cancellation and an `Error` come out at once. A policy with time
  /// limits may throw a `java.util.concurrent.TimeoutException`, which is not declared here.
  ///
  /// @param policy when to try again, and after what pause
  /// @param body what to try
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return the value of the first attempt that succeeds
  /// @throws X the last failure
  public static <T extends @Nullable Object, X extends Throwable> T retry(
      Retry policy, Body<T, X> body) throws X {
    return Objects.requireNonNull(policy, "policy").run(body);
  }

  /// Runs a body without a value, and runs it again while it fails, by a policy.
  ///
  /// @param policy when to try again, and after what pause
  /// @param body what to try
  /// @param <X> what it may throw
  /// @throws X the last failure
  public static <X extends Throwable> void retry(Retry policy, VoidBody<X> body) throws X {
    Objects.requireNonNull(policy, "policy").run(body);
  }

  /// Lets other tasks run for a time. Equal deadlines wake in the order they were set. It never
  /// wakes early; how late depends on the other tasks. Times beyond 292 years are cut.
  ///
  /// @param duration how long; zero is a [#checkpoint]
  public static void sleep(Duration duration) {
    Durations.check(duration, "a sleep");
    TaskImpl.current("sleep(…)").sleep(Durations.nanos(duration));
  }

  /// Sleeps until an instant of the loop's clock; an instant in the past is a [#checkpoint].
  ///
  /// @param instant the instant
  public static void sleepUntil(Instant instant) {
    Objects.requireNonNull(instant, "instant");
    TaskImpl<?> task = TaskImpl.current("sleepUntil(…)");
    task.sleep(Durations.between(task.loop.instant(), instant));
  }

  /// Lets every task that is ready run once, and throws if the caller is cancelled. In the body of
  /// `blocking` or `parallel` it only throws if the task it works for has been cancelled.
  public static void checkpoint() {
    Work<?> work = TaskImpl.currentOrNull() == null ? Work.current() : null;
    if (work != null) {
      work.checkpoint();
    } else {
      TaskImpl.current("checkpoint()").checkpoint();
    }
  }

  /// The time of the loop's clock, which does not jump when the machine's clock is set.
  ///
  /// @return the instant
  public static Instant now() {
    return TaskImpl.current("now()").loop.instant();
  }

  /// The running task.
  ///
  /// @return the task
  public static Task<?> current() {
    return TaskImpl.current("current()");
  }

  // Beside the loop

  /// Runs a body that blocks on a virtual thread outside the loop, and waits for it. At most 64 run
  /// at a time (see [Runner.Builder#blockingLimit]); more wait in order.
  ///
  /// If the caller is cancelled, a body that has not begun is dropped, one that runs is interrupted
  /// and waited for, at most for the runner's grace. What it then still returns is returned.
  ///
  /// @param body what runs there; it is no task, so it must not use this class but for
  ///   [#checkpoint]
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails
  public static <T extends @Nullable Object, X extends Throwable> T blocking(Body<T, X> body)
      throws X {
    return Workers.blocking(body);
  }

  /// Runs a body without a value that blocks on a virtual thread outside the loop.
  ///
  /// @param body what runs there
  /// @param <X> what it may throw
  /// @throws X if it fails
  public static <X extends Throwable> void blocking(VoidBody<X> body) throws X {
    Workers.blocking(body);
  }

  /// Runs a body that computes on a pool of as many platform threads as there are processors,
  /// shared by all loops, and waits for it. Cancellation is as in [#blocking(Body)].
  ///
  /// @param body what runs there; it should look at its interrupt status or call [#checkpoint]
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails
  public static <T extends @Nullable Object, X extends Throwable> T parallel(Body<T, X> body)
      throws X {
    return Workers.parallel(body);
  }

  /// Runs a body without a value that computes on the processors' pool.
  ///
  /// @param body what runs there
  /// @param <X> what it may throw
  /// @throws X if it fails
  public static <X extends Throwable> void parallel(VoidBody<X> body) throws X {
    Workers.parallel(body);
  }
}
