package dev.thrum.web;

import dev.thrum.http.internal.RequestId;
import dev.thrum.web.Middleware.Next;

/// Gives each response the name of its request, as `X-Request-ID`, also those to failures that
/// nobody expects and those that open a WebSocket: see [Request#id].
///
/// The name is what a proxy has sent in that header, if the server trusts the proxy
/// ([dev.thrum.http.Server.Builder#trustForwarded], `--forwarded-allow-ips`) and it is fit to be
/// one; else a new one is made. Put it before other middleware that has the name written somewhere.
public final class RequestIds implements Middleware {
  private final boolean fromAnybody;

  private RequestIds(boolean fromAnybody) {
    this.fromAnybody = fromAnybody;
  }

  /// Names by proxies that are trusted count.
  ///
  /// @return a middleware
  public static RequestIds create() {
    return new RequestIds(false);
  }

  /// The same, where names count whoever sends them.
  ///
  /// @return a middleware
  public RequestIds fromAnybody() {
    return new RequestIds(true);
  }

  @Override
  public Response handle(Request request, Next next) throws Exception {
    if (!fromAnybody && !request.exchange().isFromTrustedProxy()) {
      request.exchange().id(RequestId.random());
    }
    request.tellsId = true;
    return next.handle(request);
  }
}
