package dev.thrum.testkit.internal;

/// A strategy that can come to the end of what there is.
interface Search extends Strategy {

  /// Whether nothing is left to try.
  boolean isExhausted();

  /// Whether what it has seen is all there is.
  boolean isComplete();
}
