package dev.thrum.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;

/// The order of events in a test: `trail.add("a")` where something happens, and at the end
/// `trail.expect("a", "b")`.
///
/// May be used by several loops and threads. None of its methods waits.
public final class Trail {
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  /// An empty trail.
  public Trail() {}

  /// Takes an event down.
  ///
  /// @param event what happened
  public void add(String event) {
    events.add(Objects.requireNonNull(event, "event"));
  }

  /// What has happened so far.
  ///
  /// @return the events, oldest first
  public List<String> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /// Where an event stands: `trail.index("locked") < trail.index("unlocked")`.
  ///
  /// @param event what happened
  /// @return the place of the first event like it, from 0
  /// @throws NoSuchElementException if it has not happened
  public int index(String event) {
    int index = events.indexOf(event);
    if (index < 0) {
      throw new NoSuchElementException("there is no " + event + " in " + events());
    }
    return index;
  }

  /// Checks that these events have happened, in this order, and no others.
  ///
  /// @param expected the events, oldest first
  /// @throws AssertionError if others have, or in another order
  public void expect(String... expected) {
    List<String> actual = events();
    if (!actual.equals(List.of(expected))) {
      throw unexpected("the events were not those expected", expected, actual);
    }
  }

  /// Checks that these events have happened, each as often as it is given, in any order, and no
  /// others.
  ///
  /// @param expected the events
  /// @throws AssertionError if others have, or another number of times
  public void expectInAnyOrder(String... expected) {
    List<String> actual = events();
    if (!sorted(actual).equals(sorted(List.of(expected)))) {
      throw unexpected("the events were not those expected, in any order", expected, actual);
    }
  }

  /// Checks that these events have happened, in this order, whatever else has before, between and
  /// after them.
  ///
  /// @param expected the events, oldest first
  /// @throws AssertionError if one has not, or in another order
  public void expectSubsequence(String... expected) {
    List<String> actual = events();
    int found = 0;
    for (String event : actual) {
      if (found < expected.length && event.equals(expected[found])) {
        found++;
      }
    }
    if (found < expected.length) {
      String missing = found == 0 ? "" : " after " + expected[found - 1];
      throw unexpected("there was no " + expected[found] + missing, expected, actual);
    }
  }

  private static List<String> sorted(List<String> events) {
    return events.stream().sorted().toList();
  }

  private static AssertionError unexpected(String what, String[] expected, List<String> actual) {
    return new AssertionError(
        what + "\n  expected " + List.of(expected) + "\n  but were " + actual);
  }

  @Override
  public String toString() {
    return events().toString();
  }
}
