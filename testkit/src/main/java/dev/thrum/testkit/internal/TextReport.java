package dev.thrum.testkit.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Verdicts as text.
public final class TextReport {
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
    return "passed ("
        + coverage(coverage, schedules, estimate)
        + "; "
        + number(rate(schedules, time))
        + " a second)"
        + notes(uncontrolled);
  }

  static String coverage(String coverage, long schedules, double estimate) {
    return switch (coverage) {
      case "EXHAUSTIVE" ->
          "exhaustive: every schedule that can differ was tried, in " + number(schedules) + " runs";
      case "ONE_DELAY" ->
          "every schedule with at most one delay, and a sample: "
              + number(schedules)
              + " schedules"
              + tree(estimate);
      default -> "sampled " + number(schedules) + " schedules" + tree(estimate);
    };
  }

  static long rate(long schedules, Duration time) {
    return Math.round(schedules * 1e9 / Math.max(1, time.toNanos()));
  }

  private static String tree(double estimate) {
    return estimate <= 0 ? "" : " of about " + about(estimate);
  }

  private static String about(double estimate) {
    return estimate < 1e9
        ? number(new BigDecimal(estimate).round(new MathContext(2)).longValue())
        : String.format(Locale.ROOT, "%.1e", estimate);
  }

  static String number(long value) {
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
    Knot knot = Knot.of(why);
    String origin = origin(why, knot);
    StringBuilder text = new StringBuilder(headline(why, knot));
    text.append(origin.isEmpty() ? "\n\n" : "\n  at " + origin + "\n\n");
    if (!why.flip().isEmpty()) {
      text.append(why.flip()).append(turn(why)).append('\n');
    }
    text.append(found(schedules, why)).append('\n');
    why.notes().forEach(note -> text.append(note).append('\n'));
    text.append('\n').append(new TextTrace(why.trace(), why.turn()));
    if (knot != null) {
      text.append('\n').append(waits(knot));
    }
    text.append(notes(uncontrolled));
    if (!why.replay().isEmpty()) {
      text.append("\nto repeat it: @Replay(\"").append(why.replay()).append("\")\n");
    }
    return text.toString();
  }

  /// What failed. Of a knot the graph follows below.
  static String headline(Explanation why, @Nullable Knot knot) {
    String whole = why.failure().toString();
    return knot == null && why.stuck() == null
        ? whole
        : Waiting.plain(whole.lines().findFirst().orElse(whole));
  }

  private static String turn(Explanation why) {
    int turn = why.turn();
    if (turn == 0) {
      return "";
    }
    boolean taken = why.trace().steps().get(turn - 1).deviates();
    return " (" + (taken ? "▶" : "▷") + " row " + turn + ")";
  }

  /// Where the failure comes from, in the user's own code.
  static String origin(Explanation why, @Nullable Knot knot) {
    return knot != null && why.stuck() != null ? "" : Sites.origin(why.failure().getStackTrace());
  }

  /// How it was found and reduced.
  static String found(long schedules, Explanation why) {
    int switches = why.trace().switches();
    return "found in schedule "
        + number(schedules)
        + " ("
        + why.strategy()
        + "), reduced to "
        + counted(why.deviations(), "departure")
        + " from the plain order and "
        + counted(switches, "switch")
        + " in "
        + counted(why.replays(), "replay");
  }

  static String counted(long count, String what) {
    String many = what.endsWith("ch") ? what + "es" : what + "s";
    return number(count) + " " + (count == 1 ? what : many);
  }

  private static String waits(Knot knot) {
    StringBuilder text = new StringBuilder("who waits for whom:\n");
    knot.lines().forEach(line -> text.append("  ").append(line).append('\n'));
    knot.classes().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
