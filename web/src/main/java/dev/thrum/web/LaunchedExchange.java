package dev.thrum.web;

import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpVersion;
import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import dev.thrum.net.TlsSession;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// A request as an application sees it that was told of a path in front of its own, or of headers
/// for every response.
final class LaunchedExchange implements Exchange {
  private final Exchange real;
  private final String target;
  private final Headers more;

  LaunchedExchange(Exchange real, String rootPath, Headers more) {
    this.real = real;
    this.target = without(rootPath, real.target());
    this.more = more;
  }

  /// A proxy may have taken the path away already.
  private static String without(String rootPath, String target) {
    if (rootPath.isEmpty() || !target.startsWith(rootPath)) {
      return target;
    }
    String rest = target.substring(rootPath.length());
    return rest.isEmpty() || rest.startsWith("?")
        ? "/" + rest
        : rest.startsWith("/") ? rest : target;
  }

  /// A response's own headers count before these.
  private Headers with(Headers own) {
    if (more.isEmpty()) {
      return own;
    }
    Headers all = own.copy();
    more.names().stream()
        .filter(name -> !own.contains(name))
        .forEach(name -> more.all(name).forEach(value -> all.add(name, value)));
    return all;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public void respond(int status, Headers headers, byte[] body) {
    real.respond(status, with(headers), body);
  }

  @Override
  public void begin(int status, Headers headers) {
    real.begin(status, with(headers));
  }

  @Override
  public HttpVersion version() {
    return real.version();
  }

  @Override
  public String method() {
    return real.method();
  }

  @Override
  public String scheme() {
    return real.scheme();
  }

  @Override
  public String authority() {
    return real.authority();
  }

  @Override
  public Headers headers() {
    return real.headers();
  }

  @Override
  public SocketAddress remoteAddress() {
    return real.remoteAddress();
  }

  @Override
  public SocketAddress localAddress() {
    return real.localAddress();
  }

  @Override
  public Optional<TlsSession> tls() {
    return real.tls();
  }

  @Override
  public byte[] read(int max) throws IOException {
    return real.read(max);
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    return real.read(into, from, length);
  }

  @Override
  public byte[] readAll() throws IOException {
    return real.readAll();
  }

  @Override
  public void bodyLimit(long bytes) {
    real.bodyLimit(bytes);
  }

  @Override
  public Headers trailers() {
    return real.trailers();
  }

  @Override
  public String id() {
    return real.id();
  }

  @Override
  public void id(String id) {
    real.id(id);
  }

  @Override
  public boolean isFromTrustedProxy() {
    return real.isFromTrustedProxy();
  }

  @Override
  public boolean isBegun() {
    return real.isBegun();
  }

  @Override
  public boolean isEnded() {
    return real.isEnded();
  }

  @Override
  public void inform(int status, Headers headers) {
    real.inform(status, headers);
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    real.write(bytes);
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    real.write(bytes);
  }

  @Override
  public void write(FileChannel file, long position, long count) throws IOException {
    real.write(file, position, count);
  }

  @Override
  public void end(Headers trailers) {
    real.end(trailers);
  }

  @Override
  public void abort() {
    real.abort();
  }

  @Override
  public boolean isWebSocket() {
    return real.isWebSocket();
  }

  @Override
  public WebSocket webSocket(WebSocketSettings settings) throws IOException {
    return real.webSocket(
        new WebSocketSettings(
            settings.subprotocols(),
            settings.maxMessage(),
            settings.deflate(),
            settings.pingEvery(),
            with(settings.headers())));
  }

  @Override
  public String toString() {
    return real.toString();
  }
}
