package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.WorkQueue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Work queues (QU-06 to QU-09): join, done, and shutting down.
@ParameterizedClass(name = "{0}")
@EnumSource
class WorkQueueConformanceTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  WorkQueueConformanceTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private static WorkQueue<Integer> filled(int items) {
    WorkQueue<Integer> queue = WorkQueue.create();
    for (int i = 0; i < items; i++) {
      queue.put(i);
    }
    return queue;
  }

  private static void assertUnderflow(WorkQueue<?> queue) {
    IllegalStateException refused = assertThrows(IllegalStateException.class, queue::done);
    assertTrue(refused.getMessage().contains("once for each item"), refused.getMessage());
  }

  @Test
  void takingWithoutWaiting() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = filled(1);
      assertEquals(Optional.of(0), queue.tryTake());
      assertEquals(Optional.empty(), queue.tryTake());
      assertEquals(1, queue.unfinished());
      assertFalse(queue.isShutdown());
      queue.shutdown();
      assertTrue(queue.isShutdown());
      ChannelClosedException over = assertThrows(ChannelClosedException.class, queue::tryTake);
      assertTrue(over.getMessage().contains("is shut down and empty"), over.getMessage());
      queue.done();
      queue.join();
    });
  }

  // QU-06

  @Test
  void qu06_joinWaitsUntilWhatWasTakenIsDoneAndNotForEmptiness() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = filled(3);
      var began = now();
      for (int i = 0; i < 2; i++) {
        background(() ->
            queue.work(item -> {
              sleep(ofSeconds(item + 1));
              trail.add("did " + item);
            }));
      }
      checkpoint();
      assertEquals(1, queue.size());
      assertEquals(3, queue.unfinished());
      queue.join();
      trail.expect("did 0", "did 1", "did 2");
      assertEquals(ofSeconds(4), between(began, now()));
      assertEquals(0, queue.unfinished());
    });
  }

  @Test
  void qu06_joinReturnsAtOnceIfNothingWasPut() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = WorkQueue.create();
      queue.join();
      queue.join();
    });
  }

  @Test
  void qu06_doneMoreOftenThanPutIsAnError() {
    tidy.run(() -> {
      assertUnderflow(WorkQueue.create());
      WorkQueue<Integer> queue = filled(1);
      assertEquals(0, queue.take());
      queue.done();
      assertUnderflow(queue);
      queue.join();
      queue.put(1);
      assertEquals(1, queue.unfinished());
    });
  }

  @Test
  void qu06_everyoneWhoJoinsIsWokenAndWhatIsPutMeanwhileCounts() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = filled(1);
      for (int i = 0; i < 3; i++) {
        async(() -> {
          queue.join();
          trail.add("joined");
        });
      }
      checkpoint();
      int first = queue.take();
      queue.put(first + 1);
      queue.done();
      checkpoint();
      trail.expect();
      queue.take();
      queue.done();
      checkpoint();
      trail.expect("joined", "joined", "joined");
      assertEquals(0, Inside.joining(queue));
    });
  }

  @Test
  void qu06_aJoinThatIsCancelledLeavesNoEntry() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = filled(1);
      for (int i = 0; i < 10; i++) {
        assertThrows(TimeoutException.class, () -> timeout(ofSeconds(1), () -> queue.join()));
      }
      assertEquals(0, Inside.joining(queue));
    });
  }

  @Test
  void qu06_aPutThatIsCancelledOrFailsDoesNotCount() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = WorkQueue.create(1);
      queue.put(1);
      assertFalse(queue.tryPut(2));
      assertThrows(TimeoutException.class, () -> timeout(ofSeconds(1), () -> queue.put(3)));
      assertEquals(1, queue.unfinished());
      assertThrows(NullPointerException.class, () -> queue.put(null));
      assertThrows(NullPointerException.class, () -> queue.tryPut(null));
      queue.take();
      queue.done();
      queue.join();
    });
  }

  @Test
  void qu06_anOrderThatRefusesAnItemDoesNotCountIt() {
    tidy.run(() -> {
      WorkQueue<Object> queue =
          WorkQueue.priority((a, b) -> Integer.compare((Integer) a, (Integer) b));
      queue.put(1);
      assertThrows(ClassCastException.class, () -> queue.put("two"));
      assertThrows(ClassCastException.class, () -> queue.tryPut("two"));
      assertEquals(1, queue.unfinished());
      assertEquals(1, queue.take());
      queue.done();
      queue.join();
    });
  }

  // QU-07

  @Test
  void qu07_shuttingDownAnEmptyQueueEndsWhoTakesAndRefusesWhoPuts() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = WorkQueue.create();
      Task<?> taking = async(() -> assertThrows(ChannelClosedException.class, queue::take));
      Task<?> working = async(() -> queue.work(_ -> {}));
      checkpoint();
      queue.shutdown();
      await(taking);
      await(working);
      assertThrows(ChannelClosedException.class, () -> queue.put(1));
      assertThrows(ChannelClosedException.class, () -> queue.tryPut(1));
      String message = assertThrows(ChannelClosedException.class, queue::take).getMessage();
      assertTrue(message.contains("shut down and empty: work(body)"), message);
      assertTrue(message.startsWith("work queue@"), message);
      assertEquals(0, queue.unfinished());
      queue.join();
    });
  }

  // QU-08

  @Test
  void qu08_shuttingDownAFullQueueRefusesWhoWaitsToPutAndLetsTheRestBeTaken() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = WorkQueue.create(2);
      queue.put(1);
      queue.put(2);
      Task<?> putting = async(() -> assertThrows(ChannelClosedException.class, () -> queue.put(3)));
      checkpoint();
      queue.shutdown();
      await(putting);
      assertEquals(2, queue.unfinished());
      Task<?> joining =
          async(() -> {
            queue.join();
            trail.add("joined");
          });
      assertEquals(1, queue.take());
      assertEquals(2, queue.take());
      assertThrows(ChannelClosedException.class, queue::take);
      checkpoint();
      trail.expect();
      queue.done();
      queue.done();
      await(joining);
      trail.expect("joined");
    });
  }

  // QU-09

  @Test
  void qu09_shuttingDownNowCountsWhatNobodyTookAsDone() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = filled(5);
      assertEquals(0, queue.take());
      Task<?> joining =
          async(() -> {
            queue.join();
            trail.add("joined");
          });
      checkpoint();
      queue.shutdownNow();
      queue.shutdownNow();
      assertEquals(0, queue.size());
      assertEquals(1, queue.unfinished());
      checkpoint();
      trail.expect();
      queue.done();
      await(joining);
      assertUnderflow(queue);
      assertThrows(ChannelClosedException.class, queue::take);
    });
  }

  @Test
  void qu09_shuttingDownNowAfterShuttingDownDiscardsTheRest() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = filled(3);
      queue.shutdown();
      queue.shutdownNow();
      queue.join();
      assertThrows(IllegalStateException.class, queue::shutdown);
    });
  }

  @Test
  void qu09_whoWaitsToPutWhenItIsShutDownNowDoesNotCount() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = WorkQueue.create(1);
      queue.put(1);
      Task<?> putting = async(() -> assertThrows(ChannelClosedException.class, () -> queue.put(2)));
      checkpoint();
      queue.shutdownNow();
      queue.join();
      assertTrue(putting.isDone());
      assertEquals(0, queue.unfinished());
    });
  }

  @Test
  void qu09_aQueueThatWasShutDownNowMayBeShutDown() {
    WorkQueue<Integer> queue = filled(1);
    queue.shutdownNow();
    queue.shutdown();
    IllegalStateException twice = assertThrows(IllegalStateException.class, queue::shutdown);
    assertTrue(twice.getMessage().contains("shut down already"), twice.getMessage());
  }

  // Working

  @Test
  void workCountsAnItemAsDoneAlsoIfTheBodyFailsOrIsCancelled() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = filled(3);
      assertThrows(
          IOException.class,
          () ->
              queue.work(item -> {
                throw new IOException("no. " + item);
              }));
      Task<?> cancelled = async(() -> queue.work(_ -> sleep(ofHours(1))));
      checkpoint();
      cancelled.cancel("enough");
      checkpoint();
      assertEquals(1, queue.unfinished());
      assertEquals(2, queue.take());
      queue.done();
      queue.join();
    });
  }

  @Test
  void workersMayPutMoreWorkForEachOther() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = WorkQueue.create();
      List<Integer> seen = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        background(() ->
            queue.work(item -> {
              seen.add(item);
              sleep(ofSeconds(1));
              if (item < 8) {
                queue.put(2 * item);
                queue.put(2 * item + 1);
              }
            }));
      }
      queue.put(1);
      queue.join();
      assertEquals(
          List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
          seen.stream().sorted().toList());
    });
  }

  @Test
  void workersEndWithTheQueue() {
    tidy.run(() -> {
      WorkQueue<Integer> queue = WorkQueue.create(2);
      List<Integer> seen = new ArrayList<>();
      scope(s -> {
        for (int i = 0; i < 3; i++) {
          s.async(() -> queue.work(seen::add));
        }
        for (int i = 0; i < 20; i++) {
          queue.put(i);
        }
        queue.shutdown();
      });
      assertEquals(20, seen.size());
      assertEquals(0, queue.unfinished());
    });
  }

  @Test
  void theOrderIsTheQueues() {
    WorkQueue<Integer> least = WorkQueue.priority(Comparator.naturalOrder());
    WorkQueue<Integer> newest = WorkQueue.lifo();
    for (int i : new int[] {2, 3, 1}) {
      least.put(i);
      newest.put(i);
    }
    assertEquals(List.of(1, 2, 3), List.of(least.take(), least.take(), least.take()));
    assertEquals(List.of(1, 3, 2), List.of(newest.take(), newest.take(), newest.take()));
    assertEquals(3, least.unfinished());
    assertTrue(least.toString().endsWith("(3 not done)"), least.toString());
  }

  @Test
  void threadsShareAQueue() throws Exception {
    WorkQueue<Integer> queue = WorkQueue.create(4);
    List<Integer> seen = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      threads.add(Thread.ofPlatform().start(() -> queue.work(seen::add)));
    }
    Async.run(() -> {
      for (int i = 0; i < 1000; i++) {
        queue.put(i);
      }
      queue.join();
      assertEquals(1000, seen.size());
      queue.shutdown();
    });
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
