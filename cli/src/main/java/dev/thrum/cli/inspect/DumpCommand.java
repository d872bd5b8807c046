package dev.thrum.cli.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `thrum dump`.
@Command(
    name = "dump",
    description = "Write down what a JVM's loops do now, or a part of what they did.",
    customSynopsis = {
      "thrum dump [--json] [-o FILE] [--limit N] [--loop NAME] [--filter TEXT]",
      "                  PID [PART]"
    },
    separator = " ",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Without PART it is the tree with the stack of each task, the circles, the locks",
      "and channels, and what looks wrong now. The parts:",
      "  waits       which tasks wait for which, and circles among them",
      "  timers      what happens when",
      "  history     the tasks that ended last, and how",
      "  warnings    what looks wrong, and what the log was warned of",
      "  stalls      what kept a loop from going on",
      "",
      "'thrum ps' lists the JVMs. The JVM needs no preparation.",
      "",
      "Examples:",
      "  thrum dump 4711 -o before.txt",
      "  thrum dump 4711 stalls",
      "  thrum dump 4711 history --json"
    })
final class DumpCommand implements Callable<Integer> {
  private static final List<String> PARTS =
      List.of("waits", "timers", "history", "warnings", "stalls");

  @Mixin private final Jvm jvm = new Jvm();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PART",
      hideParamSyntax = true,
      description = "Only this part.")
  private @Nullable String part;

  @Option(names = "--json", description = "In JSON, for programs.")
  private boolean json;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to a file.")
  private @Nullable Path file;

  @Mixin private final Limit limit = new Limit();

  @Mixin private final Selection selection = new Selection();

  @Override
  public Integer call() throws TargetException {
    String view = part == null ? "dump" : part;
    if (part != null && !PARTS.contains(part)) {
      throw jvm.wrong(
          "there is no part '%s'; there are waits, timers, history, warnings and stalls"
              .formatted(part));
    }
    try (Target target = jvm.connect()) {
      Query query = selection.query().with(json ? "limit" : "lines", limit.most());
      String text = json ? target.json(view, query) : target.text(view, query);
      if (file == null) {
        Output.print(text);
      } else {
        write(file, text);
      }
    }
    return 0;
  }

  private static void write(Path file, String text) throws TargetException {
    try {
      Files.writeString(file, text.endsWith("\n") ? text : text + "\n", UTF_8);
    } catch (IOException e) {
      throw new TargetException("cannot write %s: %s".formatted(file, reason(file, e)));
    }
  }

  private static String reason(Path file, IOException e) {
    if (Files.isDirectory(file)) {
      return "it is a folder";
    }
    return switch (e) {
      case NoSuchFileException _ -> "there is no folder " + file.toAbsolutePath().getParent();
      case AccessDeniedException _ -> "no permission";
      case FileSystemException it when it.getReason() != null -> it.getReason();
      default -> e.toString();
    };
  }
}
