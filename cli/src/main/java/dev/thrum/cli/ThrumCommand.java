package dev.thrum.cli;

import dev.thrum.cli.inspect.TargetException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
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
      "  thrum serve app.java    serve a web application",
      "  thrum ps                which JVMs are there?",
      "  thrum top 4711          watch the tasks of one",
      "  thrum run --help        what else run can do"
    })
final class ThrumCommand implements Runnable {
  @SuppressWarnings("NullAway.Init") // by picocli
  @Spec
  private CommandSpec spec;

  static CommandLine commandLine(List<Object> verbs) {
    var commandLine = new CommandLine(new ThrumCommand());
    for (Object verb : verbs) {
      commandLine.addSubcommand(verb);
    }
    for (CommandLine verb : commandLine.getSubcommands().values()) {
      verb.getCommandSpec().versionProvider(new Version());
    }
    return commandLine
        .setParameterExceptionHandler(UsageErrors::report)
        .setExecutionExceptionHandler(ThrumCommand::report);
  }

  private static int report(Exception exception, CommandLine verb, ParseResult line)
      throws Exception {
    if (exception instanceof TargetException e) {
      System.err.println("thrum: " + e.sentence());
      return ExitCode.SOFTWARE;
    }
    throw exception;
  }

  @Override
  public void run() {
    String verbs = UsageErrors.list(spec.subcommands().keySet());
    throw new ParameterException(spec.commandLine(), "a command is missing; there are " + verbs);
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
