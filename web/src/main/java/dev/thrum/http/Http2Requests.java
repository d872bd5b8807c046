package dev.thrum.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.codec.http2.HttpConversionUtil;
import java.util.List;

/// Makes requests and responses of a stream's frames and the other way round. A request without a
/// body gets no buffer for one: Netty's would be lost where the request turns out to be none.
final class Http2Requests extends Http2StreamFrameToHttpObjectCodec {
  Http2Requests() {
    super(true, true);
  }

  @Override
  protected void decode(ChannelHandlerContext context, Http2StreamFrame frame, List<Object> out)
      throws Exception {
    if (frame instanceof Http2HeadersFrame head && head.headers().method() != null) {
      Http2Headers headers = head.headers();
      Http2FrameStream stream = head.stream();
      out.add(HttpConversionUtil.toHttpRequest(stream == null ? 0 : stream.id(), headers, true));
      if (head.isEndStream()) {
        out.add(LastHttpContent.EMPTY_LAST_CONTENT);
      }
    } else {
      super.decode(context, frame, out);
    }
  }
}
