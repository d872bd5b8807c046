package dev.thrum.explored;

import static dev.thrum.Async.asCompleted;
import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.awaitAll;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.forEachAll;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.mapAll;
import static dev.thrum.Async.race;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.settle;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyOrder;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.together;
import static dev.thrum.explored.Every.unlessCancelled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Body;
import dev.thrum.Outcome;
import dev.thrum.Task;
import dev.thrum.sync.Semaphore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ExploredGroupsTest {

  /// Counts who has begun and not ended.
  private static final class Crew {
    private int running;

    <T> Body<T, RuntimeException> body(int steps, T value) {
      return () -> {
        running++;
        try {
          for (int i = 0; i < steps; i++) {
            checkpoint();
          }
          return value;
        } finally {
          running--;
        }
      };
    }

    <T> Body<T, RuntimeException> failing(int steps, String why) {
      return () -> {
        body(steps, why).call();
        throw new ArithmeticException(why);
      };
    }

    void assertJoined() {
      assertEquals(0, running);
    }
  }

  @Test
  void gatherGivesAllValuesInOrder() {
    every(() -> {
      var crew = new Crew();
      together(() ->
          unlessCancelled(() -> {
            try {
              assertEquals(
                  List.of("a", "b", "c"),
                  gather(crew.body(1, "a"), crew.body(2, "b"), crew.body(0, "c")));
            } finally {
              crew.assertJoined();
            }
          }));
      crew.assertJoined();
    });
  }

  @Test
  void gatherFailsWithTheFirstFailureAndJoinsTheRest() {
    every(() -> {
      var crew = new Crew();
      boolean[] failed = new boolean[1];
      together(() ->
          unlessCancelled(() -> {
            try {
              gather(crew.body(2, "a"), crew.failing(1, "b"), crew.failing(1, "c"));
            } catch (ArithmeticException failure) {
              failed[0] = true;
              assertTrue(Set.of("b", "c").contains(failure.getMessage()));
            } finally {
              crew.assertJoined();
            }
          }));
      crew.assertJoined();
    });
  }

  @Test
  void settleTellsTheEndOfEach() {
    every(() -> {
      var crew = new Crew();
      var ends = settle(crew.body(1, "a"), crew.failing(1, "b"), crew.body(2, "c"));
      crew.assertJoined();
      if (ends.getFirst() instanceof Outcome.Success<String>(var value)) {
        assertEquals("a", value);
      } else {
        assertInstanceOf(Outcome.Cancelled.class, ends.getFirst());
      }
      assertFalse(ends.get(1) instanceof Outcome.Success);
      long cancelled = ends.stream().filter(Outcome.Cancelled.class::isInstance).count();
      assertTrue(cancelled <= 1);
    });
  }

  @Test
  void aRaceHasOneWinnerAndTheLosersAreJoined() {
    var winners = new TreeSet<String>();
    every(() -> {
      var crew = new Crew();
      together(() -> {
        winners.add(race(crew.body(1, "a"), crew.body(2, "b"), crew.body(1, "c")));
        crew.assertJoined();
      });
      crew.assertJoined();
    });
    assertEquals("[a, b, c]", winners.toString());
  }

  @Test
  void aRacerThatFailsIsPassedOver() {
    everyOrder(() -> {
      var crew = new Crew();
      var failures = Semaphore.create(0, Integer.MAX_VALUE);
      Body<String, RuntimeException> fail =
          () -> {
            checkpoint();
            failures.release();
            throw new ArithmeticException();
          };
      Body<String, RuntimeException> last =
          () -> {
            failures.acquire(2);
            return crew.body(1, "last").call();
          };
      assertEquals("last", race(fail, last, fail));
      crew.assertJoined();
    });
  }

  @Test
  void aRaceThatNobodyWinsTellsTheFirstFailure() {
    everyOrder(() -> {
      var crew = new Crew();
      var failure =
          assertThrows(
              ArithmeticException.class, () -> race(crew.failing(1, "a"), crew.failing(1, "b")));
      assertEquals(1, failure.getSuppressed().length);
      crew.assertJoined();
    });
  }

  @Test
  void asCompletedGivesEachOnceInTheOrderInWhichTheyEnd() {
    every(() -> {
      List<Task<?>> ended = new ArrayList<>();
      List<Task<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int me = i;
        tasks.add(
            async(() -> {
              try {
                checkpoint();
                return me;
              } finally {
                ended.add(tasks.get(me));
              }
            }));
      }
      List<Task<?>> given = new ArrayList<>();
      for (Task<? extends Integer> task : asCompleted(tasks)) {
        assertTrue(task.isDone());
        given.add(task);
      }
      assertEquals(ended, given);
    });
  }

  @Test
  void awaitAllJoinsTheRestWhenOneFails() {
    everyOrder(() -> {
      var crew = new Crew();
      var tasks =
          List.of(async(crew.body(2, "a")), async(crew.failing(1, "b")), async(crew.body(0, "c")));
      var failure = assertThrows(ArithmeticException.class, () -> awaitAll(tasks));
      assertEquals("b", failure.getMessage());
      crew.assertJoined();
      assertTrue(tasks.stream().allMatch(Task::isDone));
    });
  }

  @Test
  void mapAllKeepsItsLimitAndItsOrder() {
    every(() -> {
      var room = new Room(2);
      together(() ->
          unlessCancelled(() ->
              assertEquals(
                  List.of(2, 4, 6),
                  mapAll(
                      List.of(1, 2, 3),
                      2,
                      item -> {
                        room.visit();
                        return 2 * item;
                      }))));
      room.assertEmpty();
    });
  }

  @Test
  void forEachAllStopsAtTheFirstFailureAndJoinsTheRest() {
    everyOrder(() -> {
      var room = new Room(2);
      Set<Integer> begun = new HashSet<>();
      assertThrows(
          ArithmeticException.class,
          () ->
              forEachAll(
                  List.of(1, 2, 3, 4),
                  2,
                  item -> {
                    begun.add(item);
                    room.visit();
                    if (item == 1) {
                      throw new ArithmeticException("the first one fails");
                    }
                  }));
      room.assertEmpty();
      assertTrue(begun.contains(1));
    });
  }

  @Test
  void theFirstFailureInAScopeComesOutAndTheOthersAreInIt() {
    everyOrder(() -> {
      var crew = new Crew();
      var failure =
          assertThrows(
              ArithmeticException.class,
              () ->
                  scope(s -> {
                    s.async(crew.failing(1, "a"));
                    s.async(crew.failing(1, "b"));
                    checkpoint();
                  }));
      crew.assertJoined();
      for (Throwable other : failure.getSuppressed()) {
        assertTrue(
            other instanceof ArithmeticException
                && !other.getMessage().equals(failure.getMessage()));
      }
    });
  }

  @Test
  void aFailureThatIsCaughtAtItsAwaitIsHandled() {
    everyOrder(() -> {
      var crew = new Crew();
      var task = async(crew.failing(1, "a"));
      var other = async(crew.body(1, "b"));
      var failure = assertThrows(ArithmeticException.class, () -> await(task));
      assertSame(failure, assertThrows(ArithmeticException.class, () -> await(task)));
      assertEquals("b", await(other));
    });
  }

  @Test
  void aRaceWithASideEffectIsFound() {
    finds(() -> {
      int[] charged = new int[1];
      Body<String, RuntimeException> charge =
          () -> {
            checkpoint();
            charged[0]++;
            checkpoint();
            return "charged";
          };
      race(charge, charge);
      assertEquals(1, charged[0]);
    });
  }
}
