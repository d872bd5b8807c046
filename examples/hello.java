import static dev.thrum.Async.*;
import static java.time.Duration.*;

void myCoroutine() {
  IO.println("Coroutine started");
  sleep(ofSeconds(1));
  IO.println("Coroutine finished");
}

void main() {
  run(() -> myCoroutine());
}
