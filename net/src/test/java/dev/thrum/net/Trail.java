package dev.thrum.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The order of events in a test.
final class Trail {
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  /// Takes an event down.
  void add(String event) {
    events.add(event);
  }

  /// Checks that these events happened, in this order, and no others.
  void expect(String... expected) {
    assertEquals(List.of(expected), List.copyOf(events));
  }
}
