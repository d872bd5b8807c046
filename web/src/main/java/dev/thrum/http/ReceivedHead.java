package dev.thrum.http;

import dev.thrum.http.internal.RequestId;
import dev.thrum.net.TlsSession;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The head of a request that came over a network: what the client has said, where it comes from
/// and what it is called. What nobody asks for is not looked at.
abstract class ReceivedHead implements Exchange {
  final HttpChannel channel;
  final HttpRequest request;
  private final HttpVersion version;
  private @Nullable Headers headers;
  private @Nullable Origin origin;
  private @Nullable String id;

  ReceivedHead(HttpChannel channel, HttpRequest request, HttpVersion version) {
    this.channel = channel;
    this.request = request;
    this.version = version;
  }

  @Override
  public HttpVersion version() {
    return version;
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String scheme() {
    return origin().scheme();
  }

  @Override
  public String authority() {
    return origin().authority();
  }

  private Origin origin() {
    Origin known = origin;
    if (known == null) {
      String host = request.headers().get(HttpHeaderNames.HOST);
      String scheme = channel.raw.tls().isPresent() ? "https" : "http";
      known = new Origin(channel.raw.remote(), scheme, host == null ? "" : host);
      List<Network> trusted = channel.server.settings.trusted();
      if (!trusted.isEmpty()) {
        known = Origin.behind(known, headers(), trusted);
      }
      origin = known;
    }
    return known;
  }

  @Override
  public String target() {
    return request.uri();
  }

  @Override
  public Headers headers() {
    Headers known = headers;
    if (known == null) {
      known = Headers.around(request.headers());
      headers = known;
    }
    return known;
  }

  @Override
  public SocketAddress remoteAddress() {
    return channel.server.settings.trusted().isEmpty() ? channel.raw.remote() : origin().remote();
  }

  @Override
  public SocketAddress localAddress() {
    return channel.raw.local();
  }

  @Override
  public Optional<TlsSession> tls() {
    return channel.raw.tls();
  }

  @Override
  public String id() {
    String known = id;
    if (known == null) {
      known = RequestId.of(headers());
      id = known;
    }
    return known;
  }

  /// Its name, if one was sent or somebody has asked for it; else empty.
  String knownId() {
    String known = id;
    return known == null ? RequestId.sent(headers()).orElse("") : known;
  }

  @Override
  public void id(String other) {
    id = RequestId.checked(other);
  }

  @Override
  public boolean isFromTrustedProxy() {
    List<Network> trusted = channel.server.settings.trusted();
    return !trusted.isEmpty() && Origin.isTrusted(channel.raw.remote(), trusted);
  }

  @Override
  public String toString() {
    return method() + " " + target() + " of " + remoteAddress();
  }
}
