package dev.thrum.testkit.internal;

/// Any of the choices, all with the same probability.
final class RandomOrder extends Chance {
  private final Estimate estimate;
  private double inverse;

  RandomOrder(long seed, Estimate estimate) {
    super(seed);
    this.estimate = estimate;
  }

  @Override
  public String name() {
    return "random";
  }

  @Override
  public void begin(Conductor run) {
    super.begin(run);
    inverse = 1;
  }

  @Override
  int pickPlain(Conductor run, int count) {
    inverse *= count;
    return random.below(count);
  }

  @Override
  public int draw(Conductor run, int bound) {
    inverse *= bound;
    return super.draw(run, bound);
  }

  @Override
  public void end(Conductor run, boolean passed) {
    super.end(run, passed);
    estimate.add(Math.min(inverse, 1e300));
  }
}
