package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.current;
import static dev.thrum.Async.now;
import static dev.thrum.Async.retry;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ZERO;
import static java.time.Duration.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Trying again.
@ParameterizedClass(name = "{0}")
@EnumSource
class RetryTest {
  private static final Throwable[] NONE = {};
  private static final Retry EXACT = Retry.attempts(5).jitter(0);

  private final Tidy tidy;
  private final Trail trail = new Trail();
  private int tries;

  RetryTest(Tidy tidy) {
    this.tidy = tidy;
  }

  /// Fails so many times, then succeeds.
  private String failing(int times) throws IOException {
    if (++tries <= times) {
      throw new IOException("try " + tries);
    }
    return "done at try " + tries;
  }

  private static long since(Instant began) {
    return between(began, now()).toMillis();
  }

  private static List<String> messages(Throwable[] exceptions) {
    return java.util.Arrays.stream(exceptions).map(Throwable::getMessage).toList();
  }

  // Attempts and pauses

  @Test
  void theFirstSuccessIsTheValue() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      assertEquals("done at try 4", retry(EXACT, () -> failing(3)));
      assertEquals(100 + 200 + 400, since(began));
      assertEquals("done at try 5", retry(EXACT, () -> failing(0)));
      assertEquals(700, since(began), "there was nothing to wait for");
    });
  }

  @Test
  void theLastFailureComesOutWithTheEarlierOnesSuppressed() throws Exception {
    tidy.run(() -> {
      IOException out = assertThrows(IOException.class, () -> retry(EXACT, () -> failing(9)));
      assertEquals("try 5", out.getMessage());
      assertEquals(List.of("try 1", "try 2", "try 3", "try 4"), messages(out.getSuppressed()));
    });
  }

  @Test
  void oneAttemptIsNoRetry() throws Exception {
    tidy.run(() -> {
      IOException out =
          assertThrows(IOException.class, () -> retry(Retry.attempts(1), () -> failing(9)));
      assertEquals("try 1", out.getMessage());
      assertArrayEquals(NONE, out.getSuppressed());
    });
  }

  @Test
  void pausesDoubleUpToTheLongest() throws Exception {
    tidy.run(() -> {
      List<Duration> pauses = new ArrayList<>();
      Retry policy =
          Retry.attempts(7)
              .jitter(0)
              .backoff(ofMillis(10), ofMillis(75))
              .onFailure(failure -> failure.pause().ifPresent(pauses::add));
      assertThrows(IOException.class, () -> retry(policy, () -> failing(9)));
      assertEquals(
          List.of(10, 20, 40, 75, 75, 75).stream().map(Duration::ofMillis).toList(), pauses);
    });
  }

  @Test
  void aPauseOfZeroLetsOthersRun() throws Exception {
    tidy.run(() -> {
      async(() -> trail.add("other"));
      retry(
          EXACT.backoff(ZERO, ZERO),
          () -> {
            trail.add("try");
            return failing(1);
          });
    });
    trail.expect("try", "other", "try");
  }

  @Test
  void aBodyWithoutAValue() throws Exception {
    tidy.run(() -> {
      retry(
          EXACT,
          () -> {
            trail.add(failing(1));
          });
    });
    trail.expect("done at try 2");
  }

  @Test
  void aBodyThatIsTriedForEver() throws Exception {
    tidy.run(() -> {
      Retry policy = Retry.unlimited().backoff(ofMillis(1), ofMillis(1)).jitter(0);
      assertEquals("done at try 501", retry(policy, () -> failing(500)));
      Retry bounded = policy.retryIf(_ -> tries < 1000);
      IOException out = assertThrows(IOException.class, () -> retry(bounded, () -> failing(9999)));
      assertEquals("try 1000", out.getMessage());
      assertEquals(32, out.getSuppressed().length);
      assertEquals("try 999", out.getSuppressed()[31].getMessage());
    });
  }

  // Chance

  private List<Duration> pausesOf(Retry policy) {
    List<Duration> pauses = new ArrayList<>();
    tries = 0;
    Retry heard = policy.onFailure(failure -> failure.pause().ifPresent(pauses::add));
    assertThrows(IOException.class, () -> retry(heard, () -> failing(99)));
    return pauses;
  }

  @Test
  void jitterShortensEachPauseByAllOfItAtMost() throws Exception {
    tidy.run(() -> {
      Retry full = Retry.attempts(21).backoff(ofSeconds(1), ofSeconds(1)).seed(7);
      List<Duration> pauses = pausesOf(full);
      assertTrue(pauses.stream().allMatch(p -> !p.isNegative() && p.compareTo(ofSeconds(1)) <= 0));
      assertTrue(pauses.stream().anyMatch(p -> p.compareTo(ofMillis(300)) < 0), pauses.toString());
      assertTrue(pauses.stream().anyMatch(p -> p.compareTo(ofMillis(700)) > 0), pauses.toString());
      List<Duration> half = pausesOf(full.jitter(0.5));
      assertTrue(half.stream().allMatch(p -> p.compareTo(ofMillis(500)) >= 0), half.toString());
      assertTrue(half.stream().anyMatch(p -> p.compareTo(ofMillis(700)) < 0), half.toString());
    });
  }

  @Test
  void aSeedRepeatsThePausesAndTwoCallsDiffer() throws Exception {
    tidy.run(() -> {
      Retry one = Retry.attempts(4).seed(42);
      List<Duration> first = pausesOf(one);
      List<Duration> second = pausesOf(one);
      assertNotEquals(first, second);
      Retry again = Retry.attempts(4).seed(42);
      assertEquals(first, pausesOf(again));
      assertEquals(second, pausesOf(again));
      assertNotEquals(pausesOf(Retry.attempts(4)), pausesOf(Retry.attempts(4)));
    });
  }

  // What is tried again

  @Test
  void onlyWhatPassesTheTestIsTriedAgain() throws Exception {
    tidy.run(() -> {
      Retry policy = EXACT.retryIf(e -> !"try 3".equals(e.getMessage()));
      IOException out = assertThrows(IOException.class, () -> retry(policy, () -> failing(9)));
      assertEquals("try 3", out.getMessage());
      assertEquals(List.of("try 1", "try 2"), messages(out.getSuppressed()));
    });
  }

  @Test
  void classesAreMeantWithTheirSubclasses() throws Exception {
    tidy.run(() -> {
      Retry policy = EXACT.retryIf(_ -> false).retryOn(IOException.class, SecurityException.class);
      retry(
          policy,
          () -> {
            if (++tries == 1) {
              throw new FileNotFoundException();
            }
            if (tries == 2) {
              throw new SecurityException();
            }
          });
      assertEquals(3, tries);
      tries = 0;
      assertThrows(
          IllegalStateException.class,
          () ->
              retry(
                  policy,
                  () -> {
                    tries++;
                    throw new IllegalStateException();
                  }));
      assertEquals(1, tries);
    });
  }

  @Test
  void anErrorIsNeverTriedAgain() throws Exception {
    AssertionError wrong = new AssertionError("wrong");
    tidy.run(() -> {
      assertSame(
          wrong,
          assertThrows(
              AssertionError.class,
              () ->
                  retry(
                      EXACT,
                      () -> {
                        tries++;
                        throw wrong;
                      })));
      assertEquals(1, tries);
    });
  }

  @Test
  void aCancellationIsNeverTriedAgain() throws Exception {
    tidy.run(() -> {
      scope(inner -> {
        assertThrows(
            CancelledException.class,
            () ->
                retry(
                    EXACT,
                    () -> {
                      tries++;
                      inner.cancel("enough");
                      sleep(ofSeconds(1));
                    }));
        assertThrows(CancelledException.class, () -> retry(EXACT, () -> failing(9)));
      });
      assertEquals(1, tries);
      Task<?> other =
          async(() -> {
            sleep(ofHours(1));
          });
      other.cancel("enough");
      assertThrows(
          CancellationException.class,
          () ->
              retry(
                  EXACT,
                  () -> {
                    tries++;
                    await(other);
                  }));
      assertEquals(2, tries);
    });
  }

  @Test
  void aCancellationEndsAPause() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      assertThrows(
          TimeoutException.class,
          () -> timeout(ofMillis(250), () -> retry(EXACT, () -> failing(9))));
      assertEquals(2, tries);
      assertEquals(250, since(began));
    });
  }

  @Test
  void aCancelledWaitOfTheJdkIsACancellationToo() throws Exception {
    Async.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofMillis(5),
                  () ->
                      retry(
                          EXACT,
                          () -> {
                            tries++;
                            if (Engines.confined()) {
                              Thread.sleep(10_000);
                            } else {
                              sleep(ofSeconds(10));
                            }
                          })));
      assertEquals(1, tries);
    });
  }

  @Test
  void anInterruptIsNeverTriedAgain() throws Exception {
    InterruptedException interrupt = new InterruptedException("by a library");
    tidy.run(() -> {
      assertSame(
          interrupt,
          assertThrows(
              InterruptedException.class,
              () ->
                  retry(
                      EXACT,
                      () -> {
                        tries++;
                        throw interrupt;
                      })));
      assertEquals(1, tries);
    });
  }

  @Test
  void theSameExceptionAgainIsNotSuppressedInItself() throws Exception {
    IOException same = new IOException("same");
    tidy.run(() -> {
      IOException out =
          assertThrows(
              IOException.class,
              () ->
                  retry(
                      EXACT,
                      () -> {
                        throw same;
                      }));
      assertSame(same, out);
      assertArrayEquals(NONE, out.getSuppressed());
    });
  }

  // Limits in time

  @Test
  void anAttemptThatTakesTooLongIsTriedAgainWhateverTheTestSays() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      Retry policy = EXACT.attemptTimeout(ofMillis(50)).retryIf(_ -> false);
      int value =
          retry(
              policy,
              () -> {
                sleep(ofMillis(++tries == 3 ? 10 : 1000));
                return tries;
              });
      assertEquals(3, value);
      assertEquals(50 + 100 + 50 + 200 + 10, since(began));
    });
  }

  @Test
  void whenEveryAttemptTakesTooLongATimeoutComesOut() throws Exception {
    tidy.run(() -> {
      Retry policy = Retry.attempts(2).jitter(0).attemptTimeout(ofMillis(50));
      TimeoutException out =
          assertThrows(TimeoutException.class, () -> retry(policy, () -> sleep(ofHours(1))));
      assertEquals("timed out after 50 ms", out.getMessage());
      assertEquals(List.of("timed out after 50 ms"), messages(out.getSuppressed()));
    });
  }

  @Test
  void aTimeoutOfTheBodyItselfIsAnExceptionLikeOthers() throws Exception {
    tidy.run(() -> {
      Retry policy = EXACT.attemptTimeout(ofSeconds(1)).retryOn(IOException.class);
      assertThrows(
          TimeoutException.class,
          () ->
              retry(
                  policy,
                  () -> {
                    tries++;
                    timeout(ofMillis(1), () -> sleep(ofHours(1)));
                  }));
      assertEquals(1, tries);
    });
  }

  @Test
  void theTimeLimitCutsAnAttemptShort() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      Retry policy = Retry.unlimited().jitter(0).timeLimit(ofMillis(800));
      TimeoutException out =
          assertThrows(
              TimeoutException.class,
              () ->
                  retry(
                      policy,
                      () -> {
                        sleep(ofMillis(400));
                        return failing(9);
                      }));
      assertEquals("tries timed out after 800 ms", out.getMessage());
      assertEquals(List.of("try 1"), messages(out.getSuppressed()));
      assertEquals(800, since(began));
      assertEquals(1, tries);
    });
  }

  @Test
  void theLimitOfAnAttemptCountsAlsoWithALongTimeLimit() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      Retry policy = EXACT.attemptTimeout(ofMillis(10)).timeLimit(ofHours(1));
      int value =
          retry(
              policy,
              () -> {
                sleep(++tries == 1 ? ofSeconds(1) : ofMillis(1));
                return tries;
              });
      assertEquals(2, value);
      assertEquals(10 + 100 + 1, since(began));
    });
  }

  @Test
  void aPauseBeyondTheTimeLimitIsNotBegun() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      Retry policy = Retry.unlimited().jitter(0).timeLimit(ofSeconds(1));
      IOException out = assertThrows(IOException.class, () -> retry(policy, () -> failing(9)));
      assertEquals("try 4", out.getMessage());
      assertEquals(100 + 200 + 400, since(began));
    });
  }

  @Test
  void theShorterOfTwoLimitsCounts() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      Retry policy =
          Retry.unlimited()
              .backoff(ofMillis(10), ofMillis(10))
              .jitter(0)
              .attemptTimeout(ofMillis(300))
              .timeLimit(ofSeconds(1));
      assertThrows(TimeoutException.class, () -> retry(policy, () -> sleep(ofHours(1))));
      assertEquals(1000, since(began));
      assertThrows(
          TimeoutException.class, () -> retry(policy.timeLimit(ZERO), () -> sleep(ofHours(1))));
    });
  }

  // Scopes

  @Test
  void whatAnAttemptStartedIsJoinedBeforeTheNextOne() throws Exception {
    tidy.run(() -> {
      retry(
          EXACT,
          () -> {
            int number = tries + 1;
            async(() -> {
              try {
                sleep(ofSeconds(1));
                trail.add("child of " + number + " ends");
              } catch (CancelledException e) {
                trail.add("child of " + number + " cancelled");
                throw e;
              }
            });
            sleep(ofMillis(1));
            trail.add(failing(1));
          });
    });
    trail.expect("child of 1 cancelled", "done at try 2", "child of 2 ends");
  }

  @Test
  void aFailureOfAChildFailsTheAttempt() throws Exception {
    tidy.run(() -> {
      retry(
          EXACT,
          () -> {
            async(() -> failing(1));
          });
      assertEquals(2, tries);
    });
  }

  // The listener

  @Test
  void theListenerHearsOfEveryFailure() throws Exception {
    tidy.run(() -> {
      List<Retry.Failure> heard = new ArrayList<>();
      Retry policy = Retry.attempts(2).jitter(0).onFailure(heard::add);
      IOException out = assertThrows(IOException.class, () -> retry(policy, () -> failing(9)));
      assertEquals(
          List.of(
              new Retry.Failure(1, out.getSuppressed()[0], Optional.of(ofMillis(100))),
              new Retry.Failure(2, out, Optional.empty())),
          heard);
    });
  }

  @Test
  void whatTheListenerOrTheTestThrowsComesOutAtOnce() throws Exception {
    tidy.run(() -> {
      Retry policy =
          EXACT.onFailure(_ -> {
            throw new IllegalStateException("deaf");
          });
      IllegalStateException out =
          assertThrows(IllegalStateException.class, () -> retry(policy, () -> failing(9)));
      assertEquals(List.of("try 1"), messages(out.getSuppressed()));
      Retry broken =
          EXACT.retryIf(_ -> {
            throw new IllegalStateException("no answer");
          });
      out = assertThrows(IllegalStateException.class, () -> retry(broken, () -> failing(9)));
      assertEquals(List.of("try 2"), messages(out.getSuppressed()));
    });
  }

  // Restarts share the pauses

  @Test
  void aRestartPausesAsBefore() throws Exception {
    tidy.run(() -> {
      List<Long> times = new ArrayList<>();
      Instant began = now();
      Restart restart = Restart.always().pause(ofMillis(10), ofMillis(50));
      Async.background(restart, () -> times.add(since(began)));
      sleep(ofMillis(200));
      assertEquals(List.of(0L, 10L, 30L, 70L, 120L, 170L), times);
    });
  }

  @Test
  void pausesDoNotOverflow() {
    Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
    Backoff backoff = new Backoff(ofSeconds(1), endless);
    Duration pause = backoff.first();
    for (int i = 0; i < 200; i++) {
      pause = backoff.after(pause);
    }
    assertEquals(endless, pause);
    assertEquals(ofMillis(9), new Backoff(ofMillis(5), ofMillis(9)).after(ofMillis(5)));
  }

  // Wrong use

  private static void refused(Class<? extends Throwable> kind, String text, VoidBody<?> call) {
    Throwable thrown = assertThrows(kind, call::run);
    assertTrue(thrown.getMessage().contains(text), thrown.getMessage());
  }

  @Test
  void wrongPoliciesAreRefused() {
    refused(IllegalArgumentException.class, "at least 1 attempt: 0", () -> Retry.attempts(0));
    refused(IllegalArgumentException.class, "from 0 to 1: 1.5", () -> EXACT.jitter(1.5));
    refused(IllegalArgumentException.class, "from 0 to 1: NaN", () -> EXACT.jitter(Double.NaN));
    refused(IllegalArgumentException.class, "negative", () -> EXACT.backoff(ofMillis(-1), ZERO));
    refused(
        IllegalArgumentException.class,
        "must not be longer than the longest: PT0.4S, PT0.01S",
        () -> EXACT.backoff(ofMillis(400), ofMillis(10)));
    refused(
        IllegalArgumentException.class,
        "must not be longer than the longest: PT0.4S, PT0.01S",
        () -> Restart.always().pause(ofMillis(400), ofMillis(10)));
    refused(IllegalArgumentException.class, "negative", () -> EXACT.timeLimit(ofMillis(-1)));
    refused(IllegalArgumentException.class, "negative", () -> EXACT.attemptTimeout(ofMillis(-1)));
    refused(NullPointerException.class, "test", () -> EXACT.retryIf(null));
    refused(NullPointerException.class, "listener", () -> EXACT.onFailure(null));
  }

  @Test
  void outsideATaskItSaysSo() throws Exception {
    refused(IllegalStateException.class, "retry(…) works only inside", () -> retry(EXACT, () -> 1));
    tidy.run(() -> {
      refused(NullPointerException.class, "policy", () -> retry(null, () -> 1));
      refused(NullPointerException.class, "body", () -> retry(EXACT, (VoidBody<Exception>) null));
      assertEquals("main", current().name());
    });
  }
}
