package dev.thrum.net;

import dev.thrum.Loop;
import dev.thrum.internal.PollerHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One end of a connection in memory. What is sent is with the peer at once; while the peer is
/// paused it stays here, as unsent.
final class MemoryWire implements Wire {
  private static final SocketAddress NOWHERE = InetSocketAddress.createUnresolved("memory", 0);

  private final String name;
  private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
  private @Nullable End end;
  private @Nullable MemoryWire peer;
  private boolean paused;
  private boolean outputEnds;
  private boolean outputEnded;
  private boolean closing;
  private boolean closed;

  private MemoryWire(String name) {
    this.name = name;
  }

  static Net.Pair pair(Settings settings) {
    PollerHost host = (PollerHost) Loop.current();
    MemoryWire one = new MemoryWire("in memory, first end");
    MemoryWire two = new MemoryWire("in memory, second end");
    one.peer = two;
    two.peer = one;
    ConnectionImpl first = new ConnectionImpl(host, one, settings);
    ConnectionImpl second = new ConnectionImpl(host, two, settings);
    one.end = first;
    two.end = second;
    return new Net.Pair(first, second);
  }

  private End end() {
    return Objects.requireNonNull(end);
  }

  private MemoryWire peer() {
    return Objects.requireNonNull(peer);
  }

  @Override
  public ByteBuf buffer(int size) {
    return Unpooled.buffer(size, size);
  }

  @Override
  public void send(ByteBuf data, int count) {
    if (closed || peer().closed) {
      data.release();
      end().outputBroken(new SocketException("Broken pipe"));
      return;
    }
    queue.add(data);
    pump();
  }

  /// Moves what can be moved to the peer, then ends what is to be ended.
  private void pump() {
    MemoryWire to = peer();
    while (!to.paused && !to.closed && !queue.isEmpty()) {
      ByteBuf data = queue.remove();
      int count = data.readableBytes();
      to.end().received(data);
      end().sent(count);
    }
    if (queue.isEmpty() && outputEnds && !outputEnded) {
      outputEnded = true;
      if (!to.closed) {
        to.end().ended();
      }
    }
    if (queue.isEmpty() && closing) {
      die();
    }
  }

  private void die() {
    if (!closed) {
      closed = true;
      queue.forEach(ByteBuf::release);
      queue.clear();
      var _ = end().closed();
      peer().peerDied();
    }
  }

  /// Whoever is closed reads no more.
  private void peerDied() {
    if (!closed && !queue.isEmpty()) {
      queue.forEach(ByteBuf::release);
      queue.clear();
      end().broken(new SocketException("Connection reset by peer"));
    }
  }

  @Override
  public boolean canSendFile(FileChannel file) {
    return false;
  }

  @Override
  public LongSupplier sendFile(FileChannel file, long position, long count, Reply<Boolean> done) {
    throw new UnsupportedOperationException("a connection in memory copies files");
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    if (!closed) {
      peer().pump();
    }
  }

  @Override
  public void endOutput() {
    outputEnds = true;
    pump();
  }

  @Override
  public void close() {
    outputEnds = true;
    closing = true;
    pump();
  }

  @Override
  public void closeNow() {
    if (queue.isEmpty()) {
      close();
    } else {
      abort();
    }
  }

  @Override
  public void abort() {
    if (!closed) {
      if (!peer().closed) {
        peer().end().broken(new SocketException("Connection reset by peer"));
      }
      die();
    }
  }

  @Override
  public void forget() {}

  @Override
  public void startTls(Tls tls, String host, Reply<Boolean> done) {
    done.fail(new IOException("a connection in memory has no TLS"));
  }

  @Override
  public Optional<TlsSession> tls() {
    return Optional.empty();
  }

  @Override
  public boolean isOutside() {
    return false;
  }

  @Override
  public SocketAddress localAddress() {
    return NOWHERE;
  }

  @Override
  public SocketAddress remoteAddress() {
    return NOWHERE;
  }

  @Override
  public <T> void set(SocketOption<T> option, T value) {
    throw new UnsupportedOperationException("a connection in memory has no socket options");
  }

  @Override
  public String toString() {
    return name;
  }
}
