package dev.thrum.cli.serve;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What `thrum routes` understands; [RoutesRun] does it.
@Command(
    name = "routes",
    description = "Show the routes of a web application.",
    customSynopsis = "thrum routes [--json] [--app NAME] FILE [ARGS...]",
    separator = " ",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "  -JFLAG          Give the JVM a flag: -J-Xmx1g.",
      "",
      "FILE is understood and begun as by thrum serve, but nothing is served: a main",
      "that calls app.serve(8000) gets no further than that.",
      "",
      "Examples:",
      "  thrum routes app.java",
      "  thrum routes --json app.java"
    })
public final class RoutesCommand implements Runnable {
  @SuppressWarnings("NullAway.Init") // by picocli
  @Spec
  private CommandSpec spec;

  @Mixin private final WebFile web = new WebFile();

  @Option(names = "--json", description = "For programs: an array with an object for each.")
  private boolean json;

  private boolean asked;

  /// Made by [dev.thrum.cli.Main].
  public RoutesCommand() {}

  @Override
  public void run() {
    web.check(spec);
    asked = true;
  }

  /// Whether there is something to be shown.
  ///
  /// @return not after `--help`
  public boolean isAsked() {
    return asked;
  }

  WebFile web() {
    return web;
  }

  boolean json() {
    return json;
  }
}
