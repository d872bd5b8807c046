package dev.thrum.web;

import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpVersion;
import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import dev.thrum.net.TlsSession;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// A `GET /` whose response is whole.
final class Answered implements Exchange {
  int status;
  String body = "";
  Headers sent = Headers.create();

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String authority() {
    return "";
  }

  @Override
  public String target() {
    return "/";
  }

  @Override
  public Headers headers() {
    return Headers.create();
  }

  @Override
  public SocketAddress remoteAddress() {
    return new InetSocketAddress(0);
  }

  @Override
  public SocketAddress localAddress() {
    return new InetSocketAddress(0);
  }

  @Override
  public Optional<TlsSession> tls() {
    return Optional.empty();
  }

  @Override
  public byte[] read(int max) {
    return new byte[0];
  }

  @Override
  public int read(byte[] into, int from, int length) {
    return -1;
  }

  @Override
  public byte[] readAll() {
    return new byte[0];
  }

  @Override
  public void bodyLimit(long bytes) {}

  @Override
  public Headers trailers() {
    return Headers.create();
  }

  @Override
  public String id() {
    return "one";
  }

  @Override
  public void id(String id) {
    throw new AssertionError("an id");
  }

  @Override
  public boolean isFromTrustedProxy() {
    return false;
  }

  @Override
  public boolean isBegun() {
    return status != 0;
  }

  @Override
  public boolean isEnded() {
    return status != 0;
  }

  @Override
  public void inform(int informal, Headers headers) {}

  @Override
  public void respond(int given, Headers headers, byte[] bytes) {
    status = given;
    sent = headers;
    body = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public void begin(int given, Headers headers) {
    throw new AssertionError("a stream");
  }

  @Override
  public void write(byte[] bytes) {
    throw new AssertionError("a stream");
  }

  @Override
  public void write(ByteBuffer bytes) {
    throw new AssertionError("a stream");
  }

  @Override
  public void write(FileChannel file, long position, long count) {
    throw new AssertionError("a file");
  }

  @Override
  public void end(Headers trailers) {
    throw new AssertionError("a stream");
  }

  @Override
  public void abort() {
    throw new AssertionError("cut off");
  }

  @Override
  public boolean isWebSocket() {
    return false;
  }

  @Override
  public WebSocket webSocket(WebSocketSettings settings) {
    throw new AssertionError("a WebSocket");
  }
}
