package dev.thrum.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/// A source of random values for a [Property].
///
/// ```java
/// record Order(int id, List<String> items) {}
///
/// Gen<Order> orders =
///     Gen.compose(draw ->
///         new Order(
///             draw.from(Gen.ints(1, 1000)),
///             draw.from(Gen.lists(Gen.of("tea", "rice", "salt"), 0, 5))));
/// ```
///
/// **Guarantees.** The same seed gives the same values. Ends of ranges, their neighbours, zero and
/// empty collections come up much more often than chance would have it. Every value shrinks, also
/// through [#map], [#flatMap], [#filter] and [#compose]: what is made smaller is the sequence of
/// random choices that the value was made from, as Hypothesis does it, and each generator says
/// below towards what.
///
/// **Non-guarantees.** Values are not evenly distributed and may come twice. Another version of
/// Thrum may make other values from the same seed.
///
/// Generators have no state and may be shared. Functions given to them run wherever the property
/// runs and must depend on nothing but their arguments. They must not wait.
///
/// @param <T> the type of the values
public sealed interface Gen<T> permits Drawn {

  /// A generator that takes its parts from others, one after the other; what it asks for may depend
  /// on what it got.
  ///
  /// @param body makes a value
  /// @param <T> the type of the values
  /// @return a generator; its values shrink as their parts do, the earlier ones first
  static <T> Gen<T> compose(Function<? super Draw, ? extends T> body) {
    Objects.requireNonNull(body, "body");
    return new Drawn<>(body::apply);
  }

  /// Whole numbers in a range.
  ///
  /// @param lo the least
  /// @param hi the greatest
  /// @return a generator; its values shrink towards zero, or the end of the range that is closest
  ///   to zero, and to positive ones before negative ones
  /// @throws IllegalArgumentException if `lo` is greater than `hi`
  static Gen<Integer> ints(int lo, int hi) {
    return longs(lo, hi).map(Math::toIntExact);
  }

  /// Any `int`, as [#ints(int, int)].
  ///
  /// @return a generator
  static Gen<Integer> ints() {
    return ints(Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /// Whole numbers in a range, as [#ints(int, int)].
  ///
  /// @param lo the least
  /// @param hi the greatest
  /// @return a generator
  /// @throws IllegalArgumentException if `lo` is greater than `hi`
  static Gen<Long> longs(long lo, long hi) {
    if (lo > hi) {
      throw new IllegalArgumentException("there is no number from " + lo + " to " + hi);
    }
    return new Drawn<>(choices -> choices.number(lo, hi));
  }

  /// Any `long`, as [#ints(int, int)].
  ///
  /// @return a generator
  static Gen<Long> longs() {
    return longs(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /// True and false, as often as each other.
  ///
  /// @return a generator; its values shrink towards false
  static Gen<Boolean> booleans() {
    return new Drawn<>(choices -> choices.below(2) == 1);
  }

  /// One of some values, each as often as the others.
  ///
  /// @param values the values, at least one
  /// @param <T> their type
  /// @return a generator; its values shrink towards the first
  /// @throws IllegalArgumentException if there is none
  @SafeVarargs
  @SuppressWarnings("varargs")
  static <T> Gen<T> of(T... values) {
    return of(List.of(values));
  }

  /// One of some values, each as often as the others.
  ///
  /// @param values the values, at least one
  /// @param <T> their type
  /// @return a generator; its values shrink towards the first
  /// @throws IllegalArgumentException if there is none
  static <T> Gen<T> of(List<? extends T> values) {
    List<T> all = List.copyOf(values);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("there is no value to choose from");
    }
    return new Drawn<>(choices -> all.get(choices.below(all.size())));
  }

  /// Values of one of some generators, of each as often as of the others.
  ///
  /// @param gens the generators, at least one
  /// @param <T> the type of the values
  /// @return a generator; its values shrink towards those of the first
  /// @throws IllegalArgumentException if there is none
  @SafeVarargs
  @SuppressWarnings("varargs")
  static <T> Gen<T> oneOf(Gen<? extends T>... gens) {
    return of(List.of(gens)).flatMap(gen -> gen);
  }

  /// Values of one of some generators, of each as often as its weight says.
  ///
  /// ```java
  /// Gen.frequency(Gen.weighted(9, Gen.ints(0, 9)), Gen.weighted(1, Gen.ints()))
  /// ```
  ///
  /// @param gens the generators, at least one
  /// @param <T> the type of the values
  /// @return a generator; its values shrink towards those of the first
  /// @throws IllegalArgumentException if there is none
  @SafeVarargs
  static <T> Gen<T> frequency(Weighted<? extends T>... gens) {
    List<Gen<? extends T>> parts = new ArrayList<>();
    for (Weighted<? extends T> weighted : gens) {
      parts.addAll(Collections.nCopies(weighted.weight, weighted.gen));
    }
    return of(parts).flatMap(gen -> gen);
  }

  /// A generator among others, see [#frequency].
  ///
  /// @param weight how often it is used, beside the weights of the others; at least 1
  /// @param gen the generator
  /// @param <T> the type of the values
  /// @return the two together
  /// @throws IllegalArgumentException if the weight is less than 1
  static <T> Weighted<T> weighted(int weight, Gen<T> gen) {
    return new Weighted<>(weight, gen);
  }

  /// A generator among others.
  ///
  /// @param weight how often it is used, beside the weights of the others; at least 1
  /// @param gen the generator
  /// @param <T> the type of the values
  record Weighted<T>(int weight, Gen<T> gen) {
    /// A generator with its weight.
    ///
    /// @throws IllegalArgumentException if the weight is less than 1
    public Weighted {
      Objects.requireNonNull(gen, "gen");
      if (weight < 1) {
        throw new IllegalArgumentException("the weight must be at least 1: " + weight);
      }
    }
  }

  /// Lists whose elements come from one generator.
  ///
  /// @param gen the generator of the elements
  /// @param min how many there are at least
  /// @param max how many there are at most
  /// @param <T> the type of the elements
  /// @return a generator of unmodifiable lists; they shrink by losing elements, then by smaller
  ///   elements
  /// @throws IllegalArgumentException if `min` is negative or greater than `max`
  static <T> Gen<List<T>> lists(Gen<T> gen, int min, int max) {
    Objects.requireNonNull(gen, "gen");
    if (min < 0 || min > max) {
      throw new IllegalArgumentException("no list has from " + min + " to " + max + " elements");
    }
    return new Drawn<>(choices -> choices.list(gen, min, max));
  }

  /// Strings of characters from an alphabet.
  ///
  /// @param alphabet the characters to choose from, as code points, at least one
  /// @param min how many code points there are at least
  /// @param max how many code points there are at most
  /// @return a generator; its values shrink by losing characters, then towards the first character
  ///   of the alphabet
  /// @throws IllegalArgumentException if there is no such string
  static Gen<String> strings(String alphabet, int min, int max) {
    Gen<String> characters = of(alphabet.codePoints().mapToObj(Character::toString).toList());
    return lists(characters, min, max).map(parts -> String.join("", parts));
  }

  /// Strings of any kind: letters, digits, blanks, punctuation, controls, and characters that need
  /// two or more bytes or two `char`s.
  ///
  /// @param min how many code points there are at least
  /// @param max how many code points there are at most
  /// @return a generator; its values shrink by losing characters, then towards `a`
  /// @throws IllegalArgumentException if there is no such string
  static Gen<String> strings(int min, int max) {
    return strings(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
            + " .,:;-_/\\'\"<>{}[]()&%$#@!?*+=|~`^\t\r\n\0\u00e4\u00df\u20ac\u0301\u4e16\u05d0"
            + "\ud83d\ude00",
        min, max);
  }

  /// Durations, in whole milliseconds if both ends are, else in nanoseconds.
  ///
  /// @param lo the shortest
  /// @param hi the longest
  /// @return a generator; its values shrink as [#ints(int, int)]
  /// @throws IllegalArgumentException if `lo` is longer than `hi`
  /// @throws ArithmeticException if one is longer than a `long` of nanoseconds
  static Gen<Duration> durations(Duration lo, Duration hi) {
    long from = lo.toNanos();
    long to = hi.toNanos();
    long unit = from % 1_000_000 == 0 && to % 1_000_000 == 0 ? 1_000_000 : 1;
    return longs(from / unit, to / unit).map(count -> Duration.ofNanos(count * unit));
  }

  /// The elements of a list in any order.
  ///
  /// @param elements the elements
  /// @param <T> their type
  /// @return a generator of unmodifiable lists; they shrink towards the order that is given
  static <T> Gen<List<T>> shuffles(List<? extends T> elements) {
    List<T> all = List.copyOf(elements);
    return new Drawn<>(choices -> {
      List<T> shuffled = new ArrayList<>(all);
      for (int i = 0; i < all.size() - 1; i++) {
        Collections.swap(shuffled, i, i + choices.below(all.size() - i));
      }
      return List.copyOf(shuffled);
    });
  }

  /// Two values made into one. For more of them see [#compose].
  ///
  /// @param first the generator of the first
  /// @param second the generator of the second
  /// @param function makes one of them
  /// @param <A> the type of the first
  /// @param <B> the type of the second
  /// @param <T> the type of the values
  /// @return a generator
  static <A, B, T> Gen<T> combine(
      Gen<A> first, Gen<B> second, BiFunction<? super A, ? super B, ? extends T> function) {
    return compose(draw -> function.apply(draw.from(first), draw.from(second)));
  }

  /// Values made from this generator's.
  ///
  /// @param function makes them
  /// @param <R> their type
  /// @return a generator
  default <R> Gen<R> map(Function<? super T, ? extends R> function) {
    return compose(draw -> function.apply(draw.from(this)));
  }

  /// Values of a generator that depends on a value of this one.
  ///
  /// @param function makes the generator
  /// @param <R> the type of the values
  /// @return a generator
  default <R> Gen<R> flatMap(Function<? super T, ? extends Gen<? extends R>> function) {
    return compose(draw -> draw.from(function.apply(draw.from(this))));
  }

  /// Those values that pass a test. Where few do, make the right ones with [#map] instead: a case
  /// for which 100 values in a row did not pass is given up, as with [Property#assume].
  ///
  /// @param test which ones
  /// @return a generator
  default Gen<T> filter(Predicate<? super T> test) {
    Objects.requireNonNull(test, "test");
    return new Drawn<>(choices -> choices.filtered(this, test));
  }
}
