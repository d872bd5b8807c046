package dev.thrum.bench.web;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One WebSocket connection that sends the same text again and again. The frames are made once, so
/// that the load costs little: what comes back has to be the bytes of the unmasked frame.
final class WebSocketClient {
  private static final byte[] TEXT =
      "0123456789abcdef0123456789ABCDEF-echo-echo-echo-echo-echo-echo-"
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};
  private static final int FINAL_TEXT = 0x81;
  private static final int MASKED = 0x80;
  private static final int LONGEST_HEAD = 8192;
  private static final ByteBuffer ECHO = echo();

  private final SocketChannel channel;
  private final ByteBuffer frame = frame();
  private final ByteBuffer received = ByteBuffer.allocateDirect(ECHO.capacity() + 1);
  private long sentAt;
  private @Nullable IOException failure;

  private WebSocketClient(SocketChannel channel) {
    this.channel = channel;
  }

  /// Connects, and has the connection upgraded.
  ///
  /// @throws Unsupported if the server says that it knows no WebSocket
  static WebSocketClient connect(SocketAddress server, int silenceMillis, Selector selector)
      throws IOException {
    var channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      var socket = channel.socket();
      socket.setSoTimeout(silenceMillis);
      socket.connect(server, silenceMillis);
      socket.getOutputStream().write(upgrade().getBytes(StandardCharsets.US_ASCII));
      var status = head(socket.getInputStream()).split(" ", 3);
      if (status.length > 1 && status[1].equals("501")) {
        throw new Unsupported();
      }
      if (status.length < 2 || !status[1].equals("101")) {
        throw new IOException("no upgrade to WebSocket: " + String.join(" ", status));
      }
      var client = new WebSocketClient(channel);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, client);
      return client;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static String upgrade() {
    return """
    GET /ws HTTP/1.1\r
    Host: 127.0.0.1\r
    Upgrade: websocket\r
    Connection: Upgrade\r
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
    Sec-WebSocket-Version: 13\r
    \r
    """;
  }

  /// The lines up to the empty one, as one text.
  private static String head(InputStream in) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0 || text.length() > LONGEST_HEAD) {
        throw new EOFException("no whole answer to the upgrade");
      }
      text.append((char) next);
    }
    return text.toString().strip();
  }

  /// Sends the message; it is short enough for an empty socket to take it whole.
  void send() throws IOException {
    sentAt = System.nanoTime();
    channel.write(frame.rewind());
    if (frame.hasRemaining()) {
      throw new IOException("the socket has not taken a whole message");
    }
  }

  /// Takes what has come, and sends the next message once this one is back.
  void receive(Latencies latencies) {
    try {
      int count = channel.read(received);
      if (count < 0) {
        throw new EOFException("the server has closed a connection");
      }
      if (received.position() < ECHO.capacity()) {
        return;
      }
      if (!received.flip().equals(ECHO)) {
        throw new IOException("the echo is not what was sent");
      }
      received.clear();
      latencies.add(System.nanoTime() - sentAt);
      send();
    } catch (IOException e) {
      failure = e;
    }
  }

  /// Fails if it has failed.
  void check() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  /// Says goodbye, and does not wait for the answer.
  void close() throws IOException {
    try (channel) {
      channel.write(ByteBuffer.wrap(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0}));
    } catch (IOException _) {
      // The server is gone already.
    }
  }

  private static ByteBuffer frame() {
    var frame = ByteBuffer.allocateDirect(2 + MASK.length + TEXT.length);
    frame.put((byte) FINAL_TEXT).put((byte) (MASKED | TEXT.length)).put(MASK);
    for (int i = 0; i < TEXT.length; i++) {
      frame.put((byte) (TEXT[i] ^ MASK[i % MASK.length]));
    }
    return frame;
  }

  private static ByteBuffer echo() {
    return ByteBuffer.allocateDirect(2 + TEXT.length)
        .put((byte) FINAL_TEXT)
        .put((byte) TEXT.length)
        .put(TEXT)
        .flip();
  }
}
