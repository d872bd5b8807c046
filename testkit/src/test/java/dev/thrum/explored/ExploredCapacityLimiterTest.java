package dev.thrum.explored;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.VoidBody;
import dev.thrum.sync.CapacityLimiter;
import org.junit.jupiter.api.Test;

class ExploredCapacityLimiterTest {

  @Test
  void noMoreThanItsTokensAtOnceAndAllComeBack() {
    every(() -> {
      var tokens = CapacityLimiter.create(2);
      var room = new Room(2);
      VoidBody<?> visit =
          () ->
              tokens.withToken(() -> {
                assertThrows(IllegalStateException.class, tokens::acquire);
                room.visit();
              });
      together(visit, visit, visit);
      room.assertEmpty();
      assertEquals(0, tokens.borrowed());
      assertEquals(0, tokens.waiting());
    });
  }

  @Test
  void nobodyOvertakes() {
    every(() -> {
      var tokens = CapacityLimiter.create(1);
      var line = new Line();
      VoidBody<?> visit =
          () -> {
            var me = new Object();
            line.came(me);
            tokens.withToken(() -> {
              line.served(me);
              checkpoint();
            });
          };
      VoidBody<?> impatient =
          () -> {
            if (tokens.tryAcquire()) {
              line.came("impatient");
              line.served("impatient");
            }
          };
      together(visit, impatient, visit, impatient);
      line.assertNobodyOvertook();
      assertEquals(0, tokens.borrowed());
    });
  }

  @Test
  void whatABorrowerForgotComesBackWhenItEnds() {
    every(() -> {
      var tokens = CapacityLimiter.create(1);
      VoidBody<?> forget =
          () -> {
            tokens.acquire();
            checkpoint();
          };
      together(forget, forget, () -> tokens.withToken(() -> checkpoint()));
      assertEquals(0, tokens.borrowed());
    });
  }

  @Test
  void growingLetsThoseWhoWaitInAndShrinkingSendsNobodyAway() {
    every(() -> {
      var tokens = CapacityLimiter.create(0);
      var room = new Room(2);
      VoidBody<?> visit = () -> tokens.withToken(room::visit);
      together(
          visit,
          visit,
          () -> {
            tokens.resize(2);
            try {
              checkpoint();
            } finally {
              tokens.resize(1);
            }
          });
      room.assertEmpty();
      assertEquals(0, tokens.borrowed());
    });
  }

  @Test
  void whoHasWaitedTooLongTakesNothing() {
    everyTiming(() -> {
      var tokens = CapacityLimiter.create(1);
      VoidBody<?> visit =
          () ->
              timeoutOr(
                  ofSeconds(1),
                  "too long",
                  () ->
                      tokens.withToken(() -> {
                        checkpoint();
                        return "inside";
                      }));
      together(visit, visit);
      assertEquals(0, tokens.borrowed());
      assertEquals(0, tokens.waiting());
    });
  }
}
