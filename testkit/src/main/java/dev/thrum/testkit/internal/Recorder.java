package dev.thrum.testkit.internal;

import dev.thrum.internal.Steered;
import dev.thrum.testkit.internal.Trace.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Watches a run that is told to people: what each step did and where in the code, and how the
/// choices differ from the two orders that need no explanation.
///
/// It walks a stack for each step, so that it watches few runs.
final class Recorder {
  private final boolean withSites;
  private final List<Deviation> fromFifo = new ArrayList<>();
  private final List<Deviation> fromStay = new ArrayList<>();
  private final List<Draw> draws = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, String> sites = new LinkedHashMap<>();
  private @Nullable Step open;
  private int choices;

  Recorder(boolean withSites) {
    this.withSites = withSites;
  }

  void chosen(Conductor run, int pick, int count) {
    choices++;
    deviate(run, pick, 0, fromFifo);
    deviate(run, pick, run.stay(), fromStay);
  }

  private void deviate(Conductor run, int pick, int base, List<Deviation> into) {
    if (pick != base) {
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
    }
  }

  void begins(Conductor run, Actor actor, Kind kind) {
    String path = actor.path();
    if (kind != Kind.SKEW) {
      names.putIfAbsent(path, Objects.requireNonNull(actor.task).name());
    }
    Step step =
        new Step(
            steps.size() + 1,
            path,
            kind,
            run.nanoTime(),
            kind == Kind.RUN && actor.steps == 0 ? "starts" : sites.getOrDefault(path, ""),
            "",
            "");
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
    String site = task.isOver() || !withSites ? "" : Sites.of(task.thread());
    sites.put(actor.path(), site);
    Object wait = task.waitsOn();
    String how =
        task.isOver()
            ? "ends"
            : wait == task
                ? "waits for its children"
                : wait != null ? "waits for " + wait : task.isInJdk() ? "in the JDK" : "yields";
    steps.set(steps.size() - 1, step.endedAt(site, how));
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

  Trace trace() {
    return new Trace(names, steps);
  }
}
