package dev.thrum.testkit;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.testkit.Property.assume;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.VoidBodyOf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// Properties: how they find, shrink and tell what is wrong.
class PropertyTest {
  private static final int SEEDS = 20;

  private static <T> AssertionError failure(Gen<T> gen, long seed, VoidBodyOf<T, ?> body) {
    Property<T> property = Property.of(gen, body).seed(seed).cases(1000);
    return assertThrows(AssertionError.class, property::check);
  }

  /// Whatever the seed, the counterexample must be this one.
  private static <T> void assertShrinksTo(String simplest, Gen<T> gen, Predicate<T> holds) {
    for (int seed = 0; seed < SEEDS; seed++) {
      String message = failure(gen, seed, value -> assertTrue(holds.test(value))).getMessage();
      String value = message.lines().skip(1).findFirst().orElseThrow();
      assertEquals("  value   " + simplest, value, "seed " + seed);
    }
  }

  // Finding

  @Test
  void aPropertyThatHoldsPassesInAHundredCases() {
    List<Integer> tried = new ArrayList<>();
    Property.forAll(Gen.ints(), tried::add);
    assertEquals(100, tried.size());
    assertTrue(new HashSet<>(tried).size() > 50);
    assertThrows(IllegalArgumentException.class, () -> Property.of(Gen.ints(), _ -> {}).cases(0));
  }

  @Test
  void theMessageSaysHowToRepeatIt() {
    AssertionError error =
        failure(
            Gen.ints(0, 1_000_000),
            7,
            n -> {
              if (n >= 1000) {
                throw new IllegalStateException(n + " is too much");
              }
            });
    String found = error.getMessage().lines().skip(2).findFirst().orElseThrow();
    assertTrue(found.startsWith("  found   ") && !found.equals("  found   1000"), found);
    assertEquals(
        """
        the property failed in case # with the seed #
          value   #
        %s
          failure java.lang.IllegalStateException: # is too much
          repeat  -Dthrum.seed=#\
        """
            .formatted(found.replaceAll("\\d+", "#")),
        error.getMessage().replaceAll("\\d+", "#"));
    assertTrue(error.getMessage().endsWith("repeat  -Dthrum.seed=7"));
    assertEquals(
        "1000 is too much",
        assertInstanceOf(IllegalStateException.class, error.getCause()).getMessage());
    assertEquals(
        error.getMessage(),
        failure(
                Gen.ints(0, 1_000_000),
                7,
                n -> {
                  if (n >= 1000) {
                    throw new IllegalStateException(n + " is too much");
                  }
                })
            .getMessage());
  }

  @Test
  void theSystemPropertyGivesTheSeed() {
    String before = System.getProperty("thrum.seed");
    System.setProperty("thrum.seed", "99");
    try {
      AssertionError error =
          assertThrows(
              AssertionError.class,
              () -> Property.forAll(Gen.ints(), n -> assertTrue(n < 1_000_000)));
      assertTrue(error.getMessage().contains("with the seed 99\n"), error.getMessage());
    } finally {
      if (before == null) {
        System.clearProperty("thrum.seed");
      } else {
        System.setProperty("thrum.seed", before);
      }
    }
  }

  @Test
  void theValueIsToldAsItWasBeforeTheBodyChangedIt() {
    Gen<List<Integer>> mutable = Gen.lists(Gen.ints(0, 9), 0, 9).map(ArrayList::new);
    AssertionError error =
        failure(
            mutable,
            1,
            list -> {
              boolean long3 = list.size() >= 3;
              list.clear();
              assertTrue(!long3);
            });
    assertTrue(error.getMessage().contains("  value   [0, 0, 0]\n"), error.getMessage());
  }

  @Test
  void aGeneratorThatFailsFailsTheProperty() {
    Gen<Integer> broken =
        Gen.ints(0, 1000)
            .map(n -> {
              if (n > 10) {
                throw new ArithmeticException("in the generator");
              }
              return n;
            });
    AssertionError error = failure(broken, 1, _ -> {});
    assertTrue(error.getMessage().contains("a value that could not be made"), error.getMessage());
    assertInstanceOf(ArithmeticException.class, error.getCause());
  }

  @Test
  void aBodyThatDependsOnMoreThanItsValueIsNotShrunk() {
    int[] runs = {0};
    AssertionError error = failure(Gen.ints(), 1, _ -> assertNotEquals(5, ++runs[0]));
    assertTrue(
        error
            .getMessage()
            .startsWith(
                "the property failed in case 5 with the seed 1, and not when the same value was tried"
                    + " again\n"),
        error.getMessage());
    assertEquals(6, runs[0]);
  }

  // Leaving out

  @Test
  void casesThatDoNotMeetAnAssumptionDoNotCount() {
    List<Integer> counted = new ArrayList<>();
    Property.forAll(
        Gen.ints(0, 3),
        n -> {
          assume(n != 2);
          counted.add(n);
        });
    assertEquals(100, counted.size());
  }

  @Test
  void tooManyCasesLeftOutAreAFailure() {
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () -> Property.of(Gen.ints(), n -> assume(n == 12345)).seed(3).cases(10).check());
    assertEquals(
        "only 0 cases counted and 101 were left out, with the seed 3; generate values that fit",
        error.getMessage());
  }

  @Test
  void shrinkingKeepsToTheAssumption() {
    AssertionError error =
        failure(
            Gen.ints(0, 100_000),
            1,
            n -> {
              assume(n % 7 == 3);
              assertTrue(n < 1000);
            });
    assertTrue(error.getMessage().contains("  value   1004\n"), error.getMessage());
  }

  // Shrinking

  @Test
  void numbersShrinkToTheBound() {
    assertShrinksTo("1000", Gen.ints(), n -> n < 1000);
    assertShrinksTo("-1000", Gen.ints(), n -> n > -1000);
    assertShrinksTo("1000", Gen.ints(), n -> Math.abs((long) n) < 1000);
    assertShrinksTo("101", Gen.longs(100, Long.MAX_VALUE), n -> n == 100);
    assertShrinksTo("-9223372036854775808", Gen.longs(), n -> n != Long.MIN_VALUE);
  }

  @Test
  void listsShrinkToWhatMatters() {
    Gen<List<Integer>> lists = Gen.lists(Gen.ints(), 0, 50);
    assertShrinksTo("[0, 0, 0]", lists, list -> list.size() < 3);
    Gen<List<Integer>> natural = Gen.lists(Gen.ints(0, 1000), 0, 50);
    assertShrinksTo("[1, 0]", natural, list -> list.stream().sorted().toList().equals(list));
    assertShrinksTo("[100]", lists, list -> list.stream().allMatch(n -> n < 100));
    assertShrinksTo("[0, 0]", lists, list -> new HashSet<>(list).size() == list.size());
  }

  @Test
  void whatIsAddedUpIsGathered() {
    Gen<List<Integer>> lists = Gen.lists(Gen.ints(0, 1000), 0, 20);
    assertShrinksTo(
        "[1000]", lists, list -> list.stream().mapToInt(Integer::intValue).sum() < 1000);
    assertShrinksTo(
        "[501, 1000]", lists, list -> list.stream().mapToInt(Integer::intValue).sum() <= 1500);
  }

  @Test
  void equalPartsShrinkTogether() {
    Gen<List<Integer>> pairs = Gen.lists(Gen.ints(0, 20), 2, 2);
    assertShrinksTo("[11, 11]", pairs, p -> !p.get(0).equals(p.get(1)) || p.get(0) <= 10);
  }

  @Test
  void stringsShrinkToTheFirstCharacters() {
    assertShrinksTo("aaaa", Gen.strings(0, 20), s -> s.codePointCount(0, s.length()) < 4);
    assertShrinksTo("b", Gen.strings("abc", 0, 20), s -> !s.contains("b"));
  }

  @Test
  void itShrinksThroughMapAndFlatMap() {
    record Size(int width, int height) {}
    Gen<Size> sizes = Gen.combine(Gen.ints(1, 1000), Gen.ints(1, 1000), Size::new);
    assertShrinksTo("Size[width=1, height=50]", sizes, size -> size.width() + size.height() <= 50);
    Gen<List<Integer>> sized =
        Gen.ints(0, 20).flatMap(size -> Gen.lists(Gen.ints(0, 100), size, size));
    assertShrinksTo("[50]", sized, list -> list.stream().allMatch(n -> n < 50));
    assertShrinksTo(
        "[[0], [0]]",
        Gen.lists(Gen.lists(Gen.ints(), 0, 5), 0, 5),
        lists -> lists.stream().filter(list -> !list.isEmpty()).count() < 2);
    assertShrinksTo("12", Gen.ints(0, 1000).filter(n -> n % 4 == 0), n -> n < 10);
    assertShrinksTo(
        "PT1.5S", Gen.durations(Duration.ZERO, ofSeconds(100)), d -> d.toMillis() < 1500);
    assertShrinksTo(
        "[1, 2, 3, 5, 4]",
        Gen.shuffles(List.of(1, 2, 3, 4, 5)),
        list -> list.equals(List.of(1, 2, 3, 4, 5)));
  }

  @Test
  void onlyAnExceptionOfTheSameClassCounts() {
    AssertionError error =
        failure(
            Gen.ints(0, 1000),
            4,
            n -> {
              if (n > 500) {
                throw new IllegalStateException("large");
              }
              if (n > 10) {
                throw new ArithmeticException("small");
              }
            });
    String value = error.getCause() instanceof IllegalStateException ? "501" : "11";
    assertTrue(error.getMessage().contains("  value   " + value + "\n"), error.getMessage());
  }

  @Test
  void aPropertyThatAlwaysFailsFailsWithTheSimplestValue() {
    AssertionError error = failure(Gen.ints(), 1, _ -> assertTrue(false));
    assertTrue(error.getMessage().contains("case 1 with"), error.getMessage());
    assertTrue(error.getMessage().contains("  value   0\n  failure "), error.getMessage());
  }

  @Test
  void shrinkingStopsAfterSoManyRuns() {
    int[] runs = {0};
    Property<Integer> property =
        Property.of(
                Gen.ints(0, 1_000_000),
                n -> {
                  runs[0]++;
                  assertTrue(n < 1000);
                })
            .seed(1);
    AssertionError error = assertThrows(AssertionError.class, property.shrinkRuns(0)::check);
    assertFalse(error.getMessage().contains("  found   "), error.getMessage());
    int unshrunk = runs[0];
    runs[0] = 0;
    assertThrows(AssertionError.class, property.shrinkRuns(5)::check);
    assertEquals(unshrunk + 5, runs[0]);
    assertThrows(IllegalArgumentException.class, () -> property.shrinkRuns(-1));
  }

  @Test
  void aCheckThatIsCancelledWhileItShrinksTellsWhatItHadFound() {
    JumpingTime.run(() ->
        scope(s -> {
          int[] failures = {0};
          var failure = new IllegalStateException("found");
          CancelledException cancelled =
              assertThrows(
                  CancelledException.class,
                  () ->
                      Property.forAll(
                          Gen.ints(),
                          n -> {
                            if (n != 0 && ++failures[0] == 3) {
                              s.cancel("enough");
                              checkpoint();
                            }
                            if (n != 0) {
                              throw failure;
                            }
                          }));
          assertSame(failure, cancelled.getSuppressed()[1]);
          assertTrue(cancelled.getSuppressed()[0].getMessage().startsWith("in a simpler form of"));
        }));
  }

  // Loops

  @Test
  void aBodyMaySuspendOnTheLoopOfItsCaller() {
    JumpingTime.run(() -> {
      Trail trail = new Trail();
      async(() -> {
        checkpoint();
        trail.add("sibling");
      });
      Property.of(
              Gen.ints(1, 100),
              n -> {
                assertEquals("main", current().name());
                sleep(ofSeconds(n));
                assertEquals(n, async(() -> n).await());
              })
          .cases(20)
          .check();
      trail.expect("sibling");
    });
  }

  @Test
  void eachCaseMayHaveALoopOfItsOwn() {
    AssertionError error =
        failure(
            Gen.lists(Gen.ints(0, 100), 0, 10),
            1,
            delays ->
                JumpingTime.run(() -> {
                  Trail trail = new Trail();
                  scope(s -> {
                    for (int delay : delays) {
                      s.async(() -> {
                        sleep(ofSeconds(delay));
                        trail.add("" + delay);
                      });
                    }
                  });
                  assertEquals(delays.stream().map(n -> "" + n).toList(), trail.events());
                }));
    assertTrue(error.getMessage().contains("  value   [1, 0]\n"), error.getMessage());
  }

  @Test
  void anAssumptionMayFailInAChild() {
    JumpingTime.run(() ->
        Property.forAll(
            Gen.booleans(),
            b -> {
              async(() -> assume(b)).await();
              assertTrue(b);
            }));
  }

  @Test
  void aCancellationEndsTheCheckAndIsNoFailedCase() {
    JumpingTime.run(() -> {
      var check = async(() -> Property.forAll(Gen.ints(), _ -> sleep(ofSeconds(1))));
      sleep(ofSeconds(3).plusMillis(500));
      check.cancel("enough");
      assertThrows(CancellationException.class, check::await);
    });
    JumpingTime.run(() ->
        scope(s -> {
          CancelledException cancelled =
              assertThrows(
                  CancelledException.class,
                  () ->
                      Property.of(
                              Gen.ints(5, 9),
                              _ -> {
                                s.cancel("test");
                                checkpoint();
                              })
                          .seed(1)
                          .check());
          assertEquals("in case 1 with the seed 1: 5", cancelled.getSuppressed()[0].getMessage());
          int[] runs = {0};
          assertThrows(CancelledException.class, () -> Property.forAll(Gen.ints(), _ -> runs[0]++));
          assertEquals(0, runs[0]);
        }));
  }

  @Test
  void anInterruptEndsTheCheck() {
    var interrupt = new InterruptedException("test");
    assertSame(
        interrupt,
        assertThrows(
            InterruptedException.class,
            () ->
                Property.forAll(
                    Gen.ints(),
                    _ -> {
                      throw interrupt;
                    })));
  }
}
