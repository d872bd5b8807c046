package dev.thrum.testkit;

/// A number that a generator has chosen, and the range it chose from.
record Choice(long value, long lo, long hi) {

  /// The simplest number of a range: the one closest to zero.
  static long simplest(long lo, long hi) {
    return Math.clamp(0L, lo, hi);
  }

  boolean isSimplest() {
    return distance() == 0;
  }

  /// How far it is from the simplest one, as an unsigned number.
  long distance() {
    return Math.abs(value - simplest(lo, hi)); // the least long is its own distance, unsigned
  }

  boolean isNegative() {
    return value < simplest(lo, hi);
  }

  /// The number at another distance, on the same side.
  long at(long distance) {
    long simplest = simplest(lo, hi);
    return isNegative() ? simplest - distance : simplest + distance;
  }

  /// Simpler ones come first.
  int compareSimplicity(Choice other) {
    int byDistance = Long.compareUnsigned(distance(), other.distance());
    return byDistance != 0 ? byDistance : Boolean.compare(isNegative(), other.isNegative());
  }
}
