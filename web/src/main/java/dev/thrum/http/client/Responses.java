package dev.thrum.http.client;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.codec.http2.HttpConversionUtil;
import java.util.List;

/// Makes responses of a stream's frames, and frames of requests. A response that ends with its
/// headers gets no buffer for a body, which Netty's would.
final class Responses extends Http2StreamFrameToHttpObjectCodec {
  Responses() {
    super(false, true);
  }

  @Override
  protected void decode(ChannelHandlerContext context, Http2StreamFrame frame, List<Object> out)
      throws Exception {
    if (frame instanceof Http2HeadersFrame head
        && head.isEndStream()
        && head.headers().status() != null) {
      Http2Headers headers = head.headers();
      Http2FrameStream stream = head.stream();
      out.add(HttpConversionUtil.toHttpResponse(stream == null ? 0 : stream.id(), headers, true));
      out.add(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      super.decode(context, frame, out);
    }
  }
}
