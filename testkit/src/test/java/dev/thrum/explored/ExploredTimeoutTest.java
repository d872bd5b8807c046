package dev.thrum.explored;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.deadline;
import static dev.thrum.Async.now;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.VoidBody;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ExploredTimeoutTest {

  @Test
  void aBodyComesToItsEndOrIsCancelledAndSaysWhich() {
    everyTiming(() -> {
      VoidBody<?> work =
          () -> {
            boolean[] ended = new boolean[1];
            boolean inTime =
                timeoutOr(
                    ofSeconds(1),
                    false,
                    () -> {
                      sleep(ofSeconds(1));
                      checkpoint();
                      ended[0] = true;
                      return true;
                    });
            assertEquals(ended[0], inTime);
          };
      together(work, work);
    });
  }

  @Test
  void ofNestedOnesWithOneDeadlineTheOutermostSpeaks() {
    everyTiming(() -> {
      VoidBody<?> work =
          () -> {
            try {
              timeout(
                  ofSeconds(1),
                  () -> {
                    try {
                      timeout(ofSeconds(1), () -> sleep(ofSeconds(5)));
                    } catch (TimeoutException inner) {
                      throw new AssertionError("the inner one spoke", inner);
                    }
                  });
              throw new AssertionError("nobody spoke");
            } catch (TimeoutException _) {
              checkpoint(); // goes through: the timeout is over
            }
          };
      together(work, () -> checkpoint(), () -> sleep(ofSeconds(1)));
    });
  }

  @Test
  void itWaitsForTheChildrenAndForTheCleanUp() {
    everyTiming(() -> {
      VoidBody<?> work =
          () -> {
            int[] running = new int[1];
            timeoutOr(
                ofSeconds(1),
                "too long",
                () -> {
                  for (int i = 0; i < 2; i++) {
                    var _ =
                        async(() -> {
                          running[0]++;
                          try {
                            sleep(ofSeconds(2));
                          } finally {
                            running[0]--;
                          }
                        });
                  }
                  sleep(ofSeconds(3));
                  return "in time";
                });
            assertEquals(0, running[0]);
          };
      together(work);
    });
  }

  @Test
  void aValueThatAwaitHasIsNotLostToTheTime() {
    everyTiming(() -> {
      var answer =
          async(() -> {
            sleep(ofSeconds(1));
            return 42;
          });
      VoidBody<?> ask =
          () -> {
            int got = timeoutOr(ofSeconds(1), -1, () -> await(answer));
            assertTrue(got == 42 || got == -1);
            assertTrue(got == -1 || answer.isDone());
          };
      try {
        together(ask, ask);
      } catch (CancelledException own) {
        throw own;
      } catch (CancellationException _) {
        assertTrue(answer.isCancelled());
      }
    });
  }

  @Test
  void aCancellationFromOutsideIsNoTimeout() {
    everyTiming(() -> {
      boolean[] tooLate = new boolean[1];
      boolean[] cancelled = new boolean[1];
      var work =
          async(() -> {
            try {
              timeout(ofSeconds(1), () -> sleep(ofSeconds(2)));
            } catch (TimeoutException _) {
              tooLate[0] = true;
            } catch (CancelledException own) {
              cancelled[0] = true;
              throw own;
            }
          });
      together(
          () -> sleep(ofSeconds(1)),
          () -> {
            checkpoint();
            work.cancel("enough");
          });
      Every.end(work);
      assertTrue(tooLate[0] || cancelled[0]);
      assertFalse(tooLate[0] && cancelled[0]);
    });
  }

  @Test
  void aDeadlineThatIsMovedInTimeIsMoved() {
    everyTiming(() -> {
      VoidBody<?> work =
          () -> {
            var begin = now();
            timeoutOr(
                ofSeconds(10),
                "",
                () -> {
                  try {
                    timeout(
                        ofSeconds(1),
                        limit -> {
                          limit.reschedule(ofSeconds(3));
                          assertTrue(deadline().orElseThrow().compareTo(begin.plusSeconds(3)) >= 0);
                          sleep(ofSeconds(2));
                          checkpoint();
                        });
                  } catch (TimeoutException _) {
                    assertFalse(now().isBefore(begin.plusSeconds(3)));
                  }
                  return "";
                });
          };
      together(work, () -> sleep(ofSeconds(1)));
    });
  }

  @Test
  void aResultThatIsThrownAwayWithTheTimeIsFound() {
    var found =
        finds(() -> {
          int[] free = {1};
          VoidBody<?> use =
              () -> {
                boolean[] mine = new boolean[1];
                timeoutOr(
                    ofSeconds(1),
                    "too long",
                    () -> {
                      free[0]--;
                      sleep(ofSeconds(1));
                      mine[0] = true;
                      return "";
                    });
                if (mine[0]) {
                  free[0]++;
                }
              };
          together(use);
          assertEquals(1, free[0]);
        });
    assertTrue(found.deviations() <= 1, found.report());
  }
}
