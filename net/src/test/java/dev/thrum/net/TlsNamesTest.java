package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.net.Certificates.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A server with several certificates, and who the peers are.
final class TlsNamesTest {

  private static Identity exact;
  private static Identity wild;
  private static Identity other;

  /// Not within a test, whose time is short where a program takes long.
  @BeforeAll
  static void makeCertificates() {
    exact = Certificates.host("exact", "a.hosts.test");
    wild = Certificates.host("wild", "*.hosts.test");
    other = Certificates.host("other", "xn--bcher-kva.test");
    var _ = Certificates.server();
    var _ = Certificates.client();
  }

  private static Tls named(Secured way) {
    return way.server()
        .identityFor("*.hosts.test", wild.chain(), wild.key())
        .identityFor("A.hosts.test", exact.chain(), exact.key())
        .identityFor("bücher.test", other.chain(), other.key());
  }

  /// Whose certificate a client is shown that asks for a host; empty if it asks for none.
  private static String shownTo(Secured way, Tls server, String host) throws IOException {
    String name = host.isEmpty() ? "127.0.0.1" : host; // an address is asked for by nobody
    Tls client = way.client().withoutHostnameVerification().serverName(name);
    Net.Pair ends = Secured.plain();
    Secured.secure(ends, client, server);
    ends.second().write("x");
    assertEquals(1, ends.first().readExactly(1).length);
    X500Principal shown = ends.first().tls().orElseThrow().subject().orElseThrow();
    assertEquals(Optional.empty(), ends.second().tls().orElseThrow().subject());
    Secured.close(ends);
    return shown.getName();
  }

  @ParameterizedTest
  @EnumSource
  void aClientIsShownTheCertificateOfTheHostItAsksFor(Secured way) throws IOException {
    way.run(() -> {
      Tls server = named(way);
      for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
        Tls spoken = server.versions(version);
        assertEquals("CN=exact", shownTo(way, spoken, "a.hosts.test"));
        assertEquals("CN=exact", shownTo(way, spoken, "A.Hosts.TEST"));
        assertEquals("CN=wild", shownTo(way, spoken, "b.hosts.test"));
        assertEquals("CN=other", shownTo(way, spoken, "xn--bcher-kva.test"));
        assertEquals("CN=server", shownTo(way, spoken, "hosts.test"));
        assertEquals("CN=server", shownTo(way, spoken, "c.b.hosts.test"));
        assertEquals("CN=server", shownTo(way, spoken, "localhost"));
        assertEquals("CN=server", shownTo(way, spoken, ""));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void theHostIsVerifiedByWhoAsksForIt(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = Secured.pair(way.client().serverName("b.hosts.test"), named(way));
      Secured.close(ends);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aServerKnowsWhoItsClientIs(Secured way) throws IOException {
    Identity shown = Certificates.client();
    way.run(() -> {
      Tls server = named(way).trust(Certificates.authority()).requireClientCertificate();
      Net.Pair ends = Secured.pair(way.client().identity(shown.chain(), shown.key()), server);
      assertEquals(
          Optional.of(new X500Principal("CN=client")), ends.second().tls().orElseThrow().subject());
      Secured.close(ends);
    });
  }

  /// One listener, clients of different hosts at the same time.
  @ParameterizedTest
  @EnumSource
  void aListenerServesAllHosts(Secured way) throws IOException {
    way.run(() -> {
      try (Listener listener = Net.listener().tls(named(way)).listen("127.0.0.1", 0)) {
        for (String host : new String[] {"a.hosts.test", "z.hosts.test", "server.test"}) {
          Task<Connection> accepted = async(listener::accept);
          Connector connector = Net.connector().tls(way.client().serverName(host));
          try (Connection client = connector.connect("127.0.0.1", listener.port());
              Connection server = await(accepted)) {
            server.write("hello\n");
            assertEquals(Optional.of("hello"), client.readLine());
          }
        }
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "*.", "a.*.test", "*.*.test", "a b", "a..test"})
  void whatIsNoHostIsRefused(String host) {
    Tls server = Tls.server(Path.of("chain"), Path.of("key"));
    assertThrows(
        IllegalArgumentException.class,
        () -> server.identityFor(host, Path.of("chain"), Path.of("key")));
  }

  @Test
  void itIsForServersThatHaveFiles() throws Exception {
    Path file = Path.of("file");
    assertThrows(IllegalStateException.class, () -> Tls.client().identityFor("a.test", file, file));
    Tls given = Tls.server(SSLContext.getDefault());
    assertTrue(
        assertThrows(IllegalStateException.class, () -> given.identityFor("a.test", file, file))
            .getMessage()
            .contains("SSLContext"));
    assertThrows(IllegalStateException.class, given::reload);
  }
}
