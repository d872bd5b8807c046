package dev.thrum.testkit;

/// Checks that concurrent operations could have happened one at a time.
///
/// A history is linearizable if each of its operations can be given one moment between its
/// beginning and its end, so that a [Model] that does them in the order of these moments gives the
/// same answers. That is what users expect of a queue, a lock or a register. Herlihy and Wing,
/// *Linearizability: A Correctness Condition for Concurrent Objects* (1990).
///
/// ```java
/// Linearizability.check(history, model);
/// ```
///
/// **Guarantees.** The check is exact: it fails if and only if there is no such order. The search
/// is Wing and Gong's with Lowe's memory of the configurations it has seen (*Testing for
/// linearizability*, 2017).
///
/// **Non-guarantees.** A history that passes says nothing about other interleavings; explore them.
/// The search can take time and memory exponential in how many operations overlap; it gives up
/// after a million configurations. Histories of several objects that do not know of each other are
/// cheaper to check one by one, and no less is found.
///
/// An operation that has not ended, or that was cancelled, may have taken effect at any moment
/// after it began, or not at all; of a cancelled one the model may say that it had no effect, see
/// [Model#isUndoneIfCancelled].
///
/// From any thread; the check never waits.
public final class Linearizability {
  private Linearizability() {}

  /// Checks a history.
  ///
  /// @param history of at most 64 operations
  /// @param model what the operations do, one at a time
  /// @param <S> the type of the model's states
  /// @param <O> the type of the operations
  /// @throws AssertionError if it is not linearizable. The message has the history as a table, the
  ///   longest beginning that the model can follow, and the operation that then has no place, with
  ///   the answers that would have been right
  /// @throws IllegalArgumentException if there are more operations
  /// @throws IllegalStateException if that could not be found out, see above
  public static <S, O> void check(History<O> history, Model<S, O> model) {
    new Linearization<>(history.calls(), model, Linearization.MOST_CONFIGURATIONS).check();
  }
}
