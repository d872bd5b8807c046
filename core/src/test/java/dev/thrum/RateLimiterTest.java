package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ZERO;
import static java.time.Duration.between;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.sync.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Rate limiters.
@ParameterizedClass(name = "{0}")
@EnumSource
class RateLimiterTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();
  private final VirtualTime time = new VirtualTime();

  RateLimiterTest(Tidy tidy) {
    this.tidy = tidy;
  }

  @Test
  void aFullBucketIsTakenAtOnceAndThenThePaceHolds() {
    tidy.run(() -> {
      var limiter = RateLimiter.create(2, ofSeconds(1));
      Instant began = now();
      List<Duration> times = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        limiter.acquire();
        times.add(between(began, now()));
      }
      assertEquals(List.of(ZERO, ZERO, ofMillis(500), ofMillis(1000), ofMillis(1500)), times);
    });
  }

  @Test
  void thePaceDoesNotDriftAlsoWhereItIsNoWholeNumberOfNanoseconds() {
    tidy.run(() -> {
      var limiter = RateLimiter.create(3, ofSeconds(1), 1);
      Instant began = now();
      for (int i = 0; i <= 3000; i++) {
        limiter.acquire();
      }
      assertEquals(ofSeconds(1000), between(began, now()));
      limiter.acquire();
      assertEquals(ofSeconds(1000).plusNanos(333_333_334), between(began, now()));
    });
  }

  @Test
  void thePaceDoesNotDriftUnderLoad() {
    tidy.run(() -> {
      var limiter = RateLimiter.create(7, ofSeconds(1), 3);
      Instant began = now();
      scope(s -> {
        for (int task = 0; task < 10; task++) {
          s.async(() -> {
            for (int i = 0; i < 71; i++) {
              limiter.acquire();
            }
          });
        }
      });
      assertEquals(ofSeconds(101), between(began, now()));
    });
  }

  @Test
  void veryFastAndVerySlowOnesKeepTheirPace() {
    tidy.run(() -> {
      Instant began = now();
      var fast = RateLimiter.create(1000, ofNanos(1), 1);
      for (int i = 0; i <= 3000; i++) {
        fast.acquire();
      }
      assertEquals(ofNanos(3), between(began, now()));
      began = now();
      var slow = RateLimiter.create(1, ofDays(365));
      for (int i = 0; i < 51; i++) {
        slow.acquire();
      }
      assertEquals(ofDays(50 * 365), between(began, now()));
    });
  }

  @Test
  void aPauseFillsTheBucketAndNoMore() {
    tidy.run(() -> {
      var limiter = RateLimiter.create(10, ofSeconds(1), 3);
      limiter.acquire(3);
      sleep(ofMillis(150));
      assertTrue(limiter.tryAcquire());
      assertFalse(limiter.tryAcquire(), "the half one does not count");
      sleep(ofMillis(50));
      assertTrue(limiter.tryAcquire());
      sleep(ofSeconds(100));
      assertTrue(limiter.tryAcquire(3));
      assertFalse(limiter.tryAcquire());
    });
  }

  @Test
  void lateWakeUpsDoNotSlowThePace() {
    tidy.run(
        time,
        () -> {
          var limiter = RateLimiter.create(10, ofSeconds(1), 2);
          Instant began = now();
          Async.background(() -> {
            for (int tick = 1; ; tick++) {
              Async.sleepUntil(began.plus(ofMillis(100L * tick)));
              time.advance(ofMillis(30)); // a long step, when the head's time has come
            }
          });
          checkpoint();
          for (int i = 0; i < 102; i++) {
            limiter.acquire();
          }
          assertEquals(ofMillis(10_030), between(began, now()));
        });
  }

  @Test
  void noStretchOfTimeHasMoreThanTheBurstAndThePace() {
    long seed = Seeds.next();
    var random = Seeds.generator(seed);
    tidy.run(
        time,
        () -> {
          var limiter = RateLimiter.create(10, ofSeconds(1), 4);
          List<Instant> taken = new ArrayList<>();
          scope(s -> {
            for (int task = 0; task < 5; task++) {
              s.async(() -> {
                for (int i = 0; i < 40; i++) {
                  limiter.acquire();
                  taken.add(now());
                  sleep(ofMillis(random.nextInt(500)));
                  if (random.nextInt(4) == 0) {
                    time.advance(ofMillis(random.nextInt(300)));
                  }
                }
              });
            }
          });
          for (int from = 0; from < taken.size(); from++) {
            for (int to = from; to < taken.size(); to++) {
              long millis = between(taken.get(from), taken.get(to)).toMillis();
              assertTrue(to - from + 1 <= 4 + millis / 100, "seed " + seed);
            }
          }
        });
  }

  @Test
  void firstComeFirstServedAlsoForOneWhoWantsMany() {
    tidy.run(() -> {
      var limiter = RateLimiter.create(1, ofSeconds(1), 5);
      limiter.acquire(5);
      Instant began = now();
      scope(s -> {
        for (int wanted : new int[] {1, 5, 1, 2}) {
          s.async(() -> {
            limiter.acquire(wanted);
            trail.add(wanted + " at " + between(began, now()).toSeconds());
          });
        }
        checkpoint();
        assertEquals(
            "rate limiter@ 1 per PT1S, burst 5, 4 waiting",
            limiter.toString().replaceAll("@\\d+,", "@"));
        sleep(ofMillis(3500));
        assertFalse(limiter.tryAcquire(), "the second one waits for what there is");
      });
      trail.expect("1 at 1", "5 at 6", "1 at 7", "2 at 9");
    });
  }

  @Test
  void s4_aCancelledHeadCostsNothing() {
    tidy.run(() -> {
      var limiter = RateLimiter.create(1, ofSeconds(1), 3);
      limiter.acquire(3);
      Instant began = now();
      Task<?> head = async(() -> limiter.acquire(3));
      Task<?> second =
          async(() -> {
            limiter.acquire();
            trail.add("second at " + between(began, now()).toSeconds());
          });
      Task<?> third =
          async(() -> {
            limiter.acquire();
            trail.add("third at " + between(began, now()).toSeconds());
          });
      sleep(ofSeconds(2));
      head.cancel("test");
      assertThrows(CancellationException.class, head::await);
      second.await();
      third.await();
      trail.expect("second at 2", "third at 2");
    });
  }

  @Test
  void s4_aWaiterThatIsCancelledWhenItIsItsTurnPassesItOn() {
    tidy.run(() -> {
      var limiter = RateLimiter.create(1, ofSeconds(1));
      limiter.acquire();
      Instant began = now();
      Task<?> head = async(() -> limiter.acquire());
      Task<?> second = async(() -> limiter.acquire());
      Task<?> third =
          async(() -> {
            limiter.acquire();
            trail.add("third at " + between(began, now()).toSeconds());
          });
      checkpoint();
      head.cancel("test");
      checkpoint(); // the head has made the second one the head, which has not run
      second.cancel("test");
      third.await();
      assertThrows(CancellationException.class, second::await);
      trail.expect("third at 1");
      limiter.acquire();
      assertEquals(ofSeconds(2), between(began, now()));
    });
  }

  @Test
  void s4_timeoutsCostNothing() {
    tidy.run(() -> {
      var limiter = RateLimiter.create(1, ofSeconds(10));
      limiter.acquire();
      Instant began = now();
      for (int i = 0; i < 5; i++) {
        assertThrows(TimeoutException.class, () -> timeout(ofSeconds(1), () -> limiter.acquire()));
      }
      limiter.acquire();
      assertEquals(ofSeconds(10), between(began, now()));
    });
  }

  @Test
  void s2_aCancelledTaskTakesNothing() {
    tidy.run(() -> {
      var limiter = RateLimiter.create(1, ofSeconds(1));
      scope(s -> {
        s.cancel("test");
        assertThrows(CancelledException.class, limiter::acquire);
      });
      assertTrue(limiter.tryAcquire());
    });
  }

  @Test
  void whatTheBucketNeverHoldsIsAnError() {
    tidy.run(() -> {
      var limiter = RateLimiter.create(5, ofSeconds(1), 2);
      var thrown = assertThrows(IllegalArgumentException.class, () -> limiter.acquire(3));
      assertEquals(
          "from 1 to 2 permits can be taken at once, the burst, but not 3", thrown.getMessage());
      assertThrows(IllegalArgumentException.class, () -> limiter.tryAcquire(0));
      assertTrue(limiter.tryAcquire(2));
    });
  }

  @Test
  void aThreadWaitsInRealTime() {
    var limiter = RateLimiter.create(1, ofMillis(5));
    long began = System.nanoTime();
    limiter.acquire();
    limiter.acquire();
    limiter.acquire();
    assertTrue(System.nanoTime() - began >= 10_000_000);
  }
}
