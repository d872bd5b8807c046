package dev.thrum.bench.inspect;

import dev.thrum.bench.echo.Cores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// What it costs a program to be looked into: the variants take turns in fresh processes, every
/// other round in the reverse order, and each is compared with the plain one of its round, so that
/// what else the machine does hits all of them alike.
final class Costs {
  /// The part of the time that a process runs if nothing keeps it from that.
  private static final double BUSY = 0.8;

  /// When a trace takes no more, its steps cost less.
  private static final long MOST_TRACE = 500L << 20;

  private final Options options;
  private final Tables tables;
  private final Engine engine;
  private final Map<Cell, Cost> costs = new HashMap<>();
  private final Set<String> failed = new HashSet<>();

  private record Cell(int round, Program program, Variant variant) {}

  Costs(Options options, Tables tables) {
    this.options = options;
    this.tables = tables;
    this.engine = options.engines().getFirst();
  }

  /// True if every process did what it should.
  boolean run() throws IOException, InterruptedException {
    var cores = Cores.pin();
    for (int round = 1; round <= options.rounds(); round++) {
      var turns = round % 2 == 1 ? options.variants() : options.variants().reversed();
      for (var program : options.programs()) {
        for (var variant : turns) {
          measure(new Cell(round, program, variant), cores);
        }
      }
    }
    report(cores);
    return failed.isEmpty();
  }

  private void measure(Cell cell, Cores cores) throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("bench-inspect");
    var what = "%d\t%s\t%s".formatted(cell.round, cell.program.title(), cell.variant.title());
    try {
      var classPath =
          cell.variant == Variant.BEFORE
              ? options.beforeClassPath().orElseThrow()
              : ClassPath.own();
      var launch = new Launch(engine, cell.variant, cores.serverPinning(), classPath, folder);
      var cost = cell.program.run(launch, options);
      checkFiles(cell.variant, folder);
      costs.put(cell, cost);
      System.err.printf(
          Locale.ROOT,
          "%s\t%,.1f ns CPU\t%,.1f ns wall\tbusy %.0f %%%n",
          what,
          cost.cpuNanos(),
          cost.wallNanos(),
          100 * cost.busy());
    } catch (IOException e) {
      failed.add(key(cell.program, cell.variant));
      System.err.printf("%s\tfailed: %s%n", what, e.getMessage());
    } finally {
      delete(folder);
    }
  }

  /// What is to write a file has done so, and to the end.
  private static void checkFiles(Variant variant, Path folder) throws IOException {
    if (variant == Variant.TRACE) {
      long bytes = Files.size(Variant.trace(folder));
      if (bytes == 0 || bytes > MOST_TRACE) {
        throw new IOException("the trace has " + bytes + " bytes");
      }
    }
    if (variant == Variant.JFR || variant == Variant.JFR_DEFAULT) {
      try (var files = Files.walk(folder)) {
        if (files.noneMatch(file -> file.toString().endsWith(".jfr"))) {
          throw new IOException("there is no recording");
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void report(Cores cores) {
    tables.note("%s engine".formatted(engine.title()));
    tables.note(cores.description().replace("server", "program").replace("load", "the rest"));
    tables.note(options.rounds() + (options.rounds() == 1 ? " round" : " rounds"));
    table("CPU time of the process for an operation", Cost::cpuNanos);
    table("Time for an operation", Cost::wallNanos);
  }

  private void table(String what, ToDoubleFunction<Cost> measure) {
    tables.begin(
        what
            + ": × plain in the same round, median (quartiles); * where the process did not run all"
            + " the time:",
        "workload",
        options.variants().stream().map(Variant::title).toList());
    for (var program : options.programs()) {
      tables.row(
          program.title(),
          options.variants().stream().map(variant -> cell(program, variant, measure)).toList());
    }
  }

  private String cell(Program program, Variant variant, ToDoubleFunction<Cost> measure) {
    if (failed.contains(key(program, variant))) {
      return "failed";
    }
    var own = ofRounds(program, variant);
    if (variant == Variant.PLAIN) {
      var nanos = Spread.of(own.values().stream().map(measure::applyAsDouble).toList());
      return String.format(Locale.ROOT, "%,.0f ns", nanos.median()) + mark(own);
    }
    var plain = ofRounds(program, Variant.PLAIN);
    var ratios =
        own.entrySet().stream()
            .filter(entry -> plain.containsKey(entry.getKey()))
            .map(entry ->
                measure.applyAsDouble(entry.getValue())
                    / measure.applyAsDouble(Objects.requireNonNull(plain.get(entry.getKey()))))
            .toList();
    return ratios.isEmpty() ? "–" : Spread.of(ratios).ratio(ratios.size() > 1) + mark(own);
  }

  private Map<Integer, Cost> ofRounds(Program program, Variant variant) {
    var found = new HashMap<Integer, Cost>();
    IntStream.rangeClosed(1, options.rounds())
        .forEach(round ->
            Optional.ofNullable(costs.get(new Cell(round, program, variant)))
                .ifPresent(cost -> found.put(round, cost)));
    return found;
  }

  private static String mark(Map<Integer, Cost> costs) {
    List<Double> busy = costs.values().stream().map(Cost::busy).toList();
    return busy.isEmpty() || Spread.of(busy).median() >= BUSY ? "" : "*";
  }

  private static String key(Program program, Variant variant) {
    return program.title() + "\t" + variant.title();
  }
}
