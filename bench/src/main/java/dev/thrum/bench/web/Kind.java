package dev.thrum.bench.web;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What is asked of the servers.
enum Kind {
  PLAINTEXT("/plaintext"),
  PIPELINED("/plaintext"),
  JSON("/json/42?q=quick"),
  POST("/json"),
  DB("/db"),
  WS("/ws"),
  UPLOAD("/upload"),
  STALL("/plaintext");

  private final String path;

  Kind(String path) {
    this.path = path;
  }

  /// Where it is asked.
  String path() {
    return path;
  }

  /// The first part of a row's name.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException if there is none of that name
  static Kind of(String word) {
    return Arrays.stream(values())
        .filter(kind -> kind.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("unknown row %s; there are %s".formatted(word, words())));
  }

  private static String words() {
    return Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", "));
  }
}
