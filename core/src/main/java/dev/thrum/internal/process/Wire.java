package dev.thrum.internal.process;

import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Frames on a socket: a length, a kind, and the content. One thread reads and one writes.
public final class Wire implements AutoCloseable {
  private static final int HEADER = 5;
  private static final int SLICE = 1 << 16;
  private static final int TRUSTED = 1 << 20;

  /// Waits until a channel that does not block is ready.
  public interface Readiness {
    /// Waits.
    ///
    /// @param operations one of the constants of [SelectionKey]
    /// @throws IOException if there is no use in waiting on
    void await(int operations) throws IOException;
  }

  private final SocketChannel channel;
  private final @Nullable Readiness readiness;
  private final ByteBuffer in = ByteBuffer.allocateDirect(SLICE).limit(0);
  private final ByteBuffer out = ByteBuffer.allocateDirect(SLICE);

  /// Frames on a channel.
  ///
  /// @param channel a connected channel
  /// @param readiness how to wait for it, or null if it blocks
  public Wire(SocketChannel channel, @Nullable Readiness readiness) {
    this.channel = channel;
    this.readiness = readiness;
  }

  /// Sends a frame.
  ///
  /// @param kind what it is
  /// @param contents what it says, in parts
  /// @throws IOException if the other side has gone
  public void send(Frame.Kind kind, Content... contents) throws IOException {
    long length = 0;
    for (Content content : contents) {
      length += content.size();
    }
    out.clear().putInt(Math.toIntExact(length)).put(kind.code);
    for (Content content : contents) {
      put(content.bytes());
    }
    flush();
  }

  private void put(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (!out.hasRemaining()) {
        flush();
      }
      int part = Math.min(bytes.remaining(), out.remaining());
      out.put(bytes.slice(bytes.position(), part));
      bytes.position(bytes.position() + part);
    }
  }

  private void flush() throws IOException {
    out.flip();
    while (out.hasRemaining()) {
      if (channel.write(out) == 0) {
        await(SelectionKey.OP_WRITE);
      }
    }
    out.clear();
  }

  /// Whether a part of the next frame is here already.
  ///
  /// @return true if [#receive()] need not begin with waiting
  public boolean hasReceived() {
    return in.hasRemaining();
  }

  /// Receives a frame. Its length is believed only as far as bytes come.
  ///
  /// @return the frame
  /// @throws EOFException if the other side has gone
  /// @throws IOException if it has gone in the middle of a frame
  public Frame receive() throws IOException {
    while (in.remaining() < HEADER) {
      fill();
    }
    int length = in.getInt();
    Frame.Kind kind = Frame.Kind.of(in.get());
    if (length < 0) {
      throw new StreamCorruptedException("no frame is as long as " + length);
    }
    byte[] content = new byte[Math.min(length, TRUSTED)];
    int filled = 0;
    while (filled < length) {
      if (filled == content.length) {
        content = Arrays.copyOf(content, (int) Math.min(length, 2L * content.length));
      }
      if (!in.hasRemaining()) {
        fill();
      }
      int part = Math.min(in.remaining(), content.length - filled);
      in.get(content, filled, part);
      filled += part;
    }
    return new Frame(kind, content);
  }

  private void fill() throws IOException {
    in.compact();
    try {
      int read = channel.read(in);
      while (read == 0) {
        await(SelectionKey.OP_READ);
        read = channel.read(in);
      }
      if (read < 0) {
        throw new EOFException("the other side has closed the socket");
      }
    } finally {
      in.flip();
    }
  }

  private void await(int operations) throws IOException {
    if (readiness == null) {
      throw new AssertionError("a channel that blocks was not ready");
    }
    readiness.await(operations);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
