package dev.thrum.net;

import dev.thrum.internal.DebugStack;
import dev.thrum.internal.Durations;
import dev.thrum.internal.PollerHost;
import dev.thrum.internal.Timer;
import dev.thrum.net.internal.Driver;
import dev.thrum.net.internal.RawChannel;
import dev.thrum.net.internal.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInboundInvoker;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// A socket of the system, or what is one to Netty.
///
/// What tasks send is put into buffers of the outbox; the poller hands them to the channel and
/// flushes once in a turn. Netty fails what it has not written when a channel is closed or its
/// output is shut down, so both wait here until everything is written.
final class NettyWire extends ChannelInboundHandlerAdapter
    implements Wire, Driver.Outbox, Driver.Open {
  private static final String LEFT = "the peer has ended the stream";

  private final Driver driver;
  private final Channel channel;
  private final SocketAddress local;
  private final SocketAddress remote;
  private final String peerName;
  private final @Nullable DebugStack openedAt;
  private @Nullable End end;

  /// What is to be sent: nearly always one buffer, which is the last one too.
  private @Nullable ByteBuf tail;

  private @Nullable ArrayDeque<ByteBuf> before;
  private @Nullable TlsLayer tls;
  private @Nullable Runnable whenSent;
  private boolean dirty;
  private boolean inputEnded;
  private @Nullable IOException failure;
  private @Nullable IOException outputFailure;
  private int inFlight;

  /// To be made by the poller when the channel is connected.
  ///
  /// @param openedAt where the program has asked for it; null if it has not
  /// @param peerName what the peer's certificate has to be for, if nobody says otherwise; an
  ///   address would not do, since it takes on the name that a look-up says it has
  NettyWire(
      Driver driver,
      Channel channel,
      SocketAddress local,
      SocketAddress remote,
      String peerName,
      @Nullable DebugStack openedAt) {
    this.driver = driver;
    this.channel = channel;
    this.local = local;
    this.remote = remote;
    this.peerName = peerName;
    this.openedAt = openedAt;
  }

  /// By the poller, before anything can come.
  void start(End owner) {
    end = owner;
    driver.opened(this);
    channel.pipeline().addLast(this);
  }

  private End end() {
    return Objects.requireNonNull(end);
  }

  /// The last that is heard of a channel, after what has closed it.
  @Override
  public void channelUnregistered(ChannelHandlerContext context) {
    dropOutbox();
    if (end().closed()) {
      forget();
    }
  }

  @Override
  public void forget() {
    driver.closed(this);
  }

  private void dropOutbox() {
    for (ByteBuf data = poll(); data != null; data = poll()) {
      data.release();
    }
  }

  private @Nullable ByteBuf poll() {
    ByteBuf first = before == null ? null : before.poll();
    if (first == null) {
      first = tail;
      tail = null;
    }
    return first;
  }

  // Sending

  @Override
  public ByteBuf buffer(int size) {
    ByteBuf last = tail;
    return last != null && last.writableBytes() >= size ? last : driver.buffer(size);
  }

  @Override
  public void send(ByteBuf data, int count) {
    ByteBuf last = tail;
    if (data != last) {
      if (last != null) {
        if (before == null) {
          before = new ArrayDeque<>();
        }
        before.add(last);
      }
      tail = data;
    }
    if (!dirty) {
      dirty = true;
      driver.flushLater(this);
    }
  }

  /// Nearly always the system takes everything at once; then no promise is needed.
  @Override
  public void flush() {
    dirty = false;
    boolean isOnly = before == null || before.isEmpty();
    ByteBuf only = isOnly && inFlight == 0 && tls == null ? poll() : null;
    if (only == null) {
      flushAll();
      return;
    }
    int count = only.readableBytes();
    inFlight = count;
    var _ = channel.writeAndFlush(only.retain(), channel.voidPromise());
    if (only.refCnt() == 1 && outputFailure == null && channel.isActive()) {
      driver.giveBack(only);
      written(count, null);
    } else {
      // Comes to its end after what was written before.
      var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER, promise(only, count));
    }
  }

  private void flushAll() {
    for (ByteBuf data = poll(); data != null; data = poll()) {
      int count = data.readableBytes();
      inFlight += count;
      var _ = channel.write(data.retain(), promise(data, count));
    }
    channel.flush();
  }

  private ChannelPromise promise(ByteBuf data, int count) {
    ChannelPromise promise = channel.newPromise();
    var _ =
        promise.addListener(done -> {
          if (data.refCnt() == 1) {
            driver.giveBack(data);
          } else {
            data.release();
          }
          written(count, done.cause());
        });
    return promise;
  }

  private void written(int count, @Nullable Throwable failure) {
    inFlight -= count;
    if (failure == null) {
      end().sent(count);
    } else {
      outputFailed(failure);
    }
    Runnable next = whenSent;
    if (inFlight == 0 && next != null) {
      whenSent = null;
      next.run();
    }
  }

  private void outputFailed(Throwable cause) {
    if (outputFailure == null) {
      outputFailure = asIo(cause);
      end().outputBroken(outputFailure);
    }
  }

  /// What Netty has wrapped; of a channel that was closed, why it was.
  private IOException asIo(Throwable cause) {
    Throwable first = cause;
    while ((first instanceof DecoderException
            || first instanceof ChannelOutputShutdownException
            || first instanceof ClosedChannelException)
        && first.getCause() != null) {
      first = first.getCause();
    }
    if (first instanceof ClosedChannelException && failure != null) {
      return failure;
    }
    return switch (first) {
      case SSLException e -> TlsFailures.plain(e);
      case IOException e -> e;
      default -> new IOException(first);
    };
  }

  /// Runs something by the poller once everything that was sent before has left, or is lost.
  private void afterSending(Runnable action) {
    driver.execute(() -> {
      if (inFlight == 0 || !channel.isActive()) {
        action.run();
      } else {
        Runnable earlier = whenSent;
        whenSent =
            earlier == null
                ? action
                : () -> {
                  earlier.run();
                  action.run();
                };
      }
    });
  }

  @Override
  public boolean canSendFile(FileChannel file) {
    return tls == null && Transport.canCopy(file);
  }

  @Override
  public LongSupplier sendFile(FileChannel file, long position, long count, Reply<Boolean> done) {
    BorrowedFile part = new BorrowedFile(file, position, count);
    int bytes = Math.toIntExact(count);
    driver.execute(() -> {
      ChannelPromise promise = channel.newPromise();
      inFlight += bytes;
      var _ =
          promise.addListener(written -> {
            written(bytes, written.cause());
            if (written.cause() == null) {
              done.succeed(true);
            } else {
              done.fail(asIo(written.cause()));
            }
          });
      var _ = channel.writeAndFlush(part, promise);
    });
    return part::transferred;
  }

  /// A part of a file that stays open when it has been sent.
  private static final class BorrowedFile extends DefaultFileRegion {
    BorrowedFile(FileChannel file, long position, long count) {
      super(file, position, count);
    }

    @Override
    protected void deallocate() {
      // Who opened the file closes it.
    }
  }

  // Receiving: by the poller

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf data) {
      end().received(data);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) {
      lookForEndOfTls();
    } else if (event instanceof ChannelInputShutdownEvent) {
      inputEnded();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    TlsLayer secure = tls;
    if (secure != null && secure.isToBeAsked()) {
      lookForEndOfTls();
    }
  }

  private void lookForEndOfTls() {
    TlsLayer secure = tls;
    if (secure != null && secure.hasPeerClosed()) {
      inputEnded();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    inputEnded();
  }

  private void inputEnded() {
    TlsLayer secure = tls;
    if (inputEnded || (secure != null && secure.putsOffEnd())) {
      return;
    }
    inputEnded = true;
    if (outputFailure != null) {
      failed(outputFailure); // a write has had the error that reading would have shown
      var _ = channel.close();
    } else if (secure == null) {
      end().ended();
    } else if (secure.isShakingHands()) {
      failed(new SSLHandshakeException(LEFT));
      reset();
    } else if (secure.endsOrderly()) {
      end().ended();
    } else {
      failed(
          new SSLException(
              "the stream ended without TLS's close_notify, so that it may have been cut off"));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof ChannelOutputShutdownException) {
      outputFailed(cause); // of a write that has no promise
      return;
    }
    failed(cause);
    closeOrderly();
  }

  private void failed(Throwable cause) {
    IOException why = asIo(cause);
    if (failure == null) {
      failure = why;
    }
    end().broken(why);
  }

  @Override
  public void pause() {
    setAutoRead(false);
  }

  @Override
  public void resume() {
    setAutoRead(true);
  }

  private void setAutoRead(boolean on) {
    Runnable change =
        () -> {
          if (!inputEnded) { // asking for more after the end is an error to epoll
            var _ = channel.config().setAutoRead(on);
          }
        };
    if (channel.isRegistered() && channel.eventLoop().inEventLoop()) {
      change.run();
    } else {
      driver.execute(change);
    }
  }

  // Ending

  @Override
  public void endOutput() {
    afterSending(() -> {
      TlsLayer secure = tls;
      if (secure != null) {
        secure.endOutput();
      } else if (channel instanceof DuplexChannel duplex) {
        var _ = duplex.shutdownOutput();
      }
    });
  }

  @Override
  public void close() {
    afterSending(this::closeOrderly);
  }

  @Override
  public void closeNow() {
    driver.execute(() -> {
      if (inFlight > 0) {
        reset();
      } else {
        closeOrderly();
      }
    });
  }

  private void closeOrderly() {
    if (isShakingHands()) {
      reset();
    } else {
      var _ = channel.close();
    }
  }

  @Override
  public void abort() {
    dropOutbox();
    driver.execute(this::reset);
  }

  /// In the middle of a handshake TLS is taken away first: it would end it, and wait for a
  /// certificate that somebody is checking beside the loop.
  private void reset() {
    TlsLayer secure = tls;
    if (secure != null && secure.isShakingHands()) {
      var _ = channel.pipeline().remove(secure.handler());
    }
    Transport.reset(channel, remote);
  }

  @Override
  public boolean isSent() {
    return tail == null && inFlight == 0;
  }

  @Override
  public @Nullable DebugStack openedAt() {
    return openedAt;
  }

  @Override
  public void closeAtEnd() {
    if (isSent() && !isShakingHands()) {
      channel.unsafe().close(channel.voidPromise());
    } else {
      reset();
    }
    end().forsaken();
  }

  void execute(Runnable action) {
    driver.execute(action);
  }

  boolean isInputEnded() {
    return inputEnded;
  }

  /// By the poller.
  void giveAway(Consumer<RawChannel> taker, Runnable whenOver) {
    var _ = channel.pipeline().remove(this);
    driver.closed(this);
    var _ = channel.closeFuture().addListener(_ -> whenOver.run());
    taker.accept(new RawChannel(driver, channel, local, remote, tls()));
    TlsLayer secure = tls;
    giveBack(secure == null ? channel.pipeline() : channel.pipeline().context(secure.handler()));
  }

  /// What has come and has not been read comes through the pipeline again.
  private void giveBack(ChannelInboundInvoker from) {
    boolean[] some = {false};
    end()
        .giveBack(data -> {
          some[0] = true;
          var _ = from.fireChannelRead(data);
        });
    if (some[0]) {
      var _ = from.fireChannelReadComplete();
    }
  }

  // TLS

  @Override
  public Wire startTls(Tls settings, String host, Reply<Boolean> done) {
    driver.execute(() ->
        secure(
            settings,
            host,
            failure -> {
              if (failure == null) {
                done.succeed(true);
              } else {
                done.fail(failure);
              }
            }));
    return this;
  }

  /// By the poller.
  ///
  /// @param done gets the failure of the handshake, or null
  void secure(Tls settings, String host, Consumer<@Nullable Throwable> done) {
    if (inputEnded) {
      done.accept(new SSLHandshakeException(LEFT));
      return;
    }
    TlsLayer secure;
    try {
      secure =
          new TlsLayer(
              channel,
              settings,
              host.isEmpty() ? peerName : host,
              portOf(remote),
              this::inputEnded);
    } catch (SSLException | RuntimeException e) {
      done.accept(e);
      return;
    }
    tls = secure;
    Timer limit = handshakeLimit(settings.timeLimit());
    var _ =
        secure
            .handler()
            .handshakeFuture()
            .addListener(shaken -> {
              driver.host().timers().unset(limit);
              done.accept(reason(shaken.cause()));
            });
    channel.pipeline().addFirst(secure.handler());
    giveBack(channel.pipeline());
  }

  /// Says something to who does not speak TLS. The connection is closed after it.
  void sayInClearText(ByteBuf text) {
    TlsLayer secure = Objects.requireNonNull(tls);
    var _ = channel.pipeline().context(secure.handler()).writeAndFlush(text);
  }

  private Timer handshakeLimit(Duration limit) {
    Timer timer =
        new Timer() {
          @Override
          protected void fire() {
            driver.execute(() -> {
              failed(new SSLHandshakeException("timed out after " + limit));
              reset();
            });
          }
        };
    PollerHost host = driver.host();
    host.timers().set(timer, host.timeAfter(Durations.nanos(limit)));
    return timer;
  }

  private boolean isShakingHands() {
    TlsLayer secure = tls;
    return secure != null && secure.isShakingHands();
  }

  /// Of a handshake that was given up, why it was.
  private @Nullable Throwable reason(@Nullable Throwable cause) {
    return cause == null || failure != null ? failure : asIo(cause);
  }

  @Override
  public Optional<TlsSession> tls() {
    TlsLayer secure = tls;
    return secure == null ? Optional.empty() : secure.session();
  }

  private static int portOf(SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet.getPort() : -1;
  }

  // Who and how

  @Override
  public boolean isOutside() {
    return !(channel instanceof WireChannel);
  }

  @Override
  public SocketAddress localAddress() {
    return local;
  }

  @Override
  public SocketAddress remoteAddress() {
    return remote;
  }

  @Override
  public <T> void set(SocketOption<T> option, T value) {
    Options.set(channel, option, value);
  }

  @Override
  public String toString() {
    if (channel instanceof WireChannel inMemory) {
      return inMemory.name();
    }
    if (local.toString().isEmpty()) {
      return "to " + remote;
    }
    return remote.toString().isEmpty() ? "at " + local : local + " to " + remote;
  }
}
