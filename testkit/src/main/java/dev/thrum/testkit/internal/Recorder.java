package dev.thrum.testkit.internal;

import dev.thrum.internal.Steered;
import dev.thrum.testkit.internal.Trace.Step;
import dev.thrum.testkit.internal.Trace.Stop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Watches a run that is told to people: what each step did and where in the code, and how the
/// choices differ from the two orders that need no explanation.
///
/// It walks a stack for each step, so that it watches few runs.
final class Recorder {
  private static final int MOST_CHOSEN = 60;

  private final boolean withSites;
  private final List<Deviation> fromFifo = new ArrayList<>();
  private final List<Deviation> fromStay = new ArrayList<>();
  private final List<Draw> draws = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, String> sites = new LinkedHashMap<>();
  private final List<Integer> leavesFifo = new ArrayList<>();
  private final List<Integer> leavesStay = new ArrayList<>();
  private final List<Integer> drawing = new ArrayList<>();
  private @Nullable Step open;
  private String chosen = "";
  private int choices;

  Recorder(boolean withSites) {
    this.withSites = withSites;
  }

  void chosen(Conductor run, int pick, int count) {
    choices++;
    deviate(run, pick, 0, fromFifo, leavesFifo);
    deviate(run, pick, run.stay(), fromStay, leavesStay);
  }

  private void deviate(
      Conductor run, int pick, int base, List<Deviation> into, List<Integer> leaves) {
    if (pick != base) {
      leaves.add(steps.size() + 1); // the step that is about to begin
      Actor actor = run.actor(pick);
      into.add(
          new Deviation(
              choices, move(run, pick), move(run, base), sites.getOrDefault(actor.path(), "")));
    }
  }

  static Deviation.Move move(Conductor run, int index) {
    return new Deviation.Move(run.actor(index).path(), run.kind(index), run.count(index));
  }

  void drew(Actor by, int drawn) {
    if (drawn != 0) {
      draws.add(new Draw(by.path(), by.draws, drawn));
      drawing.add(steps.size());
    }
    chosen = (chosen.isEmpty() ? ", chose " : chosen + ", ") + drawn;
    if (chosen.length() > MOST_CHOSEN) {
      chosen = ", chose several times";
    }
  }

  void begins(Conductor run, Actor actor, Kind kind) {
    String path = actor.path();
    if (!kind.isOfClock()) {
      names.putIfAbsent(path, Objects.requireNonNull(actor.task).name());
    }
    Step step =
        Step.begun(
            steps.size() + 1,
            path,
            kind,
            run.nanoTime(),
            kind == Kind.RUN && actor.steps == 0 ? "starts" : sites.getOrDefault(path, ""));
    if (kind == Kind.RUN) {
      open = step;
    }
    steps.add(step);
  }

  void ended(Conductor run, Actor actor) {
    Step step = open;
    if (step == null) {
      return;
    }
    open = null;
    Steered task = Objects.requireNonNull(actor.task);
    StackTraceElement[] stack =
        task.isOver() || !withSites ? new StackTraceElement[0] : task.thread().getStackTrace();
    String site = Sites.innermost(stack);
    sites.put(actor.path(), site);
    Stop stop = stop(task);
    String words = words(stop, task, stack) + chosen;
    chosen = "";
    steps.set(steps.size() - 1, step.endedAt(site, Sites.outermost(stack), stop, words));
  }

  private static Stop stop(Steered task) {
    if (task.isOver()) {
      return switch (task instanceof Future<?> result ? result.state() : Future.State.SUCCESS) {
        case FAILED -> Stop.FAILS;
        case CANCELLED -> Stop.CANCELLED;
        case SUCCESS, RUNNING -> Stop.ENDS;
      };
    }
    return task.waitsOn() != null || task.isInJdk() ? Stop.WAITS : Stop.YIELDS;
  }

  private static String words(Stop stop, Steered task, StackTraceElement[] stack) {
    return switch (stop) {
      case OPEN -> "";
      case YIELDS -> "yields";
      case ENDS -> "ends";
      case FAILS -> "fails";
      case CANCELLED -> "ends, cancelled";
      case WAITS -> {
        Object thing = task.isInJdk() ? null : task.waitsOn();
        yield thing != null
            ? "waits for " + Waiting.describe(task, thing)
            : "waits in " + Sites.called(stack).orElse("the JDK");
      }
    };
  }

  void unwinding() {
    open = null;
  }

  List<Deviation> fromFifo() {
    return fromFifo;
  }

  List<Deviation> fromStay() {
    return fromStay;
  }

  List<Draw> draws() {
    return draws;
  }

  /// What happened.
  ///
  /// @param base the order whose departures are marked, or null if none are
  Trace trace(@Nullable Plain base) {
    if (base != null) {
      leaves(base).forEach(this::mark);
      drawing.forEach(this::mark);
    }
    return new Trace(names, steps);
  }

  private void mark(int number) {
    if (number >= 1 && number <= steps.size()) {
      steps.set(number - 1, steps.get(number - 1).marked(true));
    }
  }

  /// The numbers of the steps that depart from an order, one for each departure.
  List<Integer> leaves(Plain base) {
    return base == Plain.FIFO ? leavesFifo : leavesStay;
  }

  /// The number of the step in which something happened, or 0 if it did not.
  int numberOf(Deviation.Move move) {
    int left = move.number();
    for (Step step : steps) {
      boolean counts =
          step.kind() == move.kind() || (step.kind().isOfClock() && move.kind().isOfClock());
      if (counts && step.path().equals(move.path()) && left-- == 0) {
        return step.number();
      }
    }
    return 0;
  }
}
