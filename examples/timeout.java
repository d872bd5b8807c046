/// A timeout ends the work inside it, and the exception arrives once the cleanup is done.
///
/// Inside a cancelled scope every wait throws at once, so a cleanup that must wait goes into a
/// `shield`, with a bound of its own. Prints "editing", "draft saved", "gave up: …" in this order.
import static dev.thrum.Async.*;
import static java.time.Duration.*;

void edit() {
  IO.println("editing");
  try {
    sleep(ofHours(1));
  } finally {
    shield(ofSeconds(1), () -> save());
  }
}

void save() {
  sleep(ofMillis(100));
  IO.println("draft saved");
}

void main() {
  run(() -> {
    try {
      timeout(ofMillis(300), () -> edit());
    } catch (TimeoutException e) {
      IO.println("gave up: " + e.getMessage());
    }
  });
}
