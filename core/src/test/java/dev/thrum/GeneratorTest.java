package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.stream.Emitter;
import dev.thrum.stream.Generator;
import dev.thrum.stream.GeneratorClosedException;
import dev.thrum.stream.GeneratorCursor;
import dev.thrum.sync.Mutex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Generators.
@ParameterizedClass(name = "{0}")
@EnumSource
class GeneratorTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  GeneratorTest(Tidy tidy) {
    this.tidy = tidy;
  }

  /// Counts, with a wait before each item, and tells of its end.
  private Generator<Integer> numbers(int last) {
    return Generator.of(y -> {
      try {
        for (int i = 1; i <= last; i++) {
          sleep(ofMillis(10));
          trail.add("emit " + i);
          y.emit(i);
        }
        trail.add("body ends");
      } finally {
        trail.add("finally");
      }
    });
  }

  private static void refused(Class<? extends Throwable> kind, String text, VoidBody<?> call) {
    Throwable thrown = assertThrows(kind, call::run);
    assertTrue(thrown.getMessage().contains(text), thrown.getMessage());
  }

  private static void refused(Class<? extends Throwable> kind, String text, Body<?, ?> call) {
    VoidBody<?> same = call;
    refused(kind, text, same);
  }

  // Turns

  @Test
  void theBodyRunsOnlyWhileItsConsumerAsks() throws Exception {
    tidy.run(() -> {
      for (int i : numbers(2)) {
        trail.add("got " + i);
        sleep(ofSeconds(1));
        trail.add("used " + i);
      }
      trail.add("done");
    });
    trail.expect(
        "emit 1", "got 1", "used 1", "emit 2", "got 2", "used 2", "body ends", "finally", "done");
  }

  @Test
  void theBodyBeginsWithTheFirstQuestionAndNotBefore() throws Exception {
    tidy.run(() -> {
      var cursor = numbers(1).iterator();
      sleep(ofSeconds(1));
      trail.add("asks");
      assertTrue(cursor.hasNext());
      assertTrue(cursor.hasNext(), "asking twice fetches once");
      assertEquals(1, cursor.next());
      assertFalse(cursor.hasNext());
      assertFalse(cursor.hasNext());
      assertThrows(NoSuchElementException.class, cursor::next);
    });
    trail.expect("asks", "emit 1", "body ends", "finally");
  }

  @Test
  void itsWaitsTakeTheTimeTheyTakeAndNoMore() throws Exception {
    tidy.run(() -> {
      var began = now();
      int sum = 0;
      for (int i : numbers(100)) {
        sum += i;
      }
      assertEquals(5050, sum);
      assertEquals(ofSeconds(1), between(began, now()));
    });
  }

  @Test
  void anEmptyBodyIsAnEmptySequence() throws Exception {
    tidy.run(() -> {
      Generator<String> none = Generator.of(_ -> trail.add("ran"));
      for (String _ : none) {
        trail.add("item");
      }
    });
    trail.expect("ran");
  }

  @Test
  void aLongSequenceThatNeverWaitsLetsOthersRun() throws Exception {
    tidy.run(() -> {
      boolean[] ran = {false};
      async(() -> {
        for (int i = 0; i < 3; i++) {
          checkpoint();
        }
        ran[0] = true;
      });
      int until = 0;
      Generator<Integer> forever =
          Generator.of(y -> {
            for (int i = 0; ; i++) {
              y.emit(i);
            }
          });
      for (int i : forever) {
        until = i;
        if (ran[0]) {
          break;
        }
      }
      assertTrue(until < 1000, "others waited for " + until + " items");
    });
  }

  // Exceptions of the body

  @Test
  void aFailureComesOutAsItselfOnceAndEndsTheSequence() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      Generator<Integer> fails =
          Generator.of(y -> {
            y.emit(1);
            throw boom;
          });
      var cursor = fails.iterator();
      assertEquals(1, cursor.next());
      assertSame(boom, assertThrows(IOException.class, cursor::next));
      assertFalse(cursor.hasNext());
      cursor.close();
    });
  }

  @Test
  void aFailureShowsWhereItWasAskedFor() throws Exception {
    tidy.run(() -> {
      Generator<Integer> fails =
          Generator.of(_ -> {
            throw new IOException("boom");
          });
      IOException out = assertThrows(IOException.class, () -> askHere(fails));
      List<String> methods =
          Arrays.stream(out.getStackTrace()).map(StackTraceElement::getMethodName).toList();
      assertTrue(methods.contains("askHere"), methods.toString());
    });
  }

  private static void askHere(Generator<?> generator) {
    assertTrue(generator.iterator().hasNext());
  }

  @Test
  void whatTheBodyStartedIsJoinedBeforeItsEndIsKnown() throws Exception {
    tidy.run(() -> {
      Generator<Integer> starts =
          Generator.of(y -> {
            async(() -> {
              sleep(ofSeconds(1));
              trail.add("child ends");
            });
            y.emit(1);
          });
      for (int i : starts) {
        trail.add("got " + i);
      }
      trail.add("done");
    });
    trail.expect("got 1", "child ends", "done");
  }

  @Test
  void aFailureOfItsChildThatNobodyAwaitedComesOutAtTheEnd() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      Generator<Integer> starts =
          Generator.of(y -> {
            async(() -> {
              throw boom;
            });
            y.emit(1);
          });
      var cursor = starts.iterator();
      assertEquals(1, cursor.next());
      assertSame(boom, assertThrows(IOException.class, cursor::hasNext));
      checkpoint();
    });
  }

  @Test
  void aFailureThatItsBodyAwaitsAndCatchesIsHandled() throws Exception {
    tidy.run(() -> {
      Generator<String> starts =
          Generator.of(y -> {
            Task<?> child =
                async(() -> {
                  throw new IOException("boom");
                });
            try {
              await(child);
            } catch (Exception e) {
              y.emit(e.getMessage());
            }
          });
      assertEquals(List.of("boom"), starts.stream().toList());
    });
  }

  // Closing

  @Test
  void closeRunsTheFinallyBlocksWhichMayWait() throws Exception {
    tidy.run(() -> {
      Generator<Integer> slow =
          Generator.of(y -> {
            try {
              y.emit(1);
              trail.add("went on");
            } catch (GeneratorClosedException e) {
              trail.add("closed");
              throw e;
            } finally {
              sleep(ofSeconds(1));
              trail.add("cleaned up");
            }
          });
      try (var cursor = slow.iterator()) {
        assertEquals(1, cursor.next());
      }
      trail.add("after");
    });
    trail.expect("closed", "cleaned up", "after");
  }

  @Test
  void closeThrowsWhatTheCleanupThrows() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      Generator<Integer> fails =
          Generator.of(y -> {
            try {
              y.emit(1);
            } finally {
              sleep(ofSeconds(1));
              throwIt(boom);
            }
          });
      var cursor = fails.iterator();
      cursor.next();
      assertSame(boom, assertThrows(IOException.class, cursor::close));
      cursor.close();
      assertFalse(cursor.hasNext());
    });
  }

  @Test
  void closeThrowsAlsoWhatAResourceOfTheBodyThrows() throws Exception {
    IOException first = new IOException("first");
    IOException second = new IOException("second");
    tidy.run(() -> {
      Generator<Integer> fails =
          Generator.of(y -> {
            try (AutoCloseable one = () -> throwIt(second);
                AutoCloseable two = () -> throwIt(first)) {
              assertNotSame(one, two);
              y.emit(1);
            }
          });
      var cursor = fails.iterator();
      cursor.next();
      IOException out = assertThrows(IOException.class, cursor::close);
      assertSame(first, out);
      assertArrayEquals(new Throwable[] {second}, out.getSuppressed());
    });
  }

  private static void throwIt(Exception exception) throws Exception {
    throw exception;
  }

  @Test
  void closeOfABodyThatHasNotBegunNeverBeginsIt() throws Exception {
    tidy.run(() -> {
      var cursor = numbers(1).iterator();
      cursor.close();
      cursor.close();
      assertFalse(cursor.hasNext());
      var later = numbers(1).iterator();
      checkpoint();
      later.close();
    });
    trail.expect();
  }

  @Test
  void aTimeoutAroundEmitThatIsOverWhenTheBodyIsClosedIsNoFailure() throws Exception {
    tidy.run(() -> {
      Generator<Integer> hasty =
          Generator.of(y ->
              timeout(
                  ofMillis(5),
                  () -> {
                    try {
                      y.emit(1);
                    } finally {
                      shield(() -> sleep(ofMillis(10)));
                      trail.add("cleaned up");
                    }
                  }));
      var cursor = hasty.iterator();
      cursor.next();
      cursor.close();
    });
    trail.expect("cleaned up");
  }

  @Test
  void aClosedBodyThatGoesOnIsToldAgain() throws Exception {
    tidy.run(() -> {
      Generator<Integer> stubborn =
          Generator.of(y -> {
            for (int i = 1; i <= 3; i++) {
              try {
                y.emit(i);
              } catch (GeneratorClosedException _) {
                trail.add("told at " + i);
              }
            }
          });
      try (var cursor = stubborn.iterator()) {
        cursor.next();
      }
    });
    trail.expect("told at 1", "told at 2", "told at 3");
  }

  @Test
  void aLoopThatIsLeftClosesNothingUntilTheScopeIsLeft() throws Exception {
    tidy.run(() -> {
      scope(_ -> {
        for (int i : numbers(3)) {
          trail.add("got " + i);
          break;
        }
        sleep(ofSeconds(1));
        trail.add("scope ends");
      });
      trail.add("after");
    });
    trail.expect("emit 1", "got 1", "scope ends", "finally", "after");
  }

  @Test
  void aCursorCanBeGoneOnWithAfterABreak() throws Exception {
    tidy.run(() -> {
      List<Integer> got = new ArrayList<>();
      try (var cursor = numbers(4).iterator()) {
        for (int i : cursor) {
          got.add(i);
          if (i == 2) {
            break;
          }
        }
        got.add(0);
        for (int i : cursor) {
          got.add(i);
        }
      }
      assertEquals(List.of(1, 2, 0, 3, 4), got);
    });
  }

  @Test
  void atTheEndOfTheScopeAWaitInAFinallyNeedsAShield() throws Exception {
    tidy.run(() -> {
      scope(_ -> {
        Generator<Integer> slow =
            Generator.of(y -> {
              try {
                y.emit(1);
              } finally {
                assertThrows(CancelledException.class, () -> sleep(ofSeconds(1)));
                shield(() -> sleep(ofSeconds(1)));
                trail.add("cleaned up");
              }
            });
        slow.iterator().next();
      });
      trail.add("after");
    });
    trail.expect("cleaned up", "after");
  }

  @Test
  void aFailureOfTheCleanupAtTheEndOfTheScopeGoesToTheHandler() throws Exception {
    IOException boom = new IOException("boom");
    List<Throwable> reported = new ArrayList<>();
    Runner.builder()
        .time(new VirtualTime())
        .exceptionHandler((_, e) -> reported.add(e))
        .run(() -> {
          Generator<Integer> fails =
              Generator.of(y -> {
                try {
                  y.emit(1);
                } finally {
                  throwIt(boom);
                }
              });
          scope(_ -> {
            fails.iterator().next();
          });
          assertEquals(List.of(boom), reported);
        });
  }

  @Test
  void closeInACancelledTaskCancelsTheCleanupAndJoinsIt() throws Exception {
    tidy.run(() -> {
      Generator<Integer> slow =
          Generator.of(y -> {
            try {
              y.emit(1);
            } finally {
              cleanUpForAnHour();
            }
          });
      var cursor = slow.iterator();
      var began = now();
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(
                  ofSeconds(5),
                  () -> {
                    cursor.next();
                    try (cursor) {
                      trail.add("closes");
                    }
                    trail.add("closed");
                    checkpoint();
                    trail.add("went on");
                  }));
      assertEquals(ofSeconds(6), between(began, now()));
      assertFalse(cursor.hasNext());
    });
    trail.expect("closes", "cleanup cut short", "closed");
  }

  private void cleanUpForAnHour() {
    try {
      sleep(ofHours(1));
    } catch (CancelledException e) {
      shield(() -> sleep(ofSeconds(1)));
      trail.add("cleanup cut short");
      throw e;
    }
  }

  // Exceptions of the consumer

  @Test
  void failThrowsInTheBodyWhichMayGoOn() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      Generator<String> patient =
          Generator.of(y -> {
            for (int i = 1; i <= 2; i++) {
              try {
                y.emit("item " + i);
              } catch (Exception e) {
                assertSame(boom, e);
                sleep(ofSeconds(1));
                y.emit("caught " + e.getMessage());
              }
            }
          });
      try (var cursor = patient.iterator()) {
        assertEquals("item 1", cursor.next());
        assertEquals("caught boom", cursor.fail(boom));
        assertEquals("item 2", cursor.next());
        assertTrue(patientIsAt(cursor, boom));
        assertFalse(cursor.hasNext());
      }
    });
  }

  private static boolean patientIsAt(GeneratorCursor<String> cursor, Exception boom) {
    return cursor.fail(boom).equals("caught boom");
  }

  @Test
  void failEndsABodyThatDoesNotCatchIt() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      var cursor = numbers(3).iterator();
      assertEquals(1, cursor.next());
      assertSame(boom, assertThrows(IOException.class, () -> cursor.fail(boom)));
      assertFalse(cursor.hasNext());
      assertSame(boom, assertThrows(IOException.class, () -> cursor.fail(boom)), "nobody is there");
    });
    trail.expect("emit 1", "finally");
  }

  @Test
  void failOfABodyThatCatchesItAndEndsFindsNoItem() throws Exception {
    tidy.run(() -> {
      Generator<Integer> gentle =
          Generator.of(y -> {
            try {
              y.emit(1);
            } catch (IllegalStateException e) {
              trail.add(e.getMessage());
            }
          });
      var cursor = gentle.iterator();
      cursor.next();
      IllegalStateException enough = new IllegalStateException("enough");
      assertThrows(NoSuchElementException.class, () -> cursor.fail(enough));
    });
    trail.expect("enough");
  }

  @Test
  void failBeforeTheFirstItemNeverBeginsTheBody() throws Exception {
    tidy.run(() -> {
      var cursor = numbers(3).iterator();
      IOException boom = new IOException("boom");
      assertSame(boom, assertThrows(IOException.class, () -> cursor.fail(boom)));
      assertFalse(cursor.hasNext());
    });
    trail.expect();
  }

  @Test
  void failDropsAnItemThatWasFetchedAndNotTaken() throws Exception {
    tidy.run(() -> {
      Generator<Integer> counts =
          Generator.of(y -> {
            for (int i = 1; ; i++) {
              try {
                y.emit(i);
              } catch (UnsupportedOperationException _) {
                trail.add(i + " was refused");
              }
            }
          });
      try (var cursor = counts.iterator()) {
        assertTrue(cursor.hasNext());
        assertEquals(2, cursor.fail(new UnsupportedOperationException()));
        assertEquals(3, cursor.next());
      }
    });
    trail.expect("1 was refused");
  }

  // Cancelling the consumer

  @Test
  void aTimeoutAroundNextLosesNoItem() throws Exception {
    tidy.run(() -> {
      List<Integer> got = new ArrayList<>();
      int timeouts = 0;
      try (var cursor = numbers(5).iterator()) {
        while (true) {
          try {
            if (!timeout(ofMillis(4), cursor::hasNext)) {
              break;
            }
            got.add(cursor.next());
          } catch (TimeoutException _) {
            timeouts++;
          }
        }
      }
      assertEquals(List.of(1, 2, 3, 4, 5), got);
      assertEquals(10, timeouts);
    });
  }

  @Test
  void anItemThatComesWhileNobodyWaitsIsKept() throws Exception {
    tidy.run(() -> {
      var cursor = numbers(2).iterator();
      assertThrows(TimeoutException.class, () -> timeout(ofMillis(4), cursor::next));
      sleep(ofSeconds(1));
      trail.add("asks again");
      assertEquals(1, cursor.next());
      assertEquals(2, cursor.next());
      cursor.close();
    });
    trail.expect("emit 1", "asks again", "emit 2", "finally");
  }

  @Test
  void anItemThatComesTogetherWithTheTimeoutIsNotLost() throws Exception {
    tidy.run(() -> {
      List<Integer> got = new ArrayList<>();
      var cursor = numbers(20).iterator();
      while (got.size() < 20) {
        try {
          got.add(timeout(ofMillis(10), cursor::next));
        } catch (TimeoutException _) {
          trail.add("timeout");
        }
      }
      assertEquals(Stream.iterate(1, i -> i + 1).limit(20).toList(), got);
    });
  }

  @Test
  void aFailureThatComesWhileNobodyWaitsComesOutLater() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      var asked = failsLater(boom).iterator();
      assertThrows(TimeoutException.class, () -> timeout(ofMillis(4), asked::next));
      sleep(ofSeconds(1));
      assertSame(boom, assertThrows(IOException.class, asked::next));
      assertFalse(asked.hasNext());

      var closed = failsLater(boom).iterator();
      assertThrows(TimeoutException.class, () -> timeout(ofMillis(4), closed::next));
      sleep(ofSeconds(1));
      assertSame(boom, assertThrows(IOException.class, closed::close));
      closed.close();
      checkpoint();
    });
  }

  @Test
  void aFailureThatNobodyAsksForGoesToTheHandlerAtTheEndOfTheScope() throws Exception {
    IOException boom = new IOException("boom");
    List<Throwable> reported = new ArrayList<>();
    Runner.builder()
        .time(new VirtualTime())
        .exceptionHandler((_, e) -> reported.add(e))
        .run(() -> {
          scope(_ -> {
            var cursor = failsLater(boom).iterator();
            assertThrows(TimeoutException.class, () -> timeout(ofMillis(4), cursor::next));
            sleep(ofSeconds(1));
            assertEquals(List.of(), reported);
          });
          assertEquals(List.of(boom), reported);
        });
  }

  private static Generator<Integer> failsLater(Exception failure) {
    return Generator.of(_ -> {
      sleep(ofMillis(10));
      throw failure;
    });
  }

  @Test
  void closeWhileTheBodyIsOnItsWayCancelsIt() throws Exception {
    tidy.run(() -> {
      Generator<Integer> slow =
          Generator.of(y -> {
            try {
              sleep(ofHours(1));
            } catch (CancelledException e) {
              trail.add(e.reason());
              throw e;
            }
            y.emit(1);
          });
      var began = now();
      try (var cursor = slow.iterator()) {
        assertThrows(TimeoutException.class, () -> timeout(ofMillis(4), cursor::next));
        IllegalStateException busy = new IllegalStateException();
        refused(IllegalStateException.class, "on its way", () -> cursor.fail(busy));
      }
      assertEquals(ofMillis(4), between(began, now()));
    });
    trail.expect("the generator was closed");
  }

  @Test
  void aCancelledTaskIsToldFirstAlsoIfAnItemIsThere() throws Exception {
    tidy.run(() -> {
      var cursor = numbers(2).iterator();
      assertTrue(cursor.hasNext());
      scope(inner -> {
        inner.cancel("enough");
        assertThrows(CancelledException.class, cursor::hasNext);
        assertThrows(CancelledException.class, cursor::next);
        assertThrows(CancelledException.class, () -> cursor.fail(new IOException()));
      });
      assertEquals(1, cursor.next());
      cursor.close();
    });
  }

  @Test
  void cancellingTheScopeCancelsTheBodyAndAShieldedConsumerIsTold() throws Exception {
    tidy.run(() ->
        scope(outer -> {
          var cursor = numbers(2).iterator();
          assertTrue(cursor.hasNext());
          outer.cancel("enough");
          shield(() -> {
            sleep(ofSeconds(1));
            assertEquals(1, cursor.next(), "what was emitted is there");
            CancellationException plain = assertThrows(CancellationException.class, cursor::next);
            assertFalse(plain instanceof CancelledException, "it is not the caller's own");
            assertEquals("the generator was cancelled: enough", plain.getMessage());
          });
        }));
    trail.expect("emit 1", "finally");
  }

  @Test
  void aTimeoutOfTheBodyAroundEmitCutsItShortAndLosesNothing() throws Exception {
    tidy.run(() -> {
      Generator<String> hasty =
          Generator.of(y -> {
            String waited = "";
            for (int i = 1; i <= 3; i++) {
              String item = i + waited;
              waited = "";
              try {
                timeout(ofSeconds(1), () -> y.emit(item));
              } catch (TimeoutException _) {
                waited = " too late";
              }
            }
          });
      List<String> got = new ArrayList<>();
      for (String item : hasty) {
        got.add(item);
        sleep(ofMillis(item.equals("1") ? 1500 : 0));
      }
      assertEquals(List.of("1", "2 too late", "3"), got);

      var untaken = hasty();
      assertTrue(untaken.hasNext());
      sleep(ofSeconds(5));
      assertEquals("1", untaken.next(), "the body waits with the next one until this is taken");
      assertEquals("2", untaken.next());
      assertFalse(untaken.hasNext());
    });
  }

  private static GeneratorCursor<String> hasty() {
    Generator<String> two =
        Generator.of(y -> {
          assertThrows(TimeoutException.class, () -> timeout(ofSeconds(1), () -> y.emit("1")));
          y.emit("2");
        });
    return two.iterator();
  }

  @Test
  void randomConsumersLoseNothing() throws Exception {
    long first = Seeds.next();
    for (long seed = first; seed < first + 300; seed++) {
      String repeat = "-Dthrum.seed=" + seed;
      RandomGenerator random = Seeds.generator(seed);
      tidy.run(() -> consumeAtRandom(random, repeat));
    }
  }

  private static void consumeAtRandom(RandomGenerator random, String repeat) throws Exception {
    int last = random.nextInt(12);
    int[] cleanups = {0};
    Generator<Integer> counts =
        Generator.of(y -> {
          try {
            for (int i = 1; i <= last; i++) {
              sleep(ofMillis(random.nextInt(4)));
              y.emit(i);
            }
          } finally {
            cleanups[0]++;
          }
        });
    int closeAfter = random.nextInt(20);
    List<Integer> got = new ArrayList<>();
    boolean asked = false;
    try (var cursor = counts.iterator()) {
      while (got.size() < closeAfter) {
        asked = true;
        try {
          if (!timeout(ofMillis(random.nextInt(4)), cursor::hasNext)) {
            break;
          }
          got.add(cursor.next());
        } catch (TimeoutException _) {
          sleep(ofMillis(random.nextInt(3)));
        }
      }
    }
    int expected = Math.min(last, closeAfter);
    assertEquals(Stream.iterate(1, i -> i + 1).limit(expected).toList(), got, repeat);
    assertTrue(cleanups[0] == 1 || (!asked && cleanups[0] == 0), repeat);
  }

  // Nesting and streams

  private record Tree(int value, List<Tree> children) {}

  private Generator<Integer> walk(Tree tree) {
    return Generator.of(y -> {
      try {
        y.emit(tree.value);
        for (Tree child : tree.children) {
          sleep(ofMillis(1));
          y.emitAll(walk(child));
        }
      } finally {
        trail.add("left " + tree.value);
      }
    });
  }

  @Test
  void generatorsNest() throws Exception {
    Tree tree = new Tree(1, List.of(new Tree(2, List.of(new Tree(3, List.of()))), leaf(4)));
    tidy.run(() -> assertEquals(List.of(1, 2, 3, 4), walk(tree).stream().toList()));
    trail.expect("left 3", "left 2", "left 4", "left 1");
  }

  private static Tree leaf(int value) {
    return new Tree(value, List.of());
  }

  @Test
  void closingTheOuterOneClosesTheInnerOnesFirst() throws Exception {
    Tree tree = new Tree(1, List.of(new Tree(2, List.of(new Tree(3, List.of()))), leaf(4)));
    tidy.run(() -> {
      try (var cursor = walk(tree).iterator()) {
        cursor.next();
        cursor.next();
        assertEquals(3, cursor.next());
      }
      trail.add("closed");
    });
    trail.expect("left 3", "left 2", "left 1", "closed");
  }

  @Test
  void emitAllTakesAnyIterableAndLeavesAGivenCursorOpen() throws Exception {
    tidy.run(() -> {
      var rest = new ArrayList<Integer>();
      Generator<Integer> both =
          Generator.of(y -> {
            y.emitAll(List.of(10, 20));
            try (var inner = numbers(3).iterator()) {
              inner.next();
              y.emitAll(inner);
              rest.add(inner.hasNext() ? 1 : 0);
            }
          });
      assertEquals(List.of(10, 20, 2, 3), both.stream().toList());
      assertEquals(List.of(0), rest);
    });
  }

  @Test
  void aStreamAsksForNoMoreThanItNeedsAndClosesWithItself() throws Exception {
    tidy.run(() -> {
      try (var stream = numbers(100).stream()) {
        assertEquals(List.of(2, 4), stream.filter(i -> i % 2 == 0).limit(2).toList());
        trail.add("has two");
      }
      trail.add("closed");
      numbers(1).stream().close();
    });
    trail.expect("emit 1", "emit 2", "emit 3", "emit 4", "has two", "finally", "closed");
  }

  @Test
  void aParallelStreamIsRefused() throws Exception {
    tidy.run(() -> {
      try (var stream = numbers(3).stream().parallel()) {
        refused(IllegalStateException.class, "call sequential()", stream::toList);
      }
    });
  }

  // Deadlocks

  @Test
  void aBodyThatAwaitsItsConsumerIsADeadlock() throws Exception {
    tidy.run(() -> {
      Task<?> consumer = current();
      Generator<Object> circular = Generator.of(y -> y.emit(await(consumer)));
      assertThrows(DeadlockException.class, () -> circular.iterator().next());
    });
  }

  @Test
  void aBodyThatLocksWhatItsConsumerHoldsIsADeadlock() throws Exception {
    tidy.run(() -> {
      Mutex mutex = Mutex.create("table");
      mutex.lock();
      Generator<Integer> locks =
          Generator.of(y -> {
            mutex.lock();
            y.emit(1);
          });
      DeadlockException out = assertThrows(DeadlockException.class, () -> locks.iterator().next());
      assertTrue(out.toString().contains("the next item of generator"), out.toString());
      mutex.unlock();
    });
  }

  @Test
  void aConsumerThatLocksWhatARestingBodyHoldsIsADeadlock() throws Exception {
    tidy.run(() -> {
      Mutex mutex = Mutex.create("table");
      Generator<Integer> holds =
          Generator.of(y -> {
            mutex.lock();
            try {
              y.emit(1);
            } finally {
              mutex.unlock();
            }
          });
      try (var cursor = holds.iterator()) {
        cursor.next();
        assertThrows(DeadlockException.class, mutex::lock);
      }
      assertTrue(mutex.tryLock());
      mutex.unlock();
    });
  }

  // Wrong use

  @Test
  void aGeneratorIsIteratedOnce() throws Exception {
    tidy.run(() -> {
      Generator<Integer> once = numbers(1);
      assertEquals(List.of(1), once.stream().toList());
      refused(IllegalStateException.class, "Call the method that makes it again", once::iterator);
      refused(IllegalStateException.class, "iterated already", () -> once.stream().toList());
    });
  }

  @Test
  void outsideATaskItSaysSo() throws Exception {
    Generator<Integer> numbers = numbers(1);
    refused(IllegalStateException.class, "only inside a task", numbers::iterator);
    tidy.run(() -> {
      refused(IllegalStateException.class, "inside a task", () -> blocking(numbers::iterator));
      assertEquals(List.of(1), numbers.stream().toList(), "it has not been used up");
    });
  }

  @Test
  void anotherTaskCannotUseTheCursor() throws Exception {
    tidy.run(() -> {
      var cursor = numbers(1).iterator();
      await(
          async(() -> {
            refused(IllegalStateException.class, "belongs to task main", cursor::hasNext);
            refused(IllegalStateException.class, "belongs to task main", cursor::next);
            refused(IllegalStateException.class, "belongs to task main", cursor::close);
            IOException boom = new IOException();
            refused(IllegalStateException.class, "task main", () -> cursor.fail(boom));
          }));
      refused(IllegalStateException.class, "belongs to", () -> blocking(cursor::next));
      assertEquals(1, cursor.next());
      cursor.close();
    });
  }

  @Test
  void theBodyCannotUseItsOwnCursor() throws Exception {
    tidy.run(() -> {
      var cursor = new ArrayList<GeneratorCursor<Integer>>();
      Generator<Integer> curious = Generator.of(_ -> cursor.getFirst().next());
      cursor.add(curious.iterator());
      refused(IllegalStateException.class, "belongs to task main", cursor.getFirst()::next);
    });
  }

  @Test
  void onlyTheBodyItselfEmitsAndOnlyWhileItRuns() throws Exception {
    tidy.run(() -> {
      List<Emitter<Integer>> kept = new ArrayList<>();
      Generator<Integer> careless =
          Generator.of(y -> {
            kept.add(y);
            await(async(() -> refusedEmit(y)));
            blocking(() -> refusedEmit(y));
            Generator<Integer> inner = Generator.of(_ -> refusedEmit(y));
            assertEquals(List.of(), inner.stream().toList());
            refused(NullPointerException.class, "item", () -> y.emit(null));
            y.emit(1);
          });
      assertEquals(List.of(1), careless.stream().toList());
      refusedEmit(kept.getFirst());
    });
  }

  private static void refusedEmit(Emitter<Integer> y) {
    refused(IllegalStateException.class, "only the generator's body itself", () -> y.emit(7));
  }

  @Test
  void nothingIsLeftOfManyGenerators() throws Exception {
    tidy.run(() -> {
      background(() -> sleep(ofHours(1)));
      for (int round = 0; round < 300; round++) {
        var cursor = numbers(3).iterator();
        if (round % 3 > 0) {
          cursor.next();
        }
        if (round % 2 == 0) {
          cursor.close();
        }
      }
      assertInstanceOf(TaskImpl.class, current());
    });
  }
}
