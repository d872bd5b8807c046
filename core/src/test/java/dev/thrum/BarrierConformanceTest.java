package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.sync.Barrier;
import dev.thrum.sync.BrokenException;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Barriers (BA).
@ParameterizedClass(name = "{0}")
@EnumSource
class BarrierConformanceTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  BarrierConformanceTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private Task<?> party(String name, Barrier barrier) {
    return async(
        name,
        () -> {
          try {
            trail.add(name + " " + barrier.await());
          } catch (BrokenException e) {
            trail.add(name + " broken");
          }
        });
  }

  @Test
  void thePartiesMeetAgainAndAgain() {
    tidy.run(() -> {
      var barrier = Barrier.create("start", 3);
      assertEquals(3, barrier.parties());
      for (int round = 0; round < 3; round++) {
        Body<Integer, RuntimeException> body = barrier::await;
        assertEquals(List.of(0, 1, 2), gather(body, body, body));
        assertEquals(0, barrier.waiting());
      }
      Task<?> alone = party("alone", barrier);
      checkpoint();
      assertEquals(1, barrier.waiting());
      assertEquals("barrier start, 1 of 3 waiting", barrier.toString());
      alone.cancel("end");
    });
  }

  @Test
  void onePartyMeetsItself() {
    tidy.run(() -> {
      var barrier = Barrier.create(1, () -> trail.add("acted"));
      assertEquals(0, barrier.await());
      assertEquals(0, barrier.await());
      trail.expect("acted", "acted");
    });
  }

  @Test
  void whoComesWhileOthersAreOnTheirWayOutIsInTheNextRound() {
    tidy.run(() -> {
      var barrier = Barrier.create(2);
      Task<?> first = party("first", barrier);
      checkpoint();
      assertEquals(1, barrier.await());
      // The first one has been let go and has not run; nobody can take its place or index.
      Task<?> next = party("next", barrier);
      assertEquals(0, barrier.waiting());
      first.await();
      checkpoint();
      assertFalse(next.isDone());
      assertEquals(1, barrier.await());
      next.await();
      trail.expect("first 0", "next 0");
    });
  }

  // BA-02

  @Test
  void ba02_cancellingAWaiterJustLowersTheCount() {
    tidy.run(() -> {
      var barrier = Barrier.create(3);
      Task<?> first = party("first", barrier);
      Task<?> second = party("second", barrier);
      checkpoint();
      assertEquals(2, barrier.waiting());
      first.cancel("test");
      assertEquals(1, barrier.waiting());
      assertThrows(CancellationException.class, first::await);
      assertFalse(barrier.isBroken());
      Task<?> third = party("third", barrier);
      checkpoint();
      assertFalse(third.isDone());
      assertEquals(2, barrier.await());
      second.await();
      third.await();
      // Each index once, also after the first place was given up.
      trail.expect("second 0", "third 1");
    });
  }

  @Test
  void ba02_oneThatIsCancelledAndHasNotLeftYetIsNotCounted() {
    tidy.run(() -> {
      var barrier = Barrier.create(2);
      Task<?> first = party("first", barrier);
      Task<?> late =
          async(() -> {
            sleep(ofSeconds(1));
            trail.add("late " + barrier.await());
          });
      checkpoint();
      first.cancel("test");
      assertEquals(0, barrier.await(), "the first of the two who meet");
      late.await();
      trail.expect("late 1");
    });
  }

  @Test
  void ba02_oneThatIsCancelledAfterItWasLetGoHasMet() {
    tidy.run(() -> {
      var barrier = Barrier.create(2);
      Task<?> first = party("first", barrier);
      checkpoint();
      assertEquals(1, barrier.await());
      first.cancel("test");
      first.await();
      trail.expect("first 0");
    });
  }

  // BA-04

  @Test
  void ba04_resetSendsThoseWhoWaitAwayAndMendsTheBarrier() {
    tidy.run(() -> {
      var barrier = Barrier.create("b", 3);
      Task<?> first = party("first", barrier);
      Task<?> second =
          async(() -> {
            var thrown = assertThrows(BrokenException.class, barrier::await);
            assertEquals("barrier b was reset by task main", thrown.getMessage());
          });
      checkpoint();
      barrier.reset();
      assertFalse(barrier.isBroken());
      assertEquals(0, barrier.waiting());
      first.await();
      second.await();
      trail.expect("first broken");
      Body<Integer, RuntimeException> body = barrier::await;
      assertEquals(List.of(0, 1, 2), gather(body, body, body));
    });
  }

  @Test
  void ba04_resetAndAbortDoNotTouchThoseWhoHaveBeenLetGo() {
    for (boolean abort : new boolean[] {false, true}) {
      tidy.run(() -> {
        var barrier = Barrier.create(2);
        Task<?> gone = party("gone", barrier);
        checkpoint();
        assertEquals(1, barrier.await());
        Task<?> waiting = party("waiting", barrier);
        Task<?> canceller = abort ? async(barrier::abort) : async(barrier::reset);
        gone.await();
        canceller.await();
        waiting.await();
        assertEquals(abort, barrier.isBroken());
      });
    }
    trail.expect("gone 0", "waiting broken", "gone 0", "waiting broken");
  }

  @Test
  void ba04_abortBreaksItForAllUntilReset() {
    tidy.run(() -> {
      var barrier = Barrier.create("b", 3);
      Task<?> first = party("first", barrier);
      checkpoint();
      barrier.abort();
      assertTrue(barrier.isBroken());
      assertEquals("barrier b, broken", barrier.toString());
      first.await();
      party("later", barrier).await();
      trail.expect("first broken", "later broken");
      var thrown = assertThrows(BrokenException.class, barrier::await);
      assertEquals(
          "barrier b was aborted by task main; nobody can meet there before reset()",
          thrown.getMessage());
      barrier.reset();
      assertFalse(barrier.isBroken());
      Body<Integer, RuntimeException> body = barrier::await;
      assertEquals(List.of(0, 1, 2), gather(body, body, body));
    });
  }

  @Test
  void ba04_oneThatFailsCanAbortForTheOthersAndTheyMeetAfterAReset() {
    tidy.run(() -> {
      var barrier = Barrier.create(3);
      scope(s -> {
        for (String name : List.of("a", "b")) {
          s.async(() -> {
            assertThrows(BrokenException.class, barrier::await);
            trail.add(name + " broken");
          });
        }
        s.async(() -> {
          checkpoint();
          barrier.abort();
        });
      });
      barrier.reset();
      Body<Integer, RuntimeException> body = barrier::await;
      assertEquals(3, gather(body, body, body).size());
      trail.expect("a broken", "b broken");
    });
  }

  // The action

  @Test
  void theLastOneActsBeforeAnybodyIsLetGo() {
    tidy.run(() -> {
      var barrier =
          Barrier.create(
              2,
              () -> {
                trail.add("acting");
                sleep(ofSeconds(1));
                trail.add("acted");
              });
      Task<?> first = party("first", barrier);
      Task<?> last = party("last", barrier);
      Task<?> next = party("next", barrier);
      first.await();
      last.await();
      assertFalse(next.isDone());
      trail.expect("acting", "acted", "last 1", "first 0");
      assertEquals(1, barrier.waiting());
      next.cancel("end");
    });
  }

  @Test
  void anActionThatFailsBreaksTheBarrier() {
    tidy.run(() -> {
      var boom = new IllegalArgumentException("boom");
      var barrier =
          Barrier.create(
              "b",
              2,
              () -> {
                throw boom;
              });
      Task<BrokenException> first =
          async(() -> assertThrows(BrokenException.class, barrier::await));
      checkpoint();
      assertSame(boom, assertThrows(IllegalArgumentException.class, barrier::await));
      assertSame(boom, await(first).getCause());
      assertTrue(barrier.isBroken());
      assertThrows(BrokenException.class, barrier::await);
    });
  }

  @Test
  void oneThatIsCancelledDuringTheActionLeaves() {
    tidy.run(() -> {
      var barrier = Barrier.create(3, () -> sleep(ofSeconds(1)));
      Task<?> first = party("first", barrier);
      Task<?> second = party("second", barrier);
      Task<?> last = party("last", barrier);
      checkpoint();
      first.cancel("test");
      assertThrows(CancellationException.class, first::await);
      second.await();
      last.await();
      assertFalse(barrier.isBroken());
      trail.expect("last 2", "second 0");
    });
  }

  @Test
  void anActionThatIsCancelledBreaksTheBarrier() {
    tidy.run(() -> {
      var barrier = Barrier.create(2, () -> sleep(ofSeconds(1)));
      Task<?> first = party("first", barrier);
      Task<?> last = party("last", barrier);
      checkpoint();
      last.cancel("test");
      assertThrows(CancellationException.class, last::await);
      first.await();
      trail.expect("first broken");
    });
  }

  @Test
  void s2_aCancelledTaskDoesNotArrive() {
    tidy.run(() ->
        scope(s -> {
          var barrier = Barrier.create(1);
          s.cancel("test");
          assertThrows(CancelledException.class, barrier::await);
        }));
  }
}
