package dev.thrum.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/// The `thrum` command: prints its usage until a subcommand is named.
@Command(
    name = "thrum",
    description = "Async/await for Java.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main implements Runnable {
  /// Made by picocli.
  Main() {}

  /// Runs the command and exits with its status.
  ///
  /// @param args the command line
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /// The version that the build wrote into `version.properties`.
  static final class Version implements IVersionProvider {
    /// Made by picocli.
    Version() {}

    @Override
    public String[] getVersion() {
      var properties = new Properties();
      try (var in = Main.class.getResourceAsStream("version.properties")) {
        properties.load(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new String[] {"thrum " + properties.getProperty("version")};
    }
  }
}
