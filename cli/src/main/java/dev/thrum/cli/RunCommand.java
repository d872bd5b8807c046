package dev.thrum.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What `thrum run` understands; [Main] does it. The script `thrum` acts on the options, which are
/// about the JVM to be started.
@Command(
    name = "run",
    description = "Run a Java source file.",
    customSynopsis = {
      "thrum run [--debug] [--trace TRACE] [--cp PATH] [-JFLAG]...",
      "                 FILE [ARGS...]"
    },
    separator = " ",
    mixinStandardHelpOptions = true,
    versionProvider = ThrumCommand.Version.class,
    sortOptions = false,
    footer = {
      "  -JFLAG          Give the JVM a flag: -J-Xmx1g.",
      "",
      "FILE is a compact source file (void main()) or has ordinary classes, and can use",
      "the classes of other source files in its folder. Thrum is on the class path.",
      "All arguments after FILE go to the program, also those that begin with -.",
      "",
      "Examples:",
      "  thrum run hello.java",
      "  thrum run server.java --port 8080",
      "  thrum run --debug -J-Xmx1g crawl.java urls.txt",
      "  thrum run --trace crawl.json crawl.java urls.txt",
      "  thrum run --cp 'lib/*' report.java",
      "  echo 'void main() { IO.println(6 * 7); }' | thrum run -"
    })
final class RunCommand implements Runnable {
  @SuppressWarnings("NullAway.Init") // by picocli
  @Spec
  private CommandSpec spec;

  @Option(
      names = "--debug",
      description = "Say where cancellations come from and who swallows one.")
  private boolean debug;

  @Option(
      names = "--trace",
      paramLabel = "TRACE",
      description = "Write what every task does to a file for ui.perfetto.dev.")
  private @Nullable String trace;

  @Option(
      names = {"--cp", "--class-path"},
      paramLabel = "PATH",
      description = "Add jars and folders, written as for java -cp.")
  private @Nullable String classPath;

  /// Described in the footer, since picocli would show a space before FLAG.
  @Option(names = "-J", paramLabel = "FLAG", hidden = true)
  private List<String> flags = new ArrayList<>();

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The source file; - is standard input.")
  private String file = "";

  @Parameters(index = "1..*", paramLabel = "ARGS", description = "The program's arguments.")
  private List<String> arguments = new ArrayList<>();

  private boolean asked;

  @Override
  public void run() {
    if (debug || trace != null || classPath != null || !flags.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--debug, --trace, --cp and -J are for the script thrum, which starts the JVM");
    }
    asked = true;
  }

  boolean isAsked() {
    return asked;
  }

  String file() {
    return file;
  }

  List<String> arguments() {
    return arguments;
  }
}
