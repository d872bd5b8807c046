package dev.thrum.web;

import dev.thrum.http.Exchange;
import java.io.IOException;
import java.io.InputStream;

/// The body of a request while it comes.
final class RequestStream extends InputStream {
  private static final int MOST = 1 << 16;

  /// Whoever brings so much room gets the bytes themselves, and no copy of a copy.
  private static final int DIRECT = 1 << 10;

  private final Exchange exchange;
  private byte[] part = {};
  private int at;
  private boolean ended;

  RequestStream(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public int read() throws IOException {
    return isAtEnd() ? -1 : part[at++] & 255;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    java.util.Objects.checkFromIndexSize(from, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (at == part.length && !ended && length >= DIRECT) {
      int count = exchange.read(into, from, length);
      ended = count < 0;
      return count;
    }
    if (isAtEnd()) {
      return -1;
    }
    int count = Math.min(length, part.length - at);
    System.arraycopy(part, at, into, from, count);
    at += count;
    return count;
  }

  private boolean isAtEnd() throws IOException {
    if (at == part.length && !ended) {
      part = exchange.read(MOST);
      at = 0;
      ended = part.length == 0;
    }
    return ended;
  }

  @Override
  public int available() {
    return part.length - at;
  }
}
