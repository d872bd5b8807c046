// The program that the AOT caches are trained on: it does a little of everything that programs begin with.

import static dev.thrum.Async.*;
import static java.time.Duration.*;

void main() throws Exception {
  run(
      () -> {
        var one = async("one", () -> 1);
        background(() -> sleep(ofDays(1)));
        scope(
            s -> {
              s.async(() -> checkpoint());
            });
        timeout(ofSeconds(5), () -> sleep(ofNanos(1)));
        blocking(() -> Thread.sleep(1));
        IO.println(await(one) + gather(() -> 2, () -> 3).getFirst());
      });
}
