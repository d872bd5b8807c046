/// One of three children crashes. In a `scope` its siblings are cancelled and joined, and the
/// exception comes out with the stack of the crash; in a `supervise` the siblings go on, and a
/// handler hears of it.
///
/// Prints both stories: "north cancelled, south cancelled" and the stack trace of the first, "north
/// done, south done" of the second.
import static dev.thrum.Async.*;
import static java.time.Duration.*;

import dev.thrum.CancelledException;
import dev.thrum.Scope;

void visit(String place, int millis) {
  try {
    sleep(ofMillis(millis));
    IO.println("  " + place + " done");
  } catch (CancelledException e) {
    IO.println("  " + place + " cancelled: " + e.reason());
    throw e;
  }
}

void crash(String place) throws IOException {
  sleep(ofMillis(50));
  throw new IOException("no road to the " + place);
}

/// `throws` names what the children may fail with: it comes out of the scope.
void startAll(Scope trip) throws IOException {
  trip.async("north", () -> visit("north", 100));
  trip.async("east", () -> crash("east"));
  trip.async("south", () -> visit("south", 150));
}

void main() throws IOException {
  run(() -> {
    IO.println("scope:");
    try {
      scope(this::startAll);
    } catch (IOException e) {
      IO.println("  caught " + e);
      e.printStackTrace();
    }
    IO.println("supervise:");
    supervise((task, e) -> IO.println("  " + task.name() + " failed: " + e), this::startAll);
  });
}
