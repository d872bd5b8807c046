package dev.thrum.cli.inspect;

import java.util.List;
import java.util.Optional;

/// The whole of a terminal, drawn on again and again. What was on it is there again afterwards,
/// also after Ctrl-C.
final class Screen implements AutoCloseable {
  private static final String ESC = "\033";
  private static final String OTHER_SCREEN = ESC + "[?1049h" + ESC + "[?25l" + ESC + "[?7l";
  private static final String OWN_SCREEN = ESC + "[?7h" + ESC + "[?25h" + ESC + "[?1049l";
  private static final String TOP = ESC + "[H";
  private static final String REST_OF_LINE = ESC + "[K";
  private static final String REST_OF_SCREEN = ESC + "[J";

  private final Terminal terminal;
  private final String settings;
  private final Thread restoring;
  private boolean open = true;

  private Screen(Terminal terminal, String settings) {
    this.terminal = terminal;
    this.settings = settings;
    restoring = new Thread(this::restore, "thrum-screen");
  }

  /// Takes the screen, and has keys read as they are pressed. Ctrl-C still ends the command; Ctrl-Z
  /// does nothing, since nothing would bring the terminal back after it.
  ///
  /// @return nothing if the terminal cannot do it
  static Optional<Screen> open(Terminal terminal) {
    Optional<String> settings = terminal.stty("-g").map(String::strip);
    if (settings.isEmpty()) {
      return Optional.empty();
    }
    var screen = new Screen(terminal, settings.get());
    Runtime.getRuntime().addShutdownHook(screen.restoring);
    terminal.stty("-icanon", "-echo", "min", "1", "time", "0", "susp", "undef");
    Output.write(OTHER_SCREEN);
    return Optional.of(screen);
  }

  Terminal.Size size() {
    return terminal.size();
  }

  /// Shows lines instead of what was shown, and a last one at the bottom.
  void draw(List<String> lines, String last, int height) {
    synchronized (this) {
      if (!open) {
        return;
      }
      var picture = new StringBuilder(TOP);
      for (String line : lines.subList(0, Math.min(lines.size(), height - 1))) {
        picture.append(line).append(REST_OF_LINE).append("\r\n");
      }
      picture.append(REST_OF_SCREEN).append(ESC).append("[%d;1H".formatted(height));
      Output.write(picture.append(last).append(REST_OF_LINE).toString());
    }
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(restoring);
    } catch (IllegalStateException e) {
      return; // it is running
    }
  }

  private synchronized void restore() {
    if (open) {
      open = false;
      Output.write(OWN_SCREEN);
      terminal.stty(settings);
    }
  }
}
