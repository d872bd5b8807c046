package dev.thrum.data.run;

import dev.thrum.CancelledException;
import dev.thrum.data.Letter;
import dev.thrum.data.PipelineException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where elements go that fail: to the sink for them, or the run ends.
class Letters {
  private final Optional<SinkStage> sink;
  private long count;

  Letters(Optional<SinkStage> sink) {
    this.sink = sink;
  }

  long count() {
    return count;
  }

  /// What has been told already is not told again.
  Letters muted() {
    return sink.isEmpty()
        ? this
        : new Letters(Optional.empty()) {
          @Override
          void tell(Letter letter, @Nullable Exception why) {}
        };
  }

  void failed(String operator, Object element, Exception why) throws Exception {
    if (why instanceof CancelledException || why instanceof InterruptedException) {
      throw why; // the run ends
    }
    tell(new Letter(operator, "", problem(why), String.valueOf(element)), why);
  }

  /// A function has given nothing where an element has to be.
  void nothing(String operator, Object element) throws Exception {
    tell(new Letter(operator, "", "the function has given null", String.valueOf(element)), null);
  }

  void bad(Letter letter) throws Exception {
    tell(letter, null);
  }

  void tell(Letter letter, @Nullable Exception why) throws Exception {
    count++;
    if (sink.isEmpty()) {
      throw new PipelineException(letter.sentence(), why);
    }
    sink.get().take(letter);
  }

  private static String problem(Exception why) {
    String message = why.getMessage();
    String kind = why.getClass().getSimpleName();
    return message == null || message.isBlank() ? kind : kind + ": " + message;
  }
}
