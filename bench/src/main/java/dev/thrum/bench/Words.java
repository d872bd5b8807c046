package dev.thrum.bench;

/// What a peer's process prints instead of a sample.
final class Words {
  /// The peer has no program for the workload.
  static final String NO_SUCH_PROGRAM = "no-such-program";

  /// The first sleepers woke before the last one slept; they need more patience.
  static final String WOKE_EARLY = "woke-early";

  private Words() {}
}
