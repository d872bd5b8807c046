package dev.thrum.bench.inspect;

import static dev.thrum.bench.Args.list;
import static dev.thrum.bench.Args.number;
import static dev.thrum.bench.Args.orElse;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// What to run and how long.
///
/// @param beforeClassPath the jars of the variant "before"
record Options(
    boolean costs,
    boolean dump,
    boolean quick,
    int rounds,
    List<Program> programs,
    List<Variant> variants,
    List<View> views,
    List<Engine> engines,
    Optional<String> beforeClassPath,
    Optional<Path> out) {
  static final String USAGE =
      """
      usage: bench/run inspect --costs [--quick] [--rounds N] [--only workload,…] [--variants variant,…]
                               [--before DIR] [--engine confined|portable] [--out FILE]
             bench/run inspect --dump [--quick] [--rounds N] [--views view,…] [--engine confined|portable]
                               [--out FILE]

      --costs: what it costs a program to be looked into. --dump: how long it takes to look at 100,000
      tasks, and how long their loop is held by that.

        --only         switch-2, switch-1000, spawn-await, echo-10, echo-1000
        --variants     no-detector, console, debug, jfr-default, jfr, trace, and before; "plain", which
                       they are compared with, is always there
        --before DIR   the core and net jars of another checkout, which is built, as a variant
        --views        ps, tree, waits, dump, dump-json, page-overview, page-tasks, page-tree, page-waits
        --engine       of the loops (--costs: confined; --dump: both)
        --rounds N     fresh processes of each kind, in turn (--costs: 5, of 8 minutes; --dump: 3, of 4
                       minutes; quick: 1)
        --quick        shorter, and rougher
        --out          write the tables to a file too
      """;

  static Options parse(String[] args) {
    boolean costs = false;
    boolean dump = false;
    boolean quick = false;
    int rounds = 0;
    List<Program> programs = Program.all();
    Optional<List<Variant>> variants = Optional.empty();
    List<View> views = List.of(View.values());
    List<Engine> engines = List.of();
    Optional<String> before = Optional.empty();
    Optional<Path> out = Optional.empty();
    var words = new ArrayDeque<>(Arrays.asList(args));
    while (!words.isEmpty()) {
      var option = words.pop();
      try {
        switch (option) {
          case "--costs" -> costs = true;
          case "--dump" -> dump = true;
          case "--quick" -> quick = true;
          case "--rounds" -> rounds = number(option, words.pop());
          case "--only" -> programs = list(words.pop()).stream().map(Program::titled).toList();
          case "--variants" ->
              variants = Optional.of(list(words.pop()).stream().map(Variant::titled).toList());
          case "--views" -> views = list(words.pop()).stream().map(View::titled).toList();
          case "--engine" -> engines = List.of(Engine.titled(words.pop()));
          case "--before" -> before = Optional.of(ClassPath.with(Path.of(words.pop())));
          case "--out" -> out = Optional.of(Path.of(words.pop()));
          default -> throw new IllegalArgumentException("unknown option " + option);
        }
      } catch (NoSuchElementException e) {
        throw new IllegalArgumentException(option + " lacks its value", e);
      }
    }
    if (costs == dump) {
      throw new IllegalArgumentException("either --costs or --dump is wanted");
    }
    return new Options(
        costs,
        dump,
        quick,
        rounds > 0 ? rounds : quick ? 1 : costs ? 5 : 3,
        programs,
        columns(variants, before),
        views,
        orElse(engines, costs ? List.of(Engine.CONFINED) : List.of(Engine.values())),
        before,
        out);
  }

  private static List<Variant> columns(Optional<List<Variant>> wanted, Optional<String> before) {
    if (before.isEmpty() && wanted.orElse(List.of()).contains(Variant.BEFORE)) {
      throw new IllegalArgumentException("the variant before takes --before DIR");
    }
    var columns = new ArrayList<Variant>();
    for (var variant : Variant.values()) {
      boolean possible = variant != Variant.BEFORE || before.isPresent();
      boolean chosen = wanted.map(list -> list.contains(variant)).orElse(possible);
      if (chosen || variant == Variant.PLAIN) {
        columns.add(variant);
      }
    }
    return List.copyOf(columns);
  }

  /// On the processor, at least; a console is open by then.
  Duration warmUp() {
    return Duration.ofSeconds(quick ? 3 : 5);
  }

  /// Intervals that are measured in one process.
  int intervals() {
    return 2;
  }

  /// How long one of them is where that is told by time: a console asks once a second.
  Duration interval() {
    return Duration.ofMillis(quick ? 1500 : 3000);
  }

  /// How many times fewer operations than a long run on the confined engine does.
  int fewer(Engine engine) {
    return (quick ? 2 : 1) * (engine == Engine.PORTABLE ? 4 : 1);
  }

  /// How often a view is asked for after the first time.
  int calls() {
    return quick ? 5 : 10;
  }
}
