package dev.thrum.bench.inspect;

import dev.thrum.bench.echo.Server;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// An engine of Thrum's, which the flags of a process choose.
enum Engine {
  CONFINED,
  PORTABLE;

  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  List<String> flags() {
    return this == CONFINED ? List.of(Server.OPEN_THREADS) : List.of();
  }

  static Engine titled(String title) {
    return Arrays.stream(values())
        .filter(engine -> engine.title().equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown engine " + title));
  }
}
