package dev.thrum.cli.inspect;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Asks whoever is at the terminal for a yes.
final class Question {
  private static final Set<String> YES = Set.of("y", "yes");

  private Question() {}

  static boolean canBeAsked() {
    return Terminal.find().isPresent();
  }

  /// Anything but a yes is a no.
  static boolean ask(String question) {
    Output.write(Output.plain(question) + " [y/N] ");
    String answer = Optional.ofNullable(System.console()).map(Console::readLine).orElse("");
    return YES.contains(answer.strip().toLowerCase(Locale.ROOT));
  }
}
