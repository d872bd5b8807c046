package dev.thrum.cli.inspect;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `thrum top`.
@Command(
    name = "top",
    description = "Watch the busiest tasks of a running JVM.",
    customSynopsis = {
      "thrum top [--sort COLUMN] [--once] [--count N] [--interval SECONDS]",
      "                 [--loop NAME] [--filter TEXT] PID"
    },
    separator = " ",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Keys: q quits, p pauses, s sorts by the next column, and c, t, a and n by CPU",
      "time, steps, age and name; arrows and page keys go on to more tasks. Where",
      "output is no terminal, and with --once or --count, tables are printed one",
      "below the other.",
      "",
      "'thrum ps' lists the JVMs. The JVM needs no preparation.",
      "",
      "Examples:",
      "  thrum top 4711",
      "  thrum top 4711 --sort steps --filter worker",
      "  thrum top 4711 --once"
    })
final class TopCommand implements Callable<Integer> {
  @Mixin private final Jvm jvm = new Jvm();

  @Option(
      names = "--sort",
      paramLabel = "COLUMN",
      description = "What is on top: cpu, steps, age, name or state.")
  private String sort = TopTable.Column.CPU.word();

  @Option(names = "--once", description = "Print one table.")
  private boolean once;

  @Option(names = "--count", paramLabel = "N", description = "Print N tables.")
  private @Nullable Integer count;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      description = "The time between two, 1 second if not given.")
  private double interval = 1;

  @Mixin private final Selection selection = new Selection();

  @Override
  public Integer call() throws TargetException {
    var column =
        TopTable.Column.named(sort)
            .orElseThrow(() ->
                jvm.wrong(
                    "tasks cannot be sorted by '%s'; they can by cpu, steps, age, name or state"
                        .formatted(sort)));
    if (!(interval >= 0.1 && interval <= 3600)) {
      throw jvm.wrong("--interval is from 0.1 to 3600 seconds");
    }
    if (count != null && count < 1) {
      throw jvm.wrong("--count is at least 1");
    }
    try (Target target = jvm.connect()) {
      var table = new TopTable(target, selection.query(), column);
      Duration pause = Duration.ofMillis((long) (interval * 1000));
      Optional<Screen> screen =
          once || count != null ? Optional.empty() : Terminal.find().flatMap(Screen::open);
      if (screen.isPresent()) {
        try (Screen it = screen.get()) {
          new LiveTop(table, it, Keys.of(System.in), pause).run();
        }
      } else {
        print(table, pause);
      }
    }
    return 0;
  }

  /// The first answer counts from when each task began; what it is asked for is the second one.
  private void print(TopTable table, Duration pause) throws TargetException {
    int left = once ? 1 : count == null ? Integer.MAX_VALUE : count;
    Query width = Terminal.width();
    table.text(width);
    for (; left > 0 && !Output.isBroken(); left--) {
      Target.pause(pause);
      Output.print(table.text(width));
      if (left > 1) {
        Output.print("\n");
      }
    }
  }
}
