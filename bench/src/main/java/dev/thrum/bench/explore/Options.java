package dev.thrum.bench.explore;

import static dev.thrum.bench.Args.list;
import static dev.thrum.bench.Args.number;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/// What to explore and how long.
record Options(
    List<Tool> tools,
    List<String> strategies,
    List<Program> programs,
    int seeds,
    int budget,
    int seconds) {
  static final String USAGE =
      """
      usage: bench/run explore [--peers name,…] [--strategies name,…] [--only program,…]
                               [--seeds N] [--budget N] [--seconds N]

      Explorers of schedules, each strategy in a process of its own, on the same small programs: how
      many schedules until the bug shows (median), and how many run in a second.

        --peers        fray, lincheck; all
        --strategies   fray: random, pct3, pos, surw; lincheck: model; all
        --only         account, twostage, reorder_3, reorder_5, wronglock_1, stack, lazy_init_twice,
                       lost_wakeup_flag, boundedbuffer, deadlock01, dining_3, throughput; all
        --seeds N      attempts of a tool that takes seeds (20)
        --budget N     schedules after which an attempt gives up (5000)
        --seconds N    the least that an attempt at throughput takes (3)
      """;

  static Options parse(List<String> args) {
    List<Tool> tools = Tool.all();
    List<String> strategies = List.of();
    List<Program> programs = Program.all();
    int seeds = 20;
    int budget = 5000;
    int seconds = 3;
    var words = new ArrayDeque<>(args);
    while (!words.isEmpty()) {
      var option = words.pop();
      try {
        switch (option) {
          case "--peers" -> tools = list(words.pop()).stream().map(Options::tool).toList();
          case "--strategies" -> strategies = list(words.pop());
          case "--only" -> programs = list(words.pop()).stream().map(Program::named).toList();
          case "--seeds" -> seeds = number(option, words.pop());
          case "--budget" -> budget = number(option, words.pop());
          case "--seconds" -> seconds = number(option, words.pop());
          default -> throw new IllegalArgumentException("unknown option " + option);
        }
      } catch (NoSuchElementException e) {
        throw new IllegalArgumentException(option + " lacks its value", e);
      }
    }
    var options = new Options(tools, strategies, programs, seeds, budget, seconds);
    for (var strategy : strategies) {
      if (tools.stream().noneMatch(tool -> tool.strategies().contains(strategy))) {
        throw new IllegalArgumentException("unknown strategy " + strategy);
      }
    }
    return options;
  }

  /// Those of a tool that are wanted.
  List<String> strategiesOf(Tool tool) {
    return tool.strategies().stream()
        .filter(strategy -> strategies.isEmpty() || strategies.contains(strategy))
        .toList();
  }

  /// What a child has to know.
  List<String> childWords() {
    var words = new ArrayList<String>();
    words.add("--only");
    words.add(String.join(",", programs.stream().map(Program::title).toList()));
    words.addAll(List.of("--seeds", Integer.toString(seeds)));
    words.addAll(List.of("--budget", Integer.toString(budget)));
    words.addAll(List.of("--seconds", Integer.toString(seconds)));
    return words;
  }

  private static Tool tool(String name) {
    return Tool.named(name).orElseThrow(() -> new IllegalArgumentException("unknown peer " + name));
  }
}
