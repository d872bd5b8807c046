package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.mapAll;
import static dev.thrum.Async.retry;
import static dev.thrum.Async.settle;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.failsafe.Bulkhead;
import dev.failsafe.BulkheadFullException;
import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/// A library of the Java world, [Failsafe](https://failsafe.dev), unchanged inside tasks: what it
/// runs on the calling thread runs in the calling task and may wait there.
class CircuitBreakerInteropTest {
  private final CircuitBreaker<String> breaker =
      CircuitBreaker.<String>builder()
          .handle(IOException.class)
          .withFailureThreshold(3)
          .withDelay(Duration.ofMinutes(1))
          .build();

  private int calls;

  private String flaky() throws IOException {
    calls++;
    sleep(ofMillis(1));
    throw new IOException("no answer");
  }

  @Test
  void aCircuitBreakerOpensForAllTasksOfTheLoop() {
    Async.run(() -> {
      for (int i = 0; i < 3; i++) {
        FailsafeException out =
            assertThrows(FailsafeException.class, () -> Failsafe.with(breaker).get(this::flaky));
        assertInstanceOf(IOException.class, out.getCause());
      }
      assertTrue(breaker.isOpen());
      List<Outcome<String>> outcomes =
          settle(
              () -> Failsafe.with(breaker).get(this::flaky),
              () -> Failsafe.with(breaker).get(this::flaky));
      for (Outcome<String> outcome : outcomes) {
        assertThrows(CircuitBreakerOpenException.class, outcome::get);
      }
      assertEquals(3, calls);
    });
  }

  @Test
  void anOpenCircuitIsNotTriedAgain() {
    Async.run(() -> {
      breaker.open();
      Retry policy =
          Retry.attempts(5).retryIf(failure -> !(failure instanceof CircuitBreakerOpenException));
      assertThrows(
          CircuitBreakerOpenException.class,
          () -> retry(policy, () -> Failsafe.with(breaker).get(this::flaky)));
      assertEquals(0, calls);
    });
  }

  @Test
  void itCountsTheTasksThatAreInsideAtTheSameTime() {
    Async.run(() -> {
      Bulkhead<String> two = Bulkhead.of(2);
      List<Outcome<String>> outcomes =
          mapAll(
              List.of(1, 2, 3),
              3,
              _ ->
                  settle(() ->
                          Failsafe.with(two)
                              .get(() -> {
                                sleep(ofMillis(5));
                                return "served";
                              }))
                      .getFirst());
      assertEquals("served", outcomes.get(0).get());
      assertEquals("served", outcomes.get(1).get());
      assertThrows(BulkheadFullException.class, outcomes.get(2)::get);
    });
  }

  @Test
  void aCancellationPassesThroughIt() throws Exception {
    Async.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofMillis(1),
                  () ->
                      Failsafe.with(breaker)
                          .get(() -> {
                            sleep(Duration.ofHours(1));
                            return "too late";
                          })));
      assertTrue(breaker.isClosed(), "it was no failure of the service");
    });
  }

  @Test
  void itsAsynchronousCallsRunOnTheLoopWithTheLoopsExecutor() throws Exception {
    Async.run(() -> {
      try (ExecutorService executor = Loop.current().executor()) {
        var answer =
            Failsafe.with(breaker)
                .with(executor)
                .getAsync(() -> {
                  Task<String> child = async(() -> "answer");
                  return await(child) + " of " + Async.current().loop().name();
                });
        assertEquals("answer of " + Loop.current().name(), await(answer));
      }
    });
  }
}
