package dev.thrum.testkit.internal;

/// How long a loop on which nothing can happen waits, in its thread, for what may come from
/// outside.
final class Patience {
  private static final long FOR_WORK = 30_000_000_000L;

  /// How long nobody outside must have completed a future or ended a wait of the JDK for that to
  /// count as endless: the first time, when it has been seen once, and when others do send things.
  private static final long FIRST = 500_000_000L;

  private static final long SHORT = 50_000_000L;
  private static final long LONG = FOR_WORK;

  private volatile long forOthers = FIRST;
  private long since;
  private boolean onOthers;
  private boolean exhausted;

  /// A run begins.
  void begin() {
    since = 0;
    exhausted = false;
  }

  /// Whether the loop has begun to wait and nothing has come of it.
  boolean isTried() {
    return since != 0;
  }

  /// Whether to wait on for work that is known to be under way.
  boolean lasts() {
    onOthers = false;
    return waited() < FOR_WORK;
  }

  /// Whether to wait on although nobody may come.
  boolean lastsForOthers() {
    if (exhausted) {
      return false;
    }
    onOthers = true;
    exhausted = waited() > forOthers;
    return true;
  }

  private long waited() {
    long now = System.nanoTime();
    if (since == 0) {
      since = now;
    }
    return now - since;
  }

  /// Something can happen.
  ///
  /// @return whether somebody came of whom nothing was known
  boolean rewarded() {
    boolean other = since != 0 && onOthers;
    since = 0;
    if (other) {
      forOthers = LONG;
    }
    return other;
  }

  /// Others do send things. From any thread.
  void encouraged() {
    forOthers = LONG;
  }

  /// The wait was given up.
  void givenUp() {
    since = 0;
    if (exhausted && forOthers == FIRST) {
      forOthers = SHORT;
    }
  }
}
