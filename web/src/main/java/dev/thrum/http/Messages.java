package dev.thrum.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The messages of a WebSocket, for a `for` loop. The next one is received only when somebody asks
/// for it.
final class Messages implements Iterator<WebSocket.Message> {
  private final WebSocket socket;
  private WebSocket.@Nullable Message next;

  Messages(WebSocket socket) {
    this.socket = socket;
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      try {
        next = socket.receive().orElse(null);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return next != null;
  }

  @Override
  public WebSocket.Message next() {
    if (!hasNext()) {
      throw new NoSuchElementException(socket + " is closed");
    }
    WebSocket.Message message = Objects.requireNonNull(next);
    next = null;
    return message;
  }
}
