package dev.thrum.testkit.internal;

import dev.thrum.internal.Steering.Touch;

/// What each step of a run has used.
final class Footprints {
  void begin() {}

  void begin(Actor actor, Kind kind) {}

  void enabled(Actor actor, Actor by) {}

  void touched(Object what, Touch how) {}

  void incomplete() {}
}
