package dev.thrum.data.run;

import dev.thrum.Scope;
import dev.thrum.data.InFlight;
import dev.thrum.data.Mapping;
import java.util.List;

/// Works on many elements at a time, each in a child of the run.
final class AsyncStage extends Stage {
  private final Scope scope;
  private final Letters letters;
  private final InFlight how;
  private final Mapping<Object, Object> step;
  private final Flights flights;

  AsyncStage(
      String name,
      Stage next,
      Scope scope,
      Letters letters,
      InFlight how,
      Mapping<Object, Object> step) {
    super(name, next);
    this.scope = scope;
    this.letters = letters;
    this.how = how;
    this.step = step;
    this.flights = new Flights(name, how.limit(), how.ordered());
  }

  @Override
  void accept(Object element) {
    boolean full = flights.isFull();
    long before = full ? System.nanoTime() : 0;
    Flights.Flight flight = flights.begin(element);
    if (full) {
      waited(System.nanoTime() - before);
    }
    var _ = scope.async(name, () -> work(flight));
  }

  private void work(Flights.Flight flight) throws Exception {
    Object made;
    try {
      made = how.call(step, flight.element);
    } catch (Exception e) {
      flights.land(flight, () -> letters.failed(name, flight.element, e));
      return;
    }
    flights.land(
        flight,
        () -> {
          if (made == null) {
            letters.nothing(name, flight.element);
          } else {
            give(made);
          }
        });
  }

  /// What is in flight is not waited for: it is saved as it came, and begun again after a crash.
  @Override
  void barrier(Barrier barrier) throws Exception {
    flights.between(() -> {
      barrier.save(name, flights.elements());
      next().barrier(barrier);
    });
  }

  @Override
  void restore(Saved saved) throws Exception {
    if (saved.state(name).orElse(List.of()) instanceof List<?> elements) {
      for (Object element : elements) {
        take(element);
      }
    }
  }

  @Override
  void end() throws Exception {
    flights.awaitAll();
    next().end();
  }
}
