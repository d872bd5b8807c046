package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Loops that always have something to do, as many as there are processors.
class BusyLoopsTest {
  private static final int LOOPS = Runtime.getRuntime().availableProcessors();

  @Test
  void virtualThreadsOfOthersRunBesideThem() throws Exception {
    var over = new AtomicBoolean();
    var busy = new CountDownLatch(LOOPS);
    try (var together = new Together()) {
      for (int i = 0; i < LOOPS; i++) {
        together.loop(
            "busy " + i,
            () -> {
              Task<?> other = async(() -> turnUntil(over));
              checkpoint();
              busy.countDown();
              turnUntil(over);
              other.await();
            });
      }
      busy.await();
      Thread stranger = Thread.ofVirtual().start(() -> {});
      boolean ended = stranger.join(Duration.ofSeconds(10));
      over.set(true);
      assertTrue(ended, "a virtual thread was never run");
    }
  }

  private static void turnUntil(AtomicBoolean over) {
    while (!over.get()) {
      checkpoint();
    }
  }
}
