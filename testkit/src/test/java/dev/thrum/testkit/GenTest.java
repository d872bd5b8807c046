package dev.thrum.testkit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// The values that generators make.
class GenTest {
  private static final long SEED = 42;

  /// The values of a number of cases.
  private static <T> List<T> values(Gen<T> gen, int cases, long seed) {
    List<T> values = new ArrayList<>();
    Property.of(gen, value -> values.add(value)).cases(cases).seed(seed).check();
    return values;
  }

  private static <T> long share(Gen<T> gen, Predicate<T> test) {
    return values(gen, 2000, SEED).stream().filter(test).count() * 100 / 2000;
  }

  private static void assertBetween(long lo, long hi, long actual) {
    assertTrue(lo <= actual && actual <= hi, () -> actual + " is not from " + lo + " to " + hi);
  }

  @Test
  void numbersStayInTheirRange() {
    for (long[] range :
        new long[][] {
          {0, 0},
          {-1, 1},
          {5, 9},
          {-9, -5},
          {Long.MIN_VALUE, Long.MIN_VALUE},
          {Long.MAX_VALUE, Long.MAX_VALUE},
          {Long.MIN_VALUE, Long.MAX_VALUE},
          {Long.MIN_VALUE, -1},
          {1, Long.MAX_VALUE},
          {Long.MAX_VALUE - 1, Long.MAX_VALUE}
        }) {
      for (long value : values(Gen.longs(range[0], range[1]), 500, SEED)) {
        assertTrue(range[0] <= value && value <= range[1], () -> "" + value);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> Gen.ints(1, 0));
  }

  @Test
  void edgesAreLikely() {
    assertBetween(5, 15, share(Gen.ints(), n -> n == Integer.MIN_VALUE));
    assertBetween(5, 15, share(Gen.ints(), n -> n == Integer.MAX_VALUE));
    assertBetween(2, 15, share(Gen.ints(), n -> n == 0));
    assertBetween(1, 10, share(Gen.ints(), n -> n == Integer.MAX_VALUE - 1));
    assertBetween(15, 30, share(Gen.longs(), n -> -1000 < n && n < 1000));
    assertBetween(50, 80, share(Gen.ints(), n -> Math.abs((long) n) > 1_000_000));
    assertBetween(10, 30, share(Gen.lists(Gen.ints(), 0, 30), List::isEmpty));
    assertBetween(8, 20, share(Gen.lists(Gen.ints(), 0, 30), list -> list.size() == 30));
  }

  @Test
  void smallRangesAreCoveredAltogether() {
    assertEquals(Set.of(-2, -1, 0, 1, 2, 3), new HashSet<>(values(Gen.ints(-2, 3), 200, SEED)));
    assertEquals(Set.of(true, false), new HashSet<>(values(Gen.booleans(), 20, SEED)));
    assertEquals(Set.of("a", "b", "c"), new HashSet<>(values(Gen.of("a", "b", "c"), 50, SEED)));
    assertEquals(6, new HashSet<>(values(Gen.shuffles(List.of(1, 2, 3)), 200, SEED)).size());
  }

  @Test
  void valuesAreAsLikelyAsTheirWeights() {
    Gen<String> gen =
        Gen.frequency(Gen.weighted(3, Gen.of("often")), Gen.weighted(1, Gen.of("seldom")));
    assertBetween(70, 80, share(gen, "often"::equals));
    assertBetween(45, 55, share(Gen.booleans(), b -> b));
    Gen<Object> either = Gen.oneOf(Gen.ints(), Gen.booleans());
    assertBetween(45, 55, share(either, Integer.class::isInstance));
    assertThrows(IllegalArgumentException.class, () -> Gen.weighted(0, Gen.ints()));
    assertThrows(IllegalArgumentException.class, () -> Gen.of());
  }

  @Test
  void theSameSeedMakesTheSameValues() {
    Gen<List<String>> gen = Gen.lists(Gen.strings(0, 5), 0, 5);
    assertEquals(values(gen, 100, 1), values(gen, 100, 1));
    assertNotEquals(values(gen, 100, 1), values(gen, 100, 2));
    assertEquals(values(gen, 100, 1).subList(0, 50), values(gen, 50, 1));
  }

  @Test
  void theFirstValueIsTheSimplest() {
    assertEquals(List.of(0), values(Gen.ints(), 1, SEED));
    assertEquals(List.of(5), values(Gen.ints(5, 9), 1, SEED));
    assertEquals(List.of(-5), values(Gen.ints(-9, -5), 1, SEED));
    assertEquals(List.of(""), values(Gen.strings(0, 9), 1, SEED));
    assertEquals(List.of("aa"), values(Gen.strings(2, 9), 1, SEED));
    assertEquals(List.of("x"), values(Gen.of("x", "y"), 1, SEED));
    assertEquals(List.of(List.of(3, 1, 2)), values(Gen.shuffles(List.of(3, 1, 2)), 1, SEED));
  }

  @Test
  void listsAndStringsHaveLengthsWithinTheirBounds() {
    for (List<Integer> list : values(Gen.lists(Gen.ints(), 2, 7), 300, SEED)) {
      assertBetween(2, 7, list.size());
    }
    for (List<Integer> list : values(Gen.lists(Gen.ints(), 3, 3), 50, SEED)) {
      assertEquals(3, list.size());
    }
    for (String string : values(Gen.strings(1, 4), 300, SEED)) {
      assertBetween(1, 4, string.codePointCount(0, string.length()));
    }
    assertTrue(values(Gen.strings(1, 4), 300, SEED).stream().anyMatch(s -> s.length() > 4));
    assertThrows(IllegalArgumentException.class, () -> Gen.lists(Gen.ints(), 2, 1));
    assertThrows(IllegalArgumentException.class, () -> Gen.lists(Gen.ints(), -1, 1));
    assertThrows(IllegalArgumentException.class, () -> Gen.strings("", 0, 1));
  }

  @Test
  void durationsAreInWholeMillisecondsWhereTheirEndsAre() {
    for (Duration duration : values(Gen.durations(ofMillis(5), ofSeconds(1)), 100, SEED)) {
      assertEquals(0, duration.toNanos() % 1_000_000);
      assertBetween(5, 1000, duration.toMillis());
    }
    List<Duration> fine = values(Gen.durations(ofNanos(5), ofSeconds(1)), 100, SEED);
    assertEquals(ofNanos(5), fine.getFirst());
    assertTrue(fine.stream().anyMatch(duration -> duration.toNanos() % 1_000_000 != 0));
  }

  @Test
  void partsMayDependOnEachOther() {
    Gen<List<Integer>> sizedByItsFirst =
        Gen.ints(1, 5).flatMap(size -> Gen.lists(Gen.ints(0, size), size, size));
    for (List<Integer> list : values(sizedByItsFirst, 100, SEED)) {
      assertTrue(Collections.max(list) <= list.size());
    }
    Gen<String> pair = Gen.combine(Gen.ints(1, 2), Gen.of("a", "b"), (n, s) -> n + s);
    assertEquals(Set.of("1a", "1b", "2a", "2b"), new HashSet<>(values(pair, 100, SEED)));
    Gen<int[]> range =
        Gen.compose(draw -> {
          int lo = draw.from(Gen.ints(0, 10));
          return new int[] {lo, draw.from(Gen.ints(lo, 10))};
        });
    for (int[] bounds : values(range, 100, SEED)) {
      assertTrue(bounds[0] <= bounds[1]);
    }
  }

  @Test
  void filteredValuesPassTheirTest() {
    for (int even : values(Gen.ints().filter(n -> n % 2 == 0), 200, SEED)) {
      assertEquals(0, even % 2);
    }
    assertThrows(AssertionError.class, () -> values(Gen.ints().filter(n -> false), 5, SEED));
  }
}
