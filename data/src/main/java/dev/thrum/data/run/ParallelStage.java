package dev.thrum.data.run;

import static dev.thrum.Async.parallel;

import dev.thrum.Scope;
import dev.thrum.data.Mapping;
import java.util.ArrayList;
import java.util.List;

/// Computes on all processors. While they are busy, elements gather to chunks; a chunk is what one
/// of them takes at a time.
final class ParallelStage extends Stage {
  private static final int CHUNK = 128;

  private final Scope scope;
  private final Letters letters;
  private final Mapping<Object, Object> step;
  private final Flights flights;
  private List<Object> chunk = new ArrayList<>();

  /// What became of an element that failed.
  private record Failed(Object element, Exception why) {}

  ParallelStage(
      String name, Stage next, Scope scope, Letters letters, Mapping<Object, Object> step) {
    super(name, next);
    this.scope = scope;
    this.letters = letters;
    this.step = step;
    this.flights = new Flights(this, 2 * Runtime.getRuntime().availableProcessors(), true);
  }

  @Override
  void accept(Object element) {
    chunk.add(element);
    if (chunk.size() >= CHUNK || flights.count() == 0) {
      begin();
    }
  }

  private void begin() {
    if (chunk.isEmpty()) {
      return;
    }
    List<Object> elements = chunk;
    chunk = new ArrayList<>(CHUNK);
    Flights.Flight flight = flights.begin(elements);
    var _ =
        scope.async(
            name,
            () -> {
              List<Object> made = parallel(() -> computed(elements));
              flights.land(flight, () -> handOn(made));
              if (flights.count() == 0) {
                begin(); // nothing may come for long that would begin it
              }
            });
  }

  private List<Object> computed(List<Object> elements) {
    List<Object> made = new ArrayList<>(elements.size());
    for (Object element : elements) {
      try {
        Object one = step.apply(element);
        made.add(one == null ? new Failed(element, new NullPointerException("null")) : one);
      } catch (Exception e) {
        made.add(new Failed(element, e));
      }
    }
    return made;
  }

  private void handOn(List<Object> made) throws Exception {
    for (Object one : made) {
      if (one instanceof Failed(var element, var why)) {
        letters.failed(name, element, why);
      } else {
        give(one);
      }
    }
  }

  @Override
  void barrier(Barrier barrier) throws Exception {
    flights.between(() -> {
      List<Object> held = new ArrayList<>();
      flights.elements().forEach(elements -> held.addAll((List<?>) elements));
      held.addAll(chunk);
      barrier.save(name, held);
      next().barrier(barrier);
    });
  }

  @Override
  void restore(Saved saved) throws Exception {
    takeAgain(saved);
  }

  @Override
  void end() throws Exception {
    begin();
    flights.awaitAll();
    next().end();
  }
}
