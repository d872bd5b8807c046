package dev.thrum.data.run;

import static dev.thrum.Async.blocking;

import dev.thrum.data.PipelineException;
import java.util.HashMap;
import java.util.Map;

/// A cut through the run: what is before it, and what each stage is when it passes.
final class Barrier {
  private final long id;
  private final Codec codec;
  private final Map<String, byte[]> states = new HashMap<>();

  Barrier(long id, Codec codec) {
    this.id = id;
    this.codec = codec;
  }

  boolean has(String stage) {
    return states.containsKey(stage);
  }

  /// Saves what a stage is now. The stage is not called meanwhile.
  void save(String stage, Object state) {
    try {
      states.put(stage, blocking(() -> codec.bytes(state)));
    } catch (RuntimeException e) {
      if (e instanceof java.util.concurrent.CancellationException) {
        throw e;
      }
      throw new PipelineException(
          "what " + stage + " holds cannot be saved in a checkpoint: " + e.getMessage(), e);
    }
  }

  Saved saved(boolean finishing) {
    return new Saved(id, finishing, states, codec);
  }
}
