package dev.thrum.junit;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.current;
import static dev.thrum.Async.now;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.CancelledException;
import dev.thrum.Loop;
import dev.thrum.channel.Channel;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.testkit.Trail;
import dev.thrum.testkit.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AsyncTestTest {

  static final class Passing {
    private final List<String> before = new ArrayList<>();

    @BeforeEach
    void outsideTheLoop() {
      before.add("before");
    }

    @AsyncTest
    void anHourTakesNoTime(VirtualClock clock) {
      assertEquals(
          "tea",
          await(
              async(() -> {
                sleep(ofHours(1));
                return "tea";
              })));
      assertEquals(ofHours(1), clock.elapsed());
      assertEquals(List.of("before"), before);
    }

    @Test
    void anOrdinaryTest() {
      assertEquals(List.of("before"), before);
    }

    @AsyncTest
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void withParameters(int hours, VirtualClock clock) {
      sleep(ofHours(hours));
      assertEquals(ofHours(hours), clock.elapsed());
    }

    @AsyncTest
    @RepeatedTest(2)
    void repeated(VirtualClock clock) {
      assertEquals(0, clock.elapsed().toNanos());
      sleep(ofHours(1));
    }

    @Nested
    class Inside {
      @AsyncTest
      void nested() {
        assertEquals("main", current().name());
        assertEquals(List.of("before"), before);
      }
    }
  }

  static final class Failing {
    @AsyncTest
    void swallows() {
      var task =
          async(
              "glutton",
              () -> {
                try {
                  sleep(ofHours(1));
                } catch (CancelledException _) {
                  // swallowed
                }
              });
      sleep(ofSeconds(1));
      task.cancel("enough");
      sleep(ofSeconds(1));
    }

    @AsyncTest
    void hangs() {
      async("waiting for Godot", () -> Channel.rendezvous().receive());
    }

    @AsyncTest(timeout = 0.3)
    void takesTooLong() {
      while (true) {
        sleep(ofSeconds(1));
      }
    }

    @AsyncTest
    void deadlocks() {
      var lock = dev.thrum.sync.Mutex.create();
      lock.lock();
      await(async("second", () -> lock.lock()));
    }

    @AsyncTest
    void leavesSubmittedWork() throws InterruptedException {
      var loop = Loop.current();
      var task = new AtomicReference<dev.thrum.Task<?>>();
      Thread other = new Thread(() -> task.set(loop.submit(() -> sleep(ofHours(1)))));
      other.start();
      while (task.get() == null) {
        dev.thrum.Async.checkpoint();
      }
      sleep(ofMinutes(1));
    }

    @AsyncTest
    void failsItself() {
      throw new IllegalStateException("my own");
    }

    @AsyncTest
    void waitsForReal() throws InterruptedException {
      Thread.sleep(5);
      sleep(ofHours(1));
    }
  }

  static final class WaitingForReal {
    @AsyncTest
    void sleepsLongerThanASilence() throws InterruptedException {
      Thread.sleep(700);
    }

    @AsyncTest
    void pollsLongerThanASilence() throws InterruptedException {
      assertNull(new LinkedBlockingQueue<String>().poll(800, MILLISECONDS));
    }

    @AsyncTest
    void isWokenByAnotherThread() throws InterruptedException {
      var queue = new LinkedBlockingQueue<String>();
      Thread.ofVirtual()
          .start(() -> {
            LockSupport.parkNanos(700_000_000);
            queue.add("at last");
          });
      assertEquals("at last", queue.take());
    }
  }

  static final class HidingHangs {
    @AsyncTest
    void wraps() {
      try {
        var _ = Channel.rendezvous().receive();
      } catch (CancelledException e) {
        throw new IllegalStateException("wrapped", e);
      }
    }

    @AsyncTest(strict = false)
    void swallows() {
      try {
        var _ = Channel.rendezvous().receive();
      } catch (CancelledException _) {
        // swallowed
      }
    }
  }

  static final class LeavingWork {
    @AsyncTest
    void cancelledByItsMaker() throws InterruptedException {
      var loop = Loop.current();
      var task = new AtomicReference<dev.thrum.Task<?>>();
      Thread other = new Thread(() -> task.set(loop.submit(() -> sleep(ofHours(1)))));
      other.start();
      while (task.get() == null) {
        dev.thrum.Async.checkpoint();
      }
      task.get().cancel("no longer wanted");
    }
  }

  @Test
  void asyncTestsRunBesideOthersWithParametersRepeatedAndNested() {
    Outcome.of(Passing.class).passed(8);
  }

  @Test
  void aSwallowedCancellationFails() {
    assertMentions(Outcome.of(Failing.class, "swallows"), "glutton", "returned all the same");
  }

  @Test
  void aHangFailsWithWhatEveryTaskWaitsFor() {
    assertMentions(
        Outcome.of(Failing.class, "hangs"),
        "every task waits",
        "waiting for Godot #2: waits for",
        "AsyncTestTest.java");
  }

  @Test
  void theTimeoutFailsWithADump() {
    assertMentions(
        Outcome.of(Failing.class, "takesTooLong"), "has not ended after 0.3 s", "main: ");
  }

  @Test
  void aDeadlockFailsAtOnce() {
    assertMentions(Outcome.of(Failing.class, "deadlocks"), "would wait for itself");
  }

  @Test
  void submittedWorkThatIsLeftFails() {
    assertMentions(Outcome.of(Failing.class, "leavesSubmittedWork"), "submitted task");
  }

  @Test
  void aFailureIsTheTestsOwn() {
    Throwable failure = Outcome.of(Failing.class, "failsItself").failure();
    assertSame(IllegalStateException.class, failure.getClass());
    assertEquals("my own", failure.getMessage());
  }

  @Test
  void aWaitByTheMachinesClockIsNamed() {
    assumeTrue("confined".equals(System.getProperty("thrum.engine")));
    Outcome outcome = Outcome.of(Failing.class, "waitsForReal");
    outcome.passed(1);
    assertTrue(
        outcome.published().toString().contains("Thread.sleep at AsyncTestTest.java:"),
        () -> outcome.published().toString());
  }

  // Slow: it waits by the machine's clock for longer than a silence lasts.
  @Test
  void aWaitByTheMachinesClockIsNoHang() {
    Outcome.of(WaitingForReal.class).passed(3);
  }

  @Test
  void aHangFailsAlsoWhenTheTestWrapsItsCancellation() {
    Outcome outcome = Outcome.of(HidingHangs.class, "wraps");
    assertMentions(outcome, "every task waits", "main: waits for");
    assertEquals("wrapped", outcome.failure().getSuppressed()[0].getMessage());
  }

  @Test
  void aHangFailsAlsoWhenTheTestSwallowsItsCancellation() {
    assertMentions(Outcome.of(HidingHangs.class, "swallows"), "every task waits");
  }

  @Test
  void submittedWorkThatItsMakerCancelledIsNotLeft() {
    Outcome.of(LeavingWork.class).passed(1);
  }

  @AsyncTest
  void advanceGoesFromTimerToTimer() {
    // This test's own clock is the extension's.
    var trail = new Trail();
    VirtualClock clock = VirtualClock.manual();
    onThread(() ->
        dev.thrum.Runner.builder()
            .time(clock)
            .run(() -> {
              async(() -> {
                sleep(ofSeconds(1));
                trail.add("one at " + clock.elapsed());
                sleep(ofSeconds(2));
                trail.add("three at " + clock.elapsed());
              });
              clock.settle();
              trail.add("settled at " + clock.elapsed());
              clock.advance(ofSeconds(2));
              trail.add("two at " + clock.elapsed());
              clock.advance(ofSeconds(2));
              trail.add("four at " + clock.elapsed());
            }));
    trail.expect("settled at PT0S", "one at PT1S", "two at PT2S", "three at PT3S", "four at PT4S");
  }

  private static void onThread(Runnable body) {
    dev.thrum.Async.blocking(() -> body.run());
  }

  private static void assertMentions(Outcome outcome, String... parts) {
    String message = String.valueOf(outcome.failure().getMessage());
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
    }
  }

  @AsyncTest
  void timeIsVirtual() {
    var before = now();
    sleep(ofHours(5));
    assertEquals(ofHours(5), java.time.Duration.between(before, now()));
  }
}
