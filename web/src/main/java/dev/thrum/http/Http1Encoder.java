package dev.thrum.http;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/// Writes responses of HTTP/1.
final class Http1Encoder extends HttpResponseEncoder {

  @Override
  protected boolean isContentAlwaysEmpty(HttpResponse response) {
    return response instanceof ExchangeImpl.Bodiless || super.isContentAlwaysEmpty(response);
  }
}
