package dev.thrum.http.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// An event that a server has sent (`text/event-stream`).
///
/// @param type its name, `message` if it has none
/// @param data its text, lines with a line feed between them
/// @param id the last id that has come, perhaps empty: `Last-Event-ID` of a request that goes on
///   from here
/// @param retry after how long the server wants to be asked again when it has ended; nothing if it
///   has not said so
public record ServerEvent(String type, String data, String id, Optional<Duration> retry) {

  /// Reads them, as the HTML standard has it.
  static final class Reader {
    private final TextLines lines;
    private String id = "";
    private Optional<Duration> retry = Optional.empty();

    Reader(TextLines lines) {
      this.lines = lines;
    }

    /// The next one, or null at the end. One that is not complete then is none.
    @Nullable ServerEvent next() throws IOException {
      String type = "";
      StringJoiner data = new StringJoiner("\n");
      boolean some = false;
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (line.startsWith("\uFEFF")) {
          line = line.substring(1);
        }
        if (line.isEmpty()) {
          if (some) {
            return new ServerEvent(type.isEmpty() ? "message" : type, data.toString(), id, retry);
          }
          type = "";
          continue;
        }
        int colon = line.indexOf(':');
        String name = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        value = value.startsWith(" ") ? value.substring(1) : value;
        switch (name) {
          case "event" -> type = value;
          case "data" -> {
            some = true;
            var _ = data.add(value);
          }
          case "id" -> id = value.indexOf('\0') < 0 ? value : id;
          case "retry" -> retry = millis(value);
          default -> {
            // a comment, or what is not known yet
          }
        }
      }
      return null;
    }

    private Optional<Duration> millis(String text) {
      boolean number = !text.isEmpty() && text.length() < 10;
      return number && text.chars().allMatch(c -> c >= '0' && c <= '9')
          ? Optional.of(Duration.ofMillis(Integer.parseInt(text)))
          : retry;
    }
  }
}
