package dev.thrum.channel;

import dev.thrum.Body;
import dev.thrum.BodyOf;
import dev.thrum.Scope;
import dev.thrum.Task;
import dev.thrum.VoidBody;
import dev.thrum.VoidBodyOf;
import dev.thrum.internal.Durations;
import dev.thrum.internal.wait.Cancellable;
import dev.thrum.internal.wait.Happening;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.Selectable;
import dev.thrum.sync.Event;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Waiting for the first of several things: `import static dev.thrum.channel.Select.*;`
///
/// ```java
/// select(
///     on(orders, order -> { place(order); }),
///     send(heartbeats, now, () -> {}),
///     after(ofSeconds(5), () -> { warn(); }));
/// ```
///
/// **Guarantees.** Exactly one clause wins, and its action runs once, in the caller, when the
/// select is over. A clause that does not win has no effect: no item is taken or sent for it, and
/// it leaves nothing behind. [#select] is fair: of several that are ready each has the same chance.
/// If nothing is ready it waits; what comes first then wins. Cancellation is as in every other
/// wait: what won before it is delivered. A select that waits for the end of a task counts as an
/// `await` of it.
///
/// **Non-guarantees.** Which clause wins when several become ready while the caller waits is a
/// matter of who comes first, not of chance.
public final class Select {
  private Select() {}

  /// Waits for the first of several things. Of those that are ready now, one is chosen at random.
  ///
  /// @param clauses what to wait for, at least one
  /// @param <R> the type of the value
  /// @param <X> what the actions may throw
  /// @return the value of the winner's action
  /// @throws X if the winner's action fails
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <R extends @Nullable Object, X extends Throwable> R select(
      Clause<? extends R, ? extends X>... clauses) throws X {
    return run(true, clauses);
  }

  /// Waits for the first of several things. Of those that are ready now, the one listed first wins,
  /// so that one that is always ready keeps those behind it waiting.
  ///
  /// @param clauses what to wait for, most important first
  /// @param <R> the type of the value
  /// @param <X> what the actions may throw
  /// @return the value of the winner's action
  /// @throws X if the winner's action fails
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <R extends @Nullable Object, X extends Throwable> R selectFirst(
      Clause<? extends R, ? extends X>... clauses) throws X {
    return run(false, clauses);
  }

  @SuppressWarnings("unchecked") // a clause only gives values and exceptions
  private static <R extends @Nullable Object, X extends Throwable> R run(
      boolean fair, Clause<? extends R, ? extends X>[] clauses) throws X {
    if (clauses.length == 0) {
      throw new IllegalArgumentException(
          "a select without clauses would wait for ever: give it at least one");
    }
    ClauseImpl<R, X>[] known = (ClauseImpl<R, X>[]) new ClauseImpl<?, ?>[clauses.length];
    for (int i = 0; i < known.length; i++) {
      known[i] = (ClauseImpl<R, X>) Objects.requireNonNull(clauses[i], "clause");
      known[i].use();
    }
    Party me = Party.current();
    me.enter();
    return new Selecting<>(me, known, fair).run();
  }

  /// An item of a channel. If the channel has ended when this clause wins, the select throws what
  /// [Receiver#receive] throws.
  ///
  /// @param channel where to receive
  /// @param action what to do with the item
  /// @param <T> the type of the item
  /// @param <R> the type of the value
  /// @param <X> what the action may throw
  /// @return the clause
  public static <T, R extends @Nullable Object, X extends Throwable> Clause<R, X> on(
      Receiver<T> channel, BodyOf<? super T, ? extends R, ? extends X> action) {
    return new ClauseImpl.Receive<>(channel, action, null);
  }

  /// An item of a channel, without a value.
  ///
  /// @param channel where to receive
  /// @param action what to do with the item
  /// @param <T> the type of the item
  /// @param <X> what the action may throw
  /// @return the clause
  public static <T, X extends Throwable> Clause<@Nullable Object, X> on(
      Receiver<T> channel, VoidBodyOf<? super T, ? extends X> action) {
    return new ClauseImpl.Receive<>(channel, action, null);
  }

  /// An item of a channel, or its end. A channel that was closed with an error throws that.
  ///
  /// @param channel where to receive
  /// @param action what to do with the item
  /// @param atEnd what to do if the channel has ended
  /// @param <T> the type of the item
  /// @param <R> the type of the value
  /// @param <X> what the actions may throw
  /// @return the clause
  public static <T, R extends @Nullable Object, X extends Throwable> Clause<R, X> on(
      Receiver<T> channel,
      BodyOf<? super T, ? extends R, ? extends X> action,
      Body<? extends R, ? extends X> atEnd) {
    return new ClauseImpl.Receive<>(channel, action, Objects.requireNonNull(atEnd, "atEnd"));
  }

  /// An item of a channel, or its end, without a value.
  ///
  /// @param channel where to receive
  /// @param action what to do with the item
  /// @param atEnd what to do if the channel has ended
  /// @param <T> the type of the item
  /// @param <X> what the actions may throw
  /// @return the clause
  public static <T, X extends Throwable> Clause<@Nullable Object, X> on(
      Receiver<T> channel, VoidBodyOf<? super T, ? extends X> action, VoidBody<? extends X> atEnd) {
    return new ClauseImpl.Receive<>(channel, action, Objects.requireNonNull(atEnd, "atEnd"));
  }

  /// An event that is set.
  ///
  /// @param event the event
  /// @param action what to do then
  /// @param <R> the type of the value
  /// @param <X> what the action may throw
  /// @return the clause
  public static <R extends @Nullable Object, X extends Throwable> Clause<R, X> on(
      Event event, Body<? extends R, ? extends X> action) {
    return new ClauseImpl.Signal<>(seam(event), action);
  }

  /// An event that is set, without a value.
  ///
  /// @param event the event
  /// @param action what to do then
  /// @param <X> what the action may throw
  /// @return the clause
  public static <X extends Throwable> Clause<@Nullable Object, X> on(
      Event event, VoidBody<? extends X> action) {
    return new ClauseImpl.Signal<>(seam(event), action);
  }

  private static Selectable seam(Event event) {
    return (Selectable) Objects.requireNonNull(event, "event");
  }

  /// Room for an item in a channel; the item is sent if this clause wins, and only then. If the
  /// channel is closed, or full and made to fail then, the select throws what [Sender#send] throws.
  ///
  /// @param channel where to send
  /// @param item the item
  /// @param action what to do once it is sent
  /// @param <T> the type of the item
  /// @param <R> the type of the value
  /// @param <X> what the action may throw
  /// @return the clause
  public static <T, R extends @Nullable Object, X extends Throwable> Clause<R, X> send(
      Sender<? super T> channel, T item, Body<? extends R, ? extends X> action) {
    return new ClauseImpl.Send<T, R, X>(channel, item, action);
  }

  /// Room for an item in a channel, without a value.
  ///
  /// @param channel where to send
  /// @param item the item
  /// @param action what to do once it is sent
  /// @param <T> the type of the item
  /// @param <X> what the action may throw
  /// @return the clause
  public static <T, X extends Throwable> Clause<@Nullable Object, X> send(
      Sender<? super T> channel, T item, VoidBody<? extends X> action) {
    return new ClauseImpl.Send<T, @Nullable Object, X>(channel, item, action);
  }

  /// The end of a task. The select throws what [Task#await] throws if the task did not end well;
  /// the task itself goes on if another clause wins.
  ///
  /// @param task the task
  /// @param action what to do with its value
  /// @param <T> the type of the task's value
  /// @param <R> the type of the value
  /// @param <X> what the action may throw
  /// @return the clause
  public static <T extends @Nullable Object, R extends @Nullable Object, X extends Throwable>
      Clause<R, X> done(
          Task<? extends T> task, BodyOf<? super T, ? extends R, ? extends X> action) {
    return new ClauseImpl.Happened<T, R, X>(
        (Happening) Objects.requireNonNull(task, "task"), action);
  }

  /// The end of a task, without a value.
  ///
  /// @param task the task
  /// @param action what to do with its value
  /// @param <T> the type of the task's value
  /// @param <X> what the action may throw
  /// @return the clause
  public static <T extends @Nullable Object, X extends Throwable> Clause<@Nullable Object, X> done(
      Task<? extends T> task, VoidBodyOf<? super T, ? extends X> action) {
    return new ClauseImpl.Happened<T, @Nullable Object, X>(
        (Happening) Objects.requireNonNull(task, "task"), action);
  }

  /// The cancellation of a scope that the caller is not in.
  ///
  /// @param scope the scope
  /// @param action what to do once it is cancelled
  /// @param <R> the type of the value
  /// @param <X> what the action may throw
  /// @return the clause
  public static <R extends @Nullable Object, X extends Throwable> Clause<R, X> cancelled(
      Scope scope, Body<? extends R, ? extends X> action) {
    Objects.requireNonNull(action, "action");
    BodyOf<@Nullable Object, R, X> then = _ -> action.call();
    return new ClauseImpl.Happened<@Nullable Object, R, X>(seam(scope), then);
  }

  /// The cancellation of a scope that the caller is not in, without a value.
  ///
  /// @param scope the scope
  /// @param action what to do once it is cancelled
  /// @param <X> what the action may throw
  /// @return the clause
  public static <X extends Throwable> Clause<@Nullable Object, X> cancelled(
      Scope scope, VoidBody<? extends X> action) {
    Objects.requireNonNull(action, "action");
    VoidBodyOf<@Nullable Object, X> then = _ -> action.run();
    return new ClauseImpl.Happened<@Nullable Object, @Nullable Object, X>(seam(scope), then);
  }

  private static Happening seam(Scope scope) {
    return ((Cancellable) Objects.requireNonNull(scope, "scope")).cancellation();
  }

  /// Some time, on the loop's clock; wins only if nothing else was ready before. With no time at
  /// all it is an [#otherwise].
  ///
  /// @param limit how long to wait for the others
  /// @param action what to do then
  /// @param <R> the type of the value
  /// @param <X> what the action may throw
  /// @return the clause
  public static <R extends @Nullable Object, X extends Throwable> Clause<R, X> after(
      Duration limit, Body<? extends R, ? extends X> action) {
    return new ClauseImpl.After<>(nanos(limit), action);
  }

  /// Some time, without a value.
  ///
  /// @param limit how long to wait for the others
  /// @param action what to do then
  /// @param <X> what the action may throw
  /// @return the clause
  public static <X extends Throwable> Clause<@Nullable Object, X> after(
      Duration limit, VoidBody<? extends X> action) {
    return new ClauseImpl.After<>(nanos(limit), action);
  }

  private static long nanos(Duration limit) {
    return Durations.nanos(Durations.check(limit, "the time of after(…)"));
  }

  /// Nothing else being ready now: the select does not wait.
  ///
  /// @param action what to do then
  /// @param <R> the type of the value
  /// @param <X> what the action may throw
  /// @return the clause
  public static <R extends @Nullable Object, X extends Throwable> Clause<R, X> otherwise(
      Body<? extends R, ? extends X> action) {
    return new ClauseImpl.Otherwise<>(action);
  }

  /// Nothing else being ready now, without a value.
  ///
  /// @param action what to do then
  /// @param <X> what the action may throw
  /// @return the clause
  public static <X extends Throwable> Clause<@Nullable Object, X> otherwise(
      VoidBody<? extends X> action) {
    return new ClauseImpl.Otherwise<>(action);
  }
}
