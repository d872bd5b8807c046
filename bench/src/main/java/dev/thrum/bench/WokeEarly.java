package dev.thrum.bench;

/// The first sleepers woke before the last one slept.
final class WokeEarly extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WokeEarly() {
    super("the first tasks woke before the last one slept");
  }
}
