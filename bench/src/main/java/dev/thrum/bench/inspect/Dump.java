package dev.thrum.bench.inspect;

import dev.thrum.bench.Child;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/// How long it takes to look at 100,000 tasks, and how long their loop is held by that. Each view
/// is asked for in fresh processes, and the views take turns.
final class Dump {
  /// What a dump may take, in nanoseconds.
  private static final double AIM = 2e9;

  private final Options options;
  private final Tables tables;
  private final Map<Cell, List<Look>> looks = new HashMap<>();
  private final Map<Engine, Map<Look.Which, List<Look>>> beside = new EnumMap<>(Engine.class);
  private boolean failed;

  private record Cell(Engine engine, View view, Look.Which which) {}

  Dump(Options options, Tables tables) {
    this.options = options;
    this.tables = tables;
  }

  /// True if every process did what it should.
  boolean run() throws IOException, InterruptedException {
    for (int round = 1; round <= options.rounds(); round++) {
      for (var view : round % 2 == 1 ? options.views() : options.views().reversed()) {
        for (var engine : options.engines()) {
          measure(round, engine, view);
        }
      }
    }
    tables.note("%,d tasks".formatted(Crowd.TASKS));
    tables.note(
        "%d × (1 + %d) questions in fresh processes".formatted(options.rounds(), options.calls()));
    options.engines().forEach(this::report);
    return !failed;
  }

  private void measure(int round, Engine engine, View view)
      throws IOException, InterruptedException {
    var what = "%d\t%s\t%s".formatted(round, engine.title(), view.title());
    var child =
        Child.run(
            List.of(
                Launch.java(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                ClassPath.own(),
                Looker.class.getName(),
                engine.title(),
                view.title(),
                Integer.toString(options.calls())),
            Map.of());
    var found = child.output().stream().flatMap(line -> Look.parse(line).stream()).toList();
    if (!child.ok() || found.size() != 3 + options.calls()) {
      failed = true;
      System.err.println(what + "\tfailed\n" + child.errors());
      return;
    }
    for (var look : found) {
      System.err.printf(
          Locale.ROOT,
          "%s\t%s\t%.1f ms\t%.1f ms CPU\t%,d bytes\theld %.1f ms%n",
          what,
          look.which().name().toLowerCase(Locale.ROOT),
          look.nanos() / 1e6,
          look.cpuNanos() / 1e6,
          look.bytes(),
          look.heldNanos() / 1e6);
      switch (look.which()) {
        case NONE, ATTACH ->
            beside
                .computeIfAbsent(engine, _ -> new EnumMap<>(Look.Which.class))
                .computeIfAbsent(look.which(), _ -> new ArrayList<>())
                .add(look);
        case FIRST, LATER ->
            looks
                .computeIfAbsent(new Cell(engine, view, look.which()), _ -> new ArrayList<>())
                .add(look);
      }
    }
  }

  private void report(Engine engine) {
    tables.begin(
        engine.title()
            + " engine, in ms; median, and for how long the loop was held the worst too:",
        "view",
        List.of(
            "first", "CPU", "later", "CPU", "answer, KiB", "loop held, first", "loop held, later"));
    var own = beside.getOrDefault(engine, Map.of());
    var none = own.getOrDefault(Look.Which.NONE, List.of());
    var attach = own.getOrDefault(Look.Which.ATTACH, List.of());
    tables.row("nothing asked", List.of("–", "–", "–", "–", "–", "–", held(none)));
    tables.row("attach", List.of(millis(attach), cpu(attach), "–", "–", "–", held(attach), "–"));
    for (var view : options.views()) {
      var first = looks.getOrDefault(new Cell(engine, view, Look.Which.FIRST), List.of());
      var later = looks.getOrDefault(new Cell(engine, view, Look.Which.LATER), List.of());
      tables.row(
          view.title(),
          List.of(
              millis(first) + verdict(view, first),
              cpu(first),
              millis(later),
              cpu(later),
              cell(first, Look::bytes, 1024),
              held(first),
              held(later)));
    }
  }

  private static String verdict(View view, List<Look> first) {
    if ((view != View.DUMP && view != View.DUMP_JSON) || first.isEmpty()) {
      return "";
    }
    return Spread.of(values(first, Look::nanos)).median() < AIM
        ? " (under 2 s)"
        : " (**not under 2 s**)";
  }

  private static String millis(List<Look> looks) {
    return cell(looks, Look::nanos, 1e6);
  }

  private static String cpu(List<Look> looks) {
    return cell(looks, Look::cpuNanos, 1e6);
  }

  private static String held(List<Look> looks) {
    var worst = looks.stream().mapToLong(Look::heldNanos).max();
    return worst.isEmpty()
        ? "–"
        : cell(looks, Look::heldNanos, 1e6)
            + String.format(Locale.ROOT, " (%,.0f)", worst.getAsLong() / 1e6);
  }

  private static String cell(List<Look> looks, ToLongFunction<Look> measure, double unit) {
    return looks.isEmpty()
        ? "–"
        : String.format(Locale.ROOT, "%,.0f", Spread.of(values(looks, measure)).median() / unit);
  }

  private static List<Double> values(List<Look> looks, ToLongFunction<Look> measure) {
    return looks.stream().map(look -> (double) measure.applyAsLong(look)).toList();
  }
}
