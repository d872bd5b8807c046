/// Three downloads at once: the results come in the order of the calls, and all of it takes as long
/// as the slowest one.
///
/// Prints what each download finds as it ends, fastest first, then "[news, weather, sport] after
/// 0.3 s": one after the other they would take 0.6 s.
import static dev.thrum.Async.*;
import static java.time.Duration.*;

String fetch(String page, int millis) {
  sleep(ofMillis(millis));
  IO.println("fetched " + page);
  return page;
}

void main() {
  run(() -> {
    var began = now();
    var pages =
        gather(() -> fetch("news", 300), () -> fetch("weather", 200), () -> fetch("sport", 100));
    var seconds = between(began, now()).toMillis() / 1000.0;
    IO.println("%s after %.1f s".formatted(pages, seconds));
  });
}
