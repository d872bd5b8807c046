package dev.thrum.data.run;

import dev.thrum.sync.Semaphore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What is in flight in a stage: begun, and not yet handed on.
///
/// Whoever lands hands on what can leave, unless somebody is at it already: so there is no task
/// that only carries results, and never two that hand on at a time.
final class Flights {
  private final int limit;
  private final boolean ordered;
  private final Semaphore room;
  private final Semaphore turn = Semaphore.create("handing on", 1);
  private final Set<Flight> all = new LinkedHashSet<>();
  private final ArrayDeque<Flight> leaving = new ArrayDeque<>();
  private boolean handing;

  /// An element that is worked on.
  static final class Flight {
    final Object element;
    private Landing landing = () -> {};
    private boolean landed;

    Flight(Object element) {
      this.element = element;
    }
  }

  /// Hands on what has become of an element.
  interface Landing {
    void handOn() throws Exception;
  }

  Flights(String name, int limit, boolean ordered) {
    this.limit = limit;
    this.ordered = ordered;
    this.room = Semaphore.create(name, limit);
  }

  boolean isFull() {
    return room.availablePermits() == 0;
  }

  /// Waits for room.
  Flight begin(Object element) {
    room.acquire();
    Flight flight = new Flight(element);
    all.add(flight);
    if (ordered) {
      leaving.add(flight);
    }
    return flight;
  }

  /// An element is done.
  ///
  /// @param landing hands on what has become of it
  void land(Flight flight, Landing landing) throws Exception {
    flight.landing = landing;
    flight.landed = true;
    if (!ordered) {
      leaving.add(flight);
    }
    if (!handing) {
      handing = true;
      turn.acquire();
      try {
        handOn();
      } finally {
        handing = false;
        turn.release();
      }
    }
  }

  private void handOn() throws Exception {
    for (Flight next = leaving.peek(); next != null && next.landed; next = leaving.peek()) {
      next.landing.handOn();
      leaving.remove();
      all.remove(next);
      room.release();
    }
  }

  /// Does something while nothing is handed on.
  void between(Landing action) throws Exception {
    turn.acquire();
    try {
      action.handOn();
    } finally {
      turn.release();
    }
  }

  /// What has begun and has not been handed on, in order.
  List<Object> elements() {
    List<Object> elements = new ArrayList<>(all.size());
    all.forEach(flight -> elements.add(flight.element));
    return elements;
  }

  int count() {
    return all.size();
  }

  /// Waits until all have been handed on.
  void awaitAll() {
    room.acquire(limit);
    room.release(limit);
  }
}
