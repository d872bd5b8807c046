package dev.thrum.explored;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyOrder;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.VoidBody;
import dev.thrum.sync.Barrier;
import dev.thrum.sync.BrokenException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExploredBarrierTest {

  @Test
  void nobodyGoesOnBeforeAllHaveComeAndEachHasAPlace() {
    everyOrder(() -> {
      var barrier = Barrier.create(3);
      int[] come = new int[1];
      Set<Integer> places = new HashSet<>();
      VoidBody<?> arrive =
          () -> {
            checkpoint();
            come[0]++;
            assertTrue(places.add(barrier.await()));
            assertEquals(3, come[0]);
          };
      together(arrive, arrive, arrive);
      assertEquals(Set.of(0, 1, 2), places);
    });
  }

  @Test
  void noRoundMixesWithTheNext() {
    everyOrder(() -> {
      var barrier = Barrier.create(2);
      int[] come = new int[1];
      VoidBody<?> walk =
          () -> {
            for (int round = 1; round <= 3; round++) {
              come[0]++;
              barrier.await();
              assertTrue(come[0] >= 2 * round);
              checkpoint();
            }
          };
      together(walk, walk);
      assertEquals(0, barrier.waiting());
    });
  }

  @Test
  void oneWhoIsCancelledIsNotCountedAndTheOthersMeet() {
    every(() -> {
      var barrier = Barrier.create(2);
      int[] met = new int[1];
      int[] sentAway = new int[1];
      VoidBody<?> arrive =
          () -> {
            try {
              barrier.await();
              if (++met[0] == 2) {
                barrier.abort();
              }
            } catch (BrokenException _) {
              sentAway[0]++;
            }
          };
      int ended = together(arrive, arrive, arrive);
      assertEquals(2, met[0]);
      assertEquals(ended, met[0] + sentAway[0]);
      assertTrue(barrier.isBroken());
      assertEquals(0, barrier.waiting());
    });
  }

  @Test
  void theActionIsDoneOnceBeforeAnybodyIsLetGo() {
    every(() -> {
      int[] done = new int[1];
      var barrier =
          Barrier.create(
              2,
              () -> {
                checkpoint();
                done[0]++;
              });
      VoidBody<?> arrive =
          () -> {
            try {
              barrier.await();
              assertEquals(1, done[0]);
            } catch (BrokenException _) {
              assertTrue(barrier.isBroken());
            }
          };
      int ended =
          together(
              arrive,
              arrive,
              () ->
                  shield(() -> {
                    checkpoint();
                    checkpoint();
                    barrier.abort();
                  }));
      assertTrue(done[0] <= 1);
      assertTrue(ended >= 2);
    });
  }

  @Test
  void whoWaitsTooLongIsNotCounted() {
    everyTiming(() -> {
      var barrier = Barrier.create(2);
      int[] met = new int[1];
      VoidBody<?> arrive =
          () ->
              timeoutOr(
                  ofSeconds(1),
                  false,
                  () -> {
                    barrier.await();
                    met[0]++;
                    return true;
                  });
      together(arrive, arrive);
      assertTrue(met[0] == 0 || met[0] == 2);
      assertEquals(0, barrier.waiting());
      assertFalse(barrier.isBroken());
    });
  }
}
