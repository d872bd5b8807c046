package dev.thrum.internal.inspect;

import java.util.concurrent.TimeUnit;

/// A clock that costs nothing to read: the sampler's own thread moves it, and stands still while no
/// loop runs. It dates what happens far too often to ask the machine's clock each time.
public final class Ticks {
  /// How long one takes.
  static final long MILLIS = 50;

  private static final long ORIGIN = System.nanoTime();

  private static int now;

  private Ticks() {}

  /// The time of the last tick, in ticks. From any thread, without any order to other reads.
  ///
  /// @return a number that grows
  public static int now() {
    return now;
  }

  /// By the sampler.
  static void move() {
    now = (int) (millis() / MILLIS);
  }

  /// How long ago something was.
  ///
  /// @param then what [#now()] was
  /// @return milliseconds, in steps of a tick
  static long millisSince(int then) {
    return Math.max(0, (int) (millis() / MILLIS) - then) * MILLIS;
  }

  private static long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ORIGIN);
  }
}
