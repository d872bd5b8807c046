package dev.thrum;

import java.util.Locale;

/// Rounds of a random test, until they have done enough: a moment's worth of it with every build,
/// many operations in the long version. The seed of each round is one more than that of the last.
enum Rounds {
  SHORT,
  LONG;

  private static final long MOMENT = 500_000_000;

  /// What one round does.
  @FunctionalInterface
  interface Round {
    /// Runs it.
    ///
    /// @return how many operations it was
    long run(long seed) throws Throwable;
  }

  /// Runs rounds.
  ///
  /// @param operations how many the long version does at least
  void run(String what, long operations, Round round) {
    long first = Seeds.next();
    long begin = System.nanoTime();
    long done = 0;
    int rounds = 0;
    while (!isEnough(done, operations, System.nanoTime() - begin)) {
      done += run(what, rounds, first + rounds, round);
      rounds++;
    }
    if (this == LONG) {
      System.out.printf(
          Locale.ROOT,
          "%s: %,d operations in %,d rounds from -Dthrum.seed=%d on, %s engine, %.1f s%n",
          what,
          done,
          rounds,
          first,
          Engines.name(),
          (System.nanoTime() - begin) / 1e9);
    }
  }

  private boolean isEnough(long done, long operations, long nanos) {
    return this == LONG ? done >= operations : nanos > MOMENT;
  }

  private static long run(String what, int number, long seed, Round round) {
    try {
      return round.run(seed);
    } catch (Throwable e) {
      throw new AssertionError(
          what + ", round " + number + ", -Dthrum.seed=" + seed + ": " + e.getMessage(), e);
    }
  }
}
