package dev.thrum.testkit.internal;

import static dev.thrum.testkit.internal.Markup.element;
import static dev.thrum.testkit.internal.Markup.icon;
import static dev.thrum.testkit.internal.Markup.text;

import dev.thrum.testkit.internal.Excerpt.Gap;
import dev.thrum.testkit.internal.Excerpt.Line;
import dev.thrum.testkit.internal.Excerpt.Row;
import dev.thrum.testkit.internal.Trace.Step;
import dev.thrum.testkit.internal.Trace.Stop;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A trace as a table, drawn like a sequence diagram: a lifeline for each task, a box for each
/// step, a dashed line where one task goes on after another.
final class HtmlTrace {
  private static final int MOST_ROWS = 400;

  // In rem.
  private static final int NUMBERS = 6;
  private static final int WIDEST = 30;

  private static final int MOST_WITHOUT_SCROLLING = 6;

  private final Trace trace;
  private final int turn;
  private final List<String> paths;
  private final List<Line> lines;
  private final Map<String, Integer> ends = new HashMap<>();
  private final Map<String, Integer> begins = new HashMap<>();
  private final StringBuilder page = new StringBuilder();
  private int last = -1;
  private String time = "";

  /// @param turn the step at which a switch decides, or 0
  HtmlTrace(Trace trace, int turn) {
    this.trace = trace;
    this.turn = turn;
    this.paths = List.copyOf(trace.names().keySet());
    this.lines = Excerpt.of(trace, turn, MOST_ROWS);
    for (Step step : trace.steps()) {
      begins.putIfAbsent(step.path(), step.number());
      if (step.stop().isEnd()) {
        ends.put(step.path(), step.number());
      }
    }
  }

  @Override
  public String toString() {
    boolean scrolls = paths.size() > MOST_WITHOUT_SCROLLING;
    page.append(scrolls ? "<div class=\"scroll\">" : "<div>")
        .append("<table class=\"trace\" style=\"max-width:")
        .append(NUMBERS + WIDEST * paths.size())
        .append("rem\"><colgroup><col class=\"number\"/>")
        .append("<col class=\"task\"/>".repeat(paths.size()))
        .append("</colgroup>\n<thead><tr><th scope=\"col\">step</th>");
    for (int i = 0; i < paths.size(); i++) {
      page.append("<th scope=\"col\" class=\"")
          .append(colour(i))
          .append("\">")
          .append(element("span", trace.title(paths.get(i))))
          .append("</th>");
    }
    page.append("</tr></thead>\n<tbody>\n");
    lines.forEach(this::line);
    return page.append("</tbody></table></div>\n").toString();
  }

  private static String colour(int column) {
    return "c" + column % 8;
  }

  private void line(Line line) {
    switch (line) {
      case Gap(int steps) ->
          page.append("<tr class=\"gap\"><th></th><td colspan=\"")
              .append(paths.size())
              .append("\">… ")
              .append(TextReport.number(steps))
              .append(" steps are left out</td></tr>\n");
      case Row row -> {
        time(row.step());
        row(row);
      }
    }
  }

  /// A line across all tasks where virtual time has gone on.
  private void time(Step step) {
    String when = step.when();
    if (trace.isTimed() && !when.equals(time)) {
      band(time.isEmpty() ? "the clock begins at " + when : "the clock is at " + when, "i-timer");
    }
    time = when;
  }

  private void band(String words, String icon) {
    page.append("<tr class=\"band\"><th></th><td colspan=\"")
        .append(paths.size())
        .append("\">")
        .append(icon(icon))
        .append(' ')
        .append(text(words))
        .append("</td></tr>\n");
  }

  private void row(Row row) {
    Step step = row.step();
    int at = paths.indexOf(step.path());
    boolean switches = step.kind() == Kind.RUN && last >= 0 && last != at;
    StringBuilder kinds = new StringBuilder();
    kinds.append(switches ? "switch" : "");
    kinds.append(step.deviates() ? " leaves" : "");
    kinds.append(step.number() == turn ? " turn" : "");
    page.append("<tr id=\"step-")
        .append(step.number())
        .append("\" class=\"")
        .append(kinds.toString().strip())
        .append("\"><th scope=\"row\">")
        .append(step.deviates() ? "▶ " : step.number() == turn ? "▷ " : "")
        .append(row.numbers())
        .append("</th>");
    if (step.kind().isOfClock()) {
      page.append("<td colspan=\"").append(paths.size()).append("\" style=\"--column:0\">");
      box(row);
      page.append("</td>");
    } else {
      for (int i = 0; i < paths.size(); i++) {
        cell(row, i, at, switches);
      }
    }
    page.append("</tr>\n");
    if (step.kind() == Kind.RUN) {
      last = at;
    }
  }

  private void cell(Row row, int column, int at, boolean switches) {
    StringBuilder kinds = new StringBuilder(colour(column));
    kinds.append(life(row.step().number(), paths.get(column)));
    if (switches) {
      kinds.append(flow(column, at));
    }
    if (column != at) {
      page.append("<td class=\"").append(kinds).append(" none\"></td>");
      return;
    }
    page.append("<td class=\"")
        .append(kinds)
        .append("\" style=\"--column:")
        .append(Math.min(column, 6))
        .append("\">");
    box(row);
    page.append("</td>");
  }

  private String life(int number, String path) {
    if (number < begins.getOrDefault(path, 0)) {
      return "";
    }
    int end = ends.getOrDefault(path, Integer.MAX_VALUE);
    return number < end ? " live" : number == end ? " live last" : "";
  }

  /// The part in this column of the line from the last task to the one that goes on.
  private String flow(int column, int at) {
    if (column == at) {
      return last < at ? " left goal" : " right goal";
    }
    if (column == last) {
      return last < at ? " right" : " left";
    }
    return column > Math.min(last, at) && column < Math.max(last, at) ? " through" : "";
  }

  private void box(Row row) {
    Step step = row.step();
    page.append("<div class=\"box ").append(kind(step)).append("\">");
    if (!step.kind().isOfClock()) {
      page.append(element("p", "who", trace.title(step.path())));
    }
    mark(step);
    if (step.kind() == Kind.RUN) {
      run(step);
    }
    page.append("<p class=\"how\">").append(icon("i-" + kind(step))).append(' ');
    page.append(text(how(step)));
    if (row.times() > 1) {
      page.append(", ").append(row.times()).append(" times");
    }
    page.append("</p></div>");
  }

  private void mark(Step step) {
    if (step.number() == turn) {
      page.append("<p>")
          .append(
              element(
                  "span",
                  "mark",
                  step.deviates() ? "▶ this switch decides" : "▷ passes if another goes first"))
          .append("</p>");
    } else if (step.deviates()) {
      page.append("<p>").append(element("span", "mark", "▶ leaves the plain order")).append("</p>");
    }
  }

  private void run(Step step) {
    if (!step.from().isEmpty()) {
      page.append(element("p", "from site", step.from()));
    }
    if (!step.to().isEmpty()) {
      page.append(element("p", "site", "→ " + step.to()));
    }
    if (!step.within().isEmpty()) {
      page.append(element("p", "within site", "in " + step.within()));
    }
  }

  private static String kind(Step step) {
    return (step.kind() == Kind.RUN ? step.stop().name() : step.kind().name())
        .toLowerCase(Locale.ROOT);
  }

  private static String how(Step step) {
    return switch (step.kind()) {
      case RUN -> step.stop() == Stop.OPEN ? "…" : step.how();
      case FIRE, SKEW, REST, CANCEL -> step.text();
    };
  }
}
