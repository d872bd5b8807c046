package dev.thrum;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Random tests that can be repeated: `-Dthrum.seed=…` takes a seed that a failure printed.
final class Seeds {
  private Seeds() {}

  /// The seed of this JVM's system property, else a new one.
  static long next() {
    return Long.getLong("thrum.seed", RandomGenerator.getDefault().nextLong());
  }

  static RandomGenerator generator(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
