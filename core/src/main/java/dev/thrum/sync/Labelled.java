package dev.thrum.sync;

import dev.thrum.internal.wait.Guarded;
import org.jspecify.annotations.Nullable;

/// Something shared that messages and dumps call by a name.
abstract class Labelled extends Guarded {
  private final String kind;
  private final @Nullable String name;

  Labelled(String kind, @Nullable String name) {
    this.kind = kind;
    this.name = name;
  }

  final String label() {
    return name == null ? kind + "@" + number() : kind + " " + name;
  }
}
