package dev.thrum.net;

import dev.thrum.Loop;
import dev.thrum.internal.PollerHost;
import dev.thrum.net.internal.Driver;
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
sealed class MemoryWire implements Wire permits FaultyWire {
  private static final SocketAddress NOWHERE = InetSocketAddress.createUnresolved("memory", 0);

  private final String name;
  private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
  private @Nullable End end;
  private @Nullable MemoryWire peer;
  private boolean paused;
  private boolean inputEnded;
  private boolean outputEnds;
  private boolean outputEnded;
  private boolean closing;
  private boolean closed;

  MemoryWire(String name) {
    this.name = name;
  }

  static Net.Pair pair(Settings settings) {
    return pair(
        (PollerHost) Loop.current(),
        new MemoryWire("in memory, first end"),
        new MemoryWire("in memory, second end"),
        settings);
  }

  static Net.Pair pair(PollerHost host, MemoryWire one, MemoryWire two, Settings settings) {
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

  MemoryWire peer() {
    return Objects.requireNonNull(peer);
  }

  boolean isPaused() {
    return paused;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public ByteBuf buffer(int size) {
    return Unpooled.buffer(size, size);
  }

  @Override
  public void send(ByteBuf data, int count) {
    if (closed || refuses()) {
      data.release();
      end().outputBroken(new SocketException("Broken pipe"));
      return;
    }
    queue.add(data);
    pump();
  }

  /// Moves what can be moved towards the peer, then ends what is to be ended.
  void pump() {
    while (hasRoom() && !queue.isEmpty()) {
      ByteBuf data = queue.remove();
      int count = data.readableBytes();
      carry(data);
      end().sent(count);
    }
    if (queue.isEmpty() && outputEnds && !outputEnded) {
      outputEnded = true;
      carryEnd();
    }
    if (queue.isEmpty() && closing) {
      die();
    }
  }

  private void die() {
    if (!closed) {
      closed = true;
      dropQueue();
      var _ = end().closed();
      peer().peerDied();
    }
  }

  private void dropQueue() {
    queue.forEach(ByteBuf::release);
    queue.clear();
  }

  // The way to the peer

  /// Whether it is known that nothing sent reaches anybody.
  boolean refuses() {
    return peer().closed;
  }

  boolean hasRoom() {
    return !peer().paused && !peer().closed;
  }

  void carry(ByteBuf data) {
    peer().arrive(data);
  }

  void carryEnd() {
    peer().arriveEnd();
  }

  void carryReset() {
    peer().arriveReset();
  }

  /// Whoever is closed reads no more.
  void peerDied() {
    if (!queue.isEmpty()) {
      arriveReset();
    }
  }

  // What comes from there

  final void arrive(ByteBuf data) {
    end().received(data);
  }

  final void arriveEnd() {
    if (!closed) {
      inputEnded = true;
      end().ended();
    }
  }

  final void arriveReset() {
    if (!closed) {
      dropQueue();
      end().broken(new SocketException("Connection reset by peer"));
      if (closing) {
        die();
      }
    }
  }

  /// The network has ended it.
  final void collapse() {
    arriveReset();
    die();
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
      carryReset();
      die();
    }
  }

  @Override
  public void forget() {}

  /// From here on this is what a socket is to others: what it has not sent is with the system.
  @Override
  public Wire startTls(Tls tls, String host, Reply<Boolean> done) {
    Driver driver;
    try {
      driver = Driver.current();
    } catch (IOException e) {
      done.fail(e);
      return this;
    }
    int unsent = queue.stream().mapToInt(ByteBuf::readableBytes).sum();
    WireChannel channel = new WireChannel(driver, this, unsent);
    NettyWire secured = new NettyWire(driver, channel, NOWHERE, NOWHERE, "", null);
    End user = end();
    secured.start(user);
    end = channel;
    user.sent(unsent);
    driver.execute(() -> driver.register(channel, () -> {}, done::fail));
    Wire _ = secured.startTls(tls, host, done);
    if (inputEnded) {
      channel.ended();
    }
    return secured;
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
