package dev.thrum.bench.echo;

/// A row of the tables: how long the messages are, and how many connections send them.
record Scenario(int kib, int connections) {
  int bytes() {
    return kib * 1024;
  }

  String title() {
    return "%d KiB, %,d connections".formatted(kib, connections);
  }
}
