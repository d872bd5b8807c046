package dev.thrum.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The choices a value is made from: those of an earlier run as far as they go, then random ones,
/// or, without a source of these, the simplest.
final class Choices implements Draw {
  private static final int MOST_CHOICES = 10_000;
  private static final int MOST_TRIES = 100;

  /// The choices that one part of the value was made from.
  record Span(int from, int to) {
    int length() {
      return to - from;
    }
  }

  private final List<Long> earlier;
  private final @Nullable RandomGenerator random;
  private final List<Choice> made = new ArrayList<>();
  private final List<Span> spans = new ArrayList<>();

  private Choices(List<Long> earlier, @Nullable RandomGenerator random) {
    this.earlier = earlier;
    this.random = random;
  }

  static Choices random(RandomGenerator random) {
    return new Choices(List.of(), random);
  }

  static Choices replay(List<Long> values) {
    return new Choices(values, null);
  }

  List<Choice> made() {
    return made;
  }

  List<Span> spans() {
    return spans;
  }

  @Override
  public <T> T from(Gen<T> gen) {
    int start = made.size();
    T value =
        switch (gen) {
          case Drawn<T>(var function) -> function.apply(this);
        };
    if (made.size() > start) {
      spans.add(new Span(start, made.size()));
    }
    return value;
  }

  private long choose(long lo, long hi, LongSupplier atRandom) {
    int index = made.size();
    if (index == MOST_CHOICES) {
      throw new DiscardedCase();
    }
    long value;
    if (index < earlier.size()) {
      value = Math.clamp(earlier.get(index), lo, hi);
    } else {
      value = random == null ? Choice.simplest(lo, hi) : atRandom.getAsLong();
    }
    made.add(new Choice(value, lo, hi));
    return value;
  }

  /// A number from 0 to below a bound, all as likely.
  int below(int bound) {
    return (int) choose(0, bound - 1, () -> dice(bound));
  }

  /// A number of a range, those at its ends and near zero more likely.
  long number(long lo, long hi) {
    return choose(
        lo,
        hi,
        () ->
            switch (dice(4)) {
              case 0 -> edge(lo, hi);
              case 1 -> near(Choice.simplest(lo, hi), lo, hi);
              default -> uniform(lo, hi);
            });
  }

  private long edge(long lo, long hi) {
    long simplest = Choice.simplest(lo, hi);
    return switch (dice(7)) {
      case 0, 1 -> lo;
      case 2, 3 -> hi;
      case 4 -> simplest;
      case 5 -> Math.min(hi, lo == Long.MAX_VALUE ? lo : lo + 1);
      default -> Math.max(lo, hi == Long.MIN_VALUE ? hi : hi - 1);
    };
  }

  /// One of any magnitude, smaller ones more likely.
  private long near(long simplest, long lo, long hi) {
    boolean below = lo < simplest && (hi == simplest || dice(2) == 0);
    long most = below ? simplest - lo : hi - simplest; // unsigned, like all distances
    int bits = dice(1 + dice(1 + Long.SIZE - Long.numberOfLeadingZeros(most)));
    long distance = bits == 0 ? 0 : source().nextLong() >>> (Long.SIZE - bits);
    if (Long.compareUnsigned(distance, most) > 0) {
      distance = most;
    }
    return below ? simplest - distance : simplest + distance;
  }

  private long uniform(long lo, long hi) {
    return hi == Long.MAX_VALUE
        ? (lo == Long.MIN_VALUE ? source().nextLong() : source().nextLong(lo - 1, hi) + 1)
        : source().nextLong(lo, hi + 1);
  }

  private int dice(int sides) {
    return source().nextInt(sides);
  }

  private RandomGenerator source() {
    return Objects.requireNonNull(random);
  }

  /// A list. Before each element that may be missing there is a choice whether there is one: so an
  /// element can be taken out together with its choice, wherever it stands.
  <T> List<T> list(Gen<T> gen, int min, int max) {
    int size = random == null ? max : size(min, max);
    List<T> list = new ArrayList<>();
    while (list.size() < max) {
      int start = made.size();
      boolean wanted = list.size() < size;
      if (list.size() >= min && choose(0, 1, () -> wanted ? 1 : 0) == 0) {
        break;
      }
      list.add(from(gen));
      spans.add(new Span(start, made.size()));
    }
    return List.copyOf(list);
  }

  private int size(int min, int max) {
    return switch (dice(8)) {
      case 0 -> min;
      case 1 -> max;
      case 2, 3, 4 -> (int) uniform(min, Math.min(max, min + 5L));
      default -> (int) uniform(min, Math.min(max, min + 50L));
    };
  }

  <T> T filtered(Gen<T> gen, Predicate<? super T> test) {
    for (int i = 0; i < MOST_TRIES; i++) {
      T value = from(gen);
      if (test.test(value)) {
        return value;
      }
    }
    throw new DiscardedCase();
  }
}
