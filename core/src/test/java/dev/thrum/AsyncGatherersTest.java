package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static dev.thrum.stream.AsyncGatherers.batch;
import static dev.thrum.stream.AsyncGatherers.mapAsync;
import static dev.thrum.stream.AsyncGatherers.mapAsyncUnordered;
import static dev.thrum.stream.AsyncGatherers.throttle;
import static dev.thrum.stream.AsyncGatherers.timeoutEach;
import static java.time.Duration.ZERO;
import static java.time.Duration.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.stream.Generator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Gatherer;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Gatherers that wait.
@ParameterizedClass(name = "{0}")
@EnumSource
class AsyncGatherersTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();
  private int running;
  private int most;

  AsyncGatherersTest(Tidy tidy) {
    this.tidy = tidy;
  }

  /// Takes as many milliseconds as its argument says, and gives it back.
  private int slowly(int millis) {
    running++;
    most = Math.max(most, running);
    try {
      sleep(ofMillis(millis));
      return millis;
    } catch (CancelledException e) {
      trail.add(millis + " cancelled");
      throw e;
    } finally {
      running--;
    }
  }

  private static Duration since(Instant began) {
    return between(began, now());
  }

  private static void refused(Class<? extends Throwable> kind, String text, Body<?, ?> call) {
    Throwable thrown = assertThrows(kind, call::call);
    assertTrue(String.valueOf(thrown.getMessage()).contains(text), thrown::toString);
  }

  // mapAsync

  @Test
  void mapAsyncKeepsTheOrderAndTheLimit() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      List<Integer> results = Stream.of(30, 10, 20, 40).gather(mapAsync(2, this::slowly)).toList();
      assertEquals(List.of(30, 10, 20, 40), results);
      assertEquals(2, most);
      assertEquals(ofMillis(30 + 40), since(began));
    });
  }

  @Test
  void mapAsyncUnorderedGivesWhatIsDoneFirst() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      List<Integer> results =
          Stream.of(50, 10, 20, 40).gather(mapAsyncUnordered(2, this::slowly)).toList();
      assertEquals(List.of(10, 20, 50, 40), results);
      assertEquals(2, most);
      assertEquals(ofMillis(10 + 20 + 40), since(began));
    });
  }

  @Test
  void theLimitCountsWhatIsDoneAndNotPushed() throws Exception {
    tidy.run(() -> {
      List<Integer> begun = new ArrayList<>();
      Stream.of(100, 1, 2, 3)
          .gather(
              mapAsync(
                  2,
                  millis -> {
                    begun.add(millis);
                    return slowly(millis);
                  }))
          .forEach(first -> trail.add(first + " of " + begun));
    });
    trail.expect("100 of [100, 1]", "1 of [100, 1]", "2 of [100, 1, 2, 3]", "3 of [100, 1, 2, 3]");
  }

  @Test
  void resultsMayBeNullAndStreamsEmpty() throws Exception {
    tidy.run(() -> {
      assertEquals(
          Arrays.asList(null, null), Stream.of(1, 2).gather(mapAsync(1, _ -> null)).toList());
      assertEquals(
          Arrays.asList(null, null),
          Stream.of(1, 2).gather(mapAsyncUnordered(3, _ -> null)).toList());
      assertEquals(List.of(), Stream.<Integer>of().gather(mapAsync(3, this::slowly)).toList());
      assertEquals(List.of(), Stream.<Integer>of().gather(batch(3, ZERO)).toList());
    });
  }

  @Test
  void aGathererCanBeUsedAgainAndTheyCompose() throws Exception {
    tidy.run(() -> {
      Gatherer<Integer, ?, Integer> slow = mapAsync(4, this::slowly);
      for (int round = 0; round < 2; round++) {
        List<List<Integer>> results =
            Stream.of(3, 1, 2, 4, 5)
                .gather(slow)
                .map(i -> i + 1)
                .gather(mapAsyncUnordered(2, this::slowly).andThen(batch(2, ofHours(1))))
                .toList();
        assertEquals(List.of(2, 2, 1), results.stream().map(List::size).toList());
      }
    });
  }

  @Test
  void aFailureIsToldAtOnceAndCancelsTheOthers() throws Exception {
    IOException boom = new IOException("boom");
    for (Gatherer<Integer, ?, Integer> map :
        List.<Gatherer<Integer, ?, Integer>>of(
            mapAsync(3, millis -> failAt(20, millis, boom)),
            mapAsyncUnordered(3, millis -> failAt(20, millis, boom)))) {
      tidy.run(() -> {
        Instant began = now();
        assertSame(
            boom,
            assertThrows(
                IOException.class,
                () -> Stream.of(3_600_000, 20, 3_000_000, 10).gather(map).toList()));
        assertEquals(ofMillis(20), since(began));
        assertEquals(0, running);
        checkpoint();
      });
    }
    trail.expect(
        "3600000 cancelled", "3000000 cancelled", "3600000 cancelled", "3000000 cancelled");
  }

  private int failAt(int failing, int millis, Exception failure) throws Exception {
    slowly(millis);
    if (millis == failing) {
      throw failure;
    }
    return millis;
  }

  @Test
  void theJdksOwnTellsOfAFailureOnlyAfterTheSlowFirstElement() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicReference<Throwable> out = new AtomicReference<>();
    Thread stream =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Stream.of("slow", "fails")
                    .gather(
                        Gatherers.mapConcurrent(
                            2,
                            name -> {
                              if (name.equals("fails")) {
                                failed.countDown();
                                throw new IllegalStateException("boom");
                              }
                              awaitQuietly(release);
                              return name;
                            }))
                    .forEach(_ -> {});
              } catch (RuntimeException e) {
                out.set(e);
              }
            });
    assertTrue(failed.await(10, TimeUnit.SECONDS));
    assertFalse(stream.join(ofMillis(20)), "it waits for the slow one");
    release.countDown();
    stream.join();
    assertEquals("boom", out.get().getMessage());

    tidy.run(() -> {
      Instant began = now();
      refused(
          IllegalStateException.class,
          "boom",
          () ->
              Stream.of("slow", "fails")
                  .gather(
                      mapAsync(
                          2,
                          name -> {
                            if (name.equals("fails")) {
                              throw new IllegalStateException("boom");
                            }
                            sleep(ofHours(1));
                            return name;
                          }))
                  .toList());
      assertEquals(ZERO, since(began));
    });
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void laterFailuresAreSuppressedInTheFirst() throws Exception {
    IOException first = new IOException("first");
    IOException second = new IOException("second");
    tidy.run(() -> {
      IOException out =
          assertThrows(
              IOException.class,
              () ->
                  Stream.of(1, 2)
                      .gather(
                          mapAsync(
                              2,
                              i -> {
                                if (i == 2) {
                                  sleep(ofMillis(5));
                                  throw first;
                                }
                                try {
                                  sleep(ofHours(1));
                                } finally {
                                  throwIt(second);
                                }
                                return i;
                              }))
                      .toList());
      assertSame(first, out);
      assertArrayEquals(new Throwable[] {second}, out.getSuppressed());
    });
  }

  private static void throwIt(Exception exception) throws Exception {
    throw exception;
  }

  @Test
  void whatAnElementStartedBelongsToIt() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      Stream.of(1, 2)
          .gather(
              mapAsync(
                  1,
                  i -> {
                    async(() -> slowly(10));
                    return i;
                  }))
          .forEach(i -> trail.add(i + " with " + running));
      assertSame(
          boom,
          assertThrows(
              IOException.class,
              () ->
                  Stream.of(1)
                      .gather(
                          mapAsync(
                              1,
                              i -> {
                                async(() -> throwIt(boom));
                                return i;
                              }))
                      .toList()));
    });
    trail.expect("1 with 0", "2 with 0");
  }

  @Test
  void aDownstreamThatWantsNoMoreCancelsWhatIsInFlight() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      Optional<Integer> first =
          Stream.of(10, 1000, 2000).gather(mapAsync(3, this::slowly)).findFirst();
      assertEquals(Optional.of(10), first);
      assertEquals(ofMillis(10), since(began));
      trail.add("unordered");
      List<Integer> two =
          Stream.iterate(5, i -> i + 5)
              .gather(mapAsyncUnordered(3, this::slowly))
              .limit(2)
              .toList();
      assertEquals(List.of(5, 10), two);
      assertEquals(ofMillis(20), since(began));
      assertEquals(0, running);
    });
    trail.expect("1000 cancelled", "2000 cancelled", "unordered", "15 cancelled", "20 cancelled");
  }

  @Test
  void whatAnElementThrowsWhenNobodyWantsItGoesToTheHandler() throws Exception {
    IOException boom = new IOException("boom");
    List<Throwable> reported = new ArrayList<>();
    Runner.builder()
        .time(new VirtualTime())
        .exceptionHandler((_, e) -> reported.add(e))
        .run(() -> {
          Optional<Integer> first =
              Stream.of(1, 2)
                  .gather(
                      mapAsync(
                          2,
                          i -> {
                            try {
                              sleep(ofSeconds(i));
                            } finally {
                              throwIf(i == 2, boom);
                            }
                            return i;
                          }))
                  .findFirst();
          assertEquals(Optional.of(1), first);
          assertEquals(List.of(boom), reported);
        });
  }

  private static void throwIf(boolean condition, Exception exception) throws Exception {
    if (condition) {
      throw exception;
    }
  }

  @Test
  void anExceptionOfTheDownstreamCancelsAndJoins() throws Exception {
    tidy.run(() -> {
      refused(
          IllegalStateException.class,
          "enough",
          () -> {
            Stream.of(10, 1000, 2000, 3000)
                .gather(mapAsync(3, this::slowly))
                .forEach(_ -> {
                  throw new IllegalStateException("enough");
                });
            return 0;
          });
      assertEquals(0, running);
      assertInstanceOf(TaskImpl.class, current());
    });
    trail.expect("1000 cancelled", "2000 cancelled");
  }

  @Test
  void anExceptionOfTheUpstreamLeavesNothingBeyondTheScope() throws Exception {
    tidy.run(() -> {
      scope(_ -> {
        refused(
            IllegalStateException.class,
            "no third",
            () -> thirdFails().gather(mapAsync(5, this::slowly)).toList());
        sleep(ofMillis(150));
        trail.add("scope ends with " + running);
      });
      assertEquals(0, running);
    });
    trail.expect("scope ends with 1", "200 cancelled");
  }

  private static Stream<Integer> thirdFails() {
    return Stream.of(100, 200, 300)
        .peek(i -> {
          if (i == 300) {
            throw new IllegalStateException("no third");
          }
        });
  }

  @Test
  void aFailureThatNobodyTakesAnyMoreGoesToTheHandlerWithTheScope() throws Exception {
    IOException boom = new IOException("boom");
    List<Throwable> reported = new ArrayList<>();
    Runner.builder()
        .time(new VirtualTime())
        .exceptionHandler((_, e) -> reported.add(e))
        .run(() -> {
          scope(_ -> {
            refused(
                IllegalStateException.class,
                "no third",
                () -> thirdFails().gather(mapAsync(5, i -> failAt(100, i, boom))).toList());
            sleep(ofMillis(500));
            assertEquals(List.of(), reported);
          });
          assertEquals(List.of(boom), reported);
        });
    trail.expect("200 cancelled");
  }

  @Test
  void cancellingTheTaskCancelsWhatIsInFlight() throws Exception {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofMillis(50),
                  () -> Stream.of(10, 100).gather(mapAsync(2, this::slowly)).toList()));
      assertEquals(0, running);
    });
    trail.expect("100 cancelled");
  }

  @Test
  void aFailureWinsOverACancellationAtTheSameTime() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() ->
        scope(outer -> {
          assertSame(
              boom,
              assertThrows(
                  IOException.class,
                  () ->
                      Stream.of(1, 2)
                          .gather(
                              mapAsync(
                                  2,
                                  i -> {
                                    if (i == 2) {
                                      outer.cancel("enough");
                                      throw boom;
                                    }
                                    return slowly(1000);
                                  }))
                          .toList()));
          assertThrows(CancelledException.class, Async::checkpoint);
        }));
    trail.expect("1000 cancelled");
  }

  @Test
  void anElementWhoseTaskCancelsItselfHasNoResult() throws Exception {
    tidy.run(() -> {
      CancellationException out =
          assertThrows(
              CancellationException.class,
              () ->
                  Stream.of(1000, 1)
                      .gather(
                          mapAsync(
                              2,
                              i -> {
                                if (i == 1) {
                                  current().cancel("no result");
                                }
                                return slowly(i);
                              }))
                      .toList());
      assertFalse(out instanceof CancelledException, "it is not the caller's own");
      assertEquals("the task of an element was cancelled: no result", out.getMessage());
    });
    trail.expect("1 cancelled", "1000 cancelled");
  }

  @Test
  void aFailureShowsWhereTheStreamWasRun() throws Exception {
    tidy.run(() -> {
      IOException out = assertThrows(IOException.class, AsyncGatherersTest::runHere);
      List<String> methods =
          Arrays.stream(out.getStackTrace()).map(StackTraceElement::getMethodName).toList();
      assertTrue(methods.contains("runHere"), methods.toString());
    });
  }

  private static List<Integer> runHere() {
    return Stream.of(1)
        .gather(
            mapAsync(
                1,
                i -> {
                  throwIf(i == 1, new IOException("boom"));
                  return i;
                }))
        .toList();
  }

  @Test
  void aLongStreamThatNeverWaitsLetsOthersRun() throws Exception {
    tidy.run(() -> {
      boolean[] ran = {false};
      async(() -> {
        ran[0] = true;
      });
      int[] at = {0};
      Stream.iterate(0, i -> i + 1)
          .gather(throttle(Integer.MAX_VALUE, ofSeconds(1)))
          .takeWhile(_ -> !ran[0])
          .forEach(i -> at[0] = i);
      assertTrue(at[0] < 1000, "the other waited for " + at[0] + " elements");
    });
  }

  @Test
  void randomStreamsGiveWhatTheyShould() throws Exception {
    long first = Seeds.next();
    for (long seed = first; seed < first + 200; seed++) {
      String repeat = "-Dthrum.seed=" + seed;
      RandomGenerator random = Seeds.generator(seed);
      tidy.run(() -> gatherAtRandom(random, repeat));
    }
  }

  private void gatherAtRandom(RandomGenerator random, String repeat) {
    List<Integer> times = random.ints(random.nextInt(30), 0, 20).boxed().toList();
    int limit = 1 + random.nextInt(5);
    int wanted = random.nextInt(40);
    running = 0;
    most = 0;
    Stream<Integer> upstream =
        times.stream().peek(_ -> sleep(ofMillis(Math.max(0, random.nextInt(-5, 9)))));
    boolean ordered = random.nextBoolean();
    List<Integer> results =
        upstream
            .gather(
                ordered ? mapAsync(limit, this::slowly) : mapAsyncUnordered(limit, this::slowly))
            .gather(batch(1 + random.nextInt(4), ofMillis(random.nextInt(6))))
            .peek(_ -> sleep(ofMillis(random.nextInt(4))))
            .flatMap(List::stream)
            .limit(wanted)
            .toList();
    assertEquals(0, running, repeat);
    assertTrue(most <= limit, repeat);
    if (ordered) {
      assertEquals(times.stream().limit(wanted).toList(), results, repeat);
    } else if (wanted >= times.size()) {
      assertEquals(times.stream().sorted().toList(), results.stream().sorted().toList(), repeat);
    } else {
      assertEquals(wanted, results.size(), repeat);
    }
  }

  // batch

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

  @Test
  void batchGivesFullListsAtOnceAndTheRestAtTheEnd() throws Exception {
    tidy.run(() -> {
      List<List<Integer>> batches =
          IntStream.rangeClosed(1, 7).boxed().gather(batch(3, ofHours(1))).toList();
      assertEquals(List.of(List.of(1, 2, 3), List.of(4, 5, 6), List.of(7)), batches);
      assertThrows(UnsupportedOperationException.class, () -> batches.getFirst().add(0));
    });
  }

  @Test
  void aPartialBatchIsPushedWhileTheUpstreamWaits() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      at(0, 5, 300, 301, 302, 303, 310, 1000)
          .gather(batch(3, ofMillis(20)))
          .forEach(list -> trail.add(list + " at " + since(began).toMillis()));
    });
    trail.expect("[0, 5] at 20", "[300, 301, 302] at 302", "[303, 310] at 323", "[1000] at 1000");
  }

  @Test
  void aTimeThatBeganWithAnotherBatchIsNotMistaken() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      at(0, 1, 15, 30, 31, 100)
          .gather(batch(2, ofMillis(20)))
          .forEach(list -> trail.add(list + " at " + since(began).toMillis()));
    });
    trail.expect("[0, 1] at 1", "[15, 30] at 30", "[31] at 51", "[100] at 100");
  }

  @Test
  void twoPushesNeverOverlap() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      at(0, 30, 40, 50, 60, 70)
          .gather(batch(2, ofMillis(10)))
          .forEach(list -> {
            running++;
            most = Math.max(most, running);
            sleep(ofMillis(100));
            running--;
            trail.add(list + " until " + since(began).toMillis());
          });
      assertEquals(1, most);
    });
    trail.expect("[0] until 110", "[30, 40] until 210", "[50, 60] until 310", "[70] until 410");
  }

  @Test
  void aTimeOfZeroPushesAsSoonAsTheUpstreamWaits() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      at(0, 7)
          .gather(batch(9, ZERO))
          .forEach(list -> trail.add(list + " at " + since(began).toMillis()));
    });
    trail.expect("[0] at 0", "[7] at 7");
  }

  @Test
  void aFailureOfThePushInTheHelperComesOutWithTheNextElement() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      refused(
          IllegalStateException.class,
          "enough",
          () -> {
            at(0, 50, 60)
                .gather(batch(9, ofMillis(20)))
                .forEach(list -> {
                  trail.add(list + " at " + since(began).toMillis());
                  throw new IllegalStateException("enough");
                });
            return 0;
          });
      assertEquals(ofMillis(50), since(began));
      refused(
          IllegalStateException.class,
          "enough",
          () -> {
            at(0)
                .gather(batch(9, ofMillis(20)))
                .forEach(_ -> {
                  throw new IllegalStateException("enough");
                });
            return 0;
          });
    });
    trail.expect("[0] at 20");
  }

  @Test
  void aDownstreamOfTheHelperThatWantsNoMoreEndsTheStreamWithTheNextElement() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      var first = at(0, 50, 60).gather(batch(9, ofMillis(20))).findFirst();
      assertEquals(List.of(0), first.orElseThrow());
      assertEquals(ofMillis(50), since(began));
    });
  }

  @Test
  void cancellingTheTaskEndsABatchAndItsHelper() throws Exception {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofMillis(50),
                  () ->
                      at(0, 5000)
                          .gather(batch(9, ofMillis(20)))
                          .forEach(list -> {
                            trail.add("takes " + list);
                            sleep(ofSeconds(1));
                            trail.add("took " + list);
                          })));
    });
    trail.expect("takes [0]");
  }

  @Test
  void aHelperInTheMiddleOfAPushHasEndedWhenTheStreamThrows() throws Exception {
    tidy.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofMillis(50),
                  () -> {
                    try {
                      at(0, 30, 31).gather(batch(2, ofMillis(20))).forEach(this::takeForEver);
                    } finally {
                      trail.add("the stream has thrown");
                    }
                  }));
    });
    trail.expect("cleaned up", "the stream has thrown");
  }

  private void takeForEver(List<Integer> list) {
    try {
      sleep(ofHours(list.size()));
    } finally {
      shield(() -> sleep(ofSeconds(1)));
      trail.add("cleaned up");
    }
  }

  @Test
  void anExceptionOfTheUpstreamEndsTheHelperWithTheScopeAtTheLatest() throws Exception {
    tidy.run(() -> {
      scope(_ -> {
        refused(
            IllegalStateException.class,
            "no third",
            () -> thirdFails().gather(batch(9, ofHours(1))).toList());
        sleep(ofSeconds(1));
      });
      trail.add("left");
    });
    trail.expect("left");
  }

  // throttle

  @Test
  void throttleLetsSoManyPassInAnyPeriod() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      List<Long> times =
          at(0, 0, 0, 0, 50, 300, 300, 300)
              .gather(throttle(2, ofMillis(100)))
              .map(_ -> since(began).toMillis())
              .toList();
      assertEquals(List.of(0L, 0L, 100L, 100L, 200L, 300L, 300L, 400L), times);
    });
  }

  @Test
  void throttleWithoutAPeriodLetsAllPass() throws Exception {
    tidy.run(() -> {
      Instant began = now();
      assertEquals(5, Stream.of(1, 2, 3, 4, 5).gather(throttle(1, ZERO)).toList().size());
      assertEquals(ZERO, since(began));
    });
  }

  // timeoutEach

  @Test
  void timeoutEachSaysWhichElement() throws Exception {
    tidy.run(() -> {
      List<Integer> done = new ArrayList<>();
      Throwable out =
          assertThrows(
              TimeoutException.class,
              () ->
                  Stream.of(10, 20, 500, 10)
                      .gather(timeoutEach(ofMillis(100), this::slowly))
                      .forEach(done::add));
      assertEquals("element 3, 500: timed out after 100 ms", out.getMessage());
      assertEquals(List.of(10, 20), done);
    });
    trail.expect("500 cancelled");
  }

  @Test
  void aTimeoutOfTheFunctionItselfAndOtherFailuresComeOutAsTheyAre() throws Exception {
    TimeoutException own = new TimeoutException("own");
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      for (Exception each : List.of(own, boom)) {
        assertSame(
            each,
            assertThrows(
                Exception.class,
                () ->
                    Stream.of(1)
                        .gather(
                            timeoutEach(
                                ofSeconds(1),
                                i -> {
                                  throwIt(each);
                                  return i;
                                }))
                        .toList()));
      }
    });
  }

  @Test
  void aLongElementIsShownShort() throws Exception {
    tidy.run(() -> {
      Throwable out =
          assertThrows(
              TimeoutException.class,
              () ->
                  Stream.of("x".repeat(1000))
                      .gather(
                          timeoutEach(
                              ofMillis(1),
                              text -> {
                                sleep(ofSeconds(1));
                                return text;
                              }))
                      .toList());
      assertTrue(out.getMessage().length() < 200, out.getMessage());
    });
  }

  // Wrong use

  private List<Gatherer<Integer, ?, ?>> all() {
    return List.of(
        mapAsync(2, this::slowly),
        mapAsyncUnordered(2, this::slowly),
        batch(2, ofMillis(1)),
        throttle(2, ofMillis(1)),
        timeoutEach(ofMillis(1), i -> i));
  }

  @Test
  void outsideATaskTheySaySo() throws Exception {
    for (Gatherer<Integer, ?, ?> one : all()) {
      refused(IllegalStateException.class, "(…) works only inside a task", () -> count(one));
    }
    tidy.run(() -> {
      for (Gatherer<Integer, ?, ?> one : all()) {
        refused(
            IllegalStateException.class, "only inside a task", () -> blocking(() -> count(one)));
      }
    });
  }

  private static <R> List<R> count(Gatherer<Integer, ?, R> gatherer) {
    return Stream.of(1).gather(gatherer).toList();
  }

  private static <R> List<R> countInParallel(Gatherer<Integer, ?, R> gatherer) {
    return IntStream.range(0, 10_000).boxed().parallel().gather(gatherer).toList();
  }

  @Test
  void aParallelStreamIsRefused() throws Exception {
    tidy.run(() -> {
      for (Gatherer<Integer, ?, ?> one : all()) {
        Throwable out = assertThrows(IllegalStateException.class, () -> countInParallel(one));
        assertTrue(out.toString().contains("call sequential()"), out.toString());
      }
    });
  }

  @Test
  void wrongNumbersAreRefusedBeforeAnythingRuns() {
    refused(IllegalArgumentException.class, "at least 1: 0", () -> mapAsync(0, this::slowly));
    refused(
        IllegalArgumentException.class, "at least 1: 0", () -> mapAsyncUnordered(0, this::slowly));
    refused(IllegalArgumentException.class, "at least 1: -1", () -> batch(-1, ZERO));
    refused(IllegalArgumentException.class, "negative", () -> batch(1, ofMillis(-1)));
    refused(IllegalArgumentException.class, "at least 1: 0", () -> throttle(0, ZERO));
    refused(IllegalArgumentException.class, "negative", () -> throttle(1, ofMillis(-1)));
    refused(IllegalArgumentException.class, "negative", () -> timeoutEach(ofMillis(-1), i -> i));
    refused(NullPointerException.class, "step", () -> mapAsync(1, null));
    refused(NullPointerException.class, "the time", () -> batch(1, null));
    refused(NullPointerException.class, "the period", () -> throttle(1, null));
  }

  @Test
  void aCancelledTaskIsToldFirst() throws Exception {
    tidy.run(() -> {
      scope(inner -> {
        inner.cancel("enough");
        for (Gatherer<Integer, ?, ?> one : all()) {
          assertThrows(CancelledException.class, () -> count(one));
        }
      });
      shield(() -> assertEquals(1, await(async(() -> 1))));
    });
  }
}
