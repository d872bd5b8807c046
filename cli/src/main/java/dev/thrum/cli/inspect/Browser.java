package dev.thrum.cli.inspect;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// The user's browser. Where there is no desktop there is none: on a terminal a page of scripts
/// would show nothing.
final class Browser {
  private Browser() {}

  /// Shows a page, if that can be done. Its address was printed, so that it may fail.
  static void open(URI page) {
    opener(System.getProperty("os.name"), System.getenv())
        .ifPresent(opener -> start(opener, page.toString()));
  }

  static Optional<String> opener(String system, Map<String, String> environment) {
    if (system.startsWith("Mac")) {
      return Optional.of("open");
    }
    boolean desktop =
        environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY");
    return desktop ? Optional.of("xdg-open") : Optional.empty();
  }

  private static void start(String opener, String page) {
    try {
      new ProcessBuilder(opener, page)
          .redirectInput(Redirect.from(new File("/dev/null")))
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      return; // there is no such program
    }
  }
}
