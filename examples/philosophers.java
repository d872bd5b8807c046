/// Five philosophers share five forks, and each needs the two beside the plate.
///
/// First each takes the left one first. All would wait for ever; instead the last one, whose wait
/// closes the circle, gets an exception and puts its fork down. Then all take the lower fork first,
/// so that there is no circle.
///
/// Prints who would have waited for whom, and who eats: four at the first dinner, five at the
/// second.
import static dev.thrum.Async.*;
import static java.time.Duration.*;

import dev.thrum.DeadlockException;
import dev.thrum.sync.Mutex;

final List<String> names = List.of("Plato", "Hypatia", "Kant", "Arendt", "Laozi");
final List<Mutex> forks = IntStream.range(0, 5).mapToObj(i -> Mutex.create("fork " + i)).toList();

void eat(String name, Mutex first, Mutex second) {
  first.withLock(() -> {
    sleep(ofMillis(10));
    second.withLock(() -> IO.println("  " + name + " eats"));
  });
}

void takeLeftFirst(int seat) {
  try {
    eat(names.get(seat), forks.get(seat), forks.get((seat + 1) % 5));
  } catch (DeadlockException e) {
    e.waits().forEach(wait -> IO.println("  " + wait));
  }
}

void takeLowerFirst(int seat) {
  var left = seat;
  var right = (seat + 1) % 5;
  eat(names.get(seat), forks.get(Math.min(left, right)), forks.get(Math.max(left, right)));
}

void dine(IntConsumer philosopher) {
  scope(dinner -> {
    for (int i = 0; i < 5; i++) {
      var seat = i;
      dinner.async(names.get(seat), () -> philosopher.accept(seat));
    }
  });
}

void main() {
  run(() -> {
    IO.println("left fork first:");
    dine(this::takeLeftFirst);
    IO.println("lower fork first:");
    dine(this::takeLowerFirst);
  });
}
