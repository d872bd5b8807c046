package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.deadline;
import static dev.thrum.Async.now;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.sleepUntil;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Turns of the loop, and its timers.
class LoopConformanceTest {
  private final Trail trail = new Trail();

  private static LoopImpl loop() {
    return (LoopImpl) Loop.current();
  }

  /// Waits without a suspension point of any engine.
  private static void spinUntil(AtomicBoolean flag) {
    while (!flag.get()) {
      Thread.onSpinWait();
    }
  }

  // Turns

  @Test
  void lo01_whatATaskMakesReadyRunsInTheNextTurn() throws Exception {
    VirtualTime.run(() -> {
      async(() -> {
        trail.add("a1");
        async(() -> trail.add("started by a"));
        checkpoint();
        trail.add("a2");
      });
      async(() -> {
        trail.add("b1");
        checkpoint();
        trail.add("b2");
      });
    });
    trail.expect("a1", "b1", "started by a", "a2", "b2");
  }

  @Test
  void lo01_aZeroSleepLetsEveryReadyTaskRunOnce() throws Exception {
    VirtualTime.run(() -> {
      for (String name : List.of("a", "b", "c")) {
        async(() -> {
          trail.add(name + "1");
          sleep(ZERO);
          trail.add(name + "2");
        });
      }
      sleep(ZERO);
      trail.add("main");
    });
    trail.expect("a1", "b1", "c1", "main", "a2", "b2", "c2");
  }

  @Test
  void lo01_tasksThatOnlyYieldDoNotStarveTimers() throws Exception {
    VirtualTime time = new VirtualTime();
    Runner.builder()
        .time(time)
        .run(() -> {
          async(() -> {
            sleep(ofMillis(1));
            trail.add("timer");
          });
          checkpoint();
          for (int i = 1; i <= 3; i++) {
            trail.add("step " + i);
            time.advance(ofMillis(1));
            checkpoint();
          }
        });
    trail.expect("step 1", "step 2", "timer", "step 3");
  }

  @Test
  void lo01_tasksThatOnlyYieldDoNotStarveOtherThreads() throws Exception {
    VirtualTime.run(() -> {
      Loop loop = Loop.current();
      AtomicBoolean submitted = new AtomicBoolean();
      Thread.ofPlatform()
          .start(() -> {
            loop.submit(() -> trail.add("submitted"));
            submitted.set(true);
          });
      spinUntil(submitted);
      for (int i = 1; i <= 3; i++) {
        trail.add("step " + i);
        checkpoint();
      }
    });
    trail.expect("step 1", "step 2", "submitted", "step 3");
  }

  @Test
  void s12_aTaskYieldsAfter128OperationsThatDidNotWait() {
    VirtualTime.run(() -> {
      Task<Integer> done = async(() -> 1);
      await(done);
      AtomicBoolean ran = new AtomicBoolean();
      async(() -> ran.set(true));
      int operations = 0;
      while (!ran.get()) {
        await(done);
        operations++;
      }
      assertTrue(operations > 100 && operations <= 128, () -> "not about 128");
      assertEquals(128, operations);
    });
  }

  @Test
  void s12_waitingInBetweenStartsTheCountAgain() {
    VirtualTime.run(() -> {
      Task<Integer> done = async(() -> 1);
      await(done);
      for (int i = 0; i < 127; i++) {
        await(done);
      }
      checkpoint();
      AtomicBoolean ran = new AtomicBoolean();
      async(() -> ran.set(true));
      for (int i = 0; i < 127; i++) {
        await(done);
      }
      assertFalse(ran.get(), "yielded though it had just waited");
      await(done);
      assertTrue(ran.get());
    });
  }

  @Test
  void s12_aTurnPollsAtTheLatestAfter64Steps() {
    VirtualTime time = new VirtualTime();
    List<String> events = new ArrayList<>();
    Instrument instrument =
        new Instrument() {
          @Override
          public void ready(Task<?> task, long nanos) {
            events.add("ready " + task.name());
          }

          @Override
          public void stepBegin(Task<?> task, long nanos) {
            events.add("step " + task.name());
          }
        };
    Runner.builder()
        .time(time)
        .instrument(instrument)
        .run(() -> {
          async("sleeper", () -> sleep(ofMillis(1)));
          checkpoint();
          async("first", () -> time.advance(ofMillis(1)));
          for (int i = 0; i < 300; i++) {
            async("crowd", () -> {});
          }
        });
    int from = events.indexOf("step first");
    int woken = events.lastIndexOf("ready sleeper");
    long between =
        events.subList(from, woken).stream().filter(event -> event.startsWith("step")).count();
    assertTrue(between <= 64, () -> between + " steps before the loop looked at its timers");
    assertTrue(
        events.lastIndexOf("step sleeper") > events.lastIndexOf("step crowd"),
        "who was ready before it runs before it");
  }

  @Test
  void s12_aTurnTakesInOtherThreadsWorkAtTheLatestAfter64Steps() {
    List<String> events = new ArrayList<>();
    Instrument instrument =
        new Instrument() {
          @Override
          public void spawned(Task<?> task, long nanos) {
            events.add("spawned");
          }

          @Override
          public void stepBegin(Task<?> task, long nanos) {
            events.add("step " + task.name());
          }
        };
    Runner.builder()
        .time(new VirtualTime())
        .instrument(instrument)
        .run(() -> {
          Loop loop = Loop.current();
          async(
              "first",
              () -> {
                AtomicBoolean submitted = new AtomicBoolean();
                Thread.ofPlatform()
                    .start(() -> {
                      loop.submit(() -> {});
                      submitted.set(true);
                    });
                spinUntil(submitted);
              });
          for (int i = 0; i < 300; i++) {
            async("crowd", () -> {});
          }
        });
    int from = events.indexOf("step first");
    int arrived = events.lastIndexOf("spawned");
    assertTrue(arrived > from, "the submitted task came after the first step");
    assertTrue(arrived - from <= 65, () -> (arrived - from) + " steps before it was taken in");
  }

  // Timers

  @Test
  void lo02_timersThatAreDueTogetherFireByDeadline() throws Exception {
    VirtualTime time = new VirtualTime();
    Runner.builder()
        .time(time)
        .run(() -> {
          for (int millis : new int[] {3, 1, 2}) {
            async(() -> {
              sleep(ofMillis(millis));
              trail.add(millis + " ms");
            });
          }
          checkpoint();
          time.advance(ofMillis(10));
        });
    trail.expect("1 ms", "2 ms", "3 ms");
  }

  @Test
  void lo02_anInstantInThePastIsACheckpointAndANegativeSleepAnError() throws Exception {
    VirtualTime.run(() -> {
      async(() -> trail.add("other"));
      sleepUntil(now().minusSeconds(2));
      trail.add("main");
      assertThrows(IllegalArgumentException.class, () -> sleep(ofMillis(-1)));
    });
    trail.expect("other", "main");
  }

  @Test
  void s11_equalDeadlinesFireInTheOrderInWhichTheyWereSet() {
    VirtualTime.run(() -> {
      List<Integer> order = new ArrayList<>();
      List<Integer> expected = new ArrayList<>();
      Instant all = now().plusMillis(7);
      for (int i = 0; i < 1000; i++) {
        expected.add(i);
        int number = i;
        async(() -> {
          sleepUntil(all);
          order.add(number);
        });
      }
      sleep(ofMillis(10));
      assertEquals(expected, order);
    });
  }

  @Test
  void s11_theOrderHoldsWhenOthersAreCancelledInBetween() {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.generator(seed);
    VirtualTime.run(() -> {
      List<Integer> order = new ArrayList<>();
      List<Integer> expected = new ArrayList<>();
      List<Task<?>> cancelled = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        int number = i;
        Task<?> task =
            async(() -> {
              sleep(ofMillis(5));
              order.add(number);
            });
        if (random.nextInt(3) == 0) {
          cancelled.add(task);
        } else {
          expected.add(i);
        }
      }
      sleep(ofMillis(1));
      cancelled.forEach(task -> task.cancel("enough"));
      sleep(ofMillis(10));
      assertEquals(expected, order, () -> "-Dthrum.seed=" + seed);
    });
  }

  @Test
  void s11_aRandomCrowdOfSleepersWakesInOrderOfTime() {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.generator(seed);
    VirtualTime.run(() -> {
      Instant start = now();
      List<Long> woken = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < 3000; i++) {
        long millis = random.nextInt(500);
        async(() -> {
          sleep(ofMillis(millis));
          assertEquals(start.plusMillis(millis), now(), () -> "-Dthrum.seed=" + seed);
          woken.add(millis);
        });
      }
      sleep(ofSeconds(1));
      assertEquals(3000, woken.size());
      assertEquals(woken.stream().sorted().toList(), woken, () -> "-Dthrum.seed=" + seed);
    });
  }

  @Test
  void lo03_cancelledSleepsLeaveNoTimerBehind() throws Exception {
    VirtualTime.run(() -> {
      List<Task<?>> sleepers = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        sleepers.add(async(() -> sleep(ofHours(1))));
      }
      checkpoint();
      assertEquals(10_000, loop().timers.size());
      sleepers.forEach(sleeper -> sleeper.cancel("enough"));
      assertEquals(0, loop().timers.size(), "a cancelled timer leaves at once");
    });
  }

  @Test
  void lo03_timeoutsThatAreLeftInTimeLeaveNoTimerBehind() throws Exception {
    VirtualTime.run(() -> {
      for (int i = 0; i < 10_000; i++) {
        timeout(ofHours(1), Async::checkpoint);
        assertEquals(0, loop().timers.size());
      }
    });
  }

  @Test
  void lo03_aTimeoutThatFiresOrIsMovedLeavesNoTimerBehind() throws Exception {
    VirtualTime.run(() -> {
      assertThrows(
          java.util.concurrent.TimeoutException.class,
          () -> timeout(ofMillis(1), () -> sleep(ofHours(1))));
      assertEquals(0, loop().timers.size());
      assertEquals(
          "in time",
          timeout(
              ofMillis(1),
              t -> {
                for (int i = 0; i < 100; i++) {
                  t.reschedule(ofMillis(1 + i));
                  assertEquals(1, loop().timers.size());
                }
                t.disarm();
                assertEquals(0, loop().timers.size());
                sleep(ofSeconds(1));
                return "in time";
              }));
      assertEquals(0, loop().timers.size());
    });
  }

  /// The machine's clock, and how often a loop had nothing to do.
  private static final class CountedTime implements TimeSource {
    final TimeSource real = TimeSource.system();
    int idle;

    @Override
    public long nanoTime() {
      return real.nanoTime();
    }

    @Override
    public Instant instant() {
      return real.instant();
    }

    @Override
    public Duration idle(Duration untilTimer, boolean outside) {
      idle++;
      return untilTimer;
    }
  }

  @Test
  void lo04_tinySleepsDoNotSpin() throws Exception {
    CountedTime time = new CountedTime();
    Runner.builder()
        .time(time)
        .run(() -> {
          for (int nanos : new int[] {1, 10, 100, 1000, 10_000}) {
            sleep(ofNanos(nanos));
          }
        });
    assertTrue(time.idle <= 20, () -> time.idle + " looks for five tiny sleeps");
  }

  @Test
  void lo04_aLongerSleepIsOneWaitOfTheThread() throws Exception {
    CountedTime time = new CountedTime();
    Runner.builder()
        .time(time)
        .run(() -> {
          long began = System.nanoTime();
          sleep(ofMillis(50));
          assertTrue(System.nanoTime() - began >= 50_000_000, "woke early");
        });
    assertTrue(time.idle <= 5, () -> time.idle + " looks for one sleep");
  }

  @Test
  void lo04_hugeDelaysAreCutAndDoNotOverflow() throws Exception {
    VirtualTime.run(() -> {
      Duration huge = ofSeconds(Long.MAX_VALUE, 999_999_999);
      List<Task<?>> sleepers =
          List.of(
              async(() -> sleep(huge)),
              async(() -> sleep(ofNanos(Long.MAX_VALUE))),
              async(() -> sleepUntil(Instant.MAX)),
              async(() -> timeout(huge, () -> sleep(huge))));
      sleep(ofHours(1));
      sleepers.forEach(sleeper -> assertFalse(sleeper.isDone()));
      timeout(
          huge,
          t -> {
            assertTrue(deadline().orElseThrow().isAfter(now().plus(Duration.ofDays(365 * 200))));
            sleep(ofHours(1));
            t.reschedule(huge);
            sleep(ofHours(1));
          });
      for (Task<?> sleeper : sleepers) {
        sleeper.cancel("enough");
        assertThrows(CancellationException.class, sleeper::await);
      }
    });
  }

  @Test
  void lo04_hugeDelaysDoNotOverflowTheMachinesClockEither() throws Exception {
    Async.run(() -> {
      Task<?> sleeper = async(() -> sleep(ofSeconds(Long.MAX_VALUE)));
      Task<?> other = async(() -> sleepUntil(Instant.MAX));
      sleep(ofMillis(5));
      assertFalse(sleeper.isDone());
      assertFalse(other.isDone());
      sleeper.cancel("enough");
      other.cancel("enough");
    });
  }

  @Test
  void lo04_sleepUntilTheFarthestPastReturns() throws Exception {
    VirtualTime.run(() -> {
      Instant before = now();
      sleepUntil(Instant.MIN);
      assertEquals(before, now());
    });
  }

  @Test
  void lo04_aSleepNeverEndsEarly() throws Exception {
    VirtualTime.run(() -> {
      Instant before = now();
      sleep(ofNanos(1));
      assertEquals(before.plusNanos(1), now());
      sleepUntil(before.plusNanos(5));
      assertEquals(before.plusNanos(5), now());
      assertNotEquals(before, now());
    });
  }
}
