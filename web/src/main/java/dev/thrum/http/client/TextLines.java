package dev.thrum.http.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/// The lines of a text as they come; they end with a line feed, a carriage return, or both.
final class TextLines {
  private static final int LONGEST = 1 << 20;
  private static final int BUFFER = 1 << 13;

  private final InputStream in;
  private final Charset charset;
  private final Target target;
  private final byte[] buffer = new byte[BUFFER];
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private int from;
  private int to;
  private boolean afterReturn;

  /// @param charset one in which line ends are those of ASCII
  TextLines(InputStream in, Charset charset, Target target) {
    this.in = in;
    this.charset = charset;
    this.target = target;
  }

  /// The next one, or null at the end.
  @Nullable String next() throws IOException {
    while (true) {
      if (from == to && !fill()) {
        return begun.size() == 0 ? null : take();
      }
      if (afterReturn) {
        afterReturn = false;
        if (buffer[from] == '\n') {
          from++;
          continue;
        }
      }
      int end = from;
      while (end < to && buffer[end] != '\n' && buffer[end] != '\r') {
        end++;
      }
      begun.write(buffer, from, end - from);
      if (begun.size() > LONGEST) {
        throw new HttpClientException.TooLarge(
            "a line of the response to " + target + " has more than " + LONGEST + " bytes");
      }
      from = end;
      if (end < to) {
        from++;
        afterReturn = buffer[end] == '\r';
        return take();
      }
    }
  }

  private String take() {
    String line = begun.toString(charset);
    begun.reset();
    return line;
  }

  private boolean fill() throws IOException {
    int count = in.read(buffer);
    from = 0;
    to = Math.max(0, count);
    return count > 0;
  }
}
