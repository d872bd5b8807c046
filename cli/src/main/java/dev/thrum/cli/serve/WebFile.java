package dev.thrum.cli.serve;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// The file with a web application, as the verbs for these name it.
final class WebFile {
  @Option(
      names = "--app",
      paramLabel = "NAME",
      description = "Which method or field has the App, without main.")
  private @Nullable String app;

  @Option(
      names = {"--cp", "--class-path"},
      paramLabel = "PATH",
      description = "Add jars and folders, written as for java -cp.")
  private @Nullable String classPath;

  @Option(
      names = "--env-file",
      paramLabel = "FILE",
      description = "Set the environment by lines NAME=VALUE.")
  private @Nullable String envFile;

  /// Described in the footer, since picocli would show a space before FLAG.
  @Option(names = "-J", paramLabel = "FLAG", hidden = true)
  private final List<String> flags = new ArrayList<>();

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The source file; - is standard input.")
  private String file = "";

  @Parameters(index = "1..*", paramLabel = "ARGS", description = "The program's arguments.")
  private final List<String> arguments = new ArrayList<>();

  void check(CommandSpec spec) {
    if (classPath != null || envFile != null || !flags.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--cp, -J and --env-file are for the script thrum, which starts the JVM");
    }
  }

  String file() {
    return file;
  }

  List<String> arguments() {
    return arguments;
  }

  @Nullable String app() {
    return app;
  }
}
