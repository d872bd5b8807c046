package dev.thrum.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/// Trails of events.
class TrailTest {
  private final Trail trail = new Trail();

  TrailTest() {
    trail.add("a");
    trail.add("b");
    trail.add("a");
  }

  @Test
  void allEventsInOrder() {
    trail.expect("a", "b", "a");
    AssertionError error = assertThrows(AssertionError.class, () -> trail.expect("a", "a", "b"));
    assertEquals(
        """
        the events were not those expected
          expected [a, a, b]
          but were [a, b, a]\
        """,
        error.getMessage());
  }

  @Test
  void allEventsInAnyOrder() {
    trail.expectInAnyOrder("a", "a", "b");
    assertThrows(AssertionError.class, () -> trail.expectInAnyOrder("a", "b"));
    assertThrows(AssertionError.class, () -> trail.expectInAnyOrder("a", "b", "b"));
  }

  @Test
  void someEventsInOrder() {
    trail.expectSubsequence();
    trail.expectSubsequence("a", "a");
    trail.expectSubsequence("b", "a");
    AssertionError error =
        assertThrows(AssertionError.class, () -> trail.expectSubsequence("b", "b"));
    assertEquals(
        """
        there was no b after b
          expected [b, b]
          but were [a, b, a]\
        """,
        error.getMessage());
    assertThrows(AssertionError.class, () -> trail.expectSubsequence("c"));
  }

  @Test
  void whereAnEventStands() {
    assertEquals(0, trail.index("a"));
    assertEquals(1, trail.index("b"));
    assertThrows(NoSuchElementException.class, () -> trail.index("c"));
  }
}
