package dev.thrum.cli;

import java.io.File;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    Set<String> verbs = command.getSubcommands().keySet();
    if (verbs.isEmpty()) {
      return "'" + word + "' is one argument too many";
    }
    Optional<String> meant =
        new File(word).isFile() ? Optional.of("run " + word) : Similar.to(word, verbs);
    String none = "there is no command '" + word + "'";
    return meant.isPresent()
        ? none + didYouMean(meant.map(it -> "thrum " + it))
        : none + "; there are " + list(verbs);
  }

  /// Words as they stand in a sentence: `a, b and c`.
  static String list(Collection<String> words) {
    String all = String.join(", ", words);
    int last = all.lastIndexOf(", ");
    return last < 0 ? all : all.substring(0, last) + " and " + all.substring(last + 2);
  }

  private static String didYouMean(Optional<String> meant) {
    return meant.map(it -> "; did you mean '" + it + "'?").orElse("");
  }
}
