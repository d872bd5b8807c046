package dev.thrum.explored;

import static dev.thrum.Async.background;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.timeoutOr;
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

import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.WorkQueue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExploredWorkQueueTest {

  @Test
  void joinWaitsForAllWorkAlsoForThatWhichTheWorkersPutIn() {
    everyOrder(() -> {
      var queue = WorkQueue.<Integer>create();
      Set<Integer> done = new HashSet<>();
      for (int i = 0; i < 2; i++) {
        background(() ->
            queue.work(item -> {
              if (item == 1) {
                queue.put(3);
              }
              checkpoint();
              assertTrue(done.add(item));
            }));
      }
      queue.put(1);
      queue.put(2);
      queue.join();
      assertEquals(Set.of(1, 2, 3), done);
      assertEquals(0, queue.unfinished());
    });
  }

  @Test
  void anItemIsWorkedOnOnceOrIsStillThere() {
    every(() -> {
      var queue = WorkQueue.<Integer>create(1);
      List<Integer> put = new ArrayList<>();
      List<Integer> taken = new ArrayList<>();
      together(
          () -> queue.work(taken::add),
          () ->
              queue.work(item -> {
                taken.add(item);
                checkpoint();
              }),
          () -> {
            try {
              for (int item = 1; item <= 2; item++) {
                queue.put(item);
                put.add(item);
              }
            } finally {
              queue.shutdown();
            }
          });
      assertEquals(put, taken.stream().sorted().toList());
      assertEquals(0, queue.unfinished());
      queue.join();
    });
  }

  @Test
  void shutdownRefusesWhoWaitsToPutAndLosesNothing() {
    every(() -> {
      var queue = WorkQueue.<Integer>create(1);
      int[] put = new int[1];
      together(
          () -> put(queue, put),
          () -> put(queue, put),
          () ->
              shield(() -> {
                checkpoint();
                queue.shutdown();
              }));
      assertTrue(queue.isShutdown());
      assertEquals(put[0], queue.size());
      assertEquals(put[0], queue.unfinished());
    });
  }

  private static void put(WorkQueue<Integer> queue, int[] put) {
    try {
      queue.put(1);
      put[0]++;
    } catch (ChannelClosedException _) {
      // it is not in
    }
  }

  @Test
  void shutdownNowDiscardsWhatNobodyHasTakenAndJoinEnds() {
    every(() -> {
      var queue = WorkQueue.<Integer>create();
      queue.put(1);
      queue.put(2);
      boolean[] working = new boolean[1];
      together(
          () ->
              queue.work(_ -> {
                working[0] = true;
                try {
                  checkpoint();
                } finally {
                  working[0] = false;
                }
              }),
          () -> {
            queue.join();
            assertFalse(working[0]);
          },
          () ->
              shield(() -> {
                checkpoint();
                queue.shutdownNow();
              }));
      assertEquals(0, queue.unfinished());
      assertThrows(ChannelClosedException.class, queue::take);
    });
  }

  @Test
  void whoHasWaitedTooLongTakesNothing() {
    everyTiming(() -> {
      var queue = WorkQueue.<Integer>create();
      int[] taken = new int[1];
      together(
          () ->
              timeoutOr(
                  ofSeconds(1),
                  -1,
                  () -> {
                    int item = queue.take();
                    taken[0]++;
                    queue.done();
                    return item;
                  }),
          () -> {
            checkpoint();
            queue.tryPut(1);
          });
      assertEquals(queue.size(), queue.unfinished());
      assertTrue(taken[0] + queue.size() <= 1);
    });
  }

  @Test
  void anItemThatIsNotSaidToBeDoneIsFound() {
    findsByCancelling(() -> {
      var queue = WorkQueue.<Integer>create();
      queue.put(1);
      together(
          () -> {
            queue.take();
            checkpoint();
            queue.done();
          },
          () -> queue.join());
    });
  }
}
