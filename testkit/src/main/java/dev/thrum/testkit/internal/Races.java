package dev.thrum.testkit.internal;

import dev.thrum.testkit.internal.Footprints.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The pairs of events of a run that depend on each other although nothing else has put them in
/// this order.
final class Races {
  /// Told of one.
  interface Found {
    /// Told of each.
    ///
    /// @param first the one that came first
    /// @param second the one that could have come first
    /// @param initials what could have come before the first on the way to the second
    void race(Event first, Event second, List<Event> initials);
  }

  private final List<Event> events;
  private final int[] lastOf;
  private final int processes;

  Races(List<Event> events) {
    this.events = events;
    int most = 0;
    for (Event event : events) {
      most = Math.max(most, event.key + 1);
    }
    this.processes = most;
    this.lastOf = new int[most];
    Arrays.fill(lastOf, -1);
  }

  /// Computes the vector clocks and tells of each race.
  void forEach(Found found) {
    List<Event[]> races = new ArrayList<>();
    for (Event event : events) {
      int[] clock = before(event);
      for (int j = event.index - 1; j >= 0; j--) {
        Event other = events.get(j);
        if (clock[other.key] > j || !Footprints.depend(other.uses, event.uses)) {
          continue;
        }
        races.add(new Event[] {other, event});
        join(clock, other.clock);
      }
      clock[event.key] = event.index + 1;
      event.clock = clock;
      lastOf[event.key] = event.index;
    }
    for (Event[] race : races) {
      found.race(race[0], race[1], initials(race[0], race[1]));
    }
  }

  /// What had to be before it apart from what it depends on: a clock says of each process up to
  /// which event.
  private int[] before(Event event) {
    int[] clock = new int[processes];
    int own = lastOf[event.key];
    if (own >= 0) {
      join(clock, events.get(own).clock);
    }
    if (event.afterAll) {
      for (int j = 0; j <= event.enabledBy; j++) {
        join(clock, events.get(j).clock);
      }
    } else if (event.enabledBy >= 0 && event.enabledBy < event.index) {
      join(clock, events.get(event.enabledBy).clock);
    }
    return clock;
  }

  private static void join(int[] clock, int[] other) {
    for (int i = 0; i < other.length; i++) {
      clock[i] = Math.max(clock[i], other[i]);
    }
  }

  private static boolean isBefore(Event one, Event other) {
    return other.clock[one.key] > one.index;
  }

  /// Of the events after the first that it is not before, and the second: those with none of these
  /// before them.
  private List<Event> initials(Event first, Event second) {
    List<Event> rest = new ArrayList<>();
    for (int k = first.index + 1; k < second.index; k++) {
      if (!isBefore(first, events.get(k))) {
        rest.add(events.get(k));
      }
    }
    rest.add(second);
    List<Event> initials = new ArrayList<>();
    for (int i = 0; i < rest.size(); i++) {
      Event event = rest.get(i);
      boolean initial = true;
      for (int j = 0; j < i && initial; j++) {
        initial = !isBefore(rest.get(j), event);
      }
      if (initial) {
        initials.add(event);
      }
    }
    return initials;
  }
}
