package dev.thrum.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command without a verb: help and version.
@Command(
    name = "thrum",
    description = "Async/await for Java.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = ThrumCommand.Version.class,
    footer = {
      "",
      "Examples:",
      "  thrum run hello.java    run a Java source file",
      "  thrum run --help        what else run can do"
    })
final class ThrumCommand implements Runnable {
  @SuppressWarnings("NullAway.Init") // by picocli
  @Spec
  private CommandSpec spec;

  static CommandLine commandLine(Object... verbs) {
    var commandLine = new CommandLine(new ThrumCommand());
    for (Object verb : verbs) {
      commandLine.addSubcommand(verb);
    }
    return commandLine.setParameterExceptionHandler(UsageErrors::report);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing, such as run");
  }

  /// The version that the build wrote into `version.properties`.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var properties = new Properties();
      try (var in = Version.class.getResourceAsStream("version.properties")) {
        properties.load(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new String[] {"thrum " + properties.getProperty("version")};
    }
  }
}
