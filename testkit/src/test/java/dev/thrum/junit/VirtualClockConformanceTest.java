package dev.thrum.junit;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Runner;
import dev.thrum.VoidBody;
import dev.thrum.spi.TimeSource;
import dev.thrum.testkit.Tasks;
import dev.thrum.testkit.Trail;
import dev.thrum.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// When a virtual clock moves. After Trio's `test_mock_clock`.
class VirtualClockConformanceTest {
  private final Trail trail = new Trail();

  @Test
  void tc14_timeStandsWhileAnyTaskIsReady() throws Exception {
    VirtualClock clock = VirtualClock.autojump();
    run(
        clock,
        () -> {
          async(() -> {
            sleep(ofMillis(1));
            trail.add("the sleep is over");
          });
          for (int i = 0; i < 1_000; i++) {
            checkpoint();
          }
          assertEquals(Duration.ZERO, clock.elapsed());
          trail.add("nobody is ready");
        });
    trail.expect("nobody is ready", "the sleep is over");
    assertEquals(ofMillis(1), clock.elapsed());
  }

  @Test
  void tc14_timeJumpsToOneTimerAfterTheOther() throws Exception {
    VirtualClock clock = VirtualClock.autojump();
    run(
        clock,
        () ->
            gather(
                () -> {
                  sleep(ofHours(2));
                  trail.add("two at " + clock.elapsed());
                },
                () -> {
                  sleep(ofHours(1));
                  trail.add("one at " + clock.elapsed());
                  sleep(ofMinutes(30));
                  trail.add("one and a half at " + clock.elapsed());
                }));
    trail.expect("one at PT1H", "one and a half at PT1H30M", "two at PT2H");
  }

  @Test
  void tc14_whoWaitsUntilAllWaitIsServedBeforeTimeJumps() throws Exception {
    for (VirtualClock clock :
        new VirtualClock[] {VirtualClock.autojump(), VirtualClock.autojump(Duration.ZERO)}) {
      run(
          clock,
          () ->
              gather(
                  () -> sleep(ofHours(1)),
                  () -> blocking(() -> {}),
                  () -> {
                    for (int i = 0; i < 3; i++) {
                      Tasks.waitAllBlocked();
                      assertEquals(Duration.ZERO, clock.elapsed());
                    }
                  },
                  () -> {
                    Tasks.waitAllBlocked();
                    assertEquals(Duration.ZERO, clock.elapsed());
                  }));
      assertEquals(ofHours(1), clock.elapsed());
    }
  }

  @Test
  void tc14_timeStandsWhileWorkOutsideIsUnderWay() throws Exception {
    VirtualClock clock = VirtualClock.autojump();
    var asked = new CountDownLatch(1);
    run(
        new Asked(clock, asked),
        () -> {
          var nap = async(() -> sleep(ofHours(1)));
          blocking(() -> asked.await());
          assertEquals(Duration.ZERO, clock.elapsed());
          await(nap);
          assertEquals(ofHours(1), clock.elapsed());
        });
  }

  @Test
  void tc14_withAThresholdTimeJumpsOnceNothingHasComeForThatLong() throws Exception {
    VirtualClock clock = VirtualClock.autojump(ofMillis(20));
    var over = new CountDownLatch(1);
    long begin = System.nanoTime();
    run(
        clock,
        () -> {
          async(() -> {
            sleep(ofHours(1));
            over.countDown();
          });
          blocking(() -> over.await());
        });
    assertEquals(ofHours(1), clock.elapsed());
    assertTrue(System.nanoTime() - begin >= ofMillis(20).toNanos(), "it jumped before the time");
  }

  @Test
  void tc14_whatComesBeforeTheThresholdKeepsTimeFromJumping() throws Exception {
    VirtualClock clock = VirtualClock.autojump(ofMinutes(1));
    run(
        clock,
        () -> {
          var nap = async(() -> sleep(ofHours(1)));
          for (int i = 0; i < 10; i++) {
            blocking(() -> {});
            assertEquals(Duration.ZERO, clock.elapsed());
          }
          nap.cancel("it was long enough");
        });
  }

  private static void run(TimeSource time, VoidBody<Exception> body) throws Exception {
    Runner.builder().time(time).run(body);
  }

  /// A clock that says when it has been asked, with work outside under way, and does not jump.
  private record Asked(VirtualClock clock, CountDownLatch asked) implements TimeSource {

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public Instant instant() {
      return clock.instant();
    }

    @Override
    public Duration idle(Duration untilTimer, boolean outside) {
      Duration wait = clock.idle(untilTimer, outside);
      if (outside && wait.isPositive()) {
        asked.countDown();
      }
      return wait;
    }
  }
}
