package dev.thrum.testkit;

import dev.thrum.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A history for people: a line for each event and a column for each caller.
///
/// ```
/// producer     consumer
/// 1 send(1)
/// |            2 receive()
/// 1 done       |
///              2 => 1
/// ```
final class Timeline {
  private static final String GAP = "   ";

  /// An operation's beginning or end.
  private record Mark(int time, int column, String text, boolean opens) {}

  private final List<String> columns;
  private final List<Mark> marks = new ArrayList<>();

  Timeline(List<? extends History.Call<?>> calls) {
    columns = calls.stream().map(History.Call::by).distinct().toList();
    for (int i = 0; i < calls.size(); i++) {
      History.Call<?> call = calls.get(i);
      int column = columns.indexOf(call.by());
      String number = i + 1 + " ";
      marks.add(new Mark(call.begin(), column, number + call.operation(), true));
      if (call.outcome().isPresent()) {
        marks.add(new Mark(call.end(), column, number + answer(call.outcome()), false));
      }
    }
    marks.sort(Comparator.comparingInt(Mark::time));
  }

  /// What an operation answered.
  static String answer(Optional<? extends Outcome<?>> outcome) {
    return outcome.map(Timeline::answer).orElse("has not ended");
  }

  private static String answer(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Success<?>(var value) when value == null -> "done";
      case Outcome.Success<?>(var value) -> "=> " + value;
      case Outcome.Failure<?>(var exception) -> "threw " + exception;
      case Outcome.Cancelled<?> _ -> "cancelled";
    };
  }

  @Override
  public String toString() {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = columns.get(i).length();
    }
    for (Mark mark : marks) {
      widths[mark.column] = Math.max(widths[mark.column], mark.text.length());
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(columns, widths));
    boolean[] open = new boolean[widths.length];
    for (Mark mark : marks) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < widths.length; i++) {
        cells.add(i == mark.column ? mark.text : open[i] ? "|" : "");
      }
      open[mark.column] = mark.opens;
      lines.add(line(cells, widths));
    }
    return String.join("\n", lines);
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      line.append(cell).repeat(' ', widths[i] - cell.length()).append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
