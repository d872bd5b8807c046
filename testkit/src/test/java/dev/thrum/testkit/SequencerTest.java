package dev.thrum.testkit;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.CancelledException;
import dev.thrum.Runner;
import dev.thrum.Task;
import dev.thrum.sync.Mutex;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/// Steps in a forced order.
class SequencerTest {
  private final Sequencer sequence = Sequencer.create("test");
  private final Trail trail = new Trail();

  @Test
  void stepsComeInTheOrderOfTheirNumbers() {
    JumpingTime.run(() ->
        gather(
            () -> {
              sequence.step(2, () -> trail.add("c"));
              sequence.step(4, () -> trail.add("e"));
            },
            () -> {
              sequence.step(1, () -> trail.add("b"));
              sequence.step(3, () -> trail.add("d"));
            },
            () -> sequence.step(0, () -> trail.add("a"))));
    trail.expect("a", "b", "c", "d", "e");
  }

  @Test
  void aStepLastsAsLongAsItsBody() {
    JumpingTime.run(() ->
        gather(
            () -> sequence.step(1, () -> trail.add("second")),
            () ->
                sequence.step(
                    0,
                    () -> {
                      sleep(ofSeconds(1));
                      trail.add("first");
                    })));
    trail.expect("first", "second");
  }

  @Test
  void aBodyHasAValue() {
    JumpingTime.run(() -> assertEquals(7, sequence.step(0, () -> 7)));
  }

  @Test
  void aStepWithoutABodyLetsWhatFollowsGoFirst() {
    Mutex mutex = Mutex.create();
    JumpingTime.run(() ->
        gather(
            () -> {
              sequence.step(0);
              mutex.lock();
              sequence.step(3);
              mutex.unlock();
            },
            () -> {
              sequence.step(2);
              mutex.withLock(() -> trail.add("came second"));
            },
            () -> {
              sequence.step(1);
              mutex.withLock(() -> trail.add("came first"));
            }));
    trail.expect("came first", "came second");
  }

  @Test
  void manyStepsWithoutBodiesKeepTheirOrderAlthoughTheTaskYieldsNowAndThen() {
    int steps = 1000;
    JumpingTime.run(() ->
        gather(
            () -> {
              for (int i = 0; i < steps; i++) {
                sequence.step(i);
                trail.add("" + i);
              }
            },
            () -> {
              sequence.step(steps);
              trail.add("" + steps);
            }));
    for (int i = 0; i <= steps; i++) {
      assertEquals(i, trail.index("" + i));
    }
  }

  @Test
  void aStepThatFailsPassesTheTurnOn() {
    JumpingTime.run(() -> {
      Task<?> second = async(() -> sequence.step(1, () -> trail.add("second")));
      var failure = new IllegalArgumentException("first");
      assertEquals(
          failure,
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  sequence.step(
                      0,
                      () -> {
                        throw failure;
                      })));
      second.await();
      trail.expect("second");
    });
  }

  @Test
  void aStepCannotBeTakenTwice() {
    JumpingTime.run(() -> {
      sequence.step(0);
      IllegalStateException error =
          assertThrows(IllegalStateException.class, () -> sequence.step(0));
      assertEquals(
          "step 0 of sequencer test is taken twice: by task main and by task main",
          error.getMessage());
      async("waiter", () -> sequence.step(2));
      checkpoint();
      assertThrows(IllegalStateException.class, () -> sequence.step(2));
      sequence.step(1);
    });
  }

  @Test
  void badUseIsRefused() {
    JumpingTime.run(() -> {
      assertThrows(IllegalArgumentException.class, () -> sequence.step(-1));
      sequence.step(
          0,
          () -> {
            IllegalStateException error =
                assertThrows(IllegalStateException.class, () -> sequence.step(1));
            assertEquals(
                "task main is in step 0 of sequencer test and cannot wait there for 1",
                error.getMessage());
          });
      sequence.step(1);
    });
  }

  @Test
  void afterACancelledStepTheLaterOnesFailInsteadOfWaiting() {
    JumpingTime.run(() -> {
      Task<?> one = async("one", () -> sequence.step(1));
      Task<?> two =
          async(
              "two",
              () -> assertThrows(IllegalStateException.class, () -> sequence.step(2)).getMessage());
      checkpoint();
      one.cancel("enough");
      assertEquals(
          "step 2 of sequencer test will never come: task one was cancelled before its step 1",
          two.await());
      assertThrows(CancellationException.class, one::await);
      sequence.step(0);
      IllegalStateException late =
          assertThrows(IllegalStateException.class, () -> sequence.step(3));
      assertInstanceOf(CancelledException.class, late.getCause());
      assertEquals(
          "sequencer test, stopped: step 1 was cancelled (task one); taken: 2 (task two), 3 (task"
              + " main)",
          sequence.toString());
    });
  }

  @Test
  void aTaskThatIsCancelledBeforeItAsksLeavesAGapToo() {
    JumpingTime.run(() -> {
      Task<?> later =
          async(() -> assertThrows(IllegalStateException.class, () -> sequence.step(1)));
      scope(s -> {
        s.cancel("test");
        assertThrows(CancelledException.class, () -> sequence.step(0));
      });
      later.await();
    });
  }

  @Test
  void aTurnThatHasComeBeatsALaterCancellation() {
    JumpingTime.run(() -> {
      Task<?> one =
          async(() ->
              sequence.step(
                  1,
                  () -> {
                    trail.add("one");
                    sleep(ofSeconds(1));
                  }));
      Task<?> two = async(() -> sequence.step(2, () -> trail.add("two")));
      checkpoint();
      sequence.step(0);
      one.cancel("too late");
      two.await();
      assertThrows(CancellationException.class, one::await);
      trail.expect("one", "two");
    });
  }

  @Test
  void whoWaitsSaysWhatIsMissing() {
    JumpingTime.run(() -> {
      assertEquals("sequencer test, step 0 has not been taken", sequence.toString());
      Task<?> waiter = async("waiter", () -> sequence.step(2));
      checkpoint();
      sequence.step(
          0,
          () ->
              assertEquals(
                  "sequencer test, in step 0 (task main); taken: 2 (task waiter)",
                  sequence.toString()));
      assertEquals(
          "sequencer test, step 1 has not been taken; taken: 2 (task waiter)", sequence.toString());
      waiter.cancel("test");
    });
  }

  @Test
  void tasksOfSeveralLoopsAndThreadsTakeTurns() throws InterruptedException {
    int rounds = 300;
    Thread thread = Thread.ofPlatform().unstarted(() -> everyThird(0, rounds));
    Thread loop =
        Thread.ofPlatform().unstarted(() -> Runner.builder().run(() -> everyThird(1, rounds)));
    thread.start();
    loop.start();
    Runner.builder().run(() -> everyThird(2, rounds));
    thread.join();
    loop.join();
    for (int i = 0; i < rounds; i++) {
      assertEquals("" + i, trail.events().get(i));
    }
  }

  private void everyThird(int first, int end) {
    for (int i = first; i < end; i += 3) {
      String number = "" + i;
      sequence.step(i, () -> trail.add(number));
    }
  }

  @Test
  void anInterruptedThreadLeavesAGap() {
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, () -> sequence.step(0));
    Thread.interrupted();
    assertThrows(IllegalStateException.class, () -> sequence.step(1));
  }
}
