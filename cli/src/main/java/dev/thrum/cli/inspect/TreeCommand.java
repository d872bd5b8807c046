package dev.thrum.cli.inspect;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `thrum tree`.
@Command(
    name = "tree",
    description = "Show which task started which.",
    customSynopsis = "thrum tree [--loop NAME] [--filter TEXT] PID",
    separator = " ",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "'thrum ps' lists the JVMs. The JVM needs no preparation.",
      "",
      "Examples:",
      "  thrum tree 4711",
      "  thrum tree 4711 --loop loop-1"
    })
final class TreeCommand implements Callable<Integer> {
  @Mixin private final Jvm jvm = new Jvm();
  @Mixin private final Selection selection = new Selection();

  @Override
  public Integer call() throws TargetException {
    try (Target target = jvm.connect()) {
      Output.print(target.text("tree", selection.query().and(Terminal.width())));
    }
    return 0;
  }
}
