package dev.thrum.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The lines of a stream, for a `for` loop. The next one is read only when somebody asks for it.
public final class Lines implements Iterator<String> {

  /// How to read one.
  @FunctionalInterface
  public interface Reader {

    /// Reads a line.
    ///
    /// @return the line; nothing at the end
    /// @throws IOException if it cannot be read
    Optional<String> readLine() throws IOException;
  }

  private final Object of;
  private final Reader reader;
  private @Nullable String next;

  /// From where a stream is now.
  ///
  /// @param of the stream, for a message
  /// @param reader reads the next line
  public Lines(Object of, Reader reader) {
    this.of = of;
    this.reader = reader;
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      try {
        next = reader.readLine().orElse(null);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return next != null;
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException(of + " has ended");
    }
    String line = Objects.requireNonNull(next);
    next = null;
    return line;
  }

  /// The text of a line without its end, `\n` or `\r\n`.
  ///
  /// @param line the line, with its end if it has one
  /// @param charset what it is written in
  /// @return the text
  public static String textOf(byte[] line, Charset charset) {
    int length = line.length;
    if (length > 0 && line[length - 1] == '\n') {
      length--;
      if (length > 0 && line[length - 1] == '\r') {
        length--;
      }
    }
    return new String(line, 0, length, charset);
  }
}
