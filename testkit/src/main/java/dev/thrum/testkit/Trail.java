package dev.thrum.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The order of events in a test: `trail.add("a")` where something happens, and at the end
/// `trail.expect("a", "b")`.
///
/// May be used by several loops and threads.
public final class Trail {
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  /// An empty trail.
  public Trail() {}

  /// Takes an event down.
  ///
  /// @param event what happened
  public void add(String event) {
    events.add(event);
  }

  /// What has happened so far.
  ///
  /// @return the events, oldest first
  public List<String> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /// Checks that these events have happened, in this order, and no others.
  ///
  /// @param expected the events, oldest first
  /// @throws AssertionError if others have, or in another order
  public void expect(String... expected) {
    List<String> actual = events();
    if (!actual.equals(List.of(expected))) {
      throw new AssertionError(
          "the events were not those expected\n  expected "
              + List.of(expected)
              + "\n  but were "
              + actual);
    }
  }
}
