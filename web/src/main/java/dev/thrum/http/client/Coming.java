package dev.thrum.http.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// What comes bit by bit, for a `for` loop. The next one is read only when somebody asks for it.
final class Coming<T> implements Iterator<T> {

  /// Reads one.
  @FunctionalInterface
  interface Reader<T> {

    /// The next one.
    ///
    /// @return null at the end
    @Nullable T next() throws IOException;
  }

  private final Reader<T> reader;
  private @Nullable T next;

  Coming(Reader<T> reader) {
    this.reader = reader;
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      try {
        next = reader.next();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return next != null;
  }

  @Override
  public T next() {
    T taken = hasNext() ? next : null;
    if (taken == null) {
      throw new NoSuchElementException("the response has come to its end");
    }
    next = null;
    return taken;
  }
}
