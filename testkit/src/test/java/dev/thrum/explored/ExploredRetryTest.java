package dev.thrum.explored;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.now;
import static dev.thrum.Async.retry;
import static dev.thrum.Async.sleep;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyOrder;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.Retry;
import dev.thrum.VoidBody;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ExploredRetryTest {
  private static final Retry THRICE =
      Retry.attempts(3).backoff(ofSeconds(1), ofSeconds(2)).jitter(0);
  private static final Retry TWICE =
      Retry.attempts(2).backoff(ofSeconds(1), ofSeconds(2)).jitter(0);

  @Test
  void itTriesAgainUntilItWorks() {
    every(() -> {
      VoidBody<?> call =
          () -> {
            int[] attempts = new int[1];
            var begin = now();
            int needed =
                retry(
                    THRICE,
                    () -> {
                      checkpoint();
                      if (++attempts[0] < 2) {
                        throw new ArithmeticException("attempt " + attempts[0]);
                      }
                      return attempts[0];
                    });
            assertEquals(2, needed);
            assertEquals(ofSeconds(1), Duration.between(begin, now()));
          };
      together(call, call);
    });
  }

  @Test
  void aCancellationIsNeverTriedAgain() {
    every(() -> {
      int[] attempts = new int[1];
      int[] cancelled = new int[1];
      VoidBody<?> call =
          () ->
              retry(
                  THRICE,
                  () -> {
                    attempts[0]++;
                    try {
                      checkpoint();
                      sleep(ofSeconds(1));
                    } catch (CancelledException own) {
                      cancelled[0]++;
                      throw own;
                    }
                  });
      int ended = together(call);
      assertEquals(1, attempts[0]);
      assertEquals(1, ended + cancelled[0]);
    });
  }

  @Test
  void whatAnAttemptHasStartedIsJoinedBeforeTheNext() {
    every(() -> {
      int[] running = new int[1];
      int[] attempts = new int[1];
      together(() ->
          retry(
              THRICE,
              () -> {
                assertEquals(0, running[0]);
                async(() -> {
                  running[0]++;
                  try {
                    checkpoint();
                  } finally {
                    running[0]--;
                  }
                });
                checkpoint();
                if (++attempts[0] < 2) {
                  throw new ArithmeticException("not yet");
                }
              }));
      assertEquals(0, running[0]);
    });
  }

  @Test
  void anAttemptThatTakesTooLongIsTriedAgainAndNoneRunsBesideAnother() {
    everyTiming(() -> {
      var room = new Room(1);
      int[] attempts = new int[1];
      int ended =
          together(() -> {
            try {
              int last =
                  retry(
                      THRICE.attemptTimeout(ofSeconds(1)),
                      () -> {
                        int attempt = ++attempts[0];
                        room.visit();
                        sleep(attempt < 2 ? ofSeconds(5) : ofSeconds(0));
                        return attempt;
                      });
              assertEquals(attempts[0], last);
            } catch (Exception failure) {
              if (failure instanceof CancelledException own) {
                throw own;
              }
              assertInstanceOf(TimeoutException.class, failure);
              assertEquals(3, attempts[0]);
            }
          });
      room.assertEmpty();
      assertTrue(ended == 0 || attempts[0] >= 2);
    });
  }

  @Test
  void whenItGivesUpTheLastFailureComesOutWithTheOthersInIt() {
    everyOrder(() -> {
      VoidBody<?> call =
          () -> {
            int[] attempts = new int[1];
            var failure =
                assertThrows(
                    ArithmeticException.class,
                    () ->
                        retry(
                            TWICE,
                            () -> {
                              checkpoint();
                              throw new ArithmeticException("attempt " + ++attempts[0]);
                            }));
            assertEquals("attempt 2", failure.getMessage());
            assertEquals(1, failure.getSuppressed().length);
          };
      together(call, call);
    });
  }

  @Test
  void anAttemptThatIsNotUndoneIsFound() {
    finds(() -> {
      int[] booked = new int[1];
      boolean[] online = new boolean[1];
      together(
          () ->
              retry(
                  THRICE,
                  () -> {
                    booked[0]++;
                    checkpoint();
                    if (!online[0]) {
                      throw new ArithmeticException("offline");
                    }
                  }),
          () -> online[0] = true);
      assertEquals(1, booked[0]);
    });
  }
}
