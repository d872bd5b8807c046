package dev.thrum.internal.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The tasks of a loop that ended last. Written by who holds the loop, read by anybody; an entry
/// that is just being written may be read half old.
///
/// It keeps what they were called and how they ended, not the tasks: these would keep their results
/// alive. It is arrays that are written over, so that the end of a task allocates nothing.
public final class History {
  private static final int SMALLEST = 16;

  /// How many are kept.
  static final int KEPT = 1024;

  private static final int SHOWN = 1000;

  private long[] ids = new long[SMALLEST];
  private @Nullable String[] names = new @Nullable String[SMALLEST];
  private @Nullable String[] failures = new @Nullable String[SMALLEST];
  private @Nullable How[] states = new @Nullable How[SMALLEST];
  private int[] born = new int[SMALLEST];
  private int[] ended = new int[SMALLEST];
  private int[] steps = new int[SMALLEST];
  private volatile long count;

  /// Nothing has ended.
  public History() {}

  /// One that has ended.
  ///
  /// @param id its number
  /// @param name its name
  /// @param how how it ended
  /// @param failure what it failed with, or null
  /// @param ageMillis how long it lived
  /// @param agoMillis how long ago it ended
  /// @param steps in how many steps it ran
  record Ended(
      long id,
      String name,
      How how,
      @Nullable String failure,
      long ageMillis,
      long agoMillis,
      int steps) {}

  /// How a task has ended.
  public enum How {
    /// It has a value.
    SUCCEEDED,
    /// It threw.
    FAILED,
    /// It was cancelled.
    CANCELLED
  }

  /// Takes one down.
  ///
  /// @param id its number
  /// @param name its own name, or null
  /// @param how how it ended
  /// @param failure what it failed with, or null
  /// @param bornAt the tick in which it was started
  /// @param stepped in how many steps it ran
  public void add(
      long id,
      @Nullable String name,
      How how,
      @Nullable Throwable failure,
      int bornAt,
      int stepped) {
    long number = count;
    if (number == ids.length && number < KEPT) {
      grow();
    }
    int at = (int) number & (ids.length - 1);
    ids[at] = id;
    names[at] = name;
    failures[at] = failure == null ? null : Words.failure(failure);
    states[at] = how;
    born[at] = bornAt;
    ended[at] = Ticks.now();
    steps[at] = stepped;
    count = number + 1;
  }

  private void grow() {
    int size = ids.length * 2;
    names = Arrays.copyOf(names, size);
    failures = Arrays.copyOf(failures, size);
    states = Arrays.copyOf(states, size);
    born = Arrays.copyOf(born, size);
    ended = Arrays.copyOf(ended, size);
    steps = Arrays.copyOf(steps, size);
    ids = Arrays.copyOf(ids, size);
  }

  /// How many have ended since the loop began.
  long count() {
    return count;
  }

  /// The last ones, newest first.
  List<Ended> last() {
    long newest = count;
    long[] numbers = ids;
    int size = (int) Math.min(Math.min(newest, SHOWN), numbers.length);
    List<Ended> last = new ArrayList<>(size);
    for (long number = newest - 1; number >= newest - size; number--) {
      int at = (int) number & (numbers.length - 1);
      last.add(
          new Ended(
              numbers[at],
              Words.name(names[at], numbers[at]),
              Objects.requireNonNull(states[at]),
              failures[at],
              Math.max(0, ended[at] - born[at]) * Ticks.MILLIS,
              Ticks.millisSince(ended[at]),
              steps[at]));
    }
    return last;
  }
}
