package dev.thrum.testkit.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A schedule that can be written down: a plain order, and where it is left.
///
/// @param base the plain order
/// @param deviations where it is left, in order
/// @param draws the even choices that did not fall on the first possibility
record Schedule(Plain base, List<Deviation> deviations, List<Draw> draws) {
  private static final String VERSION = "thrum1";

  Schedule {
    deviations = List.copyOf(deviations);
    draws = List.copyOf(draws);
  }

  int size() {
    return deviations.size() + draws.size();
  }

  /// Limits that allow for what it does.
  Conductor.Limits limits(Conductor.Limits given) {
    int cancellations = 0;
    boolean skew = given.timeSkew();
    boolean main = given.cancelMain();
    for (Deviation deviation : deviations) {
      Deviation.Move move = deviation.chosen();
      if (move.kind() == Kind.CANCEL) {
        cancellations++;
        main |= move.path().equals("main");
      }
      skew |= move.kind() == Kind.SKEW;
    }
    return new Conductor.Limits(
        given.steps(), Math.max(cancellations, given.cancellations()), main, skew);
  }

  /// A strategy that follows it. What does not fit is passed over and remembered.
  Following follow() {
    return new Following(this);
  }

  /// As one line, which [#parse] reads.
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(VERSION)
            .append(' ')
            .append(base.name().toLowerCase(java.util.Locale.ROOT));
    deviations.forEach(deviation -> text.append(' ').append(deviation));
    draws.forEach(draw -> text.append(' ').append(draw));
    return text.toString();
  }

  static Schedule parse(String text) {
    try {
      String[] words = text.trim().split("\\s+");
      if (words.length < 2 || !words[0].equals(VERSION)) {
        throw new IllegalArgumentException("it does not begin with " + VERSION);
      }
      List<Deviation> deviations = new ArrayList<>();
      List<Draw> draws = new ArrayList<>();
      for (String word : List.of(words).subList(2, words.length)) {
        if (word.indexOf('?') >= 0) {
          draws.add(Draw.parse(word));
        } else {
          deviations.add(Deviation.parse(word));
        }
      }
      return new Schedule(
          Plain.valueOf(words[1].toUpperCase(java.util.Locale.ROOT)), deviations, draws);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "this is no replay string of Thrum's: '"
              + text
              + "'; copy it whole from the failure message",
          e);
    }
  }

  /// Follows a schedule.
  static final class Following implements Strategy {
    private static final String CHANGED =
        "; the program is no longer the one that this was recorded with";

    private final Schedule schedule;
    private boolean[] used;
    private boolean[] drawn;

    Following(Schedule schedule) {
      this.schedule = schedule;
      this.used = new boolean[schedule.deviations.size()];
      this.drawn = new boolean[schedule.draws.size()];
    }

    @Override
    public String name() {
      return "replay";
    }

    @Override
    public boolean isFair() {
      return true;
    }

    @Override
    public void begin(Conductor run) {
      used = new boolean[schedule.deviations.size()];
      drawn = new boolean[schedule.draws.size()];
    }

    @Override
    public int pick(Conductor run, int count) {
      int plain = schedule.base.pick(run, count);
      for (int i = 0; i < used.length; i++) {
        Deviation deviation = schedule.deviations.get(i);
        if (!used[i] && matches(run, plain, deviation.instead())) {
          for (int c = 0; c < count; c++) {
            if (matches(run, c, deviation.chosen())) {
              used[i] = true;
              return c;
            }
          }
        }
      }
      return plain;
    }

    private static boolean matches(Conductor run, int index, Deviation.Move move) {
      return run.kind(index) == move.kind()
          && run.count(index) == move.number()
          && run.actor(index).path().equals(move.path());
    }

    @Override
    public int draw(Conductor run, int bound) {
      Actor by = run.drawing();
      for (int i = 0; i < drawn.length; i++) {
        Draw draw = schedule.draws.get(i);
        if (draw.number() == by.draws && draw.path().equals(by.path())) {
          drawn[i] = true;
          return Math.min(draw.value(), bound - 1);
        }
      }
      return 0;
    }

    /// Where the last run did not follow it, in words.
    ///
    /// @param seen how that run left the plain order
    Optional<String> stale(List<Deviation> seen) {
      for (int i = 0; i < used.length; i++) {
        Deviation planned = schedule.deviations.get(i);
        if (!used[i]) {
          return Optional.of(diverged(planned, ""));
        }
        for (Deviation actual : seen) {
          if (actual.chosen().equals(planned.chosen())
              && actual.instead().equals(planned.instead())
              && !planned.site().isEmpty()
              && !actual.site().equals(planned.site())) {
            return Optional.of(diverged(planned, ", and it was at " + actual.site()));
          }
        }
      }
      for (int i = 0; i < drawn.length; i++) {
        if (!drawn[i]) {
          Draw draw = schedule.draws.get(i);
          return Optional.of(
              "diverged: expected task "
                  + draw.path()
                  + " to make its choice "
                  + (draw.number() + 1)
                  + CHANGED);
        }
      }
      return Optional.empty();
    }

    private static String diverged(Deviation planned, String actual) {
      return "diverged at choice "
          + planned.choice()
          + ": expected task "
          + planned.chosen().path()
          + " at "
          + (planned.site().isEmpty() ? "its step " + planned.chosen().number() : planned.site())
          + actual
          + CHANGED;
    }
  }
}
