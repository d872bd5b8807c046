package dev.thrum.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The lines of a connection. The next one is read only when somebody asks for it.
final class Lines implements Iterator<String> {
  private final Connection connection;
  private @Nullable String next;

  Lines(Connection connection) {
    this.connection = connection;
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      try {
        next = connection.readLine().orElse(null);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return next != null;
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException(connection + " has ended");
    }
    String line = Objects.requireNonNull(next);
    next = null;
    return line;
  }
}
