package dev.thrum.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/// An answer to what is no request; the connection is closed after it.
///
/// @param status from 400 to 599
/// @param why what the client is told
/// @param request what is known of the request, if anything is
record Refusal(int status, String why, @Nullable HttpRequest request) {

  private byte[] text() {
    return Failed.text(status, why);
  }

  /// The body of the response, which has none to `HEAD`.
  byte[] body() {
    boolean bodiless = request != null && request.method().equals(HttpMethod.HEAD);
    return bodiless ? new byte[0] : text();
  }

  /// The response as HTTP/1 has it, for where no encoder is.
  ///
  /// @param date the time, as HTTP writes it
  ByteBuf inBytes(CharSequence date) {
    DefaultFullHttpResponse response = response(date);
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(response.status()).append("\r\n");
    response
        .headers()
        .forEach(
            one -> head.append(one.getKey()).append(": ").append(one.getValue()).append("\r\n"));
    return Unpooled.wrappedBuffer(
        Unpooled.copiedBuffer(head.append("\r\n"), US_ASCII), response.content());
  }

  /// The response.
  ///
  /// @param date the time, as HTTP writes it
  DefaultFullHttpResponse response(CharSequence date) {
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    var _ = headers.set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    var _ = headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(text().length));
    var _ = headers.set(HttpHeaderNames.DATE, date);
    var _ = headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (status == 503) {
      var _ = headers.set(HttpHeaderNames.RETRY_AFTER, "1");
    }
    return new DefaultFullHttpResponse(
        io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(status),
        Unpooled.wrappedBuffer(body()),
        headers,
        EmptyHttpHeaders.INSTANCE);
  }
}
