package dev.thrum;

import static dev.thrum.Async.await;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.internal.Poller;
import dev.thrum.internal.PollerHost;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A poller that the JDK has parked.
class ParkedPollerTest {

  /// Waits in the JDK as a selector does, and on the confined engine for longer than it was told.
  private static final class Patient implements Poller {
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);

    final CompletableFuture<Boolean> polledAgain = new CompletableFuture<>();
    private final boolean overstays = Engines.confined();
    private volatile @Nullable Thread waiting;
    private volatile boolean woken;
    private boolean isWanted;
    boolean closed;

    @Override
    public void poll(long nanos) {
      if (isWanted) {
        polledAgain.complete(true);
      } else if (nanos > 0) {
        waiting = Thread.currentThread();
        long end = System.nanoTime() + (overstays ? LONG : Math.min(nanos, LONG));
        while (!woken && System.nanoTime() < end) {
          LockSupport.parkNanos(this, end - System.nanoTime());
        }
        waiting = null;
        woken = false;
      }
    }

    @Override
    public void wakeUp() {
      woken = true;
      Thread known = waiting;
      if (known != null) {
        LockSupport.unpark(known);
      }
    }

    @Override
    public void close() {
      closed = true;
    }

    static Patient ofThisLoop() {
      return (Patient) ((PollerHost) Loop.current()).poller(_ -> new Patient());
    }
  }

  @Test
  void aPollerThatStillWaitsIsToldThatThereIsMoreToDo() throws Exception {
    Runner.builder()
        .run(() -> {
          Patient poller = Patient.ofThisLoop();
          sleep(ofMillis(1));
          poller.isWanted = true;
          assertTrue(timeout(ofSeconds(10), () -> await(poller.polledAgain)));
        });
  }

  @Test
  void aPollerThatStillWaitsIsToldThatTheLoopEnds() {
    Patient[] poller = new Patient[1];
    Runner.builder()
        .run(() -> {
          poller[0] = Patient.ofThisLoop();
          sleep(ofMillis(1));
        });
    assertTrue(poller[0].closed);
  }
}
