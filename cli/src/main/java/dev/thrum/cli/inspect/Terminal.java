package dev.thrum.cli.inspect;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;

/// The terminal that standard input and output are, by way of `stty`: the JDK knows neither its
/// size nor how to read a key before Enter is pressed.
final class Terminal {
  private static final Size USUAL = new Size(80, 24);
  private static final File DEVICE = new File("/dev/tty");

  private Terminal() {}

  /// How many characters fit.
  record Size(int columns, int lines) {}

  static Optional<Terminal> find() {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .map(_ -> new Terminal());
  }

  /// What makes a view as wide as the terminal; nothing where output goes elsewhere.
  static Query width() {
    return find()
        .map(terminal -> Query.NONE.with("width", terminal.size().columns()))
        .orElse(Query.NONE);
  }

  /// How many characters fit in a line; where output goes elsewhere, any number.
  static int columns() {
    return find().map(terminal -> terminal.size().columns()).orElse(Integer.MAX_VALUE);
  }

  /// The size now; people drag windows.
  Size size() {
    return stty("size").map(Terminal::size).orElse(USUAL);
  }

  static Size size(String lines) {
    var numbers = new Scanner(lines);
    int rows = numbers.hasNextInt() ? numbers.nextInt() : 0;
    int columns = numbers.hasNextInt() ? numbers.nextInt() : 0;
    return columns > 0 && rows > 0 ? new Size(columns, rows) : USUAL;
  }

  /// Has the terminal do as `stty` says.
  ///
  /// @return what it answers; nothing if there is no such command or it does not like it
  Optional<String> stty(String... arguments) {
    var command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(DEVICE)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(process.getInputStream().readAllBytes(), US_ASCII);
      return process.waitFor() == 0 ? Optional.of(answer) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
