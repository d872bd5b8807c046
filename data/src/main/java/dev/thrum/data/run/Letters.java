package dev.thrum.data.run;

import dev.thrum.data.Letter;
import dev.thrum.data.PipelineException;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/// Where elements go that fail: to the sink for them, or the run ends.
final class Letters {
  private final Optional<SinkStage> sink;
  private long count;

  Letters(Optional<SinkStage> sink) {
    this.sink = sink;
  }

  long count() {
    return count;
  }

  void failed(String operator, Object element, Exception why) throws Exception {
    if (why instanceof CancellationException || why instanceof PipelineException) {
      throw why;
    }
    if (why instanceof InterruptedException) {
      throw why;
    }
    tell(new Letter(operator, "", problem(why), String.valueOf(element)), why);
  }

  void bad(Letter letter) throws Exception {
    tell(letter, null);
  }

  private void tell(Letter letter, @org.jspecify.annotations.Nullable Exception why)
      throws Exception {
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
