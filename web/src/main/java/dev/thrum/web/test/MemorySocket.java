package dev.thrum.web.test;

import dev.thrum.Async;
import dev.thrum.channel.Channel;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.http.WebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One end of a WebSocket in memory.
final class MemorySocket implements WebSocket {
  private static final int ROOM = 16;

  private final String subprotocol;
  private final int maxMessage;
  private final Channel<Message> in = Channel.buffered(ROOM);
  private @Nullable MemorySocket peer;
  private @Nullable Closed closed;

  private MemorySocket(String subprotocol, int maxMessage) {
    this.subprotocol = subprotocol;
    this.maxMessage = maxMessage;
  }

  /// The server's end of a new one.
  ///
  /// @param maxMessage the longest message that the server takes
  static MemorySocket pair(String subprotocol, int maxMessage) {
    MemorySocket server = new MemorySocket(subprotocol, maxMessage);
    MemorySocket client = new MemorySocket(subprotocol, Integer.MAX_VALUE);
    server.peer = client;
    client.peer = server;
    return server;
  }

  MemorySocket peer() {
    MemorySocket other = peer;
    if (other == null) {
      throw new IllegalStateException("a WebSocket with one end");
    }
    return other;
  }

  @Override
  public Optional<Message> receive() throws IOException {
    Optional<Message> next = in.next();
    Closed end = closed;
    if (next.isEmpty() && end != null && end.code() == 1006) {
      throw lost();
    }
    return next;
  }

  private static IOException lost() {
    return new IOException("the connection is lost");
  }

  @Override
  public void send(String text) throws IOException {
    send(new Text(text), text.getBytes(StandardCharsets.UTF_8).length);
  }

  @Override
  public void send(byte[] bytes) throws IOException {
    send(new Binary(bytes), bytes.length);
  }

  private void send(Message message, int length) throws IOException {
    checkOpen();
    if (length > peer().maxMessage) {
      end(new Closed(1009, "a message is too long"));
      return;
    }
    try {
      peer().in.send(message);
    } catch (ChannelClosedException _) {
      throw lost();
    }
  }

  private void checkOpen() throws IOException {
    Async.checkpoint();
    if (closed != null) {
      throw new IOException("the WebSocket is closed");
    }
  }

  @Override
  public void ping(byte[] bytes) throws IOException {
    if (bytes.length > 125) {
      throw new IllegalArgumentException("a ping of " + bytes.length + " bytes: give at most 125");
    }
    checkOpen();
  }

  @Override
  public void close(int code, String reason) {
    end(new Closed(code, reason));
  }

  @Override
  public void close() {
    close(1000, "");
  }

  /// Has the connection end without a word.
  void lose() {
    end(new Closed(1006, ""));
  }

  private void end(Closed how) {
    if (closed == null) {
      closed = how;
      in.close();
      peer().end(how);
    }
  }

  @Override
  public Optional<Closed> closed() {
    return Optional.ofNullable(closed);
  }

  @Override
  public String subprotocol() {
    return subprotocol;
  }
}
