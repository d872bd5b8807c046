package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static dev.thrum.stream.AsyncGatherers.batch;
import static dev.thrum.stream.AsyncGatherers.mapAsync;
import static dev.thrum.stream.AsyncGatherers.mapAsyncUnordered;
import static dev.thrum.stream.AsyncGatherers.throttle;
import static dev.thrum.stream.AsyncGatherers.timeoutEach;
import static java.time.Duration.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.stream.Generator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Gatherers that wait, one after the other in one stream. What follows a batch is pushed to by the
/// batch's helper too, while the upstream waits.
@ParameterizedClass(name = "{0}")
@EnumSource
class ComposedGatherersTest {
  private static final int[] TIMES = {0, 5, 100, 101, 103, 104, 300};

  private final Tidy tidy;
  private final Trail trail = new Trail();
  private int running;

  ComposedGatherersTest(Tidy tidy) {
    this.tidy = tidy;
  }

  /// A step of a stream of lists, so that every step can follow every other, with work for each
  /// list.
  private enum Step {
    MAP,
    MAP_UNORDERED,
    BATCH,
    THROTTLE,
    TIMEOUT;

    Stream<List<Integer>> follow(Stream<List<Integer>> before, UnaryOperator<List<Integer>> work) {
      return switch (this) {
        case MAP -> before.gather(mapAsync(2, work::apply));
        case MAP_UNORDERED -> before.gather(mapAsyncUnordered(2, work::apply));
        case BATCH -> before.gather(batch(3, ofMillis(10))).map(Step::joined).map(work);
        case THROTTLE -> before.gather(throttle(1, ofMillis(3))).map(work);
        case TIMEOUT -> before.gather(timeoutEach(ofHours(1), work::apply));
      };
    }

    private static List<Integer> joined(List<List<Integer>> lists) {
      return lists.stream().flatMap(List::stream).toList();
    }
  }

  /// Two steps, one after the other.
  private record Pair(Step first, Step second) {
    static List<Pair> all() {
      List<Pair> all = new ArrayList<>();
      for (Step first : Step.values()) {
        for (Step second : Step.values()) {
          all.add(new Pair(first, second));
        }
      }
      return all;
    }
  }

  /// A stream that waits, through the steps.
  private static Stream<Integer> through(Pair pair, UnaryOperator<List<Integer>> work) {
    Stream<List<Integer>> first = pair.first.follow(at(TIMES).map(List::of), work);
    return pair.second.follow(first, work).flatMap(List::stream);
  }

  /// Emits a number after so many milliseconds since the beginning, each.
  private static Stream<Integer> at(int... millis) {
    Generator<Integer> numbers =
        Generator.of(y -> {
          Instant began = now();
          for (int time : millis) {
            Async.sleepUntil(began.plusMillis(time));
            y.emit(time);
          }
        });
    return numbers.stream();
  }

  private List<Integer> slowly(List<Integer> list) {
    return slowly(7, list);
  }

  private List<Integer> slowly(int millis, List<Integer> list) {
    running++;
    try {
      sleep(ofMillis(millis));
      return list;
    } finally {
      running--;
    }
  }

  private static List<Integer> sorted(List<Integer> numbers) {
    return numbers.stream().sorted().toList();
  }

  private static List<Integer> expected() {
    return IntStream.of(TIMES).boxed().toList();
  }

  // All pairs

  @Test
  void anyTwoGiveWhatGoesIn() throws Exception {
    for (Pair pair : Pair.all()) {
      tidy.run(() -> {
        List<Integer> results = through(pair, this::slowly).toList();
        assertEquals(expected(), sorted(results), pair::toString);
        if (pair.first != Step.MAP_UNORDERED && pair.second != Step.MAP_UNORDERED) {
          assertEquals(expected(), results, pair::toString);
        }
        assertEquals(0, running, pair::toString);
      });
    }
  }

  @Test
  void aFailureInEitherOfTwoComesOutAndNothingGoesOn() throws Exception {
    for (Pair pair : Pair.all()) {
      for (int failing = 1; failing <= 8; failing++) {
        int[] calls = {failing};
        IllegalStateException boom = new IllegalStateException("boom");
        UnaryOperator<List<Integer>> work =
            list -> {
              List<Integer> done = slowly(list);
              if (--calls[0] == 0) {
                throw boom;
              }
              return done;
            };
        tidy.run(() -> {
          scope(_ -> {
            var out = assertThrows(Exception.class, () -> through(pair, work).toList());
            assertSame(boom, out, pair::toString);
          });
          assertEquals(0, running, pair::toString);
        });
      }
    }
  }

  @Test
  void aCancellationAtAnyTimeEndsAnyTwo() throws Exception {
    for (Pair pair : Pair.all()) {
      for (int millis = 1; millis < 300; millis += 6) {
        int limit = millis;
        tidy.run(() -> {
          assertThrows(
              TimeoutException.class,
              () -> timeout(ofMillis(limit), () -> through(pair, this::slowly).toList()),
              pair::toString);
          assertEquals(0, running, pair::toString);
        });
      }
    }
  }

  @Test
  void aDownstreamThatWantsNoMoreEndsAnyTwo() throws Exception {
    for (Pair pair : Pair.all()) {
      tidy.run(() -> {
        List<Integer> results = through(pair, this::slowly).limit(3).toList();
        assertEquals(List.of(0, 5, 100), sorted(results), pair::toString);
        assertEquals(0, running, pair::toString);
      });
    }
  }

  @Test
  void anExceptionOfTheUpstreamLeavesNothingOfTwoBeyondTheScope() throws Exception {
    for (Pair pair : Pair.all()) {
      tidy.run(() -> {
        scope(_ -> {
          Stream<List<Integer>> fails =
              at(TIMES)
                  .peek(time -> {
                    if (time == 104) {
                      throw new IllegalStateException("no more");
                    }
                  })
                  .map(List::of);
          Stream<List<Integer>> first = pair.first.follow(fails, this::slowly);
          assertThrows(
              IllegalStateException.class, () -> pair.second.follow(first, this::slowly).toList());
        });
        assertEquals(0, running, pair::toString);
      });
    }
  }

  // The helper pushes

  @Test
  void whatTheHelperPushesGoesOnWhileTheUpstreamWaits() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      at(0, 1000)
          .gather(batch(9, ofMillis(10)))
          .gather(throttle(1, ofMillis(1)))
          .gather(timeoutEach(ofMillis(50), list -> slowly(5, list)))
          .gather(batch(9, ofMillis(20)))
          .forEach(list -> trail.add(list + " at " + between(began, now()).toMillis()));
    });
    trail.expect("[[0]] at 35", "[[1000]] at 1005");
  }

  @Test
  void whatTheHelperBeganOutlivesIt() throws Exception {
    tidy.run(() -> {
      List<List<Integer>> results =
          at(0, 20)
              .gather(batch(9, ofMillis(10)))
              .gather(mapAsync(9, list -> slowly(1000, list)))
              .toList();
      assertEquals(List.of(List.of(0), List.of(20)), results);
    });
  }

  @Test
  void aBatchInsideAStreamThatIsFlattenedPushesToTheOuterOnesGatherers() throws Exception {
    tidy.run(() -> {
      List<List<Integer>> results =
          at(0, 100)
              .gather(batch(9, ofMillis(10)))
              .flatMap(_ -> at(1, 50).gather(batch(9, ofMillis(10))))
              .gather(mapAsync(2, this::slowly))
              .toList();
      assertEquals(List.of(List.of(1), List.of(50), List.of(1), List.of(50)), results);
    });
  }

  @Test
  void anotherTaskThanTheOneThatRunsTheStreamIsRefused() throws Exception {
    for (Step step : Step.values()) {
      tidy.run(() -> {
        Iterator<List<Integer>> results =
            step.follow(expected().stream().map(List::of), this::slowly).iterator();
        assertTrue(results.hasNext());
        async(() -> {
          var out =
              assertThrows(IllegalStateException.class, () -> results.forEachRemaining(_ -> {}));
          assertTrue(out.getMessage().contains("the one task that runs the stream"), step::name);
        });
      });
    }
  }

  // Chance

  @Test
  void anyStepsAtRandomGiveWhatTheyShould() throws Exception {
    long first = Seeds.next();
    for (long seed = first; seed < first + 300; seed++) {
      String repeat = "-Dthrum.seed=" + seed;
      RandomGenerator random = Seeds.generator(seed);
      running = 0;
      tidy.run(() -> {
        runAtRandom(random, repeat);
        assertEquals(0, running, repeat);
      });
    }
  }

  /// Of these the deadline comes between the end of one element and the look for it.
  @Test
  void aDeadlineIsATimeoutAlsoIfAnElementHearsOfItFirst() throws Exception {
    tidy.run(() -> runAtRandom(Seeds.generator(2659843167716859103L), "the seed in the test"));
  }

  private void runAtRandom(RandomGenerator random, String repeat) {
    List<Integer> numbers = random.ints(random.nextInt(1, 25), 0, 20).boxed().toList();
    IllegalStateException boom = new IllegalStateException("boom");
    boolean fails = random.nextBoolean();
    int failing = fails ? random.nextInt(50) : 0;
    int limit = fails ? 1_000_000 : random.nextInt(1, 600);
    int[] calls = {0};
    UnaryOperator<List<Integer>> work =
        list -> {
          List<Integer> done = slowly(random.nextInt(8), list);
          if (++calls[0] == failing) {
            throw boom;
          }
          return done;
        };
    try {
      List<Integer> results =
          timeout(ofMillis(limit), () -> stepsAtRandom(random, numbers, work).toList());
      assertEquals(sorted(numbers), sorted(results), repeat);
    } catch (TimeoutException e) {
      assertEquals("timed out after " + limit + " ms", e.getMessage(), repeat);
    } catch (IllegalStateException e) {
      assertSame(boom, e, repeat);
    }
  }

  private static Stream<Integer> stepsAtRandom(
      RandomGenerator random, List<Integer> numbers, UnaryOperator<List<Integer>> work) {
    Stream<List<Integer>> stream =
        numbers.stream().peek(time -> sleep(ofMillis(time))).map(List::of);
    for (int steps = random.nextInt(2, 5); steps > 0; steps--) {
      stream = Step.values()[random.nextInt(Step.values().length)].follow(stream, work);
    }
    return stream.flatMap(List::stream);
  }
}
