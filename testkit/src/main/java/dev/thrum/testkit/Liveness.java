package dev.thrum.testkit;

import dev.thrum.internal.Durations;
import dev.thrum.internal.wait.Party;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What must happen some day: a monitor that is hot while something is owed, and must be cold at
/// the end. It finds the requests nobody answered, where an assertion about answers finds only
/// wrong ones. After the liveness monitors of P and Coyote.
///
/// ```java
/// var liveness = new Liveness();
/// var answer = liveness.expect("the answer to request 7");
/// …
/// answer.met();
/// …
/// liveness.check(); // at the end of the test
/// ```
///
/// Where the beginning and the end are in different places, a name joins them:
/// `liveness.hot("leader is elected")` … `liveness.cold("leader is elected")`.
///
/// **Guarantees.** [#check()] fails if and only if something that was expected has not been met,
/// and says of each since when and from where.
///
/// **Non-guarantees.** It watches nothing by itself: without a call of [#check()] nothing fails.
/// How long something has been owed is told by the clock of the task that expects it, so that time
/// may be virtual.
///
/// May be used by several loops and threads. None of its methods waits or looks at cancellation: a
/// task that is cancelled still owes what it has not met, unless it left the `try` block of its
/// [Obligation].
public final class Liveness {
  private static final StackWalker STACK = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

  private final Set<Obligation> owed = new LinkedHashSet<>();
  private final Map<String, Obligation> hot = new LinkedHashMap<>();
  private @Nullable LongSupplier steps;

  /// A monitor of which nothing is expected.
  public Liveness() {}

  /// Begins to owe something.
  ///
  /// @param what what has to happen, for people; several may be called the same
  /// @return to be met
  public Obligation expect(String what) {
    Obligation obligation = new Obligation(Objects.requireNonNull(what, "what"), Party.current());
    synchronized (owed) {
      owed.add(obligation);
    }
    return obligation;
  }

  /// Enters a hot state, in which the program must not stay. If it is hot already, it has been hot
  /// since then.
  ///
  /// @param state its name
  public void hot(String state) {
    Objects.requireNonNull(state, "state");
    synchronized (owed) {
      hot.computeIfAbsent(state, this::expect);
    }
  }

  /// Leaves a hot state; harmless if it is cold.
  ///
  /// @param state its name
  public void cold(String state) {
    Objects.requireNonNull(state, "state");
    synchronized (owed) {
      Obligation obligation = hot.remove(state);
      if (obligation != null) {
        obligation.met();
      }
    }
  }

  /// What is owed.
  ///
  /// @return what has been expected and not met, oldest first
  public List<String> unmet() {
    synchronized (owed) {
      return owed.stream().map(obligation -> obligation.what).toList();
    }
  }

  /// Checks that nothing is owed.
  ///
  /// @throws AssertionError if something is: it lists what, for how long, and where that began
  public void check() {
    List<Obligation> unmet;
    synchronized (owed) {
      unmet = List.copyOf(owed);
    }
    if (!unmet.isEmpty()) {
      throw new AssertionError(
          "this never happened\n  "
              + String.join("\n  ", unmet.stream().map(Obligation::toString).toList()));
    }
  }

  /// Counts in steps of a schedule as well as in time, from now on.
  ///
  /// @param counter how many steps there have been
  void countSteps(LongSupplier counter) {
    synchronized (owed) {
      steps = counter;
    }
  }

  private @Nullable Long step() {
    synchronized (owed) {
      return steps == null ? null : steps.getAsLong();
    }
  }

  @Override
  public String toString() {
    List<String> unmet = unmet();
    return unmet.isEmpty() ? "liveness, cold" : "liveness, hot: " + String.join(", ", unmet);
  }

  private static Optional<StackFrame> caller() {
    return STACK.walk(frames ->
        frames
            .filter(frame -> frame.getDeclaringClass().getNestHost() != Liveness.class)
            .filter(frame -> !frame.getClassName().startsWith("java."))
            .findFirst());
  }

  /// Something that has to happen. Closing it meets it, so that a `try` block can be what must end:
  ///
  /// ```java
  /// try (var _ = liveness.expect("the transfer ends")) {
  ///   transfer();
  /// }
  /// ```
  public final class Obligation implements AutoCloseable {
    private final String what;
    private final Party debtor;
    private final long since;
    private final @Nullable Long sinceStep;
    private final @Nullable StackFrame where;

    private Obligation(String what, Party debtor) {
      this.what = what;
      this.debtor = debtor;
      this.since = debtor.nanoTime();
      this.sinceStep = step();
      this.where = caller().orElse(null);
    }

    /// Says that it has happened; harmless if that was said before.
    public void met() {
      synchronized (owed) {
        owed.remove(this);
      }
    }

    /// As [#met()].
    @Override
    public void close() {
      met();
    }

    /// What is owed, for how long, and where that began.
    @Override
    public String toString() {
      String place =
          where == null ? "" : " at " + where.getFileName() + ":" + where.getLineNumber();
      return what + ": owed for " + age() + ", since " + debtor + place;
    }

    private String age() {
      String time = Durations.readable(Duration.ofNanos(debtor.nanoTime() - since));
      Long step = step();
      return sinceStep == null || step == null ? time : step - sinceStep + " steps, " + time;
    }
  }
}
