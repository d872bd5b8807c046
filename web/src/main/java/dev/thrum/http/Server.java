package dev.thrum.http;

import static dev.thrum.Async.background;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.supervise;
import static dev.thrum.Async.timeoutOr;

import dev.thrum.Scope;
import dev.thrum.internal.Durations;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.Listener;
import dev.thrum.net.Net;
import dev.thrum.net.Tls;
import dev.thrum.net.internal.Driver;
import dev.thrum.net.internal.RawListener;
import dev.thrum.net.internal.Waiting;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A server that speaks HTTP/1.1 and HTTP/2 on the loop's own thread and has an [Application]
/// answer.
///
/// ```java
/// try (Server server = Server.builder().port(8000).listen(exchange ->
///     exchange.respond(200, Headers.of("Content-Type", "text/plain"), "hello\n".getBytes()))) {
///   server.await();
/// }
/// ```
///
/// **Requests.** Each is answered in a task of its own, which is a child of the server and is
/// cancelled when its client leaves before the response is complete. Requests that come in one
/// HTTP/1.1 connection are answered one after the other, those of an HTTP/2 connection side by
/// side. What ends a client's input counts as leaving.
///
/// **Protocols.** HTTP/2 is spoken where TLS has agreed on it (`applicationProtocols("h2",
/// "http/1.1")`, which [Builder#tls] adds by itself), and in clear text with clients that begin
/// with it. A request that two programs could take for different things is refused with 400.
///
/// **Limits.** Everything a client can make the server keep has a limit, and every wait for a
/// client a time: see [Builder].
///
/// **The end.** [#close()] stops listening, lets what is under way come to an end for as long as
/// [Builder#grace] says, and cancels what is left. A request whose head comes meanwhile on a
/// connection that is open is refused: with 503, `Retry-After` and `Connection: close`, or in
/// HTTP/2 by the number of the last request in `GOAWAY`. It ends too, by cancellation, with the
/// body of the scope in which it was opened.
///
/// **Threads.** It belongs to the loop on which it was opened.
public final class Server implements Closeable {
  private final Listener listener;
  private final boolean secure;
  private final Duration grace;
  private final Waiting stopping = Waiting.on("the end of ", this, true);
  private final Waiting closers = Waiting.on("the end of ", this, true);
  private boolean stopped;
  private boolean over;
  private @Nullable LoopServer serving;

  private Server(Listener listener, boolean secure, Duration grace) {
    this.listener = listener;
    this.secure = secure;
    this.grace = grace;
  }

  /// Settings for a new server.
  ///
  /// @return a builder
  public static Builder builder() {
    return new Builder();
  }

  private void serve(Driver driver, ServerSettings settings, Application application)
      throws IOException {
    try {
      supervise(scope -> {
        serve(scope, new LoopServer(driver, settings, application, scope));
      });
    } finally {
      over = true;
      closers.wakeAll();
    }
  }

  private void serve(Scope scope, LoopServer mine) throws IOException {
    serving = mine;
    ((RawListener) listener).takeAll(mine);
    try {
      Party me = Party.current();
      while (!stopped) {
        var _ = stopping.await(me);
      }
      listener.close();
      mine.drain();
      boolean _ = awaitQuiet(mine, grace);
    } finally {
      shield(() -> {
        end(scope, mine);
      });
    }
  }

  private void end(Scope scope, LoopServer mine) throws IOException {
    listener.close();
    mine.drain();
    scope.cancel("the server was closed");
    mine.abortAll();
    boolean _ = awaitQuiet(mine, Duration.ofSeconds(5));
    if (mine.log != null) {
      mine.log.close();
    }
  }

  private static boolean awaitQuiet(LoopServer mine, Duration limit) {
    return timeoutOr(
        limit,
        false,
        () -> {
          while (mine.connections() > 0) {
            var _ = mine.quiet().await(Party.current());
          }
          return true;
        });
  }

  /// The port that it listens on.
  ///
  /// @return the port, also where any free one was asked for
  public int port() {
    return listener.port();
  }

  /// The address that it listens on.
  ///
  /// @return an `InetSocketAddress` or a `UnixDomainSocketAddress`
  public SocketAddress address() {
    return listener.address();
  }

  /// What the addresses of what is served begin with.
  ///
  /// @return `http`, or with TLS `https`
  public String scheme() {
    return secure ? "https" : "http";
  }

  /// How many connections are open.
  ///
  /// @return the number
  public int connections() {
    LoopServer mine = serving;
    return mine == null ? 0 : mine.connections();
  }

  /// Waits until it is closed.
  public void await() {
    Party me = Party.current();
    me.enter();
    while (!over) {
      var _ = closers.await(me);
    }
  }

  /// Has it come to its end, without waiting for that.
  public void stop() {
    stopped = true;
    stopping.wakeAll();
  }

  /// Stops listening, lets what is under way come to an end, and waits for that. Closing twice does
  /// nothing.
  ///
  /// **Cancellation.** If the task is or gets cancelled, what is under way is cancelled at once.
  @Override
  public void close() throws IOException {
    stop();
    await();
  }

  @Override
  public String toString() {
    return "server " + address();
  }

  /// How a server is to be. Sizes are in bytes.
  public static final class Builder {
    private Listener.Builder listening = Net.listener();
    private @Nullable SocketAddress address;
    private String host = "127.0.0.1";
    private int port = 8000;
    private boolean secure;
    private int sharers = 1;
    private int shares;
    private int maxConnections = Integer.MAX_VALUE;
    private int maxLine = 8 << 10;
    private int maxHeader = 16 << 10;
    private long maxBody = 16 << 20;
    private int maxStreams = 128;
    private Duration headerTimeout = Duration.ofSeconds(20);
    private Duration bodyTimeout = Duration.ofSeconds(30);
    private Duration keepAlive = Duration.ofSeconds(75);
    private Duration writeTimeout = Duration.ofSeconds(30);
    private Duration grace = Duration.ofSeconds(30);

    private boolean proxyProtocol;
    private List<Network> trusted = List.of();
    private @Nullable AccessLog accessLog;

    private Builder() {}

    /// Listens here instead of on a host and a port; what is said last counts.
    ///
    /// @param where an address of this machine, or that of a Unix socket
    /// @return this
    public Builder at(SocketAddress where) {
      address = Objects.requireNonNull(where, "where");
      return this;
    }

    /// The port, at first 8000.
    ///
    /// @param number the port, 0 for any that is free
    /// @return this
    public Builder port(int number) {
      address = null;
      port = number;
      return this;
    }

    /// The host, at first `127.0.0.1`, so that only this machine gets in; `0.0.0.0` or `::` lets
    /// others in.
    ///
    /// @param name a name or an address of this machine
    /// @return this
    public Builder host(String name) {
      address = null;
      host = Objects.requireNonNull(name, "name");
      return this;
    }

    /// Speaks TLS, and HTTP/2 with clients that know it. Who asks without TLS is told so, with 400.
    /// [Tls#reload()] takes new certificates while the server runs.
    ///
    /// @param tls a server's; its application protocols are set here
    /// @return this
    public Builder tls(Tls tls) {
      secure = true;
      listening = listening.tls(tls.applicationProtocols("h2", "http/1.1"));
      return this;
    }

    /// Lets several servers listen on the same port, each on a loop of its own; the system spreads
    /// the connections.
    ///
    /// @return this
    public Builder reusePort() {
      return reusePort(1);
    }

    /// Lets several servers that are opened by this builder listen on the same port, each on a loop
    /// of its own. Of the limit by [#maxConnections] each has its part, at least one connection.
    ///
    /// @param servers how many
    /// @return this
    public Builder reusePort(int servers) {
      sharers = least(1, servers, "servers");
      listening = listening.reusePort();
      return this;
    }

    /// How many connections may be open at a time; the others wait in the system.
    ///
    /// @param connections at least 1
    /// @return this
    public Builder maxConnections(int connections) {
      listening = listening.maxConnections(connections);
      maxConnections = connections;
      return this;
    }

    private int nextShare() {
      int more = shares++ % sharers < maxConnections % sharers ? 1 : 0;
      return Math.max(1, maxConnections / sharers + more);
    }

    /// The longest request line, at first 8 KiB: 414.
    ///
    /// @param bytes at least 64
    /// @return this
    public Builder maxLine(int bytes) {
      maxLine = least(64, bytes, "a request line");
      return this;
    }

    /// The most that all headers of a request may have together, at first 16 KiB: 431.
    ///
    /// @param bytes at least 64
    /// @return this
    public Builder maxHeader(int bytes) {
      maxHeader = least(64, bytes, "headers");
      return this;
    }

    /// The longest body of a request, at first 16 MiB: 413. An application may set another limit
    /// for an exchange.
    ///
    /// @param bytes zero or more
    /// @return this
    public Builder maxBody(long bytes) {
      maxBody = Math.max(0, bytes);
      return this;
    }

    /// How many requests of one HTTP/2 connection are answered at a time, at first 128.
    ///
    /// @param streams at least 1
    /// @return this
    public Builder maxStreams(int streams) {
      maxStreams = least(1, streams, "streams");
      return this;
    }

    /// How long the head of a request may take to come, at first 20 s: 408.
    ///
    /// @param limit more than zero
    /// @return this
    public Builder headerTimeout(Duration limit) {
      headerTimeout = positive(limit, "a header timeout");
      return this;
    }

    /// How long nothing of a body may come while somebody waits for it, at first 30 s: 408.
    ///
    /// @param limit more than zero
    /// @return this
    public Builder bodyTimeout(Duration limit) {
      bodyTimeout = positive(limit, "a body timeout");
      return this;
    }

    /// How long a connection may be idle between two requests, at first 75 s; then it is closed.
    ///
    /// @param limit more than zero
    /// @return this
    public Builder keepAlive(Duration limit) {
      keepAlive = positive(limit, "a keep-alive timeout");
      return this;
    }

    /// How long a client may take nothing of its response, at first 30 s; then its connection is
    /// cut off.
    ///
    /// @param limit more than zero
    /// @return this
    public Builder writeTimeout(Duration limit) {
      writeTimeout = positive(limit, "a write timeout");
      return this;
    }

    /// How long closing lets requests come to an end, at first 30 s.
    ///
    /// @param limit zero or more
    /// @return this
    public Builder grace(Duration limit) {
      grace = Durations.check(limit, "a grace");
      return this;
    }

    /// Has a proxy say first whose connection it passes on, in version 1 or 2 of HAProxy's PROXY
    /// protocol; [Exchange#remoteAddress()] and [Exchange#localAddress()] are what it says. A
    /// connection on which it does not is cut off, so only proxies may be able to get at the
    /// server. With [#tls] it comes before that.
    ///
    /// @return this
    public Builder proxyProtocol() {
      proxyProtocol = true;
      return this;
    }

    /// Believes proxies at some addresses, and those on a Unix socket, what they say of the client:
    /// `Forwarded`, or else `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`.
    /// [Exchange#remoteAddress()], [Exchange#scheme()] and [Exchange#authority()] are what the
    /// rightmost address that is not trusted has used. From others these headers say nothing.
    ///
    /// @param networks addresses or ranges of them, such as `127.0.0.1` and `10.0.0.0/8`
    /// @return this
    /// @throws IllegalArgumentException if one is no such range
    public Builder trustForwarded(String... networks) {
      trusted = Stream.of(networks).map(Network::of).toList();
      return this;
    }

    /// Has every request noted that the application has answered, and what was refused before it
    /// came to that. What goes wrong within HTTP/2's frames, and TLS's, is not noted.
    ///
    /// @param log is called beside the loop
    /// @return this
    public Builder accessLog(AccessLog log) {
      accessLog = Objects.requireNonNull(log, "log");
      return this;
    }

    /// Has requests noted if nothing else was said of that.
    ///
    /// @param log is called beside the loop
    /// @return this
    public Builder accessLogByDefault(AccessLog log) {
      accessLog = accessLog == null ? Objects.requireNonNull(log, "log") : accessLog;
      return this;
    }

    /// Has no request noted, whatever was said before.
    ///
    /// @return this
    public Builder withoutAccessLog() {
      accessLog = null;
      return this;
    }

    private static int least(int minimum, int value, String what) {
      if (value < minimum) {
        throw new IllegalArgumentException(
            "a limit of " + value + " for " + what + ": give at least " + minimum);
      }
      return value;
    }

    private static Duration positive(Duration limit, String what) {
      if (limit.isNegative() || limit.isZero()) {
        throw new IllegalArgumentException(what + " of " + limit + ": give more than zero");
      }
      return limit;
    }

    /// Begins to listen. The server ends with the scope in which this is called, if it is not
    /// closed before.
    ///
    /// @param application what answers requests
    /// @return a server that listens
    /// @throws IOException if it cannot listen there
    public Server listen(Application application) throws IOException {
      Objects.requireNonNull(application, "application");
      Driver driver = Driver.current();
      Listener opened =
          listening
              .maxConnections(nextShare())
              .listen(address != null ? address : InetSocketAddress.createUnresolved(host, port));
      Server server = new Server(opened, secure, grace);
      ServerSettings settings =
          new ServerSettings(
              maxLine,
              maxHeader,
              maxBody,
              maxStreams,
              headerTimeout,
              bodyTimeout,
              keepAlive,
              writeTimeout,
              proxyProtocol,
              trusted,
              accessLog);
      var _ = background(() -> server.serve(driver, settings, application));
      return server;
    }
  }
}
