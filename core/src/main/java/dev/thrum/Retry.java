package dev.thrum;

import dev.thrum.internal.Durations;
import dev.thrum.internal.Sneaky;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How often something that failed is tried again, and after what pause: see [Async#retry].
///
/// {@snippet :
/// static final Retry POLICY =
///     Retry.attempts(5).backoff(ofMillis(100), ofSeconds(10)).retryOn(IOException.class);
/// var page = retry(POLICY, () -> fetch(url));
/// }
///
/// **Pauses** double from the first one up to the longest one, from 100 ms to 30 s unless chosen.
/// Each is shortened at random, by all of it at most (full jitter), so that callers that failed
/// together do not come back together. They are sleeps on the loop's clock.
///
/// **What is tried again** is every exception unless [#retryIf] or [#retryOn] say otherwise, and
/// always a [#attemptTimeout] that is over. Never is an `Error`, a `CancellationException`, the
/// caller's own cancellation above all, or an `InterruptedException`.
///
/// A policy is immutable: each of its methods makes a new one. It may be shared by loops and
/// threads.
public final class Retry {

  /// Of the failures before the last one, how many are kept.
  private static final int KEPT = 32;

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));

  /// What a listener hears when an attempt has failed.
  ///
  /// @param attempt the number of the attempt, from 1
  /// @param exception what it threw
  /// @param pause the time until the next attempt, or empty if there is none
  public record Failure(int attempt, Throwable exception, Optional<Duration> pause) {}

  /// How much of a pause is left to chance, and who draws it: the thread's own generator, or one
  /// with a seed.
  private record Jitter(double part, @Nullable RandomGenerator seeded) {
    Duration shorten(Duration pause) {
      if (part == 0) {
        return pause;
      }
      long nanos = Durations.nanos(pause);
      return Duration.ofNanos(nanos - (long) (nanos * part * draw()));
    }

    /// Where somebody steers the loop, runs must be the same each time.
    private double draw() {
      if (seeded != null) {
        return seeded.nextDouble();
      }
      TaskImpl<?> caller = TaskImpl.currentOrNull();
      boolean steered = caller != null && caller.steering() != null;
      return steered ? 0.5 : ThreadLocalRandom.current().nextDouble();
    }
  }

  /// The limits in time.
  private record Limits(@Nullable Duration attempt, @Nullable Duration total) {}

  private final int attempts;
  private final Backoff backoff;
  private final Jitter jitter;
  private final Limits limits;
  private final Predicate<? super Throwable> worthwhile;
  private final Consumer<? super Failure> listener;

  private Retry(
      int attempts,
      Backoff backoff,
      Jitter jitter,
      Limits limits,
      Predicate<? super Throwable> worthwhile,
      Consumer<? super Failure> listener) {
    this.attempts = attempts;
    this.backoff = backoff;
    this.jitter = jitter;
    this.limits = limits;
    this.worthwhile = worthwhile;
    this.listener = listener;
  }

  /// At most so many attempts.
  ///
  /// @param attempts how many in all, with the first one; at least 1
  /// @return the policy
  public static Retry attempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException("there must be at least 1 attempt: " + attempts);
    }
    return new Retry(
        attempts, BACKOFF, new Jitter(1, null), new Limits(null, null), _ -> true, _ -> {});
  }

  /// Attempts without end, or until [#timeLimit].
  ///
  /// @return the policy
  public static Retry unlimited() {
    return attempts(Integer.MAX_VALUE);
  }

  /// The same policy with other pauses.
  ///
  /// @param first the first pause, which the next ones double
  /// @param longest the longest pause, not shorter than the first
  /// @return the new policy
  public Retry backoff(Duration first, Duration longest) {
    Backoff other = new Backoff(first, longest);
    return new Retry(attempts, other, jitter, limits, worthwhile, listener);
  }

  /// The same policy with another part of each pause left to chance.
  ///
  /// @param part from 0, for exact pauses, to 1
  /// @return the new policy
  public Retry jitter(double part) {
    if (!(part >= 0 && part <= 1)) {
      throw new IllegalArgumentException("the jitter must be from 0 to 1: " + part);
    }
    Jitter other = new Jitter(part, jitter.seeded);
    return new Retry(attempts, backoff, other, limits, worthwhile, listener);
  }

  /// The same policy with chance that can be repeated. All calls with this policy draw from one
  /// sequence.
  ///
  /// @param seed the seed
  /// @return the new policy
  public Retry seed(long seed) {
    Jitter other = new Jitter(jitter.part, new Random(seed));
    return new Retry(attempts, backoff, other, limits, worthwhile, listener);
  }

  /// The same policy with a time limit for each attempt, as [Async#timeout] sets it. When it is
  /// over, that counts as a failure of the attempt, whatever [#retryIf] says.
  ///
  /// @param limit the time for one attempt
  /// @return the new policy
  public Retry attemptTimeout(Duration limit) {
    Limits other = new Limits(Durations.check(limit, "the limit of an attempt"), limits.total);
    return new Retry(attempts, backoff, jitter, other, worthwhile, listener);
  }

  /// The same policy with a time limit for everything, pauses included. An attempt that runs when
  /// it is over is cut short with a `TimeoutException`; a pause that would last longer is not
  /// begun.
  ///
  /// @param limit the time from the beginning of the first attempt
  /// @return the new policy
  public Retry timeLimit(Duration limit) {
    Limits other = new Limits(limits.attempt, Durations.check(limit, "the time limit"));
    return new Retry(attempts, backoff, jitter, other, worthwhile, listener);
  }

  /// The same policy for those exceptions only that pass a test, instead of what was chosen before.
  ///
  /// @param test what is tried again
  /// @return the new policy
  public Retry retryIf(Predicate<? super Throwable> test) {
    Objects.requireNonNull(test, "test");
    return new Retry(attempts, backoff, jitter, limits, test, listener);
  }

  /// The same policy for exceptions of these classes only, instead of what was chosen before.
  ///
  /// @param classes what is tried again, their subclasses too
  /// @return the new policy
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final Retry retryOn(Class<? extends Throwable>... classes) {
    List<Class<? extends Throwable>> all = List.copyOf(Arrays.asList(classes));
    return retryIf(exception -> all.stream().anyMatch(one -> one.isInstance(exception)));
  }

  /// The same policy with a listener, instead of the one before. It runs in the calling task, after
  /// every failed attempt; what it throws comes out of the call.
  ///
  /// @param told hears of each failure
  /// @return the new policy
  public Retry onFailure(Consumer<? super Failure> told) {
    Objects.requireNonNull(told, "listener");
    return new Retry(attempts, backoff, jitter, limits, worthwhile, told);
  }

  // Trying

  <T extends @Nullable Object, X extends Throwable> T run(VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    TaskImpl<?> task = TaskImpl.current("retry(…)");
    task.enter();
    long began = task.loop.nanos();
    ArrayDeque<Throwable> earlier = new ArrayDeque<>();
    Duration nominal = backoff.first();
    for (int attempt = 1; ; attempt++) {
      Attempt<T> one = new Attempt<>(task, limitOf(left(task, began)));
      if (one.succeeds(body)) {
        return one.value();
      }
      Throwable failure = one.timedOut() ? named(one.failure(), task, began) : one.failure();
      Optional<Duration> pause = decide(attempt, one, failure, nominal, left(task, began));
      if (pause.isEmpty()) {
        throw Sneaky.sneak(withSuppressed(failure, earlier));
      }
      keep(earlier, failure);
      Async.sleep(pause.get());
      nominal = backoff.after(nominal);
    }
  }

  private @Nullable Duration left(TaskImpl<?> task, long began) {
    Duration total = limits.total;
    if (total == null) {
      return null;
    }
    Duration left = total.minusNanos(task.loop.nanos() - began);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private @Nullable Duration limitOf(@Nullable Duration left) {
    Duration each = limits.attempt;
    if (each == null || left == null) {
      return each == null ? left : each;
    }
    return each.compareTo(left) < 0 ? each : left;
  }

  /// Says which limit is over if it was not the attempt's own.
  private Throwable named(Throwable timeout, TaskImpl<?> task, long began) {
    Duration total = limits.total;
    if (total == null || task.loop.nanos() - began < Durations.nanos(total)) {
      return timeout;
    }
    return new TimeoutException("tries timed out after " + Durations.readable(total))
        .initCause(timeout);
  }

  /// Decides whether there is another attempt, and tells the listener.
  ///
  /// @return the pause before it
  private Optional<Duration> decide(
      int attempt, Attempt<?> ended, Throwable failure, Duration nominal, @Nullable Duration left) {
    try {
      Duration pause = jitter.shorten(nominal);
      boolean again =
          attempt < attempts
              && (ended.timedOut() || worthwhile.test(failure))
              && (left == null || pause.compareTo(left) < 0);
      Optional<Duration> next = again ? Optional.of(pause) : Optional.empty();
      listener.accept(new Failure(attempt, failure, next));
      return next;
    } catch (Throwable e) {
      if (e != failure) {
        e.addSuppressed(failure);
      }
      throw e;
    }
  }

  private static void keep(ArrayDeque<Throwable> earlier, Throwable failure) {
    if (earlier.size() == KEPT) {
      earlier.remove();
    }
    earlier.add(failure);
  }

  private static Throwable withSuppressed(Throwable last, ArrayDeque<Throwable> earlier) {
    for (Throwable one : earlier) {
      if (one != last) {
        last.addSuppressed(one);
      }
    }
    return last;
  }

  /// One attempt: what it starts is joined with it.
  private static final class Attempt<T extends @Nullable Object> {
    private final ScopeImpl scope;
    private @Nullable T value;
    private @Nullable Throwable failure;

    Attempt(TaskImpl<?> task, @Nullable Duration limit) {
      scope = limit == null ? new PlainScope(task) : new TimeoutScope(task, limit, true);
    }

    boolean succeeds(VoidBody<?> body) {
      try {
        value = scope.run(body);
        return true;
      } catch (Throwable e) {
        if (e instanceof CancellationException
            || e instanceof InterruptedException
            || e instanceof Error) {
          throw Sneaky.sneak(e);
        }
        failure = e;
        return false;
      }
    }

    boolean timedOut() {
      return failure instanceof TimeoutException
          && scope instanceof TimeoutScope timed
          && timed.expired();
    }

    @SuppressWarnings("NullAway") // the value is what the body gave, null only if T allows it
    T value() {
      return value;
    }

    Throwable failure() {
      return Objects.requireNonNull(failure);
    }
  }
}
