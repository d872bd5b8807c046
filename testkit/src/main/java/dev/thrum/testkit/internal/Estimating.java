package dev.thrum.testkit.internal;

/// A strategy that knows how likely each of its runs was, from which the number of all schedules
/// can be guessed.
abstract class Estimating extends Chance {
  private static final double MOST = 1e300;

  private final Estimate estimate;
  private double inverse;

  Estimating(long seed, Estimate estimate) {
    super(seed);
    this.estimate = estimate;
  }

  /// A choice was made.
  ///
  /// @param inverseProbability one over how likely it was
  final void chose(double inverseProbability) {
    inverse *= inverseProbability;
  }

  @Override
  public void begin(Conductor run) {
    super.begin(run);
    inverse = 1;
  }

  @Override
  public final int draw(Conductor run, int bound) {
    chose(bound);
    return super.draw(run, bound);
  }

  @Override
  public void end(Conductor run, boolean passed) {
    super.end(run, passed);
    estimate.add(Math.min(inverse, MOST));
  }
}
