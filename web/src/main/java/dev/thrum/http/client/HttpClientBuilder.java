package dev.thrum.http.client;

import dev.thrum.http.Headers;
import dev.thrum.internal.Durations;
import dev.thrum.net.Tls;
import dev.thrum.net.internal.Driver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a client is to be; then [#open()], any number of times.
public final class HttpClientBuilder {
  private final Headers headers = Headers.create();
  private ClientSettings.Protocols protocols = ClientSettings.Protocols.NEGOTIATED;
  private @Nullable Target base;
  private @Nullable Tls tls;
  private @Nullable Target proxy;
  private List<String> direct = List.of();
  private @Nullable Path unixSocket;
  private int maxConnections = 100;
  private int maxPerHost = 20;
  private Duration idle = Duration.ofSeconds(30);
  private int maxRedirects = 20;
  private int maxBody = 64 << 20;
  private int maxHeader = 1 << 16;
  private boolean keepsCookies = true;

  HttpClientBuilder() {}

  // What all requests have

  /// The address that all are below which have no host. Credentials of this builder are for its
  /// host only.
  ///
  /// @param url an address without a query
  /// @return this
  public HttpClientBuilder baseUrl(String url) {
    base = Target.of(url);
    return this;
  }

  /// A header of every request that does not have it itself.
  ///
  /// @param name its name
  /// @param value its value
  /// @return this
  public HttpClientBuilder header(String name, String value) {
    var _ = headers.set(name, value);
    return this;
  }

  /// Who the client says it is: `thrum` unless it is set.
  ///
  /// @param name the value of `User-Agent`
  /// @return this
  public HttpClientBuilder userAgent(String name) {
    return header("User-Agent", name);
  }

  /// Who is asking, with a name and a password.
  ///
  /// @param user the name, without a colon
  /// @param password the password
  /// @return this
  public HttpClientBuilder basicAuth(String user, String password) {
    return header("Authorization", Dialer.basic(user + ":" + password));
  }

  /// Who is asking, with a token.
  ///
  /// @param token the token
  /// @return this
  public HttpClientBuilder bearer(String token) {
    return header("Authorization", "Bearer " + token);
  }

  /// Keeps no cookies.
  ///
  /// @return this
  public HttpClientBuilder withoutCookies() {
    keepsCookies = false;
    return this;
  }

  // How it connects

  /// How connections are secured. Which protocols are offered by ALPN is this client's business.
  ///
  /// @param client a client's settings
  /// @return this
  public HttpClientBuilder tls(Tls client) {
    tls = Objects.requireNonNull(client, "client");
    return this;
  }

  /// Connects through a proxy: with `CONNECT` to what is secured by TLS, by asking it to everything
  /// else.
  ///
  /// @param url its address, of `http`, perhaps with a name and a password
  /// @return this
  public HttpClientBuilder proxy(String url) {
    Target given = Target.of(url);
    if (given.isSecure()) {
      throw new IllegalArgumentException("a proxy that is spoken to by TLS is not known here");
    }
    proxy = given;
    return this;
  }

  /// Hosts that are connected to without the proxy, with all below them.
  ///
  /// @param hosts names or addresses
  /// @return this
  public HttpClientBuilder direct(String... hosts) {
    direct = Stream.of(hosts).map(one -> one.toLowerCase(Locale.ROOT)).toList();
    return this;
  }

  /// Connects to a Unix socket, whatever host is asked for.
  ///
  /// @param socket where it is
  /// @return this
  public HttpClientBuilder unixSocket(Path socket) {
    unixSocket = Objects.requireNonNull(socket, "socket");
    return this;
  }

  /// Speaks HTTP/1.1 only.
  ///
  /// @return this
  public HttpClientBuilder http1() {
    protocols = ClientSettings.Protocols.HTTP_1_1;
    return this;
  }

  /// Speaks HTTP/2 only, also where there is no TLS to agree on it.
  ///
  /// @return this
  public HttpClientBuilder http2() {
    protocols = ClientSettings.Protocols.HTTP_2;
    return this;
  }

  /// How many connections are open at a time: 100 unless it is set.
  ///
  /// @param number at least 1
  /// @return this
  public HttpClientBuilder maxConnections(int number) {
    maxConnections = positive(number, "connections");
    return this;
  }

  /// How many connections of HTTP/1.1 to one host are open at a time: 20 unless it is set.
  ///
  /// @param number at least 1
  /// @return this
  public HttpClientBuilder maxPerHost(int number) {
    maxPerHost = positive(number, "connections to a host");
    return this;
  }

  /// How long a connection is kept that nobody uses: 30 seconds unless it is set.
  ///
  /// @param limit more than zero
  /// @return this
  public HttpClientBuilder idleTimeout(Duration limit) {
    idle = Durations.check(limit, "an idle timeout");
    return this;
  }

  // What it accepts

  /// How many redirects are followed: 20 unless it is set.
  ///
  /// @param number at least 0
  /// @return this
  public HttpClientBuilder maxRedirects(int number) {
    if (number < 0) {
      throw new IllegalArgumentException(number + " redirects: give zero or more");
    }
    maxRedirects = number;
    return this;
  }

  /// How long the body of a response may be, unpacked, where it is read as a whole: 64 MiB unless
  /// it is set.
  ///
  /// @param bytes at least 1
  /// @return this
  public HttpClientBuilder maxBody(int bytes) {
    maxBody = positive(bytes, "bytes of a body");
    return this;
  }

  /// How long the headers of a response may be: 64 KiB unless it is set.
  ///
  /// @param bytes at least 1
  /// @return this
  public HttpClientBuilder maxHeader(int bytes) {
    maxHeader = positive(bytes, "bytes of headers");
    return this;
  }

  private static int positive(int number, String what) {
    if (number < 1) {
      throw new IllegalArgumentException(number + " " + what + ": give at least 1");
    }
    return number;
  }

  ClientSettings settings() {
    return new ClientSettings(
        base,
        headers.copy(),
        tls,
        protocols,
        proxy,
        direct,
        unixSocket,
        maxConnections,
        maxPerHost,
        idle,
        maxRedirects,
        maxBody,
        maxHeader,
        keepsCookies);
  }

  /// Opens a client, which belongs to the running task's loop. It connects when it has to.
  ///
  /// @return the client, to be closed
  /// @throws IOException if the system has no more of what it takes to wait for sockets
  public HttpClient open() throws IOException {
    return new HttpClientImpl(Driver.current(), settings(), false);
  }
}
