package dev.thrum.testkit;

import static dev.thrum.Async.async;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What must happen some day.
class LivenessTest {
  private final Liveness liveness = new Liveness();

  @Test
  void nothingOwedIsFine() {
    liveness.check();
    var answer = liveness.expect("an answer");
    answer.met();
    answer.met();
    liveness.hot("busy");
    liveness.cold("busy");
    liveness.cold("never hot");
    liveness.check();
    assertEquals("liveness, cold", liveness.toString());
  }

  @Test
  void whatIsOwedIsToldWithItsAgeAndItsOrigin() {
    JumpingTime.run(() -> {
      async("client", () -> liveness.expect("an answer"));
      sleep(ofSeconds(2));
      liveness.hot("an election");
      sleep(ofSeconds(1));
    });
    String message = assertThrows(AssertionError.class, liveness::check).getMessage();
    assertEquals(
        """
        this never happened
          an answer: owed for 3 s, since task client at LivenessTest.java:#
          an election: owed for 1 s, since task main at LivenessTest.java:#\
        """,
        message.replaceAll(":\\d+", ":#"));
  }

  @Test
  void ageIsCountedInStepsToo() {
    AtomicLong step = new AtomicLong(5);
    liveness.countSteps(step::get);
    liveness.hot("an election");
    step.set(12);
    String message = assertThrows(AssertionError.class, liveness::check).getMessage();
    assertTrue(message.contains("an election: owed for 7 steps, "), message);
  }

  @Test
  void thingsOfOneNameAreOwedEach() {
    var first = liveness.expect("an answer");
    var second = liveness.expect("an answer");
    first.met();
    assertEquals(List.of("an answer"), liveness.unmet());
    assertThrows(AssertionError.class, liveness::check);
    second.met();
    liveness.check();
  }

  @Test
  void aStateThatIsHotTwiceIsColdAtOnce() {
    liveness.hot("an election");
    liveness.hot("an election");
    assertEquals("liveness, hot: an election", liveness.toString());
    liveness.cold("an election");
    liveness.check();
  }

  @Test
  void theEndOfABlockMeetsWhatItExpects() {
    assertThrows(
        IllegalStateException.class,
        () -> {
          try (var _ = liveness.expect("the end of the transfer")) {
            assertThrows(AssertionError.class, liveness::check);
            throw new IllegalStateException("failed");
          }
        });
    liveness.check();
  }

  @Test
  void aCancelledTaskStillOwesWhatItHasNotMet() {
    JumpingTime.run(() -> {
      async(
              () -> {
                liveness.expect("an answer");
                sleep(ofSeconds(1));
              })
          .cancel("test");
    });
    assertEquals(List.of("an answer"), liveness.unmet());
  }
}
