package dev.thrum.data.run;

import java.util.Map;
import java.util.Optional;

/// A checkpoint.
///
/// @param id its number, counted up
/// @param finishing whether everything has been written and only has to be shown
/// @param states what each stage was
record Saved(long id, boolean finishing, Map<String, byte[]> states) {

  Optional<Object> state(String stage) {
    return Optional.ofNullable(states.get(stage)).map(Codec::read);
  }
}
