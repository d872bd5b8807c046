package dev.thrum.data.run;

import static dev.thrum.Async.blocking;

import com.esotericsoftware.kryo.KryoException;
import dev.thrum.data.PipelineException;
import java.util.Map;
import java.util.Optional;

/// A checkpoint.
///
/// @param id its number, counted up
/// @param finishing whether everything has been written and only has to be shown
/// @param states what each stage was
/// @param codec reads them
record Saved(long id, boolean finishing, Map<String, byte[]> states, Codec codec) {

  Optional<Object> state(String stage) {
    byte[] state = states.get(stage);
    if (state == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(blocking(() -> codec.read(state)));
    } catch (KryoException e) {
      throw new PipelineException(
          "what "
              + stage
              + " held at the checkpoint cannot be read: has one of its classes changed? ("
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + ") Without the folder of its checkpoints the job begins anew.",
          e);
    }
  }
}
