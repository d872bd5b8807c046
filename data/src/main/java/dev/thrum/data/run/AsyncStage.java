package dev.thrum.data.run;

import dev.thrum.Scope;
import dev.thrum.data.InFlight;
import dev.thrum.data.Mapping;

/// Works on many elements at a time, each in a child of the run.
final class AsyncStage extends Stage {
  private final Scope scope;
  private final Letters letters;
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
    this.step = how.around(step);
    this.flights = new Flights(this, how.limit(), how.ordered());
  }

  @Override
  void accept(Object element) {
    Flights.Flight flight = flights.begin(element);
    var _ = scope.async(name, () -> work(flight));
  }

  private void work(Flights.Flight flight) throws Exception {
    Object made;
    try {
      made = step.apply(flight.element);
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
    takeAgain(saved);
  }

  @Override
  void end() throws Exception {
    flights.awaitAll();
    next().end();
  }
}
