package dev.thrum.bench.echo;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/// One connection, which has one message at a time on its way.
final class Client implements AutoCloseable {
  /// Of so many messages one is compared with what was sent; of the others only the length.
  private static final int COMPARE_EVERY = 16;

  /// An address has only so many ports for connections to one server.
  private static final int PORTS = 20_000;

  private final SocketChannel channel;
  private final int number;
  private final Payload payload;
  private final SelectionKey key;
  private long messages;
  private int place;
  private int sent;
  private int received;

  private Client(SocketChannel channel, int number, Payload payload, Selector selector)
      throws IOException {
    this.channel = channel;
    this.number = number;
    this.payload = payload;
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /// Connects, and has one short message echoed, so that the server has accepted it.
  static Client connect(SocketAddress server, int number, Payload payload, Selector selector)
      throws IOException {
    var channel = SocketChannel.open();
    var socket = channel.socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(Load.SILENCE_MILLIS);
    if (number >= PORTS) {
      socket.bind(new InetSocketAddress("127.0.0." + (1 + number / PORTS), 0));
    }
    socket.connect(server, Load.SILENCE_MILLIS);
    var hello = ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    socket.getOutputStream().write(hello);
    var echo = socket.getInputStream().readNBytes(hello.length);
    if (!Arrays.equals(hello, echo)) {
      throw new IOException("connection " + number + " has got back something else than it sent");
    }
    return new Client(channel, number, payload, selector);
  }

  /// Sends a message.
  void begin() throws IOException {
    place = Payload.place(number, messages);
    sent = 0;
    received = 0;
    send();
  }

  /// Goes on with what the selector has found; the bytes that have come.
  int advance(ByteBuffer buffer) throws IOException {
    if (key.isWritable()) {
      send();
    }
    return key.isReadable() ? receive(buffer) : 0;
  }

  private void send() throws IOException {
    sent += channel.write(payload.rest(place, sent));
    int interest =
        sent < payload.length()
            ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
            : SelectionKey.OP_READ;
    if (key.interestOps() != interest) {
      key.interestOps(interest);
    }
  }

  private int receive(ByteBuffer buffer) throws IOException {
    int count = channel.read(buffer.clear());
    if (count < 0) {
      throw new EOFException("the server has closed a connection");
    }
    if (received + count > sent) {
      throw new IOException("the echo is longer than the message");
    }
    if (messages % COMPARE_EVERY == 0 && !payload.matches(place, received, buffer.flip())) {
      throw new IOException("the echo is not what was sent");
    }
    received += count;
    if (isAnswered()) {
      messages++;
    }
    return count;
  }

  /// Whether the whole of its last message has come back.
  boolean isAnswered() {
    return received == payload.length();
  }

  @Override
  public void close() throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    channel.close();
  }
}
