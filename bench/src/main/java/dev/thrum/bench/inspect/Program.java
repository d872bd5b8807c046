package dev.thrum.bench.inspect;

import java.io.IOException;
import java.util.List;

/// What runs while somebody looks in; a row of the tables.
sealed interface Program permits PeerProgram, EchoProgram {

  /// All programs.
  static List<Program> all() {
    return List.of(
        new PeerProgram("switch-2", 24_000_000, 1_000_000),
        new PeerProgram("switch-1000", 24_000_000, 1_000_000),
        new PeerProgram("spawn-await", 10_000_000, 200_000),
        new EchoProgram(10),
        new EchoProgram(1000));
  }

  static Program titled(String title) {
    return all().stream()
        .filter(program -> program.title().equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown workload " + title));
  }

  String title();

  /// Runs it in a process of its own.
  ///
  /// @throws IOException if anything went wrong, with a message that says what
  Cost run(Launch launch, Options options) throws IOException, InterruptedException;
}
