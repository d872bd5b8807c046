package dev.thrum.web;

import dev.thrum.http.HttpException;
import dev.thrum.web.Middleware.Next;

/// Sends clients that come without TLS to the same place with it, by 307.
///
/// Behind a proxy that ends TLS the server has to trust the proxy's word on the scheme; otherwise
/// clients are sent in a circle. The host is what the client says: see [TrustedHosts].
public final class HttpsRedirect implements Middleware {
  private final String port;

  private HttpsRedirect(String port) {
    this.port = port;
  }

  /// Sends them to port 443.
  ///
  /// @return a middleware
  public static HttpsRedirect create() {
    return new HttpsRedirect("");
  }

  /// Sends them to another port.
  ///
  /// @param port from 1 to 65535
  /// @return a middleware
  public static HttpsRedirect toPort(int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + ": give 1 to 65535");
    }
    return new HttpsRedirect(port == 443 ? "" : ":" + port);
  }

  @Override
  public Response handle(Request request, Next next) throws Exception {
    if (request.scheme().equals("https")) {
      return next.handle(request);
    }
    String host = request.host();
    if (host.isEmpty() || !request.target().startsWith("/")) {
      throw new HttpException(400, "TLS is needed");
    }
    return Response.redirect("https://" + host + port + request.target()).status(307);
  }
}
