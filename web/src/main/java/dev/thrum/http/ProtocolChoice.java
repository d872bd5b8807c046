package dev.thrum.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.thrum.net.TlsSession;
import dev.thrum.net.internal.RawChannel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/// Finds out what a client speaks: what TLS has agreed on, or else what its first bytes are.
final class ProtocolChoice extends ByteToMessageDecoder {
  private static final byte[] HTTP_2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  private final LoopServer server;
  private final RawChannel raw;

  private ProtocolChoice(LoopServer server, RawChannel raw) {
    this.server = server;
    this.raw = raw;
  }

  /// By the poller, before anything has been read.
  static void begin(LoopServer server, RawChannel raw) {
    ChannelPipeline pipeline = raw.channel().pipeline();
    var _ = raw.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    String agreed = raw.tls().map(TlsSession::applicationProtocol).orElse("");
    switch (agreed) {
      case "h2" -> Http2Connection.begin(server, raw);
      case "http/1.1", "http/1.0" -> http1(server, raw);
      default -> {
        if (raw.tls().isPresent()) {
          http1(server, raw);
        } else {
          var _ = pipeline.addLast(new ProtocolChoice(server, raw));
          http1(server, raw);
        }
      }
    }
  }

  private static void http1(LoopServer server, RawChannel raw) {
    Http1Channel end = new Http1Channel(server, raw);
    var _ =
        raw.channel()
            .pipeline()
            .addLast(
                new Http1Decoder(server.settings, end::somethingCame), new Http1Encoder(), end);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    int length = Math.min(in.readableBytes(), HTTP_2.length);
    for (int i = 0; i < length; i++) {
      if (in.getByte(in.readerIndex() + i) != HTTP_2[i]) {
        var _ = context.pipeline().remove(this);
        return;
      }
    }
    if (length == HTTP_2.length) {
      ChannelPipeline pipeline = context.pipeline();
      var _ = pipeline.remove(Http1Decoder.class);
      var _ = pipeline.remove(Http1Encoder.class);
      pipeline.remove(Http1Channel.class).leave();
      Http2Connection.begin(server, raw);
      var _ = pipeline.remove(this);
    }
  }
}
