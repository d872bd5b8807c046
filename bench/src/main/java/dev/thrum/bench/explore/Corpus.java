package dev.thrum.bench.explore;

import static dev.thrum.testkit.Explorer.Strategy.FIFO;
import static dev.thrum.testkit.Explorer.Strategy.ONE_DELAY;
import static dev.thrum.testkit.Explorer.Strategy.ONE_SWITCH;
import static dev.thrum.testkit.Explorer.Strategy.PLAN;
import static dev.thrum.testkit.Explorer.Strategy.PRIORITIES_2;
import static dev.thrum.testkit.Explorer.Strategy.PRIORITIES_3;
import static dev.thrum.testkit.Explorer.Strategy.PRIORITIES_5;
import static dev.thrum.testkit.Explorer.Strategy.RANDOM;
import static dev.thrum.testkit.Explorer.Strategy.STAY;
import static dev.thrum.testkit.Explorer.Strategy.UNIFORM_WALK;

import dev.thrum.programs.Program;
import dev.thrum.programs.Programs;
import dev.thrum.testkit.Explorer;
import dev.thrum.testkit.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How many schedules each strategy needs for each program with a known bug, and how short the
/// explanation gets; and whether the mended twins pass.
public final class Corpus {
  private static final int MOST = 5_000;
  private static final List<Explorer.Strategy> SURE = List.of(FIFO, STAY, ONE_DELAY, ONE_SWITCH);
  private static final List<Explorer.Strategy> CHANCE =
      List.of(RANDOM, UNIFORM_WALK, PRIORITIES_2, PRIORITIES_3, PRIORITIES_5);

  private final int seeds;
  private final long twins;
  private int beyond;
  private int failedTwins;

  private Corpus(int seeds, long twins) {
    this.seeds = seeds;
    this.twins = twins;
  }

  /// @param args `--seeds N` (20), `--twins N` schedules of each mended twin (0)
  static void main(String[] args) {
    int seeds = 20;
    long twins = 0;
    for (int i = 0; i < args.length; i++) {
      boolean last = i + 1 == args.length;
      if (args[i].equals("--seeds") && !last) {
        seeds = Integer.parseInt(args[++i]);
      } else if (args[i].equals("--twins") && !last) {
        twins = Long.parseLong(args[++i]);
      } else {
        System.err.println("usage: bench/run explore --corpus [--seeds N] [--twins SCHEDULES]");
        System.exit(2);
      }
    }
    var corpus = new Corpus(seeds, twins);
    corpus.print();
    System.exit(corpus.failedTwins == 0 ? 0 : 1);
  }

  private void print() {
    System.out.println(
        "| program | FIFO | stay | one delay | one switch | random | walk | PCT 2 | PCT 3 | PCT 5 |"
            + " plan | departures | replays | schedules/s |");
    System.out.println("| --- |" + " ---: |".repeat(13));
    for (Program program : Programs.all()) {
      System.out.println(row(program));
    }
    System.out.printf(
        Locale.ROOT,
        "%nThe plan needs more than twice what the best of FIFO, stay, random, walk and PCT needs"
            + " with %d of %d programs.%n",
        beyond,
        Programs.all().size());
    if (twins > 0) {
      System.out.printf(
          Locale.ROOT, "Mended twins that fail within %,d schedules: %d%n", twins, failedTwins);
    }
  }

  private String row(Program program) {
    List<String> cells = new ArrayList<>(List.of(program.name()));
    double best = Double.MAX_VALUE;
    for (Explorer.Strategy strategy : SURE) {
      double needs = median(program, strategy, 1);
      cells.add(cell(needs));
      best = strategy == FIFO || strategy == STAY ? Math.min(best, needs) : best;
    }
    for (Explorer.Strategy strategy : CHANCE) {
      double needs = median(program, strategy, seeds);
      cells.add(cell(needs));
      best = Math.min(best, needs);
    }
    double plan = median(program, PLAN, seeds);
    boolean isBeyond = plan > 2 * best;
    beyond += isBeyond ? 1 : 0;
    cells.add(isBeyond ? "**" + cell(plan) + "**" : cell(plan));
    Verdict found = explore(program, PLAN, 1);
    if (found instanceof Verdict.Failed failed) {
      cells.add(String.valueOf(failed.deviations()));
      cells.add(String.valueOf(failed.replays()));
    } else {
      cells.addAll(List.of("", ""));
    }
    cells.add(pace(program));
    return "| " + String.join(" | ", cells) + " |";
  }

  /// The median over some seeds; endless if it is not found.
  private static double median(Program program, Explorer.Strategy strategy, int seeds) {
    List<Double> needs = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      Verdict verdict = explore(program, strategy, seed);
      needs.add(verdict.passed() ? Double.MAX_VALUE : (double) verdict.schedules());
    }
    needs.sort(null);
    return (needs.get(seeds / 2) + needs.get((seeds - 1) / 2)) / 2;
  }

  private static Verdict explore(Program program, Explorer.Strategy strategy, long seed) {
    return Explorer.explore(
        Explorer.options()
            .strategy(strategy)
            .seed(seed)
            .schedules(MOST)
            .time(Duration.ofMinutes(1))
            .progress(_ -> {}),
        program.buggy());
  }

  /// The mended twin, explored at random.
  private String pace(Program program) {
    Verdict verdict =
        Explorer.explore(
            Explorer.options()
                .strategy(RANDOM)
                .schedules(Math.max(MOST, twins))
                .time(Duration.ofMinutes(5))
                .progress(_ -> {}),
            program.fixed());
    if (!verdict.passed()) {
      failedTwins++;
      return "**twin fails**";
    }
    double rate = verdict.schedules() * 1e9 / Math.max(1, verdict.time().toNanos());
    return String.format(Locale.ROOT, "%,d", Math.round(rate / 1000) * 1000);
  }

  private static String cell(double needs) {
    if (needs >= Double.MAX_VALUE / 2) {
      return "–";
    }
    return needs == Math.rint(needs) ? String.valueOf((long) needs) : String.valueOf(needs);
  }
}
