package dev.thrum.bench.explore;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One strategy of one tool, in a process of its own: prints a [Row] for each program.
final class ExploreChild {
  /// Attempts of a tool without seeds, which differ by nothing but the clock.
  private static final int UNSEEDED_ATTEMPTS = 3;

  private static final int THROUGHPUT_ATTEMPTS = 3;
  private static final int FIRST_BUDGET = 1000;
  private static final int MOST_BUDGET = 1 << 24;

  private final Tool tool;
  private final String strategy;
  private final Options options;

  private ExploreChild(Tool tool, String strategy, Options options) {
    this.tool = tool;
    this.strategy = strategy;
    this.options = options;
  }

  static void main(String[] args) throws IOException {
    var tool = Tool.named(args[0]).orElseThrow();
    var options = Options.parse(List.of(args).subList(2, args.length));
    var child = new ExploreChild(tool, args[1], options);
    var out = System.out;
    // Tools say on standard output how they get on.
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    for (var program : options.programs()) {
      var attempts = program.bug() == Program.Bug.NONE ? child.race(program) : child.find(program);
      out.println(Row.of(tool, child.strategy, program, attempts));
      out.flush();
    }
    // Threads that deadlocked may still be there.
    Runtime.getRuntime().halt(0);
  }

  private List<Tool.Attempt> find(Program program) throws IOException {
    int count = tool.seeded() ? options.seeds() : UNSEEDED_ATTEMPTS;
    var attempts = new ArrayList<Tool.Attempt>();
    for (int seed = 1; seed <= count; seed++) {
      attempts.add(tool.explore(strategy, program, seed, options.budget()));
    }
    return attempts;
  }

  /// Attempts long enough to be timed. Those that find out how long that is warm the JVM up.
  private List<Tool.Attempt> race(Program program) throws IOException {
    int budget = FIRST_BUDGET;
    var attempt = tool.explore(strategy, program, 1, budget);
    while (isShort(attempt) && attempt.schedules() == budget && budget < MOST_BUDGET) {
      budget *= 2;
      attempt = tool.explore(strategy, program, 1, budget);
    }
    var attempts = new ArrayList<Tool.Attempt>();
    for (int seed = 2; seed < 2 + THROUGHPUT_ATTEMPTS; seed++) {
      attempts.add(tool.explore(strategy, program, seed, budget));
    }
    if (attempts.stream().anyMatch(Tool.Attempt::found)) {
      throw new IllegalStateException("a bug in " + program.title());
    }
    return attempts;
  }

  private boolean isShort(Tool.Attempt attempt) {
    return attempt.took().compareTo(Duration.ofSeconds(options.seconds())) < 0;
  }
}
