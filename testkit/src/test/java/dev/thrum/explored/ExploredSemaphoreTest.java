package dev.thrum.explored;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.explored.Every.end;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.findsByCancelling;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.DeadlockException;
import dev.thrum.VoidBody;
import dev.thrum.sync.Event;
import dev.thrum.sync.Semaphore;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class ExploredSemaphoreTest {

  @Test
  void noMoreThanItsPermitsAtOnceAndAllComeBack() {
    every(() -> {
      var permits = Semaphore.create(2);
      var room = new Room(2);
      VoidBody<?> visit = () -> permits.withPermit(room::visit);
      together(visit, visit, visit);
      room.assertEmpty();
      assertEquals(2, permits.availablePermits());
    });
  }

  @Test
  void nobodyOvertakesOneWhoWantsMany() {
    every(() -> {
      var permits = Semaphore.create(2);
      var line = new Line();
      together(
          () -> take(permits, 2, line), () -> take(permits, 2, line), () -> take(permits, 1, line));
      line.assertNobodyOvertook();
      assertEquals(2, permits.availablePermits());
    });
  }

  private static void take(Semaphore permits, int count, Line line) {
    var me = new Object();
    line.came(me);
    permits.acquire(count);
    try {
      line.served(me);
      checkpoint();
    } finally {
      permits.release(count);
    }
  }

  @Test
  void behindOneWhoIsCancelledTheNextGoes() {
    every(() -> {
      var permits = Semaphore.create(2);
      permits.acquire();
      var greedy =
          async(() -> {
            permits.acquire(2);
            permits.release(2);
          });
      var modest = async(() -> permits.withPermit(() -> {}));
      checkpoint();
      greedy.cancel("enough");
      end(modest);
      permits.release();
      end(greedy);
      assertEquals(2, permits.availablePermits());
    });
  }

  @Test
  void aSignalIsTakenOnceOrIsStillThere() {
    every(() -> {
      var signals = Semaphore.create(0, Integer.MAX_VALUE);
      int[] taken = new int[1];
      VoidBody<?> take =
          () -> {
            signals.acquire();
            taken[0]++;
          };
      together(
          take,
          take,
          () -> {
            signals.release();
            try {
              checkpoint();
            } finally {
              signals.release();
            }
          });
      assertEquals(2, taken[0] + signals.availablePermits());
    });
  }

  @Test
  void whoHasWaitedTooLongTakesNothing() {
    everyTiming(() -> {
      var permits = Semaphore.create(1);
      VoidBody<?> visit =
          () ->
              timeoutOr(
                  ofSeconds(1),
                  "too long",
                  () ->
                      permits.withPermit(() -> {
                        checkpoint();
                        return "inside";
                      }));
      together(visit, visit);
      assertEquals(1, permits.availablePermits());
    });
  }

  @Test
  void aPermitBetweenAcquireAndTryIsFound() {
    findsByCancelling(() -> {
      var permits = Semaphore.create(1);
      VoidBody<?> visit =
          () -> {
            permits.acquire();
            checkpoint();
            try {
              checkpoint();
            } finally {
              permits.release();
            }
          };
      together(visit, () -> checkpoint());
      assertEquals(1, permits.availablePermits());
    });
  }

  @Test
  void twoPermitsTakenOneByOneAreFound() {
    var found =
        finds(() -> {
          var permits = Semaphore.create(2);
          VoidBody<?> both =
              () ->
                  permits.withPermit(() -> {
                    checkpoint();
                    permits.withPermit(() -> {});
                  });
          together(both, both);
        });
    assertInstanceOf(DeadlockException.class, found.failure());
    assertTrue(found.report().contains("exhausted permits"), found.report());
  }

  @Test
  void aCancelledWaiterThatBlocksThoseBehindItIsFound() {
    var found =
        findsByCancelling(() -> {
          var permits = new Stubborn(2);
          permits.acquire(1);
          var greedy =
              async(() -> {
                permits.acquire(2);
                permits.release(2);
              });
          var modest =
              async(() -> {
                permits.acquire(1);
                permits.release(1);
              });
          checkpoint();
          checkpoint();
          if (greedy.isDone()) {
            end(modest);
          }
          permits.release(1);
          end(greedy);
        });
    assertInstanceOf(DeadlockException.class, found.failure());
  }

  /// A fair semaphore that looks at its queue only when a permit comes back.
  private static final class Stubborn {
    private record Waiter(int count, Event turn) {}

    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private int free;

    Stubborn(int permits) {
      free = permits;
    }

    void acquire(int count) {
      if (waiters.isEmpty() && free >= count) {
        free -= count;
        return;
      }
      var me = new Waiter(count, Event.create());
      waiters.add(me);
      try {
        me.turn.await();
      } catch (CancelledException cancelled) {
        waiters.remove(me);
        throw cancelled;
      }
    }

    void release(int count) {
      free += count;
      while (!waiters.isEmpty() && waiters.peek().count <= free) {
        var next = waiters.poll();
        free -= next.count;
        next.turn.set();
      }
    }
  }
}
