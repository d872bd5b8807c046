package dev.thrum.testkit.internal;

/// Random numbers that depend on nothing but a seed and a run's number (SplitMix64).
final class Rng {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /// Begins again.
  void seed(long seed, long run) {
    state = mix(seed + GAMMA) ^ mix(run * GAMMA + 1);
  }

  long next() {
    state += GAMMA;
    return mix(state);
  }

  /// A number from 0 to below a bound.
  int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  /// A number from 0 to below 1.
  double fraction() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
