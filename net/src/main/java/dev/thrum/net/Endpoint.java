package dev.thrum.net;

import dev.thrum.internal.DebugStack;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Driver;
import dev.thrum.net.internal.Waiting;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.Closeable;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A socket that is no stream, from its opening to its end.
abstract class Endpoint extends ChannelInboundHandlerAdapter implements Driver.Open, Closeable {
  final Driver driver;
  private final Waiting closers;
  private final @Nullable DebugStack openedAt;
  private @Nullable Channel channel;
  private boolean closed;
  private boolean over;

  Endpoint(Driver driver) {
    this.driver = driver;
    this.closers = Waiting.on("the end of ", this, true);
    this.openedAt = DebugStack.ofCaller("opened here");
  }

  // Opening

  /// Has it opened, and waits for that.
  final void open(String what) throws IOException {
    Reply<Boolean> opened = new Reply<>(what, _ -> closeNow());
    driver.execute(() -> begin(opened));
    var _ = opened.awaitOrUndo(() -> driver.execute(this::closeNow));
  }

  private void begin(Reply<Boolean> opened) {
    if (opened.isAbandoned()) {
      return;
    }
    try {
      Channel own = make();
      channel = own;
      own.pipeline().addLast(this);
      driver.opened(this);
      var _ = own.closeFuture().addListener(_ -> gone());
      driver.register(own, () -> bind(opened), why -> fail(opened, why));
    } catch (RuntimeException | Error e) {
      fail(opened, e);
    }
  }

  private void bind(Reply<Boolean> opened) {
    try {
      Driver.follow(bind(), () -> finish(opened), why -> fail(opened, why));
    } catch (RuntimeException e) {
      fail(opened, e);
    }
  }

  private void finish(Reply<Boolean> opened) {
    try {
      bound();
      opened.succeed(true);
    } catch (IOException e) {
      fail(opened, e);
    }
  }

  private void fail(Reply<Boolean> opened, Throwable why) {
    closeNow();
    opened.fail(why);
  }

  /// Its channel, not registered. By the poller, once.
  abstract Channel make();

  /// Sets its options and gives it its address. By the poller, once.
  abstract ChannelFuture bind();

  /// It has its address. By the poller.
  abstract void bound() throws IOException;

  final Channel channel() {
    return Objects.requireNonNull(channel);
  }

  // Before every operation

  /// The caller, if it may use this now.
  final Party enter() throws IOException {
    driver.host().checkHere(this);
    Party me = Party.current();
    me.enter();
    checkOpen();
    return me;
  }

  final void checkOpen() throws ConnectionClosedException {
    if (closed) {
      throw isClosedHere();
    }
  }

  final ConnectionClosedException isClosedHere() {
    return new ConnectionClosedException(this + " has been closed here");
  }

  // Closing

  @Override
  public final void close() {
    if (over) {
      return;
    }
    driver.host().checkHere(this);
    stop();
    Party me = Party.current();
    while (!over) {
      closers.awaitMasked(me);
    }
  }

  /// Begins to close it.
  final void stop() {
    if (!closed) {
      closed = true;
      letGo();
      driver.execute(this::closeNow);
    }
  }

  private void closeNow() {
    closed = true;
    closing();
    Channel own = channel;
    if (own != null) {
      var _ = own.close();
    }
  }

  private void gone() {
    over = true;
    driver.closed(this);
    closers.wakeAll();
  }

  /// Wakes whoever waits, and lets go of what nobody has taken.
  abstract void letGo();

  /// It is still open, for the last time. By the poller; it may come twice.
  void closing() {}

  public final boolean isClosed() {
    return closed;
  }

  @Override
  public final boolean isSent() {
    return true;
  }

  @Override
  public final @Nullable DebugStack openedAt() {
    return openedAt;
  }

  @Override
  public final void closeAtEnd() {
    closeNow();
  }
}
