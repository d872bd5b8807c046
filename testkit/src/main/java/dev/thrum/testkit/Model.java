package dev.thrum.testkit;

import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;

/// What an object does when it is used by one caller at a time: the specification against which
/// [Linearizability] checks a history.
///
/// ```java
/// Model<List<Integer>, Op> queue =
///     Model.of(
///         List.of(),
///         (items, op) ->
///             switch (op) {
///               case Send(int item) -> List.of(Answer.done(plus(items, item)));
///               case Receive() when items.isEmpty() -> List.of(); // it waits
///               case Receive() ->
///                   List.of(Answer.value(items.getFirst(), items.subList(1, items.size())));
///             });
/// ```
///
/// A state is a value: it has `equals` and `hashCode`, and [#answers] makes new ones instead of
/// changing the one it is given. Records and the unmodifiable collections of the JDK are such; a
/// mutable collection must be copied.
///
/// @param <S> the type of the states
/// @param <O> the type of the operations
public interface Model<S, O> {

  /// The state before the first operation.
  ///
  /// @return the state
  S initial();

  /// What an operation may answer in a state, and which state each answer leads to.
  ///
  /// @param state the state before it
  /// @param operation what is called
  /// @return each answer that is right; none if the operation has to wait in this state
  List<Answer<S>> answers(S state, O operation);

  /// Whether an operation that was cancelled certainly had no effect. If not, it may have had one,
  /// at any time after it began, as a request that was sent to a server may.
  ///
  /// Without this a queue that loses an item in a cancelled receive passes as right: the receive
  /// could have taken it.
  ///
  /// @param operation what was called
  /// @return true if it is undone; false unless it is overridden
  default boolean isUndoneIfCancelled(O operation) {
    return false;
  }

  /// A model whose cancelled operations may or may not have taken effect.
  ///
  /// @param initial the state before the first operation
  /// @param answers see [#answers]
  /// @param <S> the type of the states
  /// @param <O> the type of the operations
  /// @return the model
  static <S, O> Model<S, O> of(
      S initial, BiFunction<? super S, ? super O, List<Answer<S>>> answers) {
    return new FunctionModel<>(initial, answers, false);
  }

  /// A model whose cancelled operations have had no effect: that of Thrum's own channels and locks,
  /// and of all that promise to lose nothing.
  ///
  /// @param initial the state before the first operation
  /// @param answers see [#answers]
  /// @param <S> the type of the states
  /// @param <O> the type of the operations
  /// @return the model
  static <S, O> Model<S, O> strict(
      S initial, BiFunction<? super S, ? super O, List<Answer<S>>> answers) {
    return new FunctionModel<>(initial, answers, true);
  }

  /// A right answer, and the state that it leads to.
  ///
  /// @param <S> the type of the states
  sealed interface Answer<S> {

    /// The state after the operation.
    ///
    /// @return the state
    S next();

    /// It returns a value.
    ///
    /// @param value what it returns; compared with `equals`
    /// @param next the state after it
    /// @param <S> the type of the states
    record Value<S>(Object value, S next) implements Answer<S> {
      /// An answer with a value.
      public Value {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(next, "next");
      }

      @Override
      public String toString() {
        return "=> " + value;
      }
    }

    /// It returns, without a value.
    ///
    /// @param next the state after it
    /// @param <S> the type of the states
    record Done<S>(S next) implements Answer<S> {
      /// An answer without a value.
      public Done {
        Objects.requireNonNull(next, "next");
      }

      @Override
      public String toString() {
        return "done";
      }
    }

    /// It throws.
    ///
    /// @param type what it throws, or a superclass of that
    /// @param next the state after it
    /// @param <S> the type of the states
    record Failure<S>(Class<? extends Throwable> type, S next) implements Answer<S> {
      /// An answer that is an exception.
      public Failure {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(next, "next");
      }

      @Override
      public String toString() {
        return "throws " + type.getSimpleName();
      }
    }

    /// It returns a value.
    ///
    /// @param value what it returns; compared with `equals`
    /// @param next the state after it
    /// @param <S> the type of the states
    /// @return the answer
    static <S> Answer<S> value(Object value, S next) {
      return new Value<>(value, next);
    }

    /// It returns, without a value.
    ///
    /// @param next the state after it
    /// @param <S> the type of the states
    /// @return the answer
    static <S> Answer<S> done(S next) {
      return new Done<>(next);
    }

    /// It throws.
    ///
    /// @param type what it throws, or a superclass of that
    /// @param next the state after it
    /// @param <S> the type of the states
    /// @return the answer
    static <S> Answer<S> failure(Class<? extends Throwable> type, S next) {
      return new Failure<>(type, next);
    }
  }
}
