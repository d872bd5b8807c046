package dev.thrum.http.client;

import dev.thrum.http.HttpVersion;
import dev.thrum.http.internal.HttpConnection;
import dev.thrum.net.internal.RawChannel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// A connection on which HTTP/1.1 is spoken: one request after the other.
final class Http1Connection extends ClientChannel implements HttpConnection {
  private final Lane lane;
  private final ResponseDecoder decoder;
  private @Nullable Upgrade upgrade;
  private boolean used;
  private boolean keepsAlive = true;
  private boolean untilClose;
  private boolean closedInOrder;
  private long idleSince;
  private @Nullable Lost failure;

  private Http1Connection(Lane lane, RawChannel raw) {
    super(raw);
    this.lane = lane;
    this.decoder = new ResponseDecoder(this, lane.settings().maxHeader());
  }

  /// By the poller.
  static Http1Connection begin(Lane lane, RawChannel raw) {
    Http1Connection made = new Http1Connection(lane, raw);
    var _ = raw.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    var _ = raw.channel().pipeline().addLast(made.decoder, new HttpRequestEncoder(), made);
    return made;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext own) {
    super.handlerAdded(own);
    driver.opened(this);
    lane.opened(this);
  }

  @Override
  HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  // Use: by tasks

  @Override
  Call begin(HttpRequest request) {
    keepsAlive = HttpUtil.isKeepAlive(request);
    untilClose = false;
    return super.begin(request);
  }

  /// Becomes something else when the server agrees to that.
  void upgrades(Upgrade to) {
    upgrade = to;
  }

  @Override
  void over(Call own) {
    if (call != own) {
      return; // it has become something else
    }
    boolean reusable =
        own.isComplete() && keepsAlive && isUsable() && decoder.isClean() && isAllWritten();
    call = null;
    used = true;
    if (reusable) {
      idleSince = driver.host().nanos();
      lane.giveBack(this);
    } else {
      lane.giveUp();
      cutOff();
    }
  }

  /// Whether it can be used once more.
  boolean isUsable() {
    return !isGone() && failure == null;
  }

  long idleSince() {
    return idleSince;
  }

  Lane lane() {
    return lane;
  }

  // What comes: by the poller

  boolean isHead() {
    Call known = call;
    return known != null && known.request().method().equals(HttpMethod.HEAD);
  }

  /// A server that speaks without having been asked cannot be believed in what follows.
  void somethingCame() {
    if (call == null && failure == null) {
      fail(Lost.malformed("the server has sent something that nobody has asked for"));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext own, Object message) {
    try {
      Call known = call;
      if (known == null || failure != null) {
        return;
      }
      Upgrade to = upgrade;
      if (to != null
          && (to.isBegun() || (message instanceof HttpResponse head && to.agrees(head)))) {
        become(to, message);
        return;
      }
      if (message instanceof HttpResponse head && head.status().code() >= 200) {
        String encoding = head.headers().get(HttpHeaderNames.TRANSFER_ENCODING);
        if (encoding != null && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encoding)) {
          fail(Lost.malformed("the transfer encoding " + encoding + " is not known here"));
          return;
        }
        keepsAlive &= HttpUtil.isKeepAlive(head);
        untilClose =
            !HttpUtil.isContentLengthSet(head) && !HttpUtil.isTransferEncodingChunked(head);
        if (known.isComplete()) {
          fail(Lost.malformed("a second response to one request"));
          return;
        }
      }
      known.receive(message);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void become(Upgrade to, Object message) {
    to.begin();
    if (message instanceof LastHttpContent) {
      call = null;
      lane.giveUp();
      forget();
      goneNow();
      var pipeline = channel().pipeline();
      var _ = pipeline.remove(HttpRequestEncoder.class);
      var _ = pipeline.remove(this);
      to.run(pipeline, decoder);
    }
  }

  @Override
  boolean isCutOff() {
    return untilClose && raw.tls().isPresent() && !closedInOrder && !channel().isActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext own, Object event) {
    if (event instanceof SslCloseCompletionEvent end && end.isSuccess()) {
      closedInOrder = true;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
    if (cause instanceof DecoderException) {
      fail(Lost.malformed(cause.getCause() == null ? cause : cause.getCause()));
    } else {
      fail(lost(String.valueOf(cause.getMessage()), cause));
    }
  }

  private Lost lost(String why, @Nullable Throwable cause) {
    Call known = call;
    boolean stale = used && known != null && !known.isBegun();
    return new Lost(stale ? Lost.Kind.STALE : Lost.Kind.CLOSED, why, cause);
  }

  @Override
  void fail(Lost why) {
    if (failure == null) {
      failure = why;
    }
    Call known = call;
    if (known != null) {
      known.fail(why);
      wakeWriters();
    }
    abort();
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    if (!isGone()) {
      goneNow();
      forget();
      Call known = call;
      if (known != null) {
        known.fail(lost("the server has closed the connection", null));
      }
    }
  }

  private void forget() {
    driver.closed(this);
    lane.closed(this);
  }

  // The end

  @Override
  public void cutOff() {
    driver.execute(this::abort);
  }

  @Override
  public void drain() {
    if (call == null) {
      abort();
    } else {
      keepsAlive = false;
    }
  }

  @Override
  public void abort() {
    if (!isGone()) {
      var _ = channel().close();
    }
  }

  @Override
  public boolean isSent() {
    return true; // what nobody waits for any more need not be sent
  }

  @Override
  public boolean isSomebodys() {
    return false; // the client is
  }

  @Override
  public void closeAtEnd() {
    if (!isGone()) {
      channel().unsafe().close(channel().voidPromise());
    }
  }

  @Override
  public String toString() {
    return "connection to " + lane.origin();
  }
}
