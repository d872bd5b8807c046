package dev.thrum.testkit.internal;

/// Strategies that draw lots. What is possible only because it was asked for (a cancellation, a
/// timer before its time) is possible at nearly every step; one of all these places is drawn, so
/// that it does not always come in the first few.
abstract class Chance implements Strategy {
  private static final int FEWEST_EXTRAS = 4;

  final Rng random = new Rng();
  private final long seed;
  private int runs;
  private int extras;
  private int extraAt;
  private int mostExtras;

  Chance(long seed) {
    this.seed = seed;
  }

  @Override
  public void begin(Conductor run) {
    random.seed(seed + name().hashCode(), ++runs); // no two strategies draw the same
    extras = 0;
    drawExtra();
  }

  private void drawExtra() {
    extraAt = extras + random.below(Math.max(FEWEST_EXTRAS, mostExtras) * 5 / 4 + 1);
  }

  @Override
  public final int pick(Conductor run, int count) {
    int plain = run.plain();
    if (count > plain) {
      int place = extraAt - extras;
      extras += count - plain;
      if (place >= 0 && place < count - plain) {
        drawExtra();
        return plain + place;
      }
    }
    return plain == 1 ? 0 : pickPlain(run, plain);
  }

  /// What to do next, of what is possible anyway.
  abstract int pickPlain(Conductor run, int count);

  @Override
  public int draw(Conductor run, int bound) {
    return random.below(bound);
  }

  @Override
  public void end(Conductor run, boolean passed) {
    mostExtras = Math.max(mostExtras, extras);
  }
}
