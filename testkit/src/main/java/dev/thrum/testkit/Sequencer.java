package dev.thrum.testkit;

import dev.thrum.Body;
import dev.thrum.VoidBody;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An order forced upon several tasks: step 0 comes first, then step 1, and so on, whoever takes
/// them. After Trio's `testing.Sequencer`.
///
/// ```java
/// var sequence = Sequencer.create();
/// gather(
///     () -> { sequence.step(0); trail.add("a"); sequence.step(2); trail.add("c"); },
///     () -> sequence.step(1, () -> { sleep(ofSeconds(1)); trail.add("b"); }));
/// trail.expect("a", "b", "c");
/// ```
///
/// **Guarantees.** Step `n` begins when the steps from 0 to `n - 1` have ended. What a step did
/// happens-before the next one. Tasks of several loops and plain threads may take the steps; a
/// plain thread blocks. A body's step ends with the body, whether it returns or throws.
///
/// **Non-guarantees.** Nobody knows who will take a step: with a gap in the numbers all later steps
/// wait for ever. Its `toString()`, and what dumps show as awaited, name the step that has not been
/// taken.
///
/// **Cancellation.** Taking a step is a suspension point. If a task is cancelled before its turn
/// has come, that step never will, and all who wait for a later one, or ask for it, get an
/// `IllegalStateException` that says so, instead of waiting for ever. A turn that has come is kept:
/// the body of its step runs to its first suspension point.
public sealed interface Sequencer permits SequencerImpl {

  /// A sequence at its beginning.
  ///
  /// @return one whose next step is 0
  static Sequencer create() {
    return new SequencerImpl(null);
  }

  /// A sequence with a name, which messages and dumps show.
  ///
  /// @param name its name
  /// @return one whose next step is 0
  static Sequencer create(String name) {
    return new SequencerImpl(Objects.requireNonNull(name, "name"));
  }

  /// Waits for a step's turn, and passes the turn on at once.
  ///
  /// What the caller does from here to its next suspension point still comes before what other
  /// tasks of its loop do in later steps, also if it then waits: so steps can set an order in which
  /// tasks queue for a lock. Tasks of other loops and threads go on beside it.
  ///
  /// @param number the step, from 0
  /// @throws IllegalArgumentException if the number is negative
  /// @throws IllegalStateException if the step was taken before, if the caller is in a step
  ///   already, or if an earlier step was cancelled
  void step(int number);

  /// Waits for a step's turn, runs its body, and passes the turn on.
  ///
  /// @param number the step, from 0
  /// @param body what the step does
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if the body fails
  /// @throws IllegalArgumentException if the number is negative
  /// @throws IllegalStateException if the step was taken before, if the caller is in a step
  ///   already, or if an earlier step was cancelled
  <T extends @Nullable Object, X extends Throwable> T step(int number, Body<T, X> body) throws X;

  /// Waits for a step's turn, runs its body without a value, and passes the turn on.
  ///
  /// @param number the step, from 0
  /// @param body what the step does
  /// @param <X> what it may throw
  /// @throws X if the body fails
  /// @throws IllegalArgumentException if the number is negative
  /// @throws IllegalStateException if the step was taken before, if the caller is in a step
  ///   already, or if an earlier step was cancelled
  <X extends Throwable> void step(int number, VoidBody<X> body) throws X;
}
