package dev.thrum.testkit;

import dev.thrum.testkit.Choices.Span;
import dev.thrum.testkit.Property.Ending;
import dev.thrum.testkit.Property.Ending.Failed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Looks for the simplest choices with which a case still fails.
///
/// Fewer choices are simpler, and of as many those whose first difference is simpler. What is tried
/// is a change of the choices of the best case so far; the generator makes of them what it can, and
/// what it really used is compared. So every pass needs to know nothing of values, and every
/// success is progress. After MacIver and Donaldson, *Test-Case Reduction via Test-Case Generation:
/// Insights from the Hypothesis Reducer* (2020).
final class Shrinker {
  private static final int LONGEST_REACH = 8;
  private static final int LONGEST_STEP = 8;

  private final Function<List<Long>, Ending> run;
  private final Set<List<Long>> tried = new HashSet<>();
  private final int limit;
  private Failed best;
  private int runs;

  Shrinker(Failed found, Function<List<Long>, Ending> run, int limit) {
    this.best = found;
    this.run = run;
    this.limit = limit;
  }

  /// Whether the same choices fail again.
  boolean isRepeatable() {
    if (run.apply(values()) instanceof Failed again && again.isLike(best)) {
      best = again;
      return true;
    }
    return false;
  }

  Failed shrink() {
    Failed before;
    do {
      before = best;
      deleteSpans();
      simplifySpans();
      simplifyChoices();
      simplifyEqualChoices();
      moveToLaterChoices();
      sortChoices();
      lowerAndDelete();
    } while (best != before && runs < limit);
    return best;
  }

  private List<Choice> choices() {
    return best.choices().made();
  }

  private List<Long> values() {
    return new ArrayList<>(choices().stream().map(Choice::value).toList());
  }

  /// Runs a case and keeps it if it fails and is simpler.
  private boolean attempt(List<Long> values) {
    if (runs >= limit || !tried.add(List.copyOf(values))) {
      return false;
    }
    runs++;
    if (run.apply(values) instanceof Failed failed && failed.isLike(best) && isSimpler(failed)) {
      best = failed;
      return true;
    }
    return false;
  }

  private boolean isSimpler(Failed other) {
    List<Choice> now = choices();
    List<Choice> then = other.choices().made();
    if (then.size() != now.size()) {
      return then.size() < now.size();
    }
    for (int i = 0; i < now.size(); i++) {
      int difference = then.get(i).compareSimplicity(now.get(i));
      if (difference != 0) {
        return difference < 0;
      }
    }
    return false;
  }

  /// The parts of the value, large ones first, of equally large ones the last first.
  private List<Span> spans() {
    return best.choices().spans().stream()
        .distinct()
        .sorted(Comparator.comparingInt(Span::length).thenComparingInt(Span::from).reversed())
        .toList();
  }

  private void deleteSpans() {
    List<Span> spans = spans();
    for (int i = 0; i < spans.size(); ) {
      if (attempt(without(values(), spans.get(i)))) {
        spans = spans();
      } else {
        i++;
      }
    }
  }

  private static List<Long> without(List<Long> values, Span span) {
    values.subList(span.from(), span.to()).clear();
    return values;
  }

  private void simplifySpans() {
    for (Span span : spans()) {
      List<Long> values = values();
      if (span.length() > 1 && span.to() <= values.size()) {
        for (int i = span.from(); i < span.to(); i++) {
          Choice choice = choices().get(i);
          values.set(i, Choice.simplest(choice.lo(), choice.hi()));
        }
        attempt(values);
      }
    }
  }

  private void simplifyChoices() {
    for (int i = 0; i < choices().size(); i++) {
      int index = i;
      Choice choice = choices().get(i);
      if (choice.isNegative()) {
        attempt(with(i, Math.clamp(-choice.value(), choice.lo(), choice.hi())));
      }
      bisect(i, value -> with(index, value));
      leap(i);
    }
  }

  /// For cases that fail only at every seventh number or so: looks for the next one, and goes on in
  /// leaps of as much, doubled as long as that works.
  private void leap(int index) {
    for (long step = 2; step <= LONGEST_STEP; step++) {
      if (lower(index, step)) {
        long leap = step;
        while (lower(index, leap)) {
          leap *= 2;
        }
        while (leap > step) {
          leap = lower(index, leap) ? leap : leap / 2;
        }
      }
    }
  }

  private boolean lower(int index, long by) {
    if (index >= choices().size()) {
      return false;
    }
    Choice choice = choices().get(index);
    return Long.compareUnsigned(by, choice.distance()) <= 0
        && attempt(with(index, choice.at(choice.distance() - by)));
  }

  /// Brings a choice as near to the simplest as it goes, and with it all that are made of its new
  /// value.
  private void bisect(int index, Function<Long, List<Long>> change) {
    Choice start = choices().get(index);
    if (start.isSimplest() || attempt(change.apply(start.at(0)))) {
      return;
    }
    long passes = 0;
    long fails = start.distance();
    while (Long.compareUnsigned(fails - passes, 1) > 0) {
      long middle = passes + ((fails - passes) >>> 1);
      if (index < choices().size() && attempt(change.apply(start.at(middle)))) {
        fails = middle;
      } else {
        passes = middle;
      }
    }
  }

  private List<Long> with(int index, long value) {
    List<Long> values = values();
    values.set(index, value);
    return values;
  }

  /// For cases that fail only while two parts are the same.
  private void simplifyEqualChoices() {
    for (int i = 0; i < choices().size(); i++) {
      Choice choice = choices().get(i);
      if (values().lastIndexOf(choice.value()) > i) {
        bisect(i, value -> withAll(choice.value(), value));
      }
    }
  }

  private List<Long> withAll(long old, long value) {
    List<Long> values = values();
    values.replaceAll(other -> other == old ? value : other);
    return values;
  }

  /// For cases that fail only while a sum is large: what one loses the other gets.
  private void moveToLaterChoices() {
    for (int i = 0; i < choices().size(); i++) {
      for (int j = i + 1; j < choices().size() && j <= i + LONGEST_REACH; j++) {
        int from = i;
        int to = j;
        long sum = choices().get(i).value() + choices().get(j).value();
        bisect(
            i,
            value -> {
              List<Long> values = with(from, value);
              if (to < values.size()) {
                values.set(to, sum - value);
              }
              return values;
            });
      }
    }
  }

  private void sortChoices() {
    for (int i = 1; i < choices().size(); i++) {
      for (int j = i; j > 0 && swap(j); j--) {
        // as in an insertion sort
      }
    }
  }

  /// Swaps a choice with the last one before it that is of the same kind.
  private boolean swap(int index) {
    if (index >= choices().size()) {
      return false;
    }
    Choice choice = choices().get(index);
    for (int i = index - 1; i >= 0 && i >= index - LONGEST_REACH; i--) {
      Choice other = choices().get(i);
      if (other.lo() == choice.lo() && other.hi() == choice.hi()) {
        List<Long> values = with(i, choice.value());
        values.set(index, other.value());
        return choice.compareSimplicity(other) < 0 && attempt(values);
      }
    }
    return false;
  }

  /// For numbers that say how much follows: one less, and one part less.
  private void lowerAndDelete() {
    for (int i = 0; i < choices().size(); i++) {
      boolean progress;
      do {
        progress = lowerAndDeleteAfter(i);
      } while (progress && i < choices().size());
    }
  }

  private boolean lowerAndDeleteAfter(int index) {
    Choice choice = choices().get(index);
    if (choice.isSimplest()) {
      return false;
    }
    return spans().stream()
        .filter(span -> span.from() > index)
        .anyMatch(span -> attempt(without(with(index, choice.at(choice.distance() - 1)), span)));
  }
}
