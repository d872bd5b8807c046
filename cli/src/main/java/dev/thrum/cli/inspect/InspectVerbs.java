package dev.thrum.cli.inspect;

import java.util.List;

/// The verbs that look into a running JVM.
public final class InspectVerbs {
  private InspectVerbs() {}

  /// Each of them, for picocli.
  ///
  /// @return objects annotated as commands
  public static List<Object> all() {
    return List.of(
        new PsCommand(),
        new TreeCommand(),
        new TopCommand(),
        new DumpCommand(),
        new CancelCommand(),
        new ConsoleCommand());
  }
}
