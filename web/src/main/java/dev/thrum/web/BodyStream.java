package dev.thrum.web;

import dev.thrum.http.Exchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The body of a response that is being sent.
///
/// Texts and whole arrays are sent at the end of the loop's turn. What comes byte by byte or in
/// parts of arrays, as from a `PrintStream`, is collected and sent when it is much, by [#flush], or
/// at the end.
///
/// **Back-pressure.** A write waits while the client does not read.
///
/// **Errors.** An `IOException` says that the client is gone.
public final class BodyStream extends OutputStream {
  private static final int ROOM = 8192;

  private final Exchange exchange;
  private final @Nullable OutputStream encoder;
  private byte[] collected = {};
  private int count;
  private boolean broken;
  private long sent;

  BodyStream(Exchange exchange) {
    this(exchange, null);
  }

  private BodyStream(Exchange exchange, @Nullable OutputStream encoder) {
    this.exchange = exchange;
    this.encoder = encoder;
  }

  /// A body whose bytes go through something else on their way, which ends up in this one.
  BodyStream before(OutputStream encoding) {
    return new BodyStream(exchange, encoding);
  }

  /// Sends a text in UTF-8.
  ///
  /// @param text the text
  /// @throws IOException if the client is gone
  public void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends bytes.
  ///
  /// @param bytes the bytes, which must not be changed any more
  /// @throws IOException if the client is gone
  @Override
  public void write(byte[] bytes) throws IOException {
    flush();
    send(bytes);
  }

  /// Sends what remains in a buffer.
  ///
  /// @param bytes it is taken before this returns
  /// @throws IOException if the client is gone
  public void write(ByteBuffer bytes) throws IOException {
    byte[] taken = new byte[bytes.remaining()];
    var _ = bytes.get(taken);
    write(taken);
  }

  @Override
  public void write(int one) throws IOException {
    if (count == collected.length) {
      makeRoom();
    }
    collected[count++] = (byte) one;
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (length >= ROOM) {
      write(Arrays.copyOfRange(bytes, from, from + length));
      return;
    }
    if (count + length > collected.length) {
      makeRoom();
    }
    System.arraycopy(bytes, from, collected, count, length);
    count += length;
  }

  private void makeRoom() throws IOException {
    flush();
    collected = new byte[ROOM];
  }

  @Override
  public void flush() throws IOException {
    if (count > 0) {
      byte[] full = Arrays.copyOf(collected, count);
      count = 0;
      send(full);
    }
  }

  /// Sends what is collected. The response is ended by whoever began it.
  @Override
  public void close() throws IOException {
    flush();
  }

  private void send(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    OutputStream through = encoder;
    try {
      if (through != null) {
        through.write(bytes);
        through.flush();
      } else {
        exchange.write(bytes);
        sent += bytes.length;
      }
    } catch (IOException e) {
      broken = true;
      throw e;
    }
  }

  /// What the request and the response are of.
  Exchange exchange() {
    return exchange;
  }

  /// How many bytes have been sent.
  long sent() {
    return sent;
  }

  /// Whether the client has gone away meanwhile.
  boolean isBroken() {
    return broken;
  }
}
