package dev.thrum.testkit;

import dev.thrum.Outcome;
import dev.thrum.testkit.History.Call;
import dev.thrum.testkit.Model.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The search for an order.
///
/// A configuration is the set of operations that have been placed and the model's state after them.
/// The next one to be placed began before the first end of those that have not been placed; which
/// of them does not matter to what comes later, so a configuration that was seen is not tried
/// again. An operation that has no end need not be placed.
final class Linearization<S, O> {
  private static final int MOST_OPERATIONS = Long.SIZE;
  static final int MOST_CONFIGURATIONS = 1_000_000;

  private record Configuration<S>(long placed, S state) {}

  private final List<Call<O>> calls;
  private final Model<S, O> model;
  private final int limit;
  private final long undone;
  private final long required;
  private final Set<Configuration<S>> seen = new HashSet<>();
  private final List<Integer> order = new ArrayList<>();
  private List<Integer> longest = List.of();
  private long longestPlaced;
  private S longestState;

  Linearization(List<Call<O>> calls, Model<S, O> model, int limit) {
    if (calls.size() > MOST_OPERATIONS) {
      throw new IllegalArgumentException(
          "a history of "
              + calls.size()
              + " operations is too long to be checked; there may be "
              + MOST_OPERATIONS);
    }
    this.calls = calls;
    this.model = Objects.requireNonNull(model, "model");
    this.limit = limit;
    this.longestState = model.initial();
    long without = 0;
    long ended = 0;
    for (int i = 0; i < calls.size(); i++) {
      Call<O> call = calls.get(i);
      if (hasAnswer(call)) {
        ended |= bit(i);
      } else if (call.outcome().isPresent() && model.isUndoneIfCancelled(call.operation())) {
        without |= bit(i);
      }
    }
    this.undone = without;
    this.required = ended;
    this.longestPlaced = without;
  }

  void check() {
    if (!search(undone, model.initial())) {
      throw new AssertionError(report());
    }
  }

  private boolean search(long placed, S state) {
    if ((placed & required) == required) {
      return true;
    }
    keepLongest(placed, state);
    int before = firstEnd(placed);
    for (int i = 0; i < calls.size(); i++) {
      if (isCandidate(i, placed, before) && placeNext(i, placed, state)) {
        return true;
      }
    }
    return false;
  }

  private boolean placeNext(int i, long placed, S state) {
    long with = placed | bit(i);
    for (Answer<S> answer : model.answers(state, calls.get(i).operation())) {
      if (fits(answer, calls.get(i)) && isNew(with, answer.next())) {
        order.add(i);
        if (search(with, answer.next())) {
          return true;
        }
        order.removeLast();
      }
    }
    return false;
  }

  private boolean isNew(long placed, S state) {
    if (seen.size() == limit) {
      throw new IllegalStateException(
          "whether the history is linearizable could not be found out in "
              + limit
              + " configurations: too many operations overlap\n"
              + new Timeline(calls));
    }
    return seen.add(new Configuration<>(placed, state));
  }

  private void keepLongest(long placed, S state) {
    if (Long.bitCount(placed & required) > Long.bitCount(longestPlaced & required)) {
      longest = List.copyOf(order);
      longestPlaced = placed;
      longestState = state;
    }
  }

  /// When the first of those ends that have an answer and no place yet.
  private int firstEnd(long placed) {
    int first = Integer.MAX_VALUE;
    for (int i = 0; i < calls.size(); i++) {
      if ((required & ~placed & bit(i)) != 0) {
        first = Math.min(first, calls.get(i).end());
      }
    }
    return first;
  }

  private boolean isCandidate(int i, long placed, int before) {
    return (placed & bit(i)) == 0 && calls.get(i).begin() < before;
  }

  private static <S> boolean fits(Answer<S> answer, Call<?> call) {
    return switch (call.outcome().orElse(null)) {
      case Outcome.Success<?>(var value) when value == null -> answer instanceof Answer.Done<S>;
      case Outcome.Success<?>(var value) ->
          answer instanceof Answer.Value<S> right && right.value().equals(value);
      case Outcome.Failure<?>(var exception) ->
          answer instanceof Answer.Failure<S> right && right.type().isInstance(exception);
      case Outcome.Cancelled<?> _ -> true;
      case null -> true;
    };
  }

  private static boolean hasAnswer(Call<?> call) {
    return call.outcome().isPresent()
        && !(call.outcome().orElseThrow() instanceof Outcome.Cancelled<?>);
  }

  private static long bit(int call) {
    return 1L << call;
  }

  private String report() {
    StringBuilder report = new StringBuilder("the history is not linearizable\n");
    report.append(new Timeline(calls).toString().indent(2));
    if (longest.isEmpty()) {
      report.append("in the state ").append(longestState).append(" there is no first operation\n");
    } else {
      report.append("the model can follow this far\n");
      longest.forEach(i -> report.append("  ").append(describe(i)).append('\n'));
      report.append("and then, in the state ").append(longestState).append(", there is no place\n");
    }
    IntStream.range(0, calls.size())
        .filter(i -> isCandidate(i, longestPlaced, firstEnd(longestPlaced)))
        .filter(i -> hasAnswer(calls.get(i)))
        .boxed()
        .sorted(Comparator.comparingInt(i -> calls.get(i).end()))
        .forEach(i -> report.append("  for ").append(describe(i)).append(right(i)).append('\n'));
    return report.toString().stripTrailing();
  }

  private String describe(int i) {
    Call<O> call = calls.get(i);
    return i + 1 + " " + call.operation() + " " + Timeline.answer(call.outcome());
  }

  private String right(int i) {
    List<Answer<S>> answers = model.answers(longestState, calls.get(i).operation());
    return answers.isEmpty()
        ? ": it should wait"
        : answers.stream()
            .map(Answer::toString)
            .distinct()
            .collect(Collectors.joining(" or ", ": right would be ", ""));
  }
}
