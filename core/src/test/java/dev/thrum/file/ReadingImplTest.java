package dev.thrum.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.Async;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// How a reading that reads ahead ends.
class ReadingImplTest {
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch readsAhead = new CountDownLatch(1);

  /// One piece, and then none until it is interrupted, which it takes its time to notice.
  private final class Slow implements Source<String> {
    private boolean first = true;

    @Override
    public List<String> next() {
      if (first) {
        first = false;
        return List.of("piece");
      }
      readsAhead.countDown();
      awaitInterrupt();
      pause();
      events.add("read ends");
      return List.of();
    }

    @Override
    public void close() {
      events.add("closed");
    }
  }

  private static void awaitInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      // It is told to end.
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCloseWaitsForTheReadAhead() throws Exception {
    Async.run(() -> {
      try (Reading<String> reading = ReadingImpl.open("a slow source", Slow::new)) {
        assertEquals("piece", reading.iterator().next());
        Async.blocking(() -> readsAhead.await());
      }
      events.add("left");
    });
    assertEquals("read ends", events.getFirst());
    assertEquals("left", events.getLast());
  }
}
