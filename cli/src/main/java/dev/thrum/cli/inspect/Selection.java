package dev.thrum.cli.inspect;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that leave out what is not looked for.
final class Selection {
  @Option(names = "--loop", paramLabel = "NAME", description = "Only this loop.")
  private @Nullable String loop;

  @Option(
      names = "--filter",
      paramLabel = "TEXT",
      description = "Only tasks with TEXT in their name, state or what they wait for.")
  private @Nullable String filter;

  Query query() {
    return Query.NONE
        .with("loop", Optional.ofNullable(loop))
        .with("filter", Optional.ofNullable(filter));
  }
}
