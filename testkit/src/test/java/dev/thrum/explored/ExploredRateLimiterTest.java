package dev.thrum.explored;

import static dev.thrum.Async.now;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.VoidBody;
import dev.thrum.sync.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExploredRateLimiterTest {

  /// When permits were taken, of a limiter with one a second and a bucket of two.
  private static final class Meter {
    private final RateLimiter limiter = RateLimiter.create(1, ofSeconds(1), 2);
    private final List<Instant> taken = new ArrayList<>();

    void take() {
      limiter.acquire();
      taken.add(now());
    }

    /// From one permit to the n-th after it n - 1 seconds have gone by.
    void assertPace() {
      for (int from = 0; from < taken.size(); from++) {
        for (int to = from + 2; to < taken.size(); to++) {
          var between = Duration.between(taken.get(from), taken.get(to));
          assertTrue(between.compareTo(ofSeconds(to - from - 1)) >= 0, taken.toString());
        }
      }
    }
  }

  @Test
  void theBurstPassesAtOnceAndTheRestAtItsPace() {
    every(() -> {
      var meter = new Meter();
      int ended = together(meter::take, meter::take, meter::take);
      assertEquals(ended, meter.taken.size());
      meter.assertPace();
      assertTrue(Duration.between(meter.taken.getFirst(), now()).compareTo(ofSeconds(1)) <= 0);
    });
  }

  @Test
  void whoIsCancelledTakesNothing() {
    every(() -> {
      var meter = new Meter();
      var begin = now();
      int ended = together(meter::take, meter::take, meter::take, meter::take);
      meter.assertPace();
      assertEquals(ended, meter.taken.size());
      meter.take();
      assertEquals(ofSeconds(ended - 1), Duration.between(begin, now()));
    });
  }

  @Test
  void nobodyOvertakesOneWhoWantsMany() {
    every(() -> {
      var limiter = RateLimiter.create(1, ofSeconds(1), 2);
      var line = new Line();
      limiter.acquire(2);
      VoidBody<?> many =
          () -> {
            line.came("many");
            limiter.acquire(2);
            line.served("many");
          };
      VoidBody<?> one =
          () -> {
            line.came("one");
            limiter.acquire();
            line.served("one");
          };
      VoidBody<?> impatient =
          () -> {
            sleep(ofSeconds(1));
            if (limiter.tryAcquire()) {
              line.came("impatient");
              line.served("impatient");
            }
          };
      together(many, one, impatient);
      line.assertNobodyOvertook();
    });
  }

  @Test
  void whoHasWaitedTooLongTakesNothing() {
    everyTiming(() -> {
      var limiter = RateLimiter.create(1, ofSeconds(10));
      int[] taken = new int[1];
      VoidBody<?> take =
          () ->
              timeoutOr(
                  ofSeconds(1),
                  "too long",
                  () -> {
                    limiter.acquire();
                    taken[0]++;
                    return "taken";
                  });
      together(take, take);
      assertTrue(taken[0] <= 1);
      var begin = now();
      limiter.acquire();
      assertTrue(Duration.between(begin, now()).compareTo(ofSeconds(10)) <= 0);
    });
  }

  @Test
  void aLimiterThatLooksOnceIsFound() {
    finds(() -> {
      Instant[] next = {now()};
      List<Instant> taken = new ArrayList<>();
      VoidBody<?> take =
          () -> {
            var wait = Duration.between(now(), next[0]);
            if (wait.isPositive()) {
              sleep(wait);
            }
            next[0] = now().plusSeconds(1);
            taken.add(now());
          };
      together(take, take, take);
      assertTrue(Duration.between(taken.get(1), taken.get(2)).compareTo(ofSeconds(1)) >= 0);
    });
  }
}
