package dev.thrum.http.client;

import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import dev.thrum.internal.LeftOpen;
import dev.thrum.net.internal.Driver;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A client: its settings, its cookies, its connections.
final class HttpClientImpl implements HttpClient {
  private final ClientSettings settings;
  private final Driver driver;
  private final Pool pool;
  private final Pool sockets;
  private final @Nullable CookieJar jar;
  private final boolean ofTheLoop;
  private final Runnable noteClosed;
  private boolean closed;

  HttpClientImpl(Driver driver, ClientSettings settings, boolean ofTheLoop) {
    this.driver = driver;
    this.settings = settings;
    this.ofTheLoop = ofTheLoop;
    this.pool = new Pool(driver, settings);
    this.sockets = new Pool(driver, settings.withProtocols(ClientSettings.Protocols.HTTP_1_1));
    this.jar = settings.keepsCookies() ? new CookieJar() : null;
    this.noteClosed = ofTheLoop ? () -> {} : LeftOpen.unlessClosed(this, () -> !closed);
  }

  /// The loop's own, which keeps no cookies: whoever uses it does not know who else does.
  static HttpClientImpl ofThisLoop() throws IOException {
    Driver driver = Driver.current();
    return driver.only(
        HttpClientImpl.class,
        () ->
            new HttpClientImpl(driver, new HttpClientBuilder().withoutCookies().settings(), true));
  }

  ClientSettings settings() {
    return settings;
  }

  Pool pool() {
    return pool;
  }

  Pool sockets() {
    return sockets;
  }

  @Nullable CookieJar jar() {
    return jar;
  }

  void checkHere() {
    driver.host().checkHere(this);
    if (closed) {
      throw new IllegalStateException(this + " has been closed");
    }
  }

  @Override
  public HttpRequest request(String method, String url) {
    return new HttpRequest(this, method, target(url));
  }

  private Target target(String url) {
    Target base = settings.base();
    return base == null || (url.contains("://") && !url.startsWith("/"))
        ? Target.of(url)
        : base.below(url);
  }

  @Override
  public WebSocket webSocket(String url, WebSocketSettings how) throws IOException {
    return new WebSocketOpening(this, target(url), how).open();
  }

  @Override
  public CookieJar cookies() {
    if (jar == null) {
      throw new IllegalStateException(this + " keeps no cookies");
    }
    return jar;
  }

  @Override
  public int connections() {
    return pool.connections() + sockets.connections();
  }

  @Override
  public int idle() {
    return pool.idle();
  }

  @Override
  public void close() {
    if (!closed) {
      driver.host().checkHere(this);
      closed = true;
      noteClosed.run();
      pool.close();
      sockets.close();
    }
  }

  @Override
  public String toString() {
    Target base = settings.base();
    return ofTheLoop
        ? "the loop's HTTP client"
        : "HTTP client" + (base == null ? "" : " of " + base);
  }
}
