package dev.thrum.testkit;

import dev.thrum.Outcome;
import dev.thrum.testkit.History.Call;
import dev.thrum.testkit.Model.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Linearizability by its definition: every choice of the operations that took effect, in every
/// order that keeps what ended before something else began.
final class BruteForce {
  private BruteForce() {}

  static <S, O> boolean isLinearizable(List<Call<O>> calls, Model<S, O> model) {
    for (long taken = 0; taken < 1L << calls.size(); taken++) {
      List<Call<O>> effective = new ArrayList<>();
      boolean possible = true;
      for (int i = 0; i < calls.size(); i++) {
        boolean isTaken = (taken >> i & 1) == 1;
        possible &= isTaken ? mayTakeEffect(calls.get(i), model) : mayNot(calls.get(i));
        if (isTaken) {
          effective.add(calls.get(i));
        }
      }
      if (possible && someOrder(new ArrayList<>(), effective, model)) {
        return true;
      }
    }
    return false;
  }

  private static <O> boolean mayTakeEffect(Call<O> call, Model<?, O> model) {
    return !(isCancelled(call) && model.isUndoneIfCancelled(call.operation()));
  }

  private static boolean mayNot(Call<?> call) {
    return call.outcome().isEmpty() || isCancelled(call);
  }

  private static boolean isCancelled(Call<?> call) {
    return call.outcome().isPresent() && call.outcome().get() instanceof Outcome.Cancelled;
  }

  private static <S, O> boolean someOrder(
      List<Call<O>> order, List<Call<O>> rest, Model<S, O> model) {
    if (rest.isEmpty()) {
      return keepsTime(order) && isRight(order, model);
    }
    for (Call<O> next : rest) {
      List<Call<O>> longer = new ArrayList<>(order);
      longer.add(next);
      List<Call<O>> others = new ArrayList<>(rest);
      others.remove(next);
      if (someOrder(longer, others, model)) {
        return true;
      }
    }
    return false;
  }

  private static boolean keepsTime(List<? extends Call<?>> order) {
    for (int i = 0; i < order.size(); i++) {
      for (int j = i + 1; j < order.size(); j++) {
        boolean answered = !mayNot(order.get(j));
        if (answered && order.get(j).end() < order.get(i).begin()) {
          return false;
        }
      }
    }
    return true;
  }

  private static <S, O> boolean isRight(List<Call<O>> order, Model<S, O> model) {
    Set<S> states = new HashSet<>(Set.of(model.initial()));
    for (Call<O> call : order) {
      Set<S> after = new HashSet<>();
      for (S state : states) {
        for (Answer<S> answer : model.answers(state, call.operation())) {
          if (mayNot(call) || equal(answer, call.outcome().orElseThrow())) {
            after.add(answer.next());
          }
        }
      }
      states = after;
    }
    return !states.isEmpty();
  }

  private static boolean equal(Answer<?> answer, Outcome<?> outcome) {
    return switch (answer) {
      case Answer.Value<?>(var value, _) -> outcome.equals(new Outcome.Success<>(value));
      case Answer.Done<?> _ -> outcome.equals(new Outcome.Success<>(null));
      case Answer.Failure<?>(var type, _) ->
          outcome instanceof Outcome.Failure<?>(var thrown) && type.isInstance(thrown);
    };
  }
}
