package dev.thrum.testkit.internal;

import static dev.thrum.testkit.internal.Markup.element;
import static dev.thrum.testkit.internal.Markup.icon;
import static dev.thrum.testkit.internal.Markup.text;

import dev.thrum.internal.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Verdicts as a page that needs nothing else: no script, no network, no other file. It is XML as
/// well as HTML.
public final class HtmlReport {
  private static final int LONG_MESSAGE = 160;
  private static final int LONGEST_MESSAGE = 4_000;
  private static final int LONGEST_STACK = 60_000;

  /// Name and drawing of each icon, in a square of 16.
  private static final String[][] ICONS = {
    {"i-yields", "<path d=\"M13 5.2A5.6 5.6 0 1 0 13.6 8M13.4 2v3.4H10\"/>"},
    {"i-waits", "<path d=\"M4 2h8M4 14h8M5 2c0 4 6 8 6 12M11 2c0 4-6 8-6 12\"/>"},
    {"i-open", "<path d=\"M3 8h.01M8 8h.01M13 8h.01\"/>"},
    {"i-ends", "<rect x=\"3.5\" y=\"3.5\" width=\"9\" height=\"9\"/>"},
    {"i-fails", "<path d=\"M3.5 3.5l9 9M12.5 3.5l-9 9\"/>"},
    {"i-cancelled", "<circle cx=\"8\" cy=\"8\" r=\"6\"/><path d=\"M4 12L12 4\"/>"},
    {"i-cancel", "<circle cx=\"8\" cy=\"8\" r=\"6\"/><path d=\"M4 12L12 4\"/>"},
    {"i-fire", "<circle cx=\"8\" cy=\"8\" r=\"6\"/><path d=\"M8 4.5V8l2.5 2\"/>"},
    {"i-timer", "<circle cx=\"8\" cy=\"8\" r=\"6\"/><path d=\"M8 4.5V8l2.5 2\"/>"},
    {"i-skew", "<path d=\"M2.5 4L7 8l-4.5 4zM8.5 4L13 8l-4.5 4z\"/>"},
    {"i-rest", "<path d=\"M4 2h8M4 14h8M5 2c0 4 6 8 6 12M11 2c0 4-6 8-6 12\"/>"},
    {"i-passed", "<path d=\"M2.5 8.5l3.5 4L13.5 4\"/>"}
  };

  private final StringBuilder page = new StringBuilder();

  private HtmlReport() {}

  /// A pass.
  ///
  /// @param coverage how much was tried
  /// @param schedules how many runs
  /// @param time how long they took
  /// @param estimate how many there are
  /// @param uncontrolled what could not be controlled
  /// @return the page
  public static String passed(
      String coverage, long schedules, Duration time, double estimate, List<String> uncontrolled) {
    HtmlReport report = new HtmlReport();
    report.begin("Passed");
    report.header("passed", "i-passed", "Every schedule that was tried has passed");
    report.add(element("h1", sentence(TextReport.coverage(coverage, schedules, estimate))));
    report.add("</header>\n<dl class=\"facts\">");
    report.fact("schedules", TextReport.number(schedules));
    report.fact("time", Durations.readable(time));
    report.fact("a second", TextReport.number(TextReport.rate(schedules, time)));
    report.add("</dl>\n");
    report.uncontrolled(uncontrolled);
    return report.end();
  }

  /// A failure, with everything that is known.
  ///
  /// @param schedules how many runs it took to find it
  /// @param time how long that took
  /// @param why the explanation
  /// @param uncontrolled what could not be controlled
  /// @return the page
  public static String failed(
      long schedules, Duration time, Explanation why, List<String> uncontrolled) {
    HtmlReport report = new HtmlReport();
    Knot knot = Knot.of(why);
    String message = message(why, knot);
    report.begin("Failed: " + message.lines().findFirst().orElse(""));
    report.headline(why, knot, message);
    report.flip(why);
    report.found(schedules, time, why);
    report.schedule(why);
    if (knot != null) {
      report.knot(knot, why);
    }
    report.stack(why.failure());
    report.uncontrolled(uncontrolled);
    report.replay(why.replay());
    return report.end();
  }

  // The frame

  private void add(String markup) {
    page.append(markup);
  }

  private void begin(String title) {
    add(
        """
        <!DOCTYPE html>
        <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        """);
    add(element("title", TextTrace.shortened(title, LONG_MESSAGE)));
    add("\n<style>\n" + style() + "</style>\n</head>\n<body>\n");
    add("<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\">");
    for (String[] icon : ICONS) {
      add("<symbol id=\"" + icon[0] + "\" viewBox=\"0 0 16 16\">" + icon[1] + "</symbol>");
    }
    add("</svg>\n");
  }

  private static String style() {
    try (InputStream file =
        Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.css"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String end() {
    add("<footer>Thrum testkit</footer>\n</body>\n</html>\n");
    return page.toString();
  }

  private void header(String kind, String icon, String words) {
    add("<header class=\"" + kind + "\"><p class=\"outcome\">" + icon(icon) + " ");
    add(text(words) + "</p>");
  }

  private void fact(String name, String value) {
    add("<div>" + element("dt", name) + element("dd", value) + "</div>");
  }

  private static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  // The parts of a failure

  private static String message(Explanation why, @Nullable Knot knot) {
    Throwable failure = why.failure();
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    return knot == null && why.stuck() == null
        ? message
        : Waiting.plain(message.lines().findFirst().orElse(message));
  }

  private void headline(Explanation why, @Nullable Knot knot, String message) {
    header("failed", "i-fails", "This schedule fails");
    add(element("p", "type site", why.failure().getClass().getName()));
    String kind = message.length() > LONG_MESSAGE || message.contains("\n") ? "long" : "";
    add(element("h1", kind, TextTrace.shortened(message, LONGEST_MESSAGE)));
    String origin = TextReport.origin(why, knot);
    if (!origin.isEmpty()) {
      add(element("p", "soft site", "at " + origin));
    }
    add("</header>\n");
  }

  private void flip(Explanation why) {
    if (why.flip().isEmpty()) {
      return;
    }
    add("<section class=\"flip\"><h2>What decides</h2><p>");
    add(text(sentence(why.flip())) + ".");
    int turn = why.turn();
    if (turn > 0) {
      String mark = why.trace().steps().get(turn - 1).deviates() ? "▶" : "▷";
      add(" <a href=\"#step-" + turn + "\">" + mark + " step " + turn + "</a>");
    }
    add("</p></section>\n");
  }

  private void found(long schedules, Duration time, Explanation why) {
    add("<dl class=\"facts\">");
    fact("found in", "schedule " + TextReport.number(schedules));
    fact("by", why.strategy());
    fact("reduced to", TextReport.counted(why.deviations(), "departure") + " from the plain order");
    fact("with", TextReport.counted(why.trace().switches(), "switch") + " between tasks");
    fact("in", TextReport.counted(why.replays(), "replay"));
    fact("all of it took", Durations.readable(time));
    add("</dl>\n");
    why.notes().forEach(note -> add(element("p", "soft", note)));
  }

  private void schedule(Explanation why) {
    add("<section><h2>The schedule</h2>\n");
    add(
        element(
            "p",
            "soft",
            "A box is a step: what a task does from one suspension point to the next, while nothing"
                + " else runs. A dashed line is a switch to another task."));
    add(new HtmlTrace(why.trace(), why.turn()).toString());
    add("</section>\n");
  }

  private void knot(Knot knot, Explanation why) {
    add("<section><h2>Who waits for whom</h2>\n");
    if (!knot.classes().isEmpty()) {
      list("classes", knot.classes());
    }
    String cycle = knot.rings().isEmpty() ? "" : " A cycle is drawn as a ring of thick lines.";
    add(
        element(
            "p",
            "soft",
            "Round: tasks. Boxes: what they wait for (solid line); a dashed line leads from there to"
                + " who holds it or has to end first."
                + cycle));
    add("<div class=\"scroll knot\">\n" + new KnotPicture(knot) + "</div>\n");
    if (why.stuck() == null) {
      list("notes", knot.lines());
    } else {
      List<Waiting> waits = why.stuck().waits();
      for (int i = 0; i < waits.size(); i++) {
        waiting(knot.lines().get(i), waits.get(i));
      }
    }
    add("</section>\n");
  }

  private void waiting(String line, Waiting wait) {
    add("<details>" + element("summary", line) + "<pre>");
    wait.stack().forEach(frame -> add(text("at " + frame) + "\n"));
    add("</pre></details>\n");
  }

  private void list(String kind, List<String> items) {
    add("<ul class=\"" + kind + "\">");
    items.forEach(item -> add(element("li", item)));
    add("</ul>\n");
  }

  private void stack(Throwable failure) {
    StringWriter stack = new StringWriter();
    failure.printStackTrace(new PrintWriter(stack, true));
    String whole = stack.toString();
    add("<section><h2>Stack trace</h2>\n<details><summary>");
    add(element("code", failure.getClass().getName()) + "</summary><pre>");
    add(text(TextTrace.shortened(whole, LONGEST_STACK)) + "</pre></details></section>\n");
  }

  private void uncontrolled(List<String> notes) {
    add("<section><h2>What was not controlled</h2>\n");
    if (notes.isEmpty()) {
      add(element("p", "soft", "Nothing was noticed that the explorer does not control."));
    } else {
      list("notes", notes);
    }
    add("</section>\n");
  }

  private void replay(String replay) {
    add("<section><h2>Repeat it</h2>\n");
    if (replay.isEmpty()) {
      add(element("p", "soft", "This run could not be repeated, so there is nothing to replay."));
    } else {
      String quoted = replay.replace("\\", "\\\\").replace("\"", "\\\"");
      add("<pre class=\"copy\">" + text("@Replay(\"" + quoted + "\")") + "</pre>\n");
      add(
          element(
              "p", "soft", "One click selects it. Put it above the test until the test passes."));
    }
    add("</section>\n");
  }
}
