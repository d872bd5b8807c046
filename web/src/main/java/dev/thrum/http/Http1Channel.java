package dev.thrum.http;

import dev.thrum.http.internal.HttpConnection;
import dev.thrum.internal.Durations;
import dev.thrum.internal.Timer;
import dev.thrum.net.internal.RawChannel;
import dev.thrum.net.internal.Transport;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A connection on which HTTP/1 is spoken: its requests are answered one after the other.
final class Http1Channel extends HttpChannel implements HttpConnection {

  /// What the connection waits for, and so how long.
  private enum Phase {
    HEAD,
    IDLE,
    BUSY,
    DISCARDING,
    CLOSING
  }

  private static final int MOST_WAITING = 32;
  private static final long MOST_DISCARDED = 1 << 20;
  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final Duration LAST_HEAD = Duration.ofSeconds(1);

  private final ArrayDeque<ExchangeImpl> waiting = new ArrayDeque<>(2);
  private final Watch watch = new Watch();
  private @Nullable ExchangeImpl receiving;
  private @Nullable ExchangeImpl answering;
  private @Nullable ExchangeImpl held;
  private @Nullable Refusal refusal;
  private Phase phase = Phase.HEAD;
  private long since;
  private long heldSince;
  private long cameAt;
  private long watchAt = Long.MAX_VALUE;
  private long discarded;
  private boolean begun;
  private boolean came;
  private boolean crowded;
  private boolean lastCame;
  private boolean refusing;
  private boolean draining;
  private boolean lingers;

  /// Looks from time to time whether something takes too long.
  private final class Watch extends Timer {
    @Override
    protected void fire() {
      server.driver.execute(Http1Channel.this::look);
    }
  }

  Http1Channel(LoopServer server, RawChannel raw) {
    super(server, raw);
    since = server.host.nanos();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext own) {
    super.handlerAdded(own);
    server.driver.opened(this);
    server.opened(this);
    watchFor(limit());
  }

  // Time

  private void watchFor(Duration limit) {
    watchAt = server.host.nanos() + Durations.nanos(limit);
    server.host.timers().set(watch, server.host.timeAfter(Durations.nanos(limit)));
  }

  private void enter(Phase next) {
    phase = next;
    since = server.host.nanos();
    watchFrom(since);
  }

  /// Sees to it that the watch looks when the limit is over, or before.
  private void watchFrom(long begin) {
    if (begin + Durations.nanos(limit()) < watchAt) {
      watchFor(limit());
    }
  }

  private Duration limit() {
    return switch (phase) {
      case HEAD -> headLimit();
      case IDLE -> server.settings.keepAlive();
      case BUSY -> server.settings.writeTimeout();
      case DISCARDING -> server.settings.bodyTimeout();
      case CLOSING -> lingers ? LINGER : server.settings.writeTimeout();
    };
  }

  private Duration headLimit() {
    Duration usual = server.settings.headerTimeout();
    return draining && usual.compareTo(LAST_HEAD) > 0 ? LAST_HEAD : usual;
  }

  private void look() {
    watchAt = Long.MAX_VALUE;
    if (isGone()) {
      return;
    }
    long now = server.host.nanos();
    long left = (phase == Phase.BUSY ? heldSince : since) + Durations.nanos(limit()) - now;
    if (phase == Phase.BUSY && held == null) {
      watchFor(limit());
    } else if (left > 0) {
      watchFor(Duration.ofNanos(left));
    } else {
      tooLate();
    }
  }

  private void tooLate() {
    switch (phase) {
      case BUSY, CLOSING -> abort(); // the client takes nothing of its responses
      case IDLE -> closeGently(false);
      case DISCARDING -> closeGently(true);
      case HEAD -> {
        if (begun) {
          refuse(408, "the head of the request did not come in time", null);
        } else {
          closeGently(false);
        }
      }
    }
  }

  /// By the decoder: bytes have come.
  void somethingCame() {
    if (server.log != null && !came && (phase == Phase.IDLE || !begun)) {
      cameAt = server.host.nanos();
    }
    begun = true;
    came = true;
  }

  /// A head that came whole is not waited for.
  @Override
  public void channelReadComplete(ChannelHandlerContext own) {
    if (came && phase == Phase.IDLE) {
      enter(Phase.HEAD);
    }
    came = false;
  }

  // What comes

  @Override
  public void channelRead(ChannelHandlerContext own, Object message) {
    try {
      if (!refusing) {
        if (message instanceof HttpRequest request) {
          begin(request);
        }
        if (message instanceof HttpContent content) {
          receive(content);
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(HttpRequest request) {
    if (lastCame) {
      refusing = true; // the client has said that there is none
      return;
    }
    if (request.decoderResult().isFailure()) {
      refuse(request.decoderResult().cause(), request);
      return;
    }
    HttpException wrong = Http1Rules.wrongIn(request);
    if (wrong != null) {
      refuse(wrong.status(), wrong.detail(), request);
      return;
    }
    if (draining) {
      refuse(503, "the server is being ended", request);
      return;
    }
    boolean old = request.protocolVersion().minorVersion() == 0;
    List<String> expected = request.headers().getAll(HttpHeaderNames.EXPECT);
    boolean continues = false;
    if (!expected.isEmpty() && !old) {
      if (expected.size() > 1
          || !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expected.getFirst())) {
        refuse(417, "Expect: " + expected.getFirst() + " is not to be had here", request);
        return;
      }
      continues = true;
    }
    ExchangeImpl exchange =
        new ExchangeImpl(
            this, request, old ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1, continues);
    if (!HttpUtil.isKeepAlive(request)) {
      exchange.closeAfter();
      lastCame = true;
    }
    receiving = exchange;
    phase = Phase.BUSY;
    if (answering == null && held == null) {
      startIfAny(turnOf(exchange));
    } else {
      waiting.add(exchange);
      if (waiting.size() >= MOST_WAITING && !crowded) {
        crowded = true;
        pause();
      }
    }
  }

  /// Gives a request its turn, unless the client does not take the answers to those before.
  ///
  /// @return the request, to be answered now, or null
  private @Nullable ExchangeImpl turnOf(ExchangeImpl exchange) {
    if (isFull()) {
      held = exchange;
      heldSince = server.host.nanos();
      watchFrom(heldSince);
      return null;
    }
    answering = exchange;
    return exchange;
  }

  private static void startIfAny(@Nullable ExchangeImpl exchange) {
    if (exchange != null) {
      exchange.start();
    }
  }

  @Override
  protected void hasRoom() {
    ExchangeImpl next = held;
    if (next != null && !isFull()) {
      held = null;
      startIfAny(turnOf(next));
    }
  }

  /// Whether the response of an exchange has been given.
  private boolean isOver(ExchangeImpl exchange) {
    return exchange != answering && exchange != held && !waiting.contains(exchange);
  }

  private void receive(HttpContent content) {
    ExchangeImpl exchange = receiving;
    if (exchange == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      Throwable why = content.decoderResult().cause();
      exchange.body().fail(new HttpException(400, "the body is malformed: " + why.getMessage()));
      exchange.closeAfter();
      receiving = null;
      refusing = true;
      if (isOver(exchange)) {
        closeGently(true);
      }
      return;
    }
    RequestBody body = exchange.body();
    if (content.content().isReadable()) {
      body.received(content.content().retain());
      if (isOver(exchange)) {
        discarded += content.content().readableBytes();
        if (discarded > MOST_DISCARDED) {
          closeGently(true);
          return;
        }
      }
    }
    if (content instanceof LastHttpContent last) {
      exchange.trailers(last.trailingHeaders());
      receiving = null;
      discarded = 0;
      body.end();
      if (isOver(exchange)) {
        startIfAny(next(exchange));
      }
    }
  }

  // What leaves

  /// Adds what HTTP/1 needs to know of the connection.
  @Override
  void framed(ExchangeImpl exchange, HttpHeaders headers) {
    if (headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
      exchange.closeAfter();
      return;
    }
    boolean last = draining && waiting.isEmpty() && refusal == null;
    if (last || isUnreadTooLong(exchange)) {
      exchange.closeAfter();
    }
    if (exchange.closes()) {
      var _ = headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (exchange.version() == HttpVersion.HTTP_1_0) {
      var _ = headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
  }

  /// What is left of a body that nobody reads is taken only up to a length, and not at all where
  /// the client waits to be asked for it.
  private boolean isUnreadTooLong(ExchangeImpl exchange) {
    return isNeverComplete(exchange)
        || (!exchange.body().isEnded()
            && exchange.announced() - exchange.body().came() > MOST_DISCARDED);
  }

  @Override
  void unframed(ExchangeImpl exchange, HttpHeaders headers) {
    if (exchange.version() == HttpVersion.HTTP_1_0) {
      exchange.closeAfter();
    } else {
      var _ = headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
  }

  @Override
  protected void write(ChannelHandlerContext own, Object message) {
    if (message instanceof FileSending.Slice slice) {
      var _ = own.write(slice).addListener(done -> slice.ended(done.cause()));
    } else {
      var _ = own.write(message, own.voidPromise());
    }
  }

  @Override
  boolean canSendFile(FileChannel file) {
    return raw.tls().isEmpty() && Transport.canCopy(file);
  }

  // Between two requests

  @Override
  @Nullable ExchangeImpl over(ExchangeImpl exchange) {
    if (answering != exchange) {
      return null;
    }
    answering = null;
    if (isGone()) {
      return null;
    }
    if (exchange.closes() || isNeverComplete(exchange)) {
      server.driver.execute(() -> closeGently(true));
      return null;
    }
    if (!exchange.body().isEnded()) {
      enter(Phase.DISCARDING);
      return null;
    }
    return next(exchange);
  }

  private static boolean isNeverComplete(ExchangeImpl exchange) {
    RequestBody body = exchange.body();
    return !body.isEnded() && (exchange.isBodyUnasked() || body.isFailed());
  }

  /// An exchange has been answered and its body has come.
  ///
  /// @return the next one, whose turn it now is
  private @Nullable ExchangeImpl next(ExchangeImpl exchange) {
    if (exchange.closes()) {
      return null;
    }
    ExchangeImpl next = waiting.poll();
    if (next != null) {
      if (crowded && waiting.size() < MOST_WAITING / 2) {
        crowded = false;
        resume();
      }
      phase = Phase.BUSY;
      return turnOf(next);
    }
    if (refusal != null) {
      Refusal last = refusal;
      server.driver.execute(() -> send(last));
    } else if (draining) {
      server.driver.execute(() -> closeGently(true));
    } else {
      enter(Phase.IDLE);
    }
    return null;
  }

  // Errors

  private void refuse(Throwable why, @Nullable HttpRequest request) {
    Throwable root =
        why instanceof DecoderException && why.getCause() != null ? why.getCause() : why;
    switch (root) {
      case TooLongHttpLineException _ ->
          refuse(
              414,
              "the request line has more than " + server.settings.maxLine() + " bytes",
              request);
      case TooLongHttpHeaderException _ ->
          refuse(
              431, "the headers have more than " + server.settings.maxHeader() + " bytes", request);
      default -> refuse(400, "the request is malformed: " + root.getMessage(), request);
    }
  }

  /// Answers what is no request, after those that came before, and closes.
  private void refuse(int status, String why, @Nullable HttpRequest request) {
    if (refusing) {
      return;
    }
    refusing = true;
    Refusal mine = new Refusal(status, why, request);
    if (answering == null && held == null && waiting.isEmpty()) {
      send(mine);
    } else {
      refusal = mine;
    }
  }

  private void send(Refusal last) {
    if (isGone() || phase == Phase.CLOSING) {
      return;
    }
    flush();
    var _ = context().write(last.response(server.date()));
    if (server.log != null) {
      server.log.note(last, raw.remote(), Duration.ofNanos(server.host.nanos() - cameAt));
    }
    closeGently(true);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
    if (cause instanceof DecoderException) {
      refuse(cause, null);
    } else {
      Failed.log(this, cause);
      abort();
    }
  }

  /// Another protocol is spoken, after all.
  void leave() {
    goneNow();
    forget();
  }

  private void forget() {
    server.host.timers().unset(watch);
    server.driver.closed(this);
    server.closed(this);
  }

  // The end

  /// Closes after everything has been sent; what still comes is thrown away for a while, so that
  /// the client gets to read the answer. By the poller.
  ///
  /// @param stays whether the client may still be sending
  private void closeGently(boolean stays) {
    if (isGone() || phase == Phase.CLOSING) {
      return;
    }
    refusing = true;
    lingers = false;
    enter(Phase.CLOSING);
    flush();
    dropWaiting();
    var sent = context().writeAndFlush(Unpooled.EMPTY_BUFFER);
    var _ =
        sent.addListener(done -> {
          if (stays && done.isSuccess() && channel().isActive()) {
            linger();
          } else {
            var _ = context().close();
          }
        });
  }

  private void linger() {
    lingers = true;
    enter(Phase.CLOSING);
    var _ = channel().config().setAutoRead(true);
    SslHandler tls = channel().pipeline().get(SslHandler.class);
    if (tls != null) {
      var _ = tls.closeOutbound();
    } else if (channel() instanceof DuplexChannel duplex) {
      var _ = duplex.shutdownOutput();
    }
  }

  @Override
  protected boolean readsAnyway() {
    return phase == Phase.CLOSING;
  }

  private void dropWaiting() {
    ExchangeImpl next = held;
    if (next != null) {
      held = null;
      next.body().drop();
    }
    waiting.forEach(one -> one.body().drop());
    waiting.clear();
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    if (isGone()) {
      return;
    }
    goneNow();
    forget();
    if (receiving != null) {
      receiving.lost("the client has left");
    }
    if (answering != null) {
      answering.lost("the client has left");
    }
    dropWaiting();
  }

  @Override
  public void cutOff() {
    server.driver.execute(this::abort);
  }

  /// By the poller.
  @Override
  public void abort() {
    if (isGone()) {
      return;
    }
    Transport.reset(channel(), raw.remote());
  }

  /// What has come whole is answered; a head of which a part has come is refused when it is whole,
  /// for which it has not long.
  @Override
  public void drain() {
    draining = true;
    if (phase == Phase.IDLE || (phase == Phase.HEAD && !begun)) {
      closeGently(false);
    } else if (phase == Phase.HEAD) {
      enter(Phase.HEAD);
    }
  }

  @Override
  public boolean isSent() {
    return isAllWritten();
  }

  @Override
  public String toString() {
    return "HTTP/1 connection of " + raw.remote();
  }
}
