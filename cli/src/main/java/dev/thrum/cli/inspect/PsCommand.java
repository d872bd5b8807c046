package dev.thrum.cli.inspect;

import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `thrum ps`.
@Command(
    name = "ps",
    description = "List the tasks of a running JVM, or the JVMs.",
    customSynopsis = {
      "thrum ps",
      "       thrum ps [--sort COLUMN] [--limit N] [--loop NAME] [--filter TEXT] PID"
    },
    separator = " ",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Without a PID it lists the JVMs of this user. The JVM needs no preparation.",
      "",
      "Examples:",
      "  thrum ps                            which JVMs are there?",
      "  thrum ps 4711                       all tasks of one",
      "  thrum ps 4711 --filter mutex        those that wait for a mutex",
      "  thrum ps 4711 --sort cpu --limit 5  those that used most of the processor"
    })
final class PsCommand implements Callable<Integer> {
  private static final Set<String> ORDERS = Set.of("id", "age", "steps", "cpu", "name", "state");

  @Mixin private final Jvm jvm = new Jvm();

  @Option(
      names = "--sort",
      paramLabel = "COLUMN",
      description = "The order: id, age, steps, cpu, name or state.")
  private String sort = "id";

  @Mixin private final Limit limit = new Limit();

  @Mixin private final Selection selection = new Selection();

  @Override
  public Integer call() throws TargetException {
    if (!ORDERS.contains(sort)) {
      throw jvm.wrong(
          "tasks cannot be sorted by '%s'; they can by id, age, steps, cpu, name or state"
              .formatted(sort));
    }
    if (!jvm.isNamed()) {
      Output.print(JvmList.text(Terminal.columns()));
      return 0;
    }
    try (Target target = jvm.connect()) {
      Query order = Query.NONE.with("sort", sort).with("lines", limit.most());
      Output.print(target.text("ps", selection.query().and(order).and(Terminal.width())));
    }
    return 0;
  }
}
