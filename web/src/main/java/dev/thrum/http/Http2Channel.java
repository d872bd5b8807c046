package dev.thrum.http;

import dev.thrum.internal.Durations;
import dev.thrum.net.internal.RawChannel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stream of an HTTP/2 connection, which is one request and its response.
final class Http2Channel extends HttpChannel {
  private final Http2Connection connection;
  private @Nullable ExchangeImpl exchange;
  private long answeredAt;
  private boolean answered;

  Http2Channel(LoopServer server, RawChannel raw, Http2Connection connection) {
    super(server, raw);
    this.connection = connection;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext own) {
    super.handlerAdded(own);
    connection.opened(this);
  }

  // What comes

  @Override
  public void channelRead(ChannelHandlerContext own, Object message) {
    try {
      if (message instanceof HttpRequest request && exchange == null) {
        begin(request);
      }
      if (message instanceof HttpContent content) {
        receive(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      reset(Http2Error.PROTOCOL_ERROR);
      return;
    }
    if (!tidy(request)) {
      reset(Http2Error.PROTOCOL_ERROR);
      return;
    }
    boolean continues = HttpUtil.is100ContinueExpected(request);
    ExchangeImpl made = new ExchangeImpl(this, request, HttpVersion.HTTP_2, continues);
    exchange = made;
    made.start();
  }

  /// Takes out what Netty notes in the headers.
  ///
  /// @return whether it is a request
  private static boolean tidy(HttpRequest request) {
    HttpHeaders headers = request.headers();
    for (var noted : HttpConversionUtil.ExtensionHeaderNames.values()) {
      var _ = headers.remove(noted.text());
    }
    var _ = headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    String host = hosts.isEmpty() ? "" : hosts.getFirst();
    if (hosts.size() > 1) {
      if (!hosts.stream().allMatch(host::equals)) {
        return false;
      }
      var _ = headers.set(HttpHeaderNames.HOST, host);
    }
    return Http1Rules.wrongIn(request.method(), request.uri(), host) == null;
  }

  private void receive(HttpContent content) {
    ExchangeImpl known = exchange;
    if (known == null) {
      return;
    }
    if (content.content().isReadable()) {
      known.body().received(content.content().retain());
    }
    if (content instanceof LastHttpContent last) {
      known.trailers(last.trailingHeaders());
      known.body().end();
    }
  }

  // What leaves

  @Override
  void framed(ExchangeImpl own, HttpHeaders headers) {
    // The connection is none of a response's business.
  }

  @Override
  void unframed(ExchangeImpl own, HttpHeaders headers) {
    // Frames say where it ends.
  }

  @Override
  protected void write(ChannelHandlerContext own, Object message) {
    var written = own.write(message);
    if (message instanceof LastHttpContent && !isInterim(message)) {
      answered = true;
      answeredAt = server.host.nanos();
      var _ = written.addListener(_ -> sent());
    }
  }

  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response && response.status().code() < 200;
  }

  /// The response has left. What is still to come of the request is not wanted.
  private void sent() {
    answered = false;
    ExchangeImpl known = exchange;
    if (!isGone() && known != null && !known.body().isEnded()) {
      reset(Http2Error.NO_ERROR);
    }
  }

  @Override
  boolean canSendFile(FileChannel file) {
    return false;
  }

  @Override
  @Nullable ExchangeImpl over(ExchangeImpl own) {
    return null; // the stream ends with its response
  }

  /// Gives a response up that its client does not take.
  void look() {
    long limit = Durations.nanos(server.settings.writeTimeout());
    if (answered && server.host.nanos() - answeredAt > limit) {
      reset(Http2Error.CANCEL);
    }
  }

  // The end

  @Override
  public void cutOff() {
    server.driver.execute(() -> reset(Http2Error.INTERNAL_ERROR));
  }

  private void reset(Http2Error error) {
    if (!isGone()) {
      var _ = context().writeAndFlush(new DefaultHttp2ResetFrame(error));
      var _ = context().close();
    }
  }

  /// An error of the protocol is told to the client by Netty, which knows its number.
  @Override
  public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
    if (!(cause instanceof Http2Exception)) {
      if (!(cause instanceof DecoderException)) {
        Failed.log(this, cause);
      }
      reset(Http2Error.PROTOCOL_ERROR);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    if (!isGone()) {
      goneNow();
      connection.closed(this);
      if (exchange != null) {
        exchange.lost("the client has left");
      }
    }
  }

  @Override
  public String toString() {
    return "HTTP/2 stream of " + raw.remote();
  }
}
