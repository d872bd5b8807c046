package dev.thrum.cli;

import java.io.File;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;

/// How a wrong command line is answered: one sentence on standard error, and where to read more.
final class UsageErrors {
  private UsageErrors() {}

  static int report(ParameterException exception, String[] args) {
    CommandLine command = exception.getCommandLine();
    System.err.println("thrum: " + sentence(exception, command));
    System.err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  private static String sentence(ParameterException exception, CommandLine command) {
    List<String> unknown = command.getUnmatchedArguments();
    if (unknown.isEmpty()) {
      String message = String.valueOf(exception.getMessage());
      return Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
    String word = unknown.getFirst();
    if (word.startsWith("-")) {
      var options = command.getCommandSpec().optionsMap().keySet();
      return "there is no option " + word + didYouMean(Similar.to(word, options));
    }
    Optional<String> meant =
        new File(word).isFile()
            ? Optional.of("run " + word)
            : Similar.to(word, command.getSubcommands().keySet());
    return "there is no command '" + word + "'" + didYouMean(meant.map(it -> "thrum " + it));
  }

  private static String didYouMean(Optional<String> meant) {
    return meant.map(it -> "; did you mean '" + it + "'?").orElse("");
  }
}
