package dev.thrum.data.run;

import dev.thrum.VoidBody;
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
  private final Stage stage;
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
    private VoidBody<Exception> landing = () -> {};
    private boolean landed;

    Flight(Object element) {
      this.element = element;
    }
  }

  /// @param stage whose elements they are
  Flights(Stage stage, int limit, boolean ordered) {
    this.stage = stage;
    this.limit = limit;
    this.ordered = ordered;
    this.room = Semaphore.create(stage.name, limit);
  }

  /// Waits for room.
  Flight begin(Object element) {
    if (!room.tryAcquire()) {
      long before = System.nanoTime();
      room.acquire();
      stage.waited(System.nanoTime() - before);
    }
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
  void land(Flight flight, VoidBody<Exception> landing) throws Exception {
    flight.landing = landing;
    flight.landed = true;
    if (!ordered) {
      leaving.add(flight);
    }
    if (!handing) {
      handing = true;
      try {
        between(this::handOn);
      } finally {
        handing = false;
      }
    }
  }

  private void handOn() throws Exception {
    for (Flight next = leaving.peek(); next != null && next.landed; next = leaving.peek()) {
      next.landing.run();
      leaving.remove();
      all.remove(next);
      room.release();
    }
  }

  /// Does something while nothing is handed on.
  void between(VoidBody<Exception> action) throws Exception {
    turn.withPermit(action);
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
