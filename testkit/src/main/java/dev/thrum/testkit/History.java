package dev.thrum.testkit;

import dev.thrum.Body;
import dev.thrum.Outcome;
import dev.thrum.VoidBody;
import dev.thrum.internal.wait.Party;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// What several tasks did to one object: which operations they called, when each began and ended,
/// and what came of it. [Linearizability] checks it against a model.
///
/// ```java
/// sealed interface Op {}
/// record Send(int item) implements Op {}
/// record Receive() implements Op {}
///
/// var history = new History<Op>();
/// gather(
///     () -> history.call(new Send(1), () -> channel.send(1)),
///     () -> history.call(new Receive(), () -> channel.receive()));
/// ```
///
/// **Guarantees.** An operation is taken down before its body begins, and its end after the body
/// has ended: the times in the history enclose the true ones. What the body returns or throws comes
/// out as it is. The order of events is total, also across loops and threads.
///
/// **Non-guarantees.** Nothing but the given bodies is recorded. Operations and values are kept as
/// they are, so they must not change.
///
/// **Cancellation.** A call is no suspension point beyond those of its body. An operation that ends
/// with a `CancellationException` or an `InterruptedException` counts as cancelled: it may or may
/// not have taken effect. So does one that has not ended.
///
/// May be used by several loops and threads.
///
/// @param <O> the type of the operations: often a sealed interface of records, else `String`
public final class History<O> {

  /// One operation.
  ///
  /// @param by who called it
  /// @param operation what was called
  /// @param begin the number of the event that began it
  /// @param end the number of the event that ended it; `Integer.MAX_VALUE` if it has not ended
  /// @param outcome what came of it; the value of a body without one is null; empty if it has not
  ///   ended
  /// @param <O> the type of the operations
  public record Call<O>(String by, O operation, int begin, int end, Optional<Outcome<?>> outcome) {}

  /// An operation under way, for whoever records by hand.
  public sealed interface Ongoing permits Entry {

    /// It returned.
    ///
    /// @param value what it returned
    /// @throws IllegalStateException if it has ended
    void returned(Object value);

    /// It returned without a value.
    ///
    /// @throws IllegalStateException if it has ended
    void returned();

    /// It threw; a `CancellationException` or an `InterruptedException` says that it was cancelled.
    ///
    /// @param exception what it threw
    /// @throws IllegalStateException if it has ended
    void threw(Throwable exception);
  }

  private final List<Entry<O>> entries = new ArrayList<>();
  private final Map<Party, String> names = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private int events;

  /// An empty history.
  public History() {}

  /// Calls an operation and takes down what becomes of it.
  ///
  /// @param operation what is called, for the model and for people
  /// @param body the call
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails
  public <T extends @Nullable Object, X extends Throwable> T call(O operation, Body<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body");
    Entry<O> entry = begin(Party.current(), operation);
    T value;
    try {
      value = body.call();
    } catch (Throwable failure) {
      entry.threw(failure);
      throw failure;
    }
    entry.end(new Outcome.Success<>(value));
    return value;
  }

  /// Calls an operation without a value and takes down what becomes of it.
  ///
  /// @param operation what is called, for the model and for people
  /// @param body the call
  /// @param <X> what it may throw
  /// @throws X if it fails
  public <X extends Throwable> void call(O operation, VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    Entry<O> entry = begin(Party.current(), operation);
    try {
      body.run();
    } catch (Throwable failure) {
      entry.threw(failure);
      throw failure;
    }
    entry.returned();
  }

  /// Takes down that an operation begins, for calls that are no body: one whose answer comes to
  /// somebody else, or a history written by hand.
  ///
  /// @param by who calls it
  /// @param operation what is called
  /// @return to be told how it ended
  public Ongoing begin(String by, O operation) {
    synchronized (entries) {
      taken.add(by);
      return add(by, operation);
    }
  }

  private Entry<O> begin(Party by, O operation) {
    synchronized (entries) {
      return add(names.computeIfAbsent(by, this::nameOf), operation);
    }
  }

  private Entry<O> add(String by, O operation) {
    Entry<O> entry = new Entry<>(this, by, Objects.requireNonNull(operation, "operation"));
    entries.add(entry);
    return entry;
  }

  /// Tasks of two loops may be called the same.
  private String nameOf(Party party) {
    String name = party.name();
    for (int i = 2; !taken.add(name); i++) {
      name = party.name() + " (" + i + ")";
    }
    return name;
  }

  /// What has been called so far.
  ///
  /// @return the operations, in the order in which they began
  public List<Call<O>> calls() {
    synchronized (entries) {
      return entries.stream().map(Entry::call).toList();
    }
  }

  /// The history as a table: time runs down, each caller has a column.
  @Override
  public String toString() {
    return new Timeline(calls()).toString();
  }

  private static final class Entry<O> implements Ongoing {
    private final History<O> history;
    private final String by;
    private final O operation;
    private final int begin;
    private int end = Integer.MAX_VALUE;
    private @Nullable Outcome<?> outcome;

    Entry(History<O> history, String by, O operation) {
      this.history = history;
      this.by = by;
      this.operation = operation;
      this.begin = history.events++;
    }

    @Override
    public void returned(Object value) {
      end(new Outcome.Success<>(Objects.requireNonNull(value, "value")));
    }

    @Override
    public void returned() {
      end(new Outcome.Success<@Nullable Object>(null));
    }

    @Override
    public void threw(Throwable exception) {
      boolean cancelled =
          exception instanceof CancellationException || exception instanceof InterruptedException;
      end(
          cancelled
              ? new Outcome.Cancelled<>(String.valueOf(exception.getMessage()))
              : new Outcome.Failure<>(exception));
    }

    void end(Outcome<?> how) {
      synchronized (history.entries) {
        if (outcome != null) {
          throw new IllegalStateException(operation + " by " + by + " ended before: " + outcome);
        }
        outcome = how;
        end = history.events++;
      }
    }

    Call<O> call() {
      return new Call<>(by, operation, begin, end, Optional.ofNullable(outcome));
    }
  }
}
