package dev.thrum.explored;

import static dev.thrum.Async.checkpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A place that holds so many at once.
final class Room {
  private final int most;
  private int inside;

  Room(int most) {
    this.most = most;
  }

  /// Stays for a step.
  void visit() {
    inside++;
    try {
      assertTrue(inside <= most, "too many are inside");
      checkpoint();
    } finally {
      inside--;
    }
  }

  void assertEmpty() {
    assertEquals(0, inside);
  }
}
