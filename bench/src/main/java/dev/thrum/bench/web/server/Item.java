package dev.thrum.bench.web.server;

import java.util.List;

/// What `GET /json/{id}?q=…` answers.
record Item(int id, String name, List<String> tags, double price) {
  /// @throws NumberFormatException if the number is none
  static Item of(String id, String q) {
    return of(Integer.parseInt(id), q);
  }

  static Item of(int id, String q) {
    return new Item(id, "Item " + id, List.of("fast", "small", q), id * 1.25);
  }
}
