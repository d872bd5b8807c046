package dev.thrum.stream;

import dev.thrum.Async;
import dev.thrum.BodyOf;
import dev.thrum.Timeout;
import dev.thrum.internal.wait.Party;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/// Intermediate operations that wait, for `java.util.stream.Stream.gather` in a task.
///
/// {@snippet :
/// var titles = urls.stream()
///     .gather(AsyncGatherers.mapAsync(8, url -> fetch(url)))
///     .map(page -> page.title())
///     .toList();
/// }
///
/// **Where.** The stream's terminal operation is to be called inside a task; that task pulls the
/// upstream and pushes downstream ([#batch] has a helper), and all that waits in the pipeline is a
/// wait of its own. Gatherers may follow each other in any order. Parallel streams are refused.
///
/// **Children** belong to the innermost scope in which the terminal operation is called. They are
/// cancelled and joined before it returns or throws, with one exception: the JDK tells a gatherer
/// nothing of a failure of its *upstream*. After one, children go on until that scope is left, and
/// are cancelled then.
///
/// **Exceptions** come out of the terminal operation as they were thrown, checked ones too.
///
/// **Non-guarantees.** A gatherer runs when an element arrives. While the upstream waits for its
/// next element, results and failures that are ready meanwhile wait too; only [#batch] pushes then.
public final class AsyncGatherers {
  private AsyncGatherers() {}

  /// Applies a function to the elements, at most so many at a time, each in a child of its own, and
  /// gives the results in the order of the elements.
  ///
  /// The first failure of an element cancels the others, at once, and comes out once they are
  /// joined; it does not wait for the results of elements before it. When the downstream wants no
  /// more (`findFirst`, `limit`), what is in flight is cancelled and joined; what that throws goes
  /// to the exception handler.
  ///
  /// @param limit how many elements may be begun and not yet pushed, at least 1
  /// @param step the function
  /// @param <T> the type of the elements
  /// @param <R> the type of the results
  /// @return a gatherer
  public static <T extends @Nullable Object, R extends @Nullable Object> Gatherer<T, ?, R> mapAsync(
      int limit, BodyOf<? super T, ? extends R, ?> step) {
    return map("mapAsync(…)", limit, true, step);
  }

  /// As [#mapAsync], with the results in the order in which they come.
  ///
  /// @param limit how many elements may be begun and not yet pushed, at least 1
  /// @param step the function
  /// @param <T> the type of the elements
  /// @param <R> the type of the results
  /// @return a gatherer
  public static <T extends @Nullable Object, R extends @Nullable Object>
      Gatherer<T, ?, R> mapAsyncUnordered(int limit, BodyOf<? super T, ? extends R, ?> step) {
    return map("mapAsyncUnordered(…)", limit, false, step);
  }

  private static <T extends @Nullable Object, R extends @Nullable Object> Gatherer<T, ?, R> map(
      String name, int limit, boolean ordered, BodyOf<? super T, ? extends R, ?> step) {
    atLeastOne(limit, "the limit");
    Objects.requireNonNull(step, "step");
    return AsyncGatherers.<InFlight<T, R>, T, R>sequential(
        name,
        host -> new InFlight<>(host, limit, ordered, step),
        InFlight::integrate,
        InFlight::finish);
  }

  /// Collects the elements to lists of so many. A list that is not full is pushed when a time has
  /// passed since its first element, and the rest at the end.
  ///
  /// That time is kept also while the upstream waits for its next element: a child of the task, the
  /// helper, pushes then. What follows in the pipeline therefore runs sometimes in the helper, but
  /// never in both at once: who wants to push waits until the other has. What gatherers that follow
  /// start there belongs to the task's scope all the same. What the downstream throws in the helper
  /// comes out when the next element arrives, or at the end; that it wants no more is noticed then
  /// too. After a failure of the upstream a list that is not full is still pushed when its time has
  /// come, unless the scope is left first.
  ///
  /// @param size how many, at least 1
  /// @param longest how long after its first element a list is pushed at the latest
  /// @param <T> the type of the elements
  /// @return a gatherer; its lists cannot be modified
  public static <T extends @Nullable Object> Gatherer<T, ?, List<T>> batch(
      int size, Duration longest) {
    atLeastOne(size, "the size");
    long nanos = nanos(longest, "the time");
    return AsyncGatherers.<Batches<T>, T, List<T>>sequential(
        "batch(…)", host -> new Batches<>(host, size, nanos), Batches::integrate, Batches::finish);
  }

  /// Lets at most so many elements pass in any stretch of a time, on the loop's clock. The first
  /// ones pass at once.
  ///
  /// @param count how many, at least 1
  /// @param period the time
  /// @param <T> the type of the elements
  /// @return a gatherer
  public static <T extends @Nullable Object> Gatherer<T, ?, T> throttle(
      int count, Duration period) {
    atLeastOne(count, "the count");
    long nanos = nanos(period, "the period");
    return AsyncGatherers.<Pace, T, T>sequential(
        "throttle(…)",
        host -> new Pace(host, count, nanos),
        (pace, element, downstream) -> {
          pace.await();
          return downstream.push(element);
        },
        (_, _) -> {});
  }

  /// Applies a function to one element after the other, each under a time limit of its own, as
  /// [Async#timeout] does.
  ///
  /// @param limit the time for each element
  /// @param step the function
  /// @param <T> the type of the elements
  /// @param <R> the type of the results
  /// @return a gatherer; when a time is over a `TimeoutException` that tells the element comes out
  public static <T extends @Nullable Object, R extends @Nullable Object>
      Gatherer<T, ?, R> timeoutEach(Duration limit, BodyOf<? super T, ? extends R, ?> step) {
    nanos(limit, "the limit");
    Objects.requireNonNull(step, "step");
    return AsyncGatherers.<Timed<T, R>, T, R>sequential(
        "timeoutEach(…)",
        host -> new Timed<>(host, limit, step),
        (timed, element, downstream) -> downstream.push(timed.call(element)),
        (_, _) -> {});
  }

  /// A parallel stream that splits gets to the combiner, or to a thread that is no task.
  private static <S, T extends @Nullable Object, R extends @Nullable Object>
      Gatherer<T, ?, R> sequential(
          String name,
          Function<Host, S> state,
          Gatherer.Integrator<S, T, R> integrator,
          BiConsumer<S, Gatherer.Downstream<? super R>> finisher) {
    return Gatherer.of(
        () -> state.apply(Host.of(name)),
        integrator,
        (_, _) -> {
          throw Host.parallel(name);
        },
        finisher);
  }

  private static void atLeastOne(int number, String what) {
    if (number < 1) {
      throw new IllegalArgumentException(what + " must be at least 1: " + number);
    }
  }

  private static long nanos(Duration duration, String what) {
    if (Objects.requireNonNull(duration, what).isNegative()) {
      throw new IllegalArgumentException(what + " must not be negative: " + duration);
    }
    try {
      return duration.toNanos();
    } catch (ArithmeticException _) {
      return Long.MAX_VALUE / 2;
    }
  }

  /// When the last ones have passed.
  private static final class Pace {
    private final Host host;
    private final int count;
    private final long period;
    private final ArrayDeque<Long> passed = new ArrayDeque<>();

    Pace(Host host, int count, long period) {
      this.host = host;
      this.count = count;
      this.period = period;
    }

    void await() {
      Party pusher = host.enter();
      long left = passed.size() < count ? 0 : passed.peek() + period - pusher.nanoTime();
      if (left > 0) {
        Async.sleep(Duration.ofNanos(left));
      } else {
        pusher.passed();
      }
      if (passed.size() == count) {
        passed.remove();
      }
      passed.add(pusher.nanoTime());
    }
  }

  /// A function under a time limit, and how often it was called.
  private static final class Timed<T extends @Nullable Object, R extends @Nullable Object> {
    private static final int SHOWN = 100;

    private final Host host;
    private final Duration limit;
    private final BodyOf<? super T, ? extends R, ?> step;
    private long calls;

    Timed(Host host, Duration limit, BodyOf<? super T, ? extends R, ?> step) {
      this.host = host;
      this.limit = limit;
      this.step = step;
    }

    R call(T element) {
      Party _ = host.enter();
      calls++;
      Timeout[] scope = new Timeout[1];
      try {
        return Async.timeout(
            limit,
            (Timeout own) -> {
              scope[0] = own;
              return step.call(element);
            });
      } catch (TimeoutException e) {
        throw Failures.<RuntimeException>sneak(scope[0].expired() ? named(e, element) : e);
      } catch (Throwable e) {
        throw Failures.<RuntimeException>sneak(e);
      }
    }

    private TimeoutException named(TimeoutException timeout, T element) {
      String text = String.valueOf(element);
      String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
      TimeoutException named =
          new TimeoutException("element " + calls + ", " + shown + ": " + timeout.getMessage());
      named.initCause(timeout);
      return named;
    }
  }
}
