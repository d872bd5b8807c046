package dev.thrum.testkit;

import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;

/// A model made of a state and a function.
record FunctionModel<S, O>(
    S initial, BiFunction<? super S, ? super O, List<Model.Answer<S>>> function, boolean strict)
    implements Model<S, O> {
  FunctionModel {
    Objects.requireNonNull(initial, "initial");
    Objects.requireNonNull(function, "answers");
  }

  @Override
  public List<Answer<S>> answers(S state, O operation) {
    return function.apply(state, operation);
  }

  @Override
  public boolean isUndoneIfCancelled(O operation) {
    return strict;
  }
}
