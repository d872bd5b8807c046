package dev.thrum.testkit.internal;

import dev.thrum.testkit.internal.Excerpt.Gap;
import dev.thrum.testkit.internal.Excerpt.Line;
import dev.thrum.testkit.internal.Excerpt.Row;
import dev.thrum.testkit.internal.Trace.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A trace as text: one column a task, one row a step. Where there are too many tasks for that, one
/// column for all.
final class TextTrace {
  private static final int WIDTH = 160;
  private static final int NARROWEST = 26;
  private static final int WIDEST_TITLE = 24;
  private static final int MOST_ROWS = 120;
  private static final String GLUE = "\u00A0";
  private static final String BORDER = " │ ";

  private final Trace trace;
  private final int turn;
  private final List<Line> lines;

  /// @param turn the step at which a switch decides, or 0
  TextTrace(Trace trace, int turn) {
    this.trace = trace;
    this.turn = turn;
    this.lines = Excerpt.of(trace, turn, MOST_ROWS);
  }

  @Override
  public String toString() {
    List<String> paths = List.copyOf(trace.names().keySet());
    List<List<String>> rows = table(paths);
    int[] widths = widths(rows);
    if (widths.length == 0) {
      rows = list();
      widths = widths(rows);
    }
    StringBuilder text = new StringBuilder();
    layOut(rows.getFirst(), widths, text);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i) instanceof Gap(int steps)) {
        text.append("… ").append(steps).append(" steps are left out\n");
      } else {
        layOut(rows.get(i + 1), widths, text);
      }
    }
    return text.append(legend()).toString();
  }

  private String legend() {
    boolean deviates = trace.steps().stream().anyMatch(Step::deviates);
    return deviates
        ? "▶ here the schedule leaves the plain order\n"
        : turn > 0 ? "▷ here another one would have to go first for it to pass\n" : "";
  }

  // What stands where: the number, the time, the tasks

  private List<List<String>> table(List<String> paths) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = begin("", "");
    paths.forEach(path -> head.add(trace.title(path)));
    rows.add(head);
    String time = "";
    for (Line line : lines) {
      List<String> row = begin(line, time);
      for (String path : paths) {
        row.add(line instanceof Row found && found.step().path().equals(path) ? text(found) : "");
      }
      rows.add(row);
      time = line instanceof Row found ? found.step().when() : time;
    }
    return rows;
  }

  private List<List<String>> list() {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = begin("", "");
    head.addAll(List.of("task", "step"));
    rows.add(head);
    String time = "";
    for (Line line : lines) {
      List<String> row = begin(line, time);
      row.add(
          line instanceof Row found
              ? shortened(trace.title(found.step().path()), WIDEST_TITLE)
              : "");
      row.add(line instanceof Row found ? text(found) : "");
      rows.add(row);
      time = line instanceof Row found ? found.step().when() : time;
    }
    return rows;
  }

  private List<String> begin(Line line, String time) {
    if (!(line instanceof Row row)) {
      return begin("", "");
    }
    String when = row.step().when();
    return begin(mark(row.step()) + row.numbers(), when.equals(time) ? "" : when);
  }

  private List<String> begin(String number, String time) {
    List<String> cells = new ArrayList<>();
    cells.add(number);
    if (trace.isTimed()) {
      cells.add(time);
    }
    return cells;
  }

  private String mark(Step step) {
    return step.deviates() ? "▶ " : step.number() == turn ? "▷ " : "";
  }

  private static String text(Row row) {
    String text = row.step().text();
    return row.times() == 1 ? text : text + " (" + row.times() + " times)";
  }

  // Layout

  private int fixed() {
    return trace.isTimed() ? 2 : 1;
  }

  /// How wide the columns are; empty if they are too many.
  private int[] widths(List<List<String>> rows) {
    int count = rows.getFirst().size();
    int[] widths = new int[count];
    for (List<String> row : rows) {
      for (int i = 0; i < count; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    int room = WIDTH - BORDER.length() * (count - 1);
    for (int i = 0; i < fixed(); i++) {
      room -= widths[i];
    }
    int most = WIDTH;
    while (sum(widths, most) > room && most >= NARROWEST) {
      most--;
    }
    if (most < NARROWEST) {
      return new int[0];
    }
    for (int i = fixed(); i < count; i++) {
      widths[i] = Math.min(widths[i], most);
    }
    return widths;
  }

  private int sum(int[] widths, int most) {
    return Arrays.stream(widths, fixed(), widths.length).map(width -> Math.min(width, most)).sum();
  }

  private void layOut(List<String> row, int[] widths, StringBuilder text) {
    List<List<String>> cells = new ArrayList<>();
    int height = 1;
    for (int i = 0; i < widths.length; i++) {
      List<String> cell = wrapped(row.get(i), widths[i]);
      cells.add(cell);
      height = Math.max(height, cell.size());
    }
    for (int h = 0; h < height; h++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String part = h < cells.get(i).size() ? cells.get(i).get(h) : "";
        String blanks = " ".repeat(widths[i] - part.length());
        line.append(i == 0 ? "" : BORDER).append(i < fixed() ? blanks + part : part + blanks);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  /// Breaks a cell between words; what follows the first line is indented. A line of code stays
  /// with the word before it.
  private static List<String> wrapped(String cell, int width) {
    if (cell.length() <= width) {
      return List.of(cell);
    }
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word :
        cell.replace("→ ", "→" + GLUE).replace(", in ", ", in" + GLUE).split(" ", -1)) {
      String next = line.isBlank() ? line + word : line + " " + word;
      if (next.length() > width && !line.isBlank()) {
        lines.add(line);
        next = "  " + word;
      }
      line = shortened(next.replace(GLUE, " "), width);
    }
    lines.add(line);
    return lines;
  }

  /// Cut with an ellipsis; of a line of code its file and number are kept.
  static String shortened(@Nullable String text, int width) {
    if (text == null || text.length() <= width) {
      return String.valueOf(text);
    }
    return text.matches(".*:\\d+\\W?")
        ? "…" + text.substring(text.length() - width + 1)
        : text.substring(0, width - 1) + "…";
  }
}
