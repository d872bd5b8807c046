package dev.thrum.testkit.internal;

import java.util.Arrays;

/// What can happen next, to choose from: the loop's own order first, extras behind.
final class Offer {
  private Actor[] actors = new Actor[16];
  private Kind[] kinds = new Kind[16];
  private int[] places = new int[16];
  private int size;
  private int plain;

  void clear() {
    size = 0;
    plain = 0;
  }

  /// Adds a possibility.
  ///
  /// @param place where the loop's menu has it, if it is there
  void add(Actor actor, Kind kind, int place) {
    if (size == actors.length) {
      actors = Arrays.copyOf(actors, size * 2);
      kinds = Arrays.copyOf(kinds, size * 2);
      places = Arrays.copyOf(places, size * 2);
    }
    actors[size] = actor;
    kinds[size] = kind;
    places[size++] = place;
  }

  /// What comes now is possible only because it was asked for.
  void extrasFollow() {
    plain = size;
  }

  int size() {
    return size;
  }

  /// How many are no extras.
  int plain() {
    return plain;
  }

  Actor actor(int index) {
    return actors[index];
  }

  Kind kind(int index) {
    return kinds[index];
  }

  int place(int index) {
    return places[index];
  }

  /// A number for a possibility that is the same in every run.
  int key(int index) {
    return actors[index].id * Kind.COUNT + kinds[index].code;
  }

  boolean isStepOf(int index, Object actor) {
    return actors[index] == actor && kinds[index] == Kind.RUN;
  }
}
