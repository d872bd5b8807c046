package dev.thrum.cli.inspect;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How much of a long list is wanted.
final class Limit {
  @SuppressWarnings("NullAway.Init") // by picocli
  @Spec(Spec.Target.MIXEE)
  private CommandSpec verb;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most N lines of a list, 1000 if not given.")
  private int most = 1000;

  int most() {
    if (most < 0) {
      throw new ParameterException(verb.commandLine(), "--limit is a number from 0");
    }
    return most;
  }
}
