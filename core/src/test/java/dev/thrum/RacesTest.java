package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.scope;
import static dev.thrum.channel.Select.after;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.select;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Channel;
import dev.thrum.sync.Mutex;
import dev.thrum.sync.RwLock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Orders of events that random tests came upon, each by itself.
class RacesTest {

  @Test
  void cancellingAScopeFromOutsideCancelsNoMoreThanThat() {
    Channel<Integer> never = Channel.rendezvous();
    AtomicReference<Scope> open = new AtomicReference<>();
    Thread canceller =
        Thread.ofPlatform()
            .start(() -> {
              while (!Thread.currentThread().isInterrupted()) {
                Scope scope = open.getAndSet(null);
                if (scope != null) {
                  scope.cancel("this one only");
                }
              }
            });
    try {
      Async.run(() -> {
        for (int i = 0; i < 1000; i++) {
          scope(s -> {
            open.set(s);
            never.receive();
          });
          assertFalse(TaskImpl.current("a test").isCancelled(), "the whole task was cancelled");
        }
      });
    } finally {
      canceller.interrupt();
    }
  }

  @Test
  void s12_aSelectWhoseTimeIsOverAtOnceLetsOthersRunNowAndThen() {
    for (Duration time : List.of(ZERO, ofNanos(1))) {
      Async.run(() -> {
        Channel<Integer> never = Channel.rendezvous();
        boolean[] ran = {false};
        async(() -> ran[0] = true);
        for (int i = 0; i < 1000; i++) {
          select(on(never, _ -> {}), after(time, () -> {}));
        }
        assertTrue(ran[0], "a task that polls keeps the loop to itself");
      });
    }
  }

  /// Does something when it is named for the first time, as in the message of a deadlock.
  private static final class Interlude extends Thread {
    private final Runnable once;
    private boolean named;

    Interlude(Runnable body, Runnable once) {
      super(null, body, "");
      this.once = once;
      setDaemon(true);
    }

    @Override
    public String toString() {
      if (!named) {
        named = true;
        once.run();
      }
      return "interlude";
    }
  }

  @Test
  void s4_aWriterThatIsRefusedLetsThoseInWhoCameToStandBehindIt() throws Exception {
    RwLock lock = RwLock.create();
    Mutex mutex = Mutex.create();
    Thread second = Thread.ofPlatform().daemon().unstarted(() -> lock.withRead(() -> {}));
    Thread first =
        new Interlude(
            () -> lock.withRead(() -> mutex.withLock(() -> {})),
            () -> {
              second.start();
              Together.eventually("it waits behind the writer", () -> Together.isBlocked(second));
            });
    mutex.lock();
    first.start();
    Together.eventually("it waits for the mutex", () -> Together.isBlocked(first));
    assertThrows(DeadlockException.class, lock::lockWrite);
    assertTrue(second.join(ofSeconds(5)), "a reader still waits, and only another one reads");
    mutex.unlock();
    assertTrue(first.join(ofSeconds(5)));
  }
}
