package dev.thrum.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.internal.Lines;
import dev.thrum.internal.PollerHost;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.RawChannel;
import dev.thrum.net.internal.RawConnection;
import dev.thrum.net.internal.Waiting;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The stream that tasks see, over a [Wire]: the two halves, and how they end together.
final class ConnectionImpl implements Connection, RawConnection, Wire.End {
  private static final int MOST_CAUSES = 100;

  private final PollerHost host;
  private Wire wire;
  private final Settings settings;
  private final ReadHalf input;
  private final WriteHalf output;
  private @Nullable Waiting closers;
  private Runnable whenOver = () -> {};
  private boolean closing;
  private boolean over;
  private boolean lost;
  private boolean secured;
  private @Nullable IOException broken;

  ConnectionImpl(PollerHost host, Wire wire, Settings settings) {
    this.host = host;
    this.wire = wire;
    this.settings = settings;
    this.input = new ReadHalf(this, wire, settings);
    this.output = new WriteHalf(this, wire, settings);
  }

  // Before every operation

  /// The caller, if it may use this now.
  Party enter() throws IOException {
    checkHere();
    Party me = Party.current();
    me.enter();
    checkOpen();
    return me;
  }

  void checkOpen() throws ConnectionClosedException {
    if (closing) {
      throw closedHere();
    }
  }

  private ConnectionClosedException closedHere() {
    return new ConnectionClosedException(this + " has been closed here");
  }

  /// Why something failed that was under way: that it was closed here, if it was.
  IOException reason(IOException failure) {
    return closing ? closedHere() : failure;
  }

  void checkHere() {
    host.checkHere(this);
  }

  boolean isOpen() {
    return !closing;
  }

  /// Whether something may still come.
  boolean isReadable() {
    return !closing && broken == null;
  }

  /// Throws anew what keeps anything from coming.
  void throwIfUnreadable(String doing) throws IOException {
    checkOpen();
    if (broken != null) {
      throw Failures.asIo(broken, doing + " " + this);
    }
  }

  // What the wire tells

  @Override
  public void received(ByteBuf data) {
    if (closing) {
      data.release();
    } else {
      input.received(data);
    }
  }

  @Override
  public void forsaken() {
    closing = true;
    input.discard();
  }

  @Override
  public void giveBack(Consumer<ByteBuf> to) {
    input.giveBack(to);
  }

  @Override
  public void ended() {
    if (broken == null) {
      input.ended();
    }
  }

  @Override
  public void sent(int bytes) {
    output.sent(bytes);
  }

  @Override
  public void outputBroken(IOException why) {
    lost |= output.unsent() > 0;
    output.broken(why);
  }

  @Override
  public void broken(IOException why) {
    if (broken == null) {
      broken = why;
      input.wake();
    }
    outputBroken(why);
  }

  @Override
  public boolean closed() {
    if (!over) {
      over = true;
      if (!closing) {
        broken(new IOException("the connection was lost"));
      }
      lost |= output.unsent() > 0;
      if (closers != null) {
        closers.wakeAll();
      }
      whenOver.run();
    }
    return closing;
  }

  /// Has something done when it is closed for good. By who makes it.
  void whenOver(Runnable action) {
    whenOver = action;
  }

  /// Whether somebody failed because this does not work any more, by the peer's or the network's
  /// doing.
  boolean hasCaused(Throwable failure) {
    IOException ofOutput = output.whyBroken();
    return (broken != null && isCausedBy(broken, failure))
        || (ofOutput != null && isCausedBy(ofOutput, failure))
        || causes(failure)
            .anyMatch(e -> e instanceof IncompleteReadException cut && cut.isOf(this));
  }

  private static boolean isCausedBy(IOException first, Throwable failure) {
    Throwable root = Failures.rootOf(first);
    return causes(failure).anyMatch(cause -> cause == root);
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(MOST_CAUSES);
  }

  private void wakeAll() {
    input.wake();
    output.wakeAll();
  }

  // Reading

  @Override
  public byte[] read(int max) throws IOException {
    return input.read(max);
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    return input.read(to);
  }

  @Override
  public byte[] readExactly(int count) throws IOException {
    return input.readExactly(count);
  }

  @Override
  public byte[] readUntil(byte[] separator) throws IOException {
    return input.readUntil(separator);
  }

  @Override
  public Optional<String> readLine() throws IOException {
    return input.readLine();
  }

  @Override
  public Iterable<String> lines() {
    return () -> new Lines(this, this::readLine);
  }

  @Override
  public byte[] readAll() throws IOException {
    return input.readAll(Integer.MAX_VALUE);
  }

  @Override
  public byte[] readAll(int limit) throws IOException {
    return input.readAll(limit);
  }

  @Override
  public String readString() throws IOException {
    return new String(readAll(), UTF_8);
  }

  @Override
  public InputStream inputStream() {
    return new ConnectionInputStream(this, input);
  }

  // Writing

  @Override
  public void write(byte[] bytes) throws IOException {
    output.write(ByteBuffer.wrap(bytes));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    output.write(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    output.write(bytes);
  }

  @Override
  public void write(ByteBuffer... parts) throws IOException {
    output.write(parts);
  }

  @Override
  public void write(String text) throws IOException {
    output.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  @Override
  public long sendFile(FileChannel file, long position, long count) throws IOException {
    return output.sendFile(file, position, count);
  }

  @Override
  public void flush() throws IOException {
    output.flush();
  }

  @Override
  public OutputStream outputStream() {
    return new ConnectionOutputStream(this);
  }

  @Override
  public void closeOutput() throws IOException {
    output.end();
  }

  @Override
  public long unsent() {
    checkHere();
    return output.unsent();
  }

  // Closing

  @Override
  public void close() throws IOException {
    if (!closing) {
      checkHere();
      closing = true;
      input.discard();
      wakeAll();
      if (over) {
        wire.forget();
      } else if (output.breakOffIfCut()) {
        wire.abort();
      } else {
        wire.close();
      }
    }
    reportLoss(!over && awaitOver());
  }

  /// Waits for the end.
  ///
  /// @return whether that was cut short by a cancellation
  private boolean awaitOver() {
    checkHere();
    Party me = Party.current();
    closers = closers != null ? closers : Waiting.on("the end of ", this, wire.isOutside());
    if ((me.mustLeave() || !closers.awaitFor(me, settings.linger())) && !over) {
      output.broken(new IOException("the peer did not take it in time"));
      wire.closeNow();
    }
    while (!over) {
      closers.awaitMasked(me);
    }
    return me.mustLeave();
  }

  /// Once: closing again does nothing.
  private void reportLoss(boolean cancelled) throws IOException {
    if (lost) {
      lost = false;
      if (cancelled) {
        throw Party.current().cancelled();
      }
      throw Failures.asIo(
          output.whyBroken(), "not everything that was written could be sent on " + this);
    }
  }

  @Override
  public void abort() {
    if (closing && over) {
      return;
    }
    checkHere();
    closing = true;
    lost = false;
    output.forget();
    input.discard();
    wakeAll();
    if (over) {
      wire.forget();
    } else {
      wire.abort();
    }
  }

  @Override
  public boolean isClosed() {
    return closing;
  }

  // TLS

  @Override
  public void startTls(Tls tls) throws IOException {
    startTls(tls, "");
  }

  @Override
  public void startTls(Tls tls, String peer) throws IOException {
    Objects.requireNonNull(tls, "tls");
    var _ = enter();
    throwIfUnreadable("starting TLS on");
    if (secured) {
      throw new IllegalStateException(this + " is in TLS already");
    }
    if (input.isBusy() || output.isBusy()) {
      throw new IllegalStateException(
          "a task reads or writes on " + this + ": TLS starts between two messages");
    }
    output.check();
    input.hold();
    output.hold();
    try {
      tls.prepare();
      throwIfUnreadable("starting TLS on");
      shakeHands(tls, peer);
    } finally {
      input.letGo();
      output.letGo();
    }
  }

  private void shakeHands(Tls tls, String peer) throws IOException {
    secured = true;
    Reply<Boolean> shaken = new Reply<>("the TLS handshake on " + this, wire.isOutside());
    wire = wire.startTls(tls, peer, shaken);
    input.become(wire);
    output.become(wire);
    boolean done = false;
    try {
      done = shaken.await();
    } catch (IOException e) {
      throw reason(e);
    } finally {
      if (!done) {
        abort();
      }
    }
  }

  /// It is secured by the one who made it.
  void secure() {
    secured = true;
  }

  @Override
  public Optional<TlsSession> tls() {
    checkHere();
    return wire.tls();
  }

  // As a channel

  @Override
  public void giveAway(Consumer<RawChannel> taker, Consumer<IOException> otherwise) {
    checkHere();
    if (closing || !(wire instanceof NettyWire netty)) {
      throw new IllegalStateException(
          this + (closing ? " has been closed here" : " is one in memory, and has no channel"));
    }
    netty.execute(() -> {
      if (closing || over || broken != null || netty.isInputEnded()) {
        otherwise.accept(reason(broken == null ? new IOException("the peer is gone") : broken));
      } else {
        giveAway(netty, taker);
      }
    });
  }

  /// By the poller.
  void giveAway(NettyWire netty, Consumer<RawChannel> taker) {
    closing = true;
    over = true;
    netty.giveAway(taker, whenOver);
  }

  // Who and how

  @Override
  public SocketAddress localAddress() {
    return wire.localAddress();
  }

  @Override
  public SocketAddress remoteAddress() {
    return wire.remoteAddress();
  }

  @Override
  public <T> void set(SocketOption<T> option, T value) {
    checkHere();
    if (closing || over) {
      throw new IllegalStateException(this + " is closed, and has no options any more");
    }
    wire.set(option, value);
  }

  @Override
  public String toString() {
    return "connection " + wire;
  }
}
