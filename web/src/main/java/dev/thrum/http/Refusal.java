package dev.thrum.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;

/// An answer to what is no request; the connection is closed after it.
///
/// @param status from 400 to 599
/// @param why what the client is told
record Refusal(int status, String why) {

  /// The response.
  ///
  /// @param date the time, as HTTP writes it
  DefaultFullHttpResponse response(CharSequence date) {
    byte[] text = Failed.text(status, why);
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    var _ = headers.set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    var _ = headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(text.length));
    var _ = headers.set(HttpHeaderNames.DATE, date);
    var _ = headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return new DefaultFullHttpResponse(
        io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(status),
        Unpooled.wrappedBuffer(text),
        headers,
        EmptyHttpHeaders.INSTANCE);
  }
}
