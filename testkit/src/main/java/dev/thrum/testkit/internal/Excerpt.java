package dev.thrum.testkit.internal;

import dev.thrum.testkit.internal.Trace.Step;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// As much of a trace as people can read: steps that repeat themselves stand once, and of a long
/// trace the beginning, the end and the neighbourhood of what decides are left.
final class Excerpt {
  private static final int BEGINNING = 10;
  private static final int NEIGHBOURS = 5;

  /// A line of the excerpt.
  sealed interface Line {}

  /// A step, or several in a row that did the same.
  ///
  /// @param step the first of them
  /// @param times how many
  record Row(Step step, int times) implements Line {

    /// The number of the step, or the first and the last.
    String numbers() {
      return times == 1 ? "" + step.number() : step.number() + "–" + (step.number() + times - 1);
    }
  }

  /// Steps that are left out.
  ///
  /// @param steps how many
  record Gap(int steps) implements Line {}

  private Excerpt() {}

  /// The excerpt of a trace.
  ///
  /// @param trace the trace
  /// @param turn the number of the step that decides, or 0
  /// @param most how many rows there may be, about
  static List<Line> of(Trace trace, int turn, int most) {
    List<Row> rows = rows(trace.steps(), turn);
    BitSet kept = kept(rows, turn, most);
    List<Line> lines = new ArrayList<>();
    int left = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (!kept.get(i)) {
        left += rows.get(i).times();
        continue;
      }
      if (left > 0) {
        lines.add(new Gap(left));
        left = 0;
      }
      lines.add(rows.get(i));
    }
    return lines;
  }

  private static List<Row> rows(List<Step> steps, int turn) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < steps.size(); ) {
      int end = i + 1;
      while (end < steps.size()
          && steps.get(end).number() != turn
          && steps.get(end).isLike(steps.get(i))) {
        end++;
      }
      int times = end - i;
      if (times > 2 && steps.get(i).number() != turn) {
        rows.add(new Row(steps.get(i), times));
      } else {
        steps.subList(i, end).forEach(step -> rows.add(new Row(step, 1)));
      }
      i = end;
    }
    return rows;
  }

  private static BitSet kept(List<Row> rows, int turn, int most) {
    BitSet kept = new BitSet();
    if (rows.size() <= most) {
      kept.set(0, rows.size());
      return kept;
    }
    kept.set(0, BEGINNING);
    kept.set(rows.size() - most / 2, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).step().number() == turn) {
        keepAround(i, rows.size(), kept);
      }
    }
    for (int i = 0; i < rows.size() && kept.cardinality() < most; i++) {
      if (rows.get(i).step().deviates()) {
        keepAround(i, rows.size(), kept);
      }
    }
    return kept;
  }

  private static void keepAround(int at, int size, BitSet kept) {
    kept.set(Math.max(0, at - NEIGHBOURS), Math.min(size, at + NEIGHBOURS + 1));
  }
}
