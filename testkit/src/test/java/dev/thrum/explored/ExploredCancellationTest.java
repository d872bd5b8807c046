package dev.thrum.explored;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.explored.Every.end;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyOrder;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.findsByCancelling;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.Outcome;
import dev.thrum.VoidBody;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ExploredCancellationTest {

  @Test
  void whatATaskHasBegunItEndsInItsFinallyAlsoIfItIsCancelledBeforeItRuns() {
    every(() -> {
      int[] begun = new int[1];
      int[] ended = new int[1];
      var task =
          async(() -> {
            begun[0]++;
            try {
              checkpoint();
              checkpoint();
            } finally {
              ended[0]++;
            }
          });
      together(() -> task.cancel("enough"), () -> checkpoint());
      end(task);
      assertEquals(1, begun[0]);
      assertEquals(1, ended[0]);
    });
  }

  @Test
  void itIsLevelTriggered() {
    every(() -> {
      var cancelled = new boolean[1];
      var task =
          async(() -> {
            for (int i = 0; i < 3; i++) {
              boolean must = cancelled[0];
              try {
                checkpoint();
                assertFalse(must, "a wait goes through in a cancelled task");
              } catch (CancelledException _) {
                cancelled[0] = true; // and again, however often it is swallowed
              }
            }
          });
      checkpoint();
      task.cancel("enough");
      cancelled[0] = !task.isDone();
      end(task);
    });
  }

  @Test
  void aTaskThatIsCancelledOutlivesNoneOfItsChildren() {
    every(() -> {
      int[] running = new int[1];
      VoidBody<?> child =
          () -> {
            running[0]++;
            try {
              checkpoint();
              checkpoint();
            } finally {
              running[0]--;
            }
          };
      var owner =
          async(() -> {
            try {
              together(child, child);
            } finally {
              assertEquals(0, running[0]);
            }
          });
      checkpoint();
      owner.cancel("enough");
      end(owner);
      assertEquals(0, running[0]);
    });
  }

  @Test
  void aScopeThatIsCancelledIsLeftWhenAllInsideHaveEnded() {
    every(() -> {
      int[] running = new int[1];
      int ended =
          together(() -> {
            scope(s -> {
              for (int i = 0; i < 2; i++) {
                s.async(() -> {
                  running[0]++;
                  try {
                    sleep(ofSeconds(60));
                  } finally {
                    running[0]--;
                  }
                });
              }
              s.async(() -> s.cancel("enough"));
              checkpoint();
            });
            assertEquals(0, running[0]);
          });
      assertTrue(ended <= 1);
      assertEquals(0, running[0]);
    });
  }

  @Test
  void theEndOfATaskIsOneAndAllWhoWaitSeeTheSame() {
    every(() -> {
      var task =
          async(() -> {
            checkpoint();
            return "value";
          });
      var seen = new TreeSet<String>();
      VoidBody<?> wait =
          () -> {
            try {
              seen.add(await(task));
            } catch (CancelledException own) {
              throw own;
            } catch (CancellationException _) {
              seen.add("cancelled");
            }
          };
      together(wait, wait, () -> task.cancel("enough"));
      end(task);
      seen.add(task.outcome() instanceof Outcome.Success<String>(var value) ? value : "cancelled");
      assertEquals(1, seen.size(), seen.toString());
    });
  }

  @Test
  void aFailureIsNotLostInACancellation() {
    everyOrder(() -> {
      var task =
          async(() -> {
            try {
              checkpoint();
            } finally {
              failNow();
            }
          });
      var canceller = async(() -> task.cancel("enough"));
      assertThrows(IllegalStateException.class, () -> await(task));
      end(canceller);
    });
  }

  private static void failNow() {
    throw new IllegalStateException("the clean-up failed");
  }

  @Test
  void somebodyMayBeLeftInPeaceWhileAllWaitForTime() {
    var ends = new TreeSet<Integer>();
    everyTiming(() -> ends.add(together(() -> sleep(ofSeconds(1)), () -> sleep(ofSeconds(2)))));
    assertEquals("[1, 2]", ends.toString());
  }

  @Test
  void aChildThatHoldsUpACancelledOwnerIsFound() {
    findsByCancelling(() -> {
      int[] step = new int[1];
      var owner =
          async(() ->
              together(() -> {
                for (int i = 0; i < 3; i++) {
                  checkpoint();
                  step[0]++;
                }
              }));
      end(owner);
      // Only a cancellation while the child is half done shows it.
      assertTrue(step[0] == 0 || step[0] == 3);
    });
  }
}
