package dev.thrum.internal.inspect;

/// How long the steps of a loop take, from a sample of them. Written by who holds the loop, read by
/// anybody.
///
/// Two clock readings a step would cost more than a short step itself. So only every so many steps
/// one is measured: all of them on a loop that does few, one in some hundreds on a busy one. The
/// gaps are random, or a program whose steps alternate would be measured on one of them only.
public final class Histogram {
  private static final int LONGEST_GAP = 256;
  private static final int PER_TICK = 8;
  private static final int ALL_IN_TICK = 64;

  /// The bounds in nanoseconds: three to a decade, from 100 ns to 10 s.
  private static final long[] BOUNDS = bounds();

  private final long[] counts = new long[BOUNDS.length + 1];
  private int gap = 1;
  private int inTick;
  private int random = 1;
  private long began;

  /// Nothing has been measured.
  public Histogram() {}

  private static long[] bounds() {
    long[] bounds = new long[25];
    long decade = 100;
    for (int i = 0; i < bounds.length; i += 3) {
      bounds[i] = decade;
      if (i + 2 < bounds.length) {
        bounds[i + 1] = 2 * decade;
        bounds[i + 2] = 5 * decade;
      }
      decade *= 10;
    }
    return bounds;
  }

  /// A step begins that is to be measured.
  public void begin() {
    began = System.nanoTime();
  }

  /// It has ended.
  ///
  /// @return after how many steps the next one is to be measured
  public int end() {
    counts[bucket(System.nanoTime() - began)]++;
    if (++inTick > ALL_IN_TICK) {
      gap = Math.min(2 * gap, LONGEST_GAP);
    }
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return 1 + (random & Integer.MAX_VALUE) % (2 * gap - 1);
  }

  /// How many steps the loop has done in the last tick. By the sampler.
  void adapt(long steps) {
    inTick = 0;
    gap = Math.clamp(steps / PER_TICK, 1, LONGEST_GAP);
  }

  private static int bucket(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS.length && nanos >= BOUNDS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /// The bounds between the buckets.
  static long[] boundsNanos() {
    return BOUNDS.clone();
  }

  /// How many measured steps were shorter than each bound and not than the one before; the last is
  /// for those that were longer.
  long[] counts() {
    return counts.clone();
  }
}
