package dev.thrum.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/// What to run and how long.
record Options(
    int rounds,
    boolean quick,
    boolean cpu,
    boolean best,
    Set<Workload> only,
    Set<String> peers,
    Optional<Path> out,
    Path home,
    String python) {
  static final String USAGE =
      """
      usage: bench/run [--quick] [--rounds N] [--only workload,…] [--peers peer,…]
                       [--cpu] [--best] [--python PATH] [--out FILE]
             bench/run echo …    echo servers over TCP; bench/run echo --help says more
             bench/run inspect … what looking into a program costs; bench/run inspect --help says more

        --only       workloads, or whole tables: core, channels, channels-across
        --rounds N   fresh processes for each workload and peer, in turn (5; quick: 1)
        --quick      a fifth of the operations, a tenth of the sleepers, a short warm-up
        --cpu        show CPU time too, in tables of its own
        --best       show the best round instead of the median: for a machine that has other work
        --python     the Python to run asyncio and uvloop with (/usr/bin/python3)
      """;

  static Options parse(String[] args) {
    int rounds = 0;
    boolean quick = false;
    boolean cpu = false;
    boolean best = false;
    Set<Workload> only = EnumSet.allOf(Workload.class);
    Set<String> peers = Set.of();
    Optional<Path> out = Optional.empty();
    String python = "/usr/bin/python3";
    var words = new ArrayDeque<>(Arrays.asList(args));
    try {
      while (!words.isEmpty()) {
        var option = words.pop();
        switch (option) {
          case "--rounds" -> rounds = Integer.parseInt(words.pop());
          case "--quick" -> quick = true;
          case "--cpu" -> cpu = true;
          case "--best" -> best = true;
          case "--only" -> only = workloads(words.pop());
          case "--peers" -> peers = Set.copyOf(Args.list(words.pop()));
          case "--out" -> out = Optional.of(Path.of(words.pop()));
          case "--python" -> python = words.pop();
          default -> throw new IllegalArgumentException("unknown option " + option);
        }
      }
    } catch (NoSuchElementException e) {
      throw new IllegalArgumentException("the last option lacks its value", e);
    }
    var home = Path.of(System.getProperty("thrum.bench.home", "bench"));
    return new Options(
        rounds > 0 ? rounds : quick ? 1 : 5, quick, cpu, best, only, peers, out, home, python);
  }

  int ops(Workload workload) {
    if (!quick) {
      return workload.ops();
    }
    return workload.ops() / (workload == Workload.SLEEP_1M ? 10 : 5);
  }

  Duration warmUp() {
    return Duration.ofMillis(quick ? 800 : 3000);
  }

  int roundsInProcess() {
    return quick ? 2 : 3;
  }

  /// How long sleepers sleep at first; it doubles for a peer whose tasks wake too early.
  Duration patience() {
    return Duration.ofSeconds(quick ? 2 : 10);
  }

  private static Set<Workload> workloads(String titles) {
    var chosen = EnumSet.noneOf(Workload.class);
    for (var title : Args.list(titles)) {
      var table = Table.titled(title);
      if (table.isPresent()) {
        chosen.addAll(Workload.of(table.get()));
        continue;
      }
      chosen.add(
          Workload.titled(title)
              .orElseThrow(() -> new IllegalArgumentException("unknown workload " + title)));
    }
    return chosen;
  }
}
