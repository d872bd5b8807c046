package dev.thrum.explored;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.supervise;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyOrder;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Restart;
import dev.thrum.VoidBody;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExploredSuperviseTest {

  private static void fail(String why) {
    throw new ArithmeticException(why);
  }

  @Test
  void childrenFailAloneAndAreJoined() {
    every(() -> {
      List<String> heard = new ArrayList<>();
      int[] ended = new int[1];
      int[] begun = new int[1];
      supervise(
          (_, failure) -> heard.add(failure.getMessage()),
          s -> {
            s.async(() -> {
              checkpoint();
              fail("a");
            });
            for (int i = 0; i < 2; i++) {
              s.async(() -> {
                begun[0]++;
                try {
                  checkpoint();
                } finally {
                  ended[0]++;
                }
              });
            }
          });
      assertTrue(heard.equals(List.of("a")) || heard.isEmpty());
      assertEquals(2, begun[0]);
      assertEquals(2, ended[0]);
    });
  }

  @Test
  void everyFailureIsHeardOfOnce() {
    everyOrder(() -> {
      List<String> heard = new ArrayList<>();
      supervise(
          (_, failure) -> heard.add(failure.getMessage()),
          s -> {
            var awaited =
                s.async(() -> {
                  checkpoint();
                  fail("a");
                });
            s.async(() -> {
              checkpoint();
              fail("b");
            });
            assertThrows(ArithmeticException.class, () -> await(awaited));
          });
      assertEquals(List.of("a", "b"), heard.stream().sorted().toList());
    });
  }

  @Test
  void aBackgroundTaskEndsWithItsOwner() {
    every(() -> {
      int[] running = new int[1];
      VoidBody<?> owner =
          () ->
              scope(_ -> {
                background(() -> {
                  running[0]++;
                  try {
                    while (true) {
                      sleep(ofSeconds(60));
                    }
                  } finally {
                    running[0]--;
                  }
                });
                checkpoint();
                checkpoint();
              });
      together(owner);
      assertEquals(0, running[0]);
    });
  }

  @Test
  void theFailureOfABackgroundTaskEndsItsOwner() {
    everyOrder(() -> {
      int[] running = new int[1];
      var failure =
          assertThrows(
              ArithmeticException.class,
              () ->
                  scope(s -> {
                    background(() -> {
                      checkpoint();
                      fail("daemon");
                    });
                    s.async(() -> {
                      running[0]++;
                      try {
                        sleep(ofSeconds(60));
                      } finally {
                        running[0]--;
                      }
                    });
                    sleep(ofSeconds(60));
                  }));
      assertEquals("daemon", failure.getMessage());
      assertEquals(0, running[0]);
    });
  }

  @Test
  void whatEndsIsStartedAgainUntilItsOwnerEnds() {
    every(() -> {
      int[] lives = new int[1];
      int[] running = new int[1];
      VoidBody<?> owner =
          () ->
              scope(_ -> {
                background(
                    Restart.always().pause(ofSeconds(1), ofSeconds(1)).limit(5),
                    () -> {
                      lives[0]++;
                      assertEquals(0, running[0]);
                      running[0]++;
                      try {
                        checkpoint();
                        if (lives[0] >= 3) {
                          sleep(ofSeconds(60));
                        }
                      } finally {
                        running[0]--;
                      }
                    });
                sleep(ofSeconds(3));
              });
      together(owner);
      assertEquals(0, running[0]);
      assertTrue(lives[0] >= 1);
    });
  }

  @Test
  void aCancelledBackgroundTaskIsNotStartedAgain() {
    everyOrder(() -> {
      int[] lives = new int[1];
      scope(_ -> {
        var daemon =
            background(
                Restart.always().pause(ofSeconds(1), ofSeconds(1)),
                () -> {
                  lives[0]++;
                  sleep(ofSeconds(1));
                });
        async(() -> daemon.cancel("enough"));
        sleep(ofSeconds(10));
      });
      assertTrue(lives[0] <= 1);
      assertTrue(now().getEpochSecond() > 0);
    });
  }

  @Test
  void aResultThatIsLeftToADaemonIsFound() {
    finds(() -> {
      List<String> log = new ArrayList<>();
      scope(_ -> {
        background(() -> {
          checkpoint();
          log.add("written");
        });
        checkpoint();
        checkpoint();
      });
      assertEquals(List.of("written"), log);
    });
  }
}
