package dev.thrum.testkit.internal;

import java.util.List;
import java.util.Map;

/// What happened in a run, step by step.
///
/// @param names the names of the tasks, by path, in the order in which they first ran
/// @param steps the steps
public record Trace(Map<String, String> names, List<Step> steps) {

  /// One step of a task, or something that happened to it.
  ///
  /// @param number its place, from 1
  /// @param path whose
  /// @param kind what
  /// @param nanos when, in virtual time
  /// @param from where the task was
  /// @param to where it stopped
  /// @param how how it stopped
  public record Step(
      int number, String path, Kind kind, long nanos, String from, String to, String how) {

    Step endedAt(String site, String stop) {
      return new Step(number, path, kind, nanos, from, site, stop);
    }

    /// In one line.
    String text() {
      return switch (kind) {
        case FIRE -> "its timer fires";
        case SKEW -> "the clock goes on early";
        case CANCEL -> "is cancelled";
        case REST -> "everybody waits on";
        case RUN -> {
          String begin = from.isEmpty() ? "" : from + " ";
          yield begin + "→ " + (to.isEmpty() ? how : to + ", " + how);
        }
      };
    }
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
