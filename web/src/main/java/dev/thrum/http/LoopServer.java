package dev.thrum.http;

import dev.thrum.Scope;
import dev.thrum.Task;
import dev.thrum.VoidBody;
import dev.thrum.http.internal.HttpConnection;
import dev.thrum.http.internal.HttpDate;
import dev.thrum.http.internal.WebSocketChannel;
import dev.thrum.internal.PollerHost;
import dev.thrum.net.internal.Driver;
import dev.thrum.net.internal.RawChannel;
import dev.thrum.net.internal.RawListener;
import dev.thrum.net.internal.Waiting;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one loop does of a server: its connections, and the tasks that answer their requests.
final class LoopServer implements RawListener.Taker {
  final Driver driver;
  final PollerHost host;
  final ServerSettings settings;
  private final Application application;
  private final Scope scope;
  private final Set<HttpConnection> connections = new LinkedHashSet<>();
  private final Waiting quiet = Waiting.on("the connections of ", this, true);
  final @Nullable AccessLogging log;
  private boolean draining;
  private long dateSecond = Long.MIN_VALUE;
  private AsciiString date = AsciiString.EMPTY_STRING;

  /// @param scope whose children answer the requests
  LoopServer(Driver driver, ServerSettings settings, Application application, Scope scope) {
    this.driver = driver;
    this.host = driver.host();
    this.settings = settings;
    this.application = application;
    this.scope = scope;
    AccessLog told = settings.accessLog();
    this.log = told == null ? null : new AccessLogging(told);
  }

  @Override
  public boolean holds(Channel channel, Runnable next) {
    if (settings.proxyProtocol()) {
      ProxyHeader.begin(this, channel, next);
    }
    return settings.proxyProtocol();
  }

  @Override
  public void taken(RawChannel raw) {
    ProtocolChoice.begin(this, settings.proxyProtocol() ? ProxyHeader.meant(raw) : raw);
  }

  @Override
  public ByteBuf toClearText() {
    return new Refusal(400, "this port speaks TLS: ask with https://", null).inBytes(date());
  }

  void opened(HttpConnection connection) {
    connections.add(connection);
    if (draining) {
      connection.drain();
    }
  }

  void closed(HttpConnection connection) {
    connections.remove(connection);
    if (connections.isEmpty()) {
      quiet.wakeAll();
    }
  }

  /// Has a request answered in a task of its own.
  Task<?> start(String name, VoidBody<?> body) {
    return host.start(scope, name, body);
  }

  void handle(ExchangeImpl exchange) throws Exception {
    application.handle(exchange);
  }

  /// From now on no connection is used for another request: those that come are refused.
  void drain() {
    if (!draining) {
      draining = true;
      driver.execute(() -> Set.copyOf(connections).forEach(HttpConnection::drain));
    }
  }

  /// By the poller or a task.
  void abortAll() {
    driver.execute(() -> Set.copyOf(connections).forEach(HttpConnection::abort));
  }

  /// The WebSocket that an exchange becomes.
  WebSocketChannel socket(ExchangeImpl exchange, RawChannel raw, WebSocketSettings how) {
    WebSocketChannel.Owner owner =
        new WebSocketChannel.Owner() {
          @Override
          public void opened(HttpConnection connection) {
            LoopServer.this.opened(connection);
          }

          @Override
          public void closed(HttpConnection connection) {
            LoopServer.this.closed(connection);
          }

          @Override
          public void lost(String why) {
            exchange.socketLost(why);
          }
        };
    return new WebSocketChannel(owner, raw, how, settings.writeTimeout());
  }

  int connections() {
    return connections.size();
  }

  /// Where who waits for the end of all connections is woken.
  Waiting quiet() {
    return quiet;
  }

  /// The time, as HTTP writes it.
  AsciiString date() {
    long second = System.currentTimeMillis() / 1000;
    if (second != dateSecond) {
      dateSecond = second;
      date = AsciiString.of(HttpDate.of(Instant.ofEpochSecond(second)));
    }
    return date;
  }

  @Override
  public String toString() {
    return "the server";
  }
}
