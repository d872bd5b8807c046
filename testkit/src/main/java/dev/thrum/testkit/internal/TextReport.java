package dev.thrum.testkit.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Verdicts as text.
public final class TextReport {
  private static final int MOST_STEPS = 200;

  private TextReport() {}

  /// A pass, in one line, and what could not be controlled.
  ///
  /// @param coverage how much was tried
  /// @param schedules how many runs
  /// @param time how long they took
  /// @param estimate how many there are
  /// @param uncontrolled what could not be controlled
  /// @return the text
  public static String passed(
      String coverage, long schedules, Duration time, double estimate, List<String> uncontrolled) {
    String how =
        switch (coverage) {
          case "EXHAUSTIVE" -> "exhaustive: every one of " + number(schedules) + " schedules tried";
          case "ONE_DELAY" ->
              "every schedule with at most one delay, and a sample: "
                  + number(schedules)
                  + " schedules"
                  + tree(estimate);
          default -> "sampled " + number(schedules) + " schedules" + tree(estimate);
        };
    long rate = Math.round(schedules * 1e9 / Math.max(1, time.toNanos()));
    return "passed (" + how + "; " + number(rate) + " a second)" + notes(uncontrolled);
  }

  private static String tree(double estimate) {
    return estimate <= 0 ? "" : String.format(Locale.ROOT, " of about %.2g", estimate);
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String notes(List<String> uncontrolled) {
    StringBuilder text = new StringBuilder();
    for (String note : uncontrolled) {
      text.append("\n  not controlled: ").append(note);
    }
    return text.toString();
  }

  /// A failure, with everything that is known.
  ///
  /// @param schedules how many runs it took to find it
  /// @param why the explanation
  /// @param uncontrolled what could not be controlled
  /// @return the text
  public static String failed(long schedules, Explanation why, List<String> uncontrolled) {
    StringBuilder text = new StringBuilder();
    text.append(why.failure())
        .append("\n\nfound in schedule ")
        .append(number(schedules))
        .append(" (")
        .append(why.strategy())
        .append("), reduced to ")
        .append(why.deviations())
        .append(why.deviations() == 1 ? " departure" : " departures")
        .append(" from the plain order and ")
        .append(why.trace().switches())
        .append(" switches in ")
        .append(why.replays())
        .append(" replays\n");
    if (!why.flip().isEmpty()) {
      text.append(why.flip()).append('\n');
    }
    why.notes().forEach(note -> text.append(note).append('\n'));
    text.append('\n').append(columns(why.trace()));
    if (why.stuck() != null) {
      text.append('\n').append(why.stuck().message()).append('\n');
    }
    text.append(notes(uncontrolled));
    if (!why.replay().isEmpty()) {
      text.append("\nto repeat it: @Replay(\"").append(why.replay()).append("\")\n");
    }
    return text.toString();
  }

  /// One column a task, one line a step.
  static String columns(Trace trace) {
    List<String> paths = new ArrayList<>(trace.names().keySet());
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>();
    head.add("");
    paths.forEach(path -> head.add(title(path, trace.names().getOrDefault(path, path))));
    rows.add(head);
    List<Trace.Step> steps = trace.steps();
    int first = Math.max(0, steps.size() - MOST_STEPS);
    for (Trace.Step step : steps.subList(first, steps.size())) {
      List<String> row = new ArrayList<>();
      row.add(String.valueOf(step.number()));
      for (String path : paths) {
        row.add(path.equals(step.path()) ? step.text() : "");
      }
      rows.add(row);
    }
    return layOut(rows, first);
  }

  private static String title(String path, String name) {
    return name.equals(path) || name.startsWith("task-") ? "task " + path : name;
  }

  private static String layOut(List<List<String>> rows, int left) {
    int count = rows.getFirst().size();
    int[] widths = new int[count];
    for (List<String> row : rows) {
      for (int i = 0; i < count; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      List<String> row = rows.get(r);
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < count; i++) {
        line.append(i == 0 ? "" : " │ ").append(pad(row.get(i), widths[i], i == 0));
      }
      text.append(line.toString().stripTrailing()).append('\n');
      if (r == 0 && left > 0) {
        text.append("… ").append(left).append(" steps before\n");
      }
    }
    return text.toString();
  }

  private static String pad(String cell, int width, boolean right) {
    String blanks = " ".repeat(width - cell.length());
    return right ? blanks + cell : cell + blanks;
  }
}
