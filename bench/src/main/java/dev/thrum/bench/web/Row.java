package dev.thrum.bench.web;

import dev.thrum.bench.Args;
import java.util.List;

/// A column of the tables: what is asked, on how many connections.
record Row(Kind kind, int connections) {
  /// What is run unless something else is asked for. A body of a mebibyte keeps a server busy on
  /// few connections.
  static final List<Row> ALL =
      List.of(
          new Row(Kind.PLAINTEXT, 64),
          new Row(Kind.PLAINTEXT, 256),
          new Row(Kind.PIPELINED, 64),
          new Row(Kind.JSON, 64),
          new Row(Kind.JSON, 256),
          new Row(Kind.POST, 64),
          new Row(Kind.DB, 64),
          new Row(Kind.WS, 64),
          new Row(Kind.UPLOAD, 8),
          new Row(Kind.STALL, 64));

  /// @throws IllegalArgumentException if the word names none
  static Row of(String word) {
    int dash = word.lastIndexOf('-');
    if (dash < 0) {
      throw new IllegalArgumentException(
          "a row has a number of connections, as in plaintext-64; " + word + " has none");
    }
    return new Row(
        Kind.of(word.substring(0, dash)), Args.number("a row", word.substring(dash + 1)));
  }

  String title() {
    return kind.word() + "-" + connections;
  }
}
