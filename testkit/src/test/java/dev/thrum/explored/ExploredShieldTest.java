package dev.thrum.explored;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.now;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.explored.Every.end;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.findsByCancelling;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.VoidBody;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExploredShieldTest {

  @Test
  void whatHasBegunInsideComesToItsEnd() {
    every(() -> {
      int[] begun = new int[1];
      int[] ended = new int[1];
      VoidBody<?> commit =
          () -> {
            checkpoint();
            shield(() -> {
              begun[0]++;
              checkpoint();
              checkpoint();
              ended[0]++;
            });
          };
      together(commit, commit);
      assertEquals(begun[0], ended[0]);
    });
  }

  @Test
  void theFirstWaitAfterItThrows() {
    every(() -> {
      boolean[] inside = {true};
      boolean[] ended = new boolean[1];
      var work =
          async(() -> {
            shield(() -> {
              checkpoint();
              checkpoint();
            });
            inside[0] = false;
            checkpoint();
            ended[0] = true;
          });
      checkpoint();
      boolean mustThrow = inside[0];
      work.cancel("enough");
      end(work);
      assertTrue(!mustThrow || !ended[0]);
    });
  }

  @Test
  void itsChildrenAreJoinedAndNotCancelled() {
    every(() -> {
      int[] ended = new int[1];
      int[] started = new int[1];
      var owner =
          async(() ->
              shield(() -> {
                for (int i = 0; i < 2; i++) {
                  started[0]++;
                  var _ =
                      async(() -> {
                        try {
                          checkpoint();
                        } finally {
                          ended[0]++;
                        }
                      });
                }
              }));
      checkpoint();
      owner.cancel("enough");
      end(owner);
      assertEquals(2, started[0]);
      assertEquals(2, ended[0]);
    });
  }

  @Test
  void aGraceEndsIt() {
    every(() -> {
      var begin = now();
      VoidBody<?> stubborn =
          () -> {
            try {
              sleep(ofSeconds(1));
            } finally {
              shield(ofSeconds(1), () -> sleep(ofSeconds(60)));
            }
          };
      var work = async(stubborn);
      checkpoint();
      work.cancel("enough");
      end(work);
      var lasted = Duration.between(begin, now());
      assertTrue(lasted.compareTo(ofSeconds(2)) <= 0, lasted.toString());
    });
  }

  @Test
  void aCleanUpWithoutOneIsFound() {
    findsByCancelling(() -> {
      int[] open = new int[1];
      VoidBody<?> use =
          () -> {
            open[0]++;
            try {
              checkpoint();
            } finally {
              checkpoint();
              open[0]--;
            }
          };
      together(use);
      assertEquals(0, open[0]);
    });
  }
}
