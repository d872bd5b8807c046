package dev.thrum.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs every workload with every peer in fresh processes, in turn, and prints the tables.
///
/// The peers take turns within a workload, and the whole is repeated, so that what else the machine
/// does hits all of them alike.
public final class Compare {
  static final String OURS = "thrum";
  private static final Duration MOST_PATIENCE = Duration.ofMinutes(3);

  private final Options options;
  private final List<Contender> contenders;
  private final Map<String, String> versions = new LinkedHashMap<>();
  private final Map<String, String> remarks = new HashMap<>();
  private final Map<String, Duration> patience = new HashMap<>();
  private final Results wall;
  private final Results cpu;
  private boolean failed;

  private Compare(Options options) {
    this.options = options;
    this.wall = new Results(Sample::nanos, options.best());
    this.cpu = new Results(Sample::cpuNanos, options.best());
    this.contenders =
        Contender.all(options.home(), options.python()).stream()
            .filter(c -> options.peers().isEmpty() || options.peers().contains(c.name()))
            .filter(c -> options.only().stream().anyMatch(w -> c.tables().contains(w.table())))
            .toList();
  }

  static void main(String[] args) throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(Options.USAGE);
      System.exit(2);
      return;
    }
    var compare = new Compare(options);
    compare.askVersions();
    compare.measure();
    var tables =
        new Report(
                options,
                compare.contenders,
                compare.versions,
                compare.remarks,
                compare.wall,
                compare.cpu)
            .markdown();
    System.out.print(tables);
    if (options.out().isPresent()) {
      Files.writeString(options.out().get(), tables);
    }
    System.exit(compare.failed ? 1 : 0);
  }

  private void askVersions() throws InterruptedException {
    for (var contender : contenders) {
      try {
        var child = Child.run(contender, List.of());
        if (child.ok() && !child.output().isEmpty()) {
          versions.put(contender.name(), child.output().getFirst());
          continue;
        }
      } catch (IOException _) {
        // Reported below, like a process that could not load its peer.
      }
      System.err.println(contender.name() + ": not installed, needs " + contender.toInstall());
    }
  }

  private void measure() throws IOException, InterruptedException {
    for (int round = 1; round <= options.rounds(); round++) {
      for (var workload : options.only()) {
        for (var contender : contenders) {
          if (versions.containsKey(contender.name())
              && contender.tables().contains(workload.table())) {
            measure(round, workload, contender);
          }
        }
      }
    }
  }

  private void measure(int round, Workload workload, Contender contender)
      throws IOException, InterruptedException {
    var key = workload.title() + "\t" + contender.name();
    if (remarks.containsKey(key)) {
      return;
    }
    var child = run(workload, contender);
    if (child.printed(Words.NO_SUCH_PROGRAM)) {
      remarks.put(key, "–");
      return;
    }
    if (!child.ok()) {
      failed = true;
      remarks.put(key, "failed");
      System.err.println(key + "\tfailed\n" + child.errors());
      return;
    }
    for (var line : child.output()) {
      System.err.println(round + "\t" + line);
      Sample.parse(line).ifPresent(this::add);
    }
  }

  private void add(Sample sample) {
    wall.add(sample);
    cpu.add(sample);
  }

  private Child run(Workload workload, Contender contender)
      throws IOException, InterruptedException {
    while (true) {
      var wait = patience.computeIfAbsent(contender.name(), _ -> options.patience());
      var child =
          Child.run(
              contender,
              List.of(
                  workload.title(),
                  Integer.toString(options.ops(workload)),
                  Long.toString(options.warmUp().toMillis()),
                  Integer.toString(options.roundsInProcess()),
                  Long.toString(wait.toMillis())));
      if (!child.printed(Words.WOKE_EARLY) || wait.compareTo(MOST_PATIENCE) > 0) {
        return child;
      }
      patience.put(contender.name(), wait.multipliedBy(2));
    }
  }
}
