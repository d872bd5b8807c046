package dev.thrum.data.run;

import static dev.thrum.Async.blocking;

import java.util.HashMap;
import java.util.Map;

/// A cut through the run: what is before it, and what each stage is when it passes.
final class Barrier {
  private final long id;
  private final Map<String, byte[]> states = new HashMap<>();

  Barrier(long id) {
    this.id = id;
  }

  long id() {
    return id;
  }

  /// Saves what a stage is now. The stage is not called meanwhile.
  void save(String stage, Object state) {
    states.put(stage, blocking(() -> Codec.bytes(state)));
  }

  Saved saved(boolean finishing) {
    return new Saved(id, finishing, states);
  }
}
