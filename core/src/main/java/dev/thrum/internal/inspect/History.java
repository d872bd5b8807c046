package dev.thrum.internal.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The tasks of a loop that ended last. Written by who holds the loop, read by anybody; an entry
/// that is just being written may be read half old.
///
/// It keeps what they were called and how they ended, not the tasks: these would keep their results
/// alive. It is arrays that are written over, so that the end of most tasks allocates nothing.
public final class History {
  private static final int SMALLEST = 16;

  /// How many are kept.
  static final int KEPT = 1024;

  private static final int SHOWN = 1000;

  /// Of each its number, in which ticks it was started and ended, and in how many steps it ran.
  private static final int LONGS = 3;

  private int size = SMALLEST;
  private long[] numbers = new long[LONGS * SMALLEST];
  private @Nullable Rest @Nullable [] rest;
  private final AtomicLong count = new AtomicLong();

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
      long steps) {}

  /// What most have none of.
  private record Rest(@Nullable String name, How how, @Nullable String failure) {
    static final Rest OF_MOST = new Rest(null, How.SUCCEEDED, null);
  }

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
      long stepped) {
    long number = count.getPlain();
    if (number == size && size < KEPT) {
      grow();
    }
    int at = (int) number & (size - 1);
    numbers[LONGS * at] = id;
    numbers[LONGS * at + 1] = pair(bornAt, Ticks.now());
    numbers[LONGS * at + 2] = stepped;
    if (name != null || how != How.SUCCEEDED) {
      keep(at, new Rest(name, how, failure == null ? null : Words.failure(failure)));
    } else if (rest != null) {
      rest[at] = null;
    }
    count.lazySet(number + 1); // no fence at the end of every task
  }

  private void keep(int at, Rest told) {
    if (rest == null) {
      rest = new @Nullable Rest[size];
    }
    rest[at] = told;
  }

  private static long pair(int high, int low) {
    return (long) high << Integer.SIZE | Integer.toUnsignedLong(low);
  }

  private static int high(long pair) {
    return (int) (pair >> Integer.SIZE);
  }

  private void grow() {
    size *= 2;
    numbers = Arrays.copyOf(numbers, LONGS * size);
    rest = rest == null ? null : Arrays.copyOf(rest, size);
  }

  /// How many have ended since the loop began.
  long count() {
    return count.get();
  }

  /// The last ones, newest first.
  List<Ended> last() {
    long newest = count.get();
    long[] seen = numbers;
    int places = seen.length / LONGS;
    int shown = (int) Math.min(Math.min(newest, SHOWN), places);
    List<Ended> last = new ArrayList<>(shown);
    for (long number = newest - 1; number >= newest - shown; number--) {
      int at = (int) number & (places - 1);
      long id = seen[LONGS * at];
      long life = seen[LONGS * at + 1];
      Rest told = told(at);
      last.add(
          new Ended(
              id,
              Words.name(told.name, id),
              told.how,
              told.failure,
              Math.max(0, (int) life - high(life)) * Ticks.MILLIS,
              Ticks.millisSince((int) life),
              seen[LONGS * at + 2]));
    }
    return last;
  }

  private Rest told(int at) {
    @Nullable Rest[] known = rest;
    Rest told = known == null || at >= known.length ? null : known[at];
    return told == null ? Rest.OF_MOST : told;
  }
}
