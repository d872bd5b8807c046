package dev.thrum.testkit.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

/// What happened in a run, step by step.
///
/// @param names the names of the tasks, by path, in the order in which they first ran
/// @param steps the steps
public record Trace(Map<String, String> names, List<Step> steps) {

  /// Where a step of a task led to.
  public enum Stop {
    /// Nobody has seen it end.
    OPEN,
    /// It could go on.
    YIELDS,
    /// It waits.
    WAITS,
    /// The task has ended.
    ENDS,
    /// The task has ended with an exception.
    FAILS,
    /// The task has ended because it was cancelled.
    CANCELLED;

    boolean isEnd() {
      return this == ENDS || this == FAILS || this == CANCELLED;
    }
  }

  /// One step of a task, or something that happened to it.
  ///
  /// @param number its place, from 1
  /// @param path whose
  /// @param kind what
  /// @param nanos when, in virtual time
  /// @param deviates whether it is here that the run leaves the plain order
  /// @param from where the task was
  /// @param to where it stopped
  /// @param within where the task's own body was then, if that is in another file
  /// @param stop how it stopped
  /// @param how that, in words
  public record Step(
      int number,
      String path,
      Kind kind,
      long nanos,
      boolean deviates,
      String from,
      String to,
      String within,
      Stop stop,
      String how) {

    /// One that begins.
    static Step begun(int number, String path, Kind kind, long nanos, String from) {
      return new Step(number, path, kind, nanos, false, from, "", "", Stop.OPEN, "");
    }

    Step endedAt(String site, String body, Stop end, String words) {
      return new Step(number, path, kind, nanos, deviates, from, site, body, end, words);
    }

    Step marked(boolean leaves) {
      return new Step(number, path, kind, nanos, leaves, from, to, within, stop, how);
    }

    /// In one line.
    String text() {
      return switch (kind) {
        case FIRE -> "its timer fires";
        case SKEW -> "the clock goes on early";
        case CANCEL -> "is cancelled by the exploration";
        case REST -> "everybody waits on";
        case RUN -> {
          String begin = from.isEmpty() ? "" : from + " ";
          String end = to.isEmpty() ? how : to + ", " + how;
          String body = within.isEmpty() ? "" : ", in " + within;
          yield begin + "→ " + (end.isEmpty() ? "…" : end) + body;
        }
      };
    }

    /// When it began, as `1.5 ms`.
    String when() {
      long unit = nanos < 1_000 ? 1 : nanos < 1_000_000 ? 1_000 : 1_000_000;
      String name = unit == 1 ? " ns" : unit == 1_000 ? " µs" : " ms";
      if (nanos >= 1_000_000_000 || nanos == 0) {
        unit = 1_000_000_000;
        name = " s";
      }
      BigDecimal value =
          BigDecimal.valueOf(nanos).divide(BigDecimal.valueOf(unit), 3, RoundingMode.HALF_UP);
      return value.stripTrailingZeros().toPlainString() + name;
    }

    /// Whether both did the same, so that one need not be told.
    boolean isLike(Step other) {
      return kind == Kind.RUN
          && !deviates
          && nanos == other.nanos
          && path.equals(other.path)
          && text().equals(other.text());
    }
  }

  /// How a task is called in front of people: by its name, and by its path, which replay strings
  /// use.
  static String title(String path, String name) {
    return name.equals(path) ? path : name + " [" + path + "]";
  }

  /// How one of the tasks is called.
  String title(String path) {
    return title(path, names.getOrDefault(path, path));
  }

  /// Whether virtual time went on.
  boolean isTimed() {
    return !steps.isEmpty() && steps.getLast().nanos() != steps.getFirst().nanos();
  }

  /// How often another task than the last one took a step.
  int switches() {
    int switches = 0;
    String last = null;
    for (Step step : steps) {
      if (step.kind() == Kind.RUN) {
        if (last != null && !last.equals(step.path())) {
          switches++;
        }
        last = step.path();
      }
    }
    return switches;
  }
}
