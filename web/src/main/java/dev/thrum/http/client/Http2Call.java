package dev.thrum.http.client;

import dev.thrum.http.HttpVersion;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.RawChannel;
import dev.thrum.net.internal.Waiting;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A stream of an HTTP/2 connection, for one request and its response.
final class Http2Call extends ClientChannel {
  private final Http2Session session;
  private final Waiting opening = Waiting.on("the opening of ", this, true);
  private boolean opened;
  private @Nullable Lost failure;

  Http2Call(Http2Session session, RawChannel raw) {
    super(raw);
    this.session = session;
  }

  @Override
  HttpVersion version() {
    return HttpVersion.HTTP_2;
  }

  // Opening

  /// It takes a turn.
  void awaitOpen(Party me) throws IOException {
    while (!opened && failure == null) {
      opening.awaitMasked(me);
    }
    if (failure != null) {
      session.closed(this);
      throw failure;
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext own) {
    super.handlerAdded(own);
    opened = true;
    opening.wakeAll();
  }

  /// By the poller.
  void refused(Throwable why) {
    failure = new Lost(Lost.Kind.UNPROCESSED, "no stream could be opened", why);
    opening.wakeAll();
  }

  // What comes: by the poller

  @Override
  public void channelRead(ChannelHandlerContext own, Object message) {
    try {
      Call known = call;
      if (known == null) {
        return;
      }
      if (message instanceof HttpResponse head) {
        tidy(head.headers());
      }
      known.receive(message);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /// Takes out what Netty notes in the headers.
  private static void tidy(HttpHeaders headers) {
    for (var noted : HttpConversionUtil.ExtensionHeaderNames.values()) {
      var _ = headers.remove(noted.text());
    }
    var _ = headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext own, Object event) {
    try {
      if (event instanceof Http2ResetFrame reset) {
        wasReset(reset.errorCode());
      } else if (event instanceof Http2GoAwayFrame) {
        lostWith(new Lost(Lost.Kind.UNPROCESSED, "the server goes away", null));
        var _ = own.close();
      }
    } finally {
      ReferenceCountUtil.release(event);
    }
  }

  private void wasReset(long code) {
    Http2Error error = Http2Error.valueOf(code);
    if (error == Http2Error.REFUSED_STREAM) {
      lostWith(new Lost(Lost.Kind.UNPROCESSED, "the server has refused the stream", null));
    } else if (error != Http2Error.NO_ERROR) {
      String name = error == null ? "error " + code : error.toString();
      lostWith(new Lost(Lost.Kind.CLOSED, "the server has reset the stream: " + name, null));
    }
  }

  /// The connection is lost. By the poller.
  void lostWith(Lost why) {
    failure = failure == null ? why : failure;
    opening.wakeAll();
    Call known = call;
    if (known != null) {
      boolean stale =
          why.kind() == Lost.Kind.CLOSED
              && session.isUsed()
              && !session.isUsable()
              && !known.isBegun();
      known.fail(stale ? new Lost(Lost.Kind.STALE, String.valueOf(why.getMessage()), why) : why);
      wakeWriters();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
    fail(Lost.malformed(cause.getCause() == null ? cause : cause.getCause()));
  }

  @Override
  void fail(Lost why) {
    lostWith(why);
    reset(Http2Error.PROTOCOL_ERROR);
  }

  @Override
  boolean isCutOff() {
    return false; // frames say where it ends
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    if (!isGone()) {
      goneNow();
      lostWith(new Lost(Lost.Kind.CLOSED, "the server has closed the stream", null));
      session.closed(this);
    }
  }

  // The end

  @Override
  void over(Call own) {
    if (!own.isComplete()) {
      cutOff();
    }
  }

  @Override
  public void cutOff() {
    driver.execute(() -> reset(Http2Error.CANCEL));
  }

  private void reset(Http2Error error) {
    if (!isGone()) {
      var _ = context().writeAndFlush(new DefaultHttp2ResetFrame(error));
      var _ = context().close();
    }
  }

  @Override
  public String toString() {
    return "a stream of " + session;
  }
}
