package dev.thrum.bench.web;

import dev.thrum.bench.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// wrk with one thread, which runs where this process does.
///
/// What it is to send, and how it says what it has seen, is in `load.lua`. It calls an answer a
/// failure from status 400.
///
/// @param command without the time
record Wrk(List<String> command) implements Load {
  private static final String WORD = "tally";

  /// The requests of a row.
  static Wrk of(Row row, int port, Path peers) {
    return of(row.kind().word(), row.kind().path(), row.connections(), port, peers);
  }

  static Wrk of(String mode, String path, int connections, int port, Path peers) {
    return new Wrk(
        List.of(
            "--threads=1",
            "--connections=" + connections,
            "--timeout=10s",
            "--script=" + peers.resolve("load.lua"),
            "http://127.0.0.1:" + port + path,
            "--",
            mode,
            peers.resolve("order.json").toString()));
  }

  /// The version that is installed; empty if none is.
  static Optional<String> version() throws InterruptedException {
    try {
      return Child.run(List.of("wrk", "--version"), Map.of()).output().stream()
          .filter(line -> line.startsWith("wrk "))
          .map(line -> line.replaceAll("^wrk (debian/)?| \\[.*", ""))
          .map(version -> "wrk " + version)
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  @Override
  public Tally run(Duration time) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of("wrk", "--duration=" + time.toSeconds() + "s"));
    words.addAll(command);
    var child = Child.run(words, Map.of());
    var line = child.output().stream().filter(said -> said.startsWith(WORD + "\t")).findFirst();
    if (!child.ok() || line.isEmpty()) {
      throw new IOException("wrk: " + String.join("\n", child.output()) + child.errors());
    }
    return parse(line.get().split("\t", -1));
  }

  /// The word, requests, microseconds, the 99th percentile in microseconds, and how many
  /// connections were refused, reads and writes failed, answers were failures, and requests had no
  /// answer in time.
  private static Tally parse(String[] words) {
    var trouble = new ArrayList<String>();
    var names = List.of("refused", "failed reads", "failed writes", "failures", "timeouts");
    for (int i = 0; i < names.size(); i++) {
      long count = Long.parseLong(words[4 + i]);
      if (count > 0) {
        trouble.add(count + " " + names.get(i));
      }
    }
    return new Tally(
        Long.parseLong(words[1]),
        Double.parseDouble(words[2]) / 1e6,
        Double.parseDouble(words[3]) / 1e3,
        trouble.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", trouble)));
  }
}
