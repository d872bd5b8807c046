package dev.thrum.testkit;

import dev.thrum.CancelledException;
import dev.thrum.VoidBodyOf;
import dev.thrum.internal.Sneaky;
import dev.thrum.internal.wait.Party;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Something that holds for every value of a generator, tried with many of them.
///
/// ```java
/// Property.forAll(Gen.lists(Gen.ints(), 0, 20), items ->
///     assertEquals(items, items.reversed().reversed()));
/// ```
///
/// If a case fails, its value is shrunk: the property looks for the simplest value that fails with
/// an exception of the same class. The `AssertionError` tells that value, the one that was found,
/// the seed, and how to repeat it; its cause is what the simplest case failed with.
///
/// **Guarantees.** The values depend on the seed alone. The first case is always the simplest value
/// of the generator. The seed is that of `-Dthrum.seed=…` if the system property is set, else a new
/// one. Cases run one after the other, where the property is checked; no loop is started for them.
///
/// **Non-guarantees.** A property that passes has not been proved. The shrunk value is as simple as
/// the search finds in 2,000 runs, not the simplest of all. A body whose result depends on more
/// than its value cannot be shrunk: then the message says so. To make it depend on nothing else,
/// give each case a loop with a virtual clock of its own: `value -> run(…)`.
///
/// **Cancellation.** The body may suspend as it likes. Checking is a suspension point before each
/// case: the cancellation of the calling task, and an interrupt, end the check and are never taken
/// for a failed case; the case that was running is told in a suppressed exception.
///
/// @param <T> the type of the values
public final class Property<T> {
  private static final int CASES = 100;
  private static final int SHRINK_RUNS = 2_000;
  private static final int DISCARDED_FOR_EACH_CASE = 10;

  private final Gen<T> gen;
  private final VoidBodyOf<? super T, ?> body;
  private final int cases;
  private final int shrinkRuns;
  private final @Nullable Long seed;

  private Property(
      Gen<T> gen, VoidBodyOf<? super T, ?> body, int cases, int shrinkRuns, @Nullable Long seed) {
    this.gen = Objects.requireNonNull(gen, "gen");
    this.body = Objects.requireNonNull(body, "body");
    this.cases = cases;
    this.shrinkRuns = shrinkRuns;
    this.seed = seed;
  }

  /// Checks that a body fails for no value, in 100 cases.
  ///
  /// @param gen where the values come from
  /// @param body what is tried with each of them; it fails by throwing
  /// @param <T> the type of the values
  /// @throws AssertionError if it fails for a value, or if too few cases count
  public static <T> void forAll(Gen<T> gen, VoidBodyOf<? super T, ?> body) {
    of(gen, body).check();
  }

  /// A property to be checked in another way than [#forAll] does.
  ///
  /// @param gen where the values come from
  /// @param body what is tried with each of them; it fails by throwing
  /// @param <T> the type of the values
  /// @return the property; nothing has been tried yet
  public static <T> Property<T> of(Gen<T> gen, VoidBodyOf<? super T, ?> body) {
    return new Property<>(gen, body, CASES, SHRINK_RUNS, null);
  }

  /// The same property with more or fewer cases.
  ///
  /// @param count how many cases have to pass, at least 1
  /// @return the property
  /// @throws IllegalArgumentException if there is none
  public Property<T> cases(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("a property needs at least 1 case: " + count);
    }
    return new Property<>(gen, body, count, shrinkRuns, seed);
  }

  /// The same property with a fixed seed, whatever the system property says.
  ///
  /// @param fixed the seed
  /// @return the property
  public Property<T> seed(long fixed) {
    return new Property<>(gen, body, cases, shrinkRuns, fixed);
  }

  /// The same property with another limit on how often the body may run to shrink a value; 2,000
  /// unless it is given. For bodies that take long.
  ///
  /// @param limit how often; 0 to tell the value as it was found
  /// @return the property
  /// @throws IllegalArgumentException if it is negative
  public Property<T> shrinkRuns(int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("the limit must not be negative: " + limit);
    }
    return new Property<>(gen, body, cases, limit, seed);
  }

  /// Leaves a case out unless a condition holds. For the body of a property, in whatever task it
  /// calls it, as long as the exception gets out of the body.
  ///
  /// @param condition what the case needs
  public static void assume(boolean condition) {
    if (!condition) {
      throw new DiscardedCase();
    }
  }

  /// Runs the cases.
  ///
  /// @throws AssertionError if one fails, or if more than ten are left out for each that counts
  public void check() {
    long root = seed != null ? seed : Long.getLong("thrum.seed", new SplittableRandom().nextLong());
    int passed = 0;
    int discarded = 0;
    for (int number = 1; passed < cases; number++) {
      Case next = new Case(number, root);
      switch (run(next.choices(), next.toString())) {
        case Ending.Passed _ -> passed++;
        case Ending.Discarded _ -> discarded++;
        case Ending.Failed failed -> throw report(next, failed);
      }
      if (discarded > DISCARDED_FOR_EACH_CASE * cases) {
        throw new AssertionError(
            "only %d cases counted and %d were left out, with the seed %d; generate values that fit"
                .formatted(passed, discarded, root));
      }
    }
  }

  /// One of the cases that a seed stands for.
  private record Case(int number, long root) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    Choices choices() {
      return number == 1
          ? Choices.replay(List.of())
          : Choices.random(new SplittableRandom(root + number * GOLDEN));
    }

    @Override
    public String toString() {
      return "case " + number + " with the seed " + root;
    }
  }

  /// How a case ended.
  sealed interface Ending {
    record Passed() implements Ending {}

    record Discarded() implements Ending {}

    record Failed(Choices choices, String value, Throwable failure) implements Ending {
      boolean isLike(Failed other) {
        return failure.getClass() == other.failure.getClass();
      }
    }
  }

  private Ending run(Choices choices, String where) {
    Party.current().enter();
    String shown = "a value that could not be made";
    try {
      T value = choices.from(gen);
      shown = String.valueOf(value); // the body may change it
      body.run(value);
      return new Ending.Passed();
    } catch (DiscardedCase _) {
      return new Ending.Discarded();
    } catch (Throwable failure) {
      if (endsTheCheck(failure)) {
        failure.addSuppressed(new AssertionError("in " + where + ": " + shown));
        throw Sneaky.sneak(failure);
      }
      return new Ending.Failed(choices, shown, failure);
    }
  }

  private static boolean endsTheCheck(Throwable failure) {
    return failure instanceof CancelledException
        || failure instanceof InterruptedException
        || failure instanceof OutOfMemoryError
        || Party.current().mustLeave();
  }

  private AssertionError report(Case first, Ending.Failed found) {
    try {
      Shrinker shrinker =
          new Shrinker(
              found,
              values -> run(Choices.replay(values), "a simpler form of " + first),
              shrinkRuns);
      return shrinker.isRepeatable()
          ? failed(first, found, shrinker.shrink())
          : failedOnce(first, found);
    } catch (Throwable ended) {
      if (ended != found.failure) {
        ended.addSuppressed(found.failure); // the check was cancelled while it shrank
      }
      throw ended;
    }
  }

  private static AssertionError failed(Case first, Ending.Failed found, Ending.Failed simplest) {
    return new AssertionError(
        "the property failed in "
            + first
            + "\n  value   "
            + simplest.value
            + (simplest.value.equals(found.value) ? "" : "\n  found   " + found.value)
            + "\n  failure "
            + simplest.failure
            + "\n  repeat  -Dthrum.seed="
            + first.root,
        simplest.failure);
  }

  private static AssertionError failedOnce(Case first, Ending.Failed found) {
    return new AssertionError(
        "the property failed in "
            + first
            + ", and not when the same value was tried again\n  value   "
            + found.value
            + "\n  failure "
            + found.failure,
        found.failure);
  }
}
