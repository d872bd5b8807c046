package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.http.client.HttpClientException.Unreachable;
import dev.thrum.http.client.HttpClientException.Untrusted;
import dev.thrum.net.Connection;
import dev.thrum.net.Net;
import dev.thrum.net.Tls;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.Base64;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Makes the connections of a client: directly, through a Unix socket, or through a proxy, with TLS
/// where it is asked for.
final class Dialer {
  private static final Tls STANDARD = Tls.client();
  private static final int MOST_OF_A_PROXY = 1 << 14;

  private final ClientSettings settings;
  private final Tls tls;

  Dialer(ClientSettings settings) {
    this.settings = settings;
    Tls given = settings.tls() == null ? STANDARD : settings.tls();
    this.tls =
        switch (settings.protocols()) {
          case NEGOTIATED -> given.applicationProtocols("h2", "http/1.1");
          case HTTP_1_1 -> given.applicationProtocols("http/1.1");
          case HTTP_2 -> given.applicationProtocols("h2");
        };
  }

  Connection dial(Target.Origin origin) throws IOException {
    Connection connection = reach(origin);
    boolean done = false;
    try {
      if (origin.secure()) {
        secure(connection, origin);
      }
      done = true;
      return connection;
    } finally {
      if (!done) {
        connection.abort();
      }
    }
  }

  private Connection reach(Target.Origin origin) throws IOException {
    Target proxy = proxyFor(settings, origin);
    try {
      if (settings.unixSocket() != null) {
        return Net.connector().connect(UnixDomainSocketAddress.of(settings.unixSocket()));
      }
      if (proxy == null) {
        return Net.connector().connect(origin.host(), origin.port());
      }
      Target.Origin to = proxy.origin();
      return Net.connector().connect(to.host(), to.port());
    } catch (IOException e) {
      throw new Unreachable(
          origin
              + " cannot be reached"
              + (proxy == null ? "" : " through the proxy " + proxy.origin())
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private void secure(Connection connection, Target.Origin origin) throws IOException {
    Target proxy = proxyFor(settings, origin);
    if (proxy != null) {
      tunnel(connection, proxy, origin);
    }
    try {
      connection.startTls(tls, origin.host());
    } catch (SSLException e) {
      throw new Untrusted("no TLS with " + origin + " that can be trusted: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new Untrusted("no TLS with " + origin + ": " + e.getMessage(), e);
    }
  }

  private void tunnel(Connection connection, Target proxy, Target.Origin origin)
      throws IOException {
    String credentials = credentials(proxy);
    String request =
        "CONNECT "
            + origin.hostAndPort()
            + " HTTP/1.1\r\nHost: "
            + origin.hostAndPort()
            + "\r\n"
            + (credentials.isEmpty() ? "" : "Proxy-Authorization: " + credentials + "\r\n")
            + "\r\n";
    String status;
    try {
      connection.write(request);
      byte[] head = connection.readUntil("\r\n\r\n".getBytes(ISO_8859_1));
      status = new String(head, ISO_8859_1).lines().findFirst().orElse("");
      if (head.length > MOST_OF_A_PROXY) {
        throw new IOException("its answer is too long");
      }
    } catch (IOException e) {
      throw new Unreachable("the proxy " + proxy.origin() + " leads nowhere: " + e.getMessage(), e);
    }
    if (!status.matches("HTTP/1\\.[01] 2\\d\\d( .*)?")) {
      throw new Unreachable(
          "the proxy " + proxy.origin() + " does not connect to " + origin + ": " + status, null);
    }
  }

  /// What is to be used for an origin.
  static @Nullable Target proxyFor(ClientSettings settings, Target.Origin origin) {
    String host = origin.host().toLowerCase(Locale.ROOT);
    boolean direct =
        settings.unixSocket() != null
            || settings.direct().stream().anyMatch(one -> CookieJar.isBelow(host, one));
    return direct ? null : settings.proxy();
  }

  /// The value of the header for a proxy; empty if its address has no name and password.
  static String credentials(Target proxy) {
    return proxy.userInfo().isEmpty() ? "" : basic(proxy.userInfo());
  }

  static String basic(String userAndPassword) {
    return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(UTF_8));
  }
}
