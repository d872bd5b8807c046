package dev.thrum.explored;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/// Who came, and who was served, in order.
final class Line {
  private final List<Object> came = new ArrayList<>();
  private final List<Object> served = new ArrayList<>();

  void came(Object who) {
    came.add(who);
  }

  void served(Object who) {
    served.add(who);
  }

  int length() {
    return served.size();
  }

  /// Who was never served has left.
  void assertNobodyOvertook() {
    came.retainAll(served);
    assertEquals(came, served);
  }
}
