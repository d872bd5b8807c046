package dev.thrum.testkit.internal;

/// Any of the choices, all with the same probability.
final class RandomOrder extends Estimating {
  RandomOrder(long seed, Estimate estimate) {
    super(seed, estimate);
  }

  @Override
  public String name() {
    return "random";
  }

  @Override
  int pickPlain(Conductor run, int count) {
    chose(count);
    return random.below(count);
  }
}
