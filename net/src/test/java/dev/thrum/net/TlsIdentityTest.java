package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.net.Certificates.Identity;
import dev.thrum.net.Secured.Shaken;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who shows what to whom, and who believes it.
final class TlsIdentityTest {
  @TempDir Path folder;

  private static Tls as(Tls tls, Identity shown) {
    return tls.identity(shown.chain(), shown.key());
  }

  private static Shaken shake(Tls client, String host, Tls server) throws IOException {
    Net.Pair ends = Secured.plain();
    Shaken shaken = Secured.shake(ends, client, host, server);
    ends.first().abort();
    ends.second().abort();
    return shaken;
  }

  /// Both sides hear that it has failed, and one of them why.
  private static void assertRefused(Shaken shaken, String... why) {
    String client = messageOf(shaken.client());
    String server = messageOf(shaken.server());
    for (String word : why) {
      assertTrue((client + server).contains(word), client + "\n" + server);
    }
  }

  private static String messageOf(Optional<Throwable> failure) {
    assertInstanceOf(SSLException.class, failure.orElseThrow());
    assertTrue(failure.get().getClass().getName().startsWith("javax."), failure.get().toString());
    return failure.get().getMessage().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static List<String> names(TlsSession session) {
    return session.peerCertificates().stream()
        .map(one -> ((X509Certificate) one).getSubjectX500Principal().getName())
        .toList();
  }

  // The server's certificate

  @ParameterizedTest
  @EnumSource
  void aServerShowsItsChain(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = way.pair();
      TlsSession session = ends.first().tls().orElseThrow();
      assertEquals(List.of("CN=server", "CN=authority"), names(session));
      assertEquals(List.of(), ends.second().tls().orElseThrow().peerCertificates());
      Secured.close(ends);
      assertEquals(session, ends.first().tls().orElseThrow(), "also when it is closed");
    });
  }

  @ParameterizedTest
  @EnumSource
  void aCertificateForAnotherHostIsRefused(Secured way) throws IOException {
    way.run(() -> {
      Shaken shaken = shake(way.client(), "other.test", way.server());
      assertRefused(shaken, "no subject alternative dns name matching other.test found");
    });
  }

  @ParameterizedTest
  @EnumSource
  void anyOfItsNamesWillDo(Secured way) throws IOException {
    way.run(() -> {
      for (String host : List.of("localhost", "server.test", "SERVER.test", "127.0.0.1")) {
        assertTrue(shake(way.client(), host, way.server()).succeeded(), host);
      }
      assertRefused(shake(way.client(), "127.0.0.2", way.server()), "127.0.0.2");
    });
  }

  @ParameterizedTest
  @EnumSource
  void theHostIsTheOneThatIsConnectedTo(Secured way) throws IOException {
    way.run(() -> {
      try (Listener listener = Net.listener().tls(way.server()).listen("127.0.0.1", 0)) {
        background(() -> listener.serve(Connection::readAll));
        Connector connector = Net.connector().tls(way.client());
        List<Connection> all =
            List.of(
                connector.connect("127.0.0.1", listener.port()),
                connector.connect(listener.address()),
                connector.connect(
                    InetSocketAddress.createUnresolved("127.0.0.1", listener.port())));
        for (Connection one : all) {
          one.close();
        }
        connector.tls(way.client().serverName("server.test")).connect(listener.address()).close();
        Connector wrong = connector.tls(way.client().serverName("other.test"));
        SSLException refused =
            assertThrows(SSLException.class, () -> wrong.connect(listener.address()));
        assertTrue(refused.getMessage().contains("other.test"), refused.getMessage());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void theNameIsAskedForAndVerifiedInPlaceOfTheHost(Secured way) throws IOException {
    way.run(() -> {
      Tls named = way.client().serverName("server.test");
      assertTrue(shake(named, "other.test", way.server()).succeeded());
      Tls wrong = way.client().serverName("other.test");
      assertRefused(shake(wrong, "localhost", way.server()), "other.test");
    });
  }

  @ParameterizedTest
  @EnumSource
  void withoutVerificationOnlyTheHostDoesNotMatter(Secured way) throws IOException {
    way.run(() -> {
      Tls lenient = way.client().withoutHostnameVerification();
      assertTrue(shake(lenient, "other.test", way.server()).succeeded());
      Tls strict = lenient.trust(Certificates.nobody());
      assertRefused(shake(strict, "localhost", way.server()), "unable to find valid certification");
    });
  }

  @ParameterizedTest
  @EnumSource
  void whereThereIsNoHostOneMustBeGiven(Secured way) throws IOException {
    way.run(() -> {
      var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
      try (Listener listener = Net.listener().tls(way.server()).listen(address)) {
        Connector connector = Net.connector();
        SSLException missing =
            assertThrows(SSLException.class, () -> connector.tls(way.client()).connect(address));
        assertTrue(missing.getMessage().contains("serverName"), missing.getMessage());
        for (Tls tls :
            List.of(
                way.client().serverName("localhost"), way.client().withoutHostnameVerification())) {
          Task<Connection> accepted = async(listener::accept);
          Connection client = connector.tls(tls).connect(address);
          client.write("x");
          assertEquals(1, await(accepted).read(1).length);
          Secured.close(new Net.Pair(client, await(accepted)));
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void anExpiredCertificateIsRefused(Secured way) throws IOException {
    way.run(() -> {
      Shaken shaken = shake(way.client(), "localhost", way.server(Certificates.expired()));
      assertRefused(shaken, "expired", "notafter");
    });
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownAuthorityIsRefused(Secured way) throws IOException {
    way.run(() -> {
      Tls trusting = way.client().trust(Certificates.nobody());
      assertRefused(shake(trusting, "localhost", way.server()), "unable to find valid");
    });
  }

  @ParameterizedTest
  @EnumSource
  void byDefaultTheAuthoritiesOfTheJdkAreTrusted(Secured way) throws IOException {
    way.run(() -> {
      Tls usual = way.isOpenSsl() ? Tls.client() : Tls.client().jdkEngine();
      assertRefused(shake(usual, "localhost", way.server()), "unable to find valid");
    });
  }

  // The client's certificate

  @ParameterizedTest
  @EnumSource
  void aClientShowsWhatTheServerRequires(Secured way) throws IOException {
    way.run(() -> {
      Tls server = way.server().trust(Certificates.authority()).requireClientCertificate();
      Net.Pair ends = Secured.pair(as(way.client(), Certificates.client()), server);
      ends.first().write("x");
      ends.second().readExactly(1);
      assertEquals("CN=client", names(ends.second().tls().orElseThrow()).getFirst());
      Secured.close(ends);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatAsksTakesBoth(Secured way) throws IOException {
    way.run(() -> {
      Tls server = way.server().trust(Certificates.authority()).askForClientCertificate();
      Net.Pair known = Secured.pair(as(way.client(), Certificates.client()), server);
      known.first().write("x");
      known.second().readExactly(1);
      assertEquals("CN=client", names(known.second().tls().orElseThrow()).getFirst());
      Secured.close(known);
      Net.Pair unknown = Secured.pair(way.client(), server);
      assertEquals(List.of(), unknown.second().tls().orElseThrow().peerCertificates());
      Secured.close(unknown);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aMissingCertificateFailsAtBothSides(Secured way) throws IOException {
    way.run(() -> {
      Tls server = way.server().trust(Certificates.authority()).requireClientCertificate();
      assertRefused(shake(way.client(), "localhost", server), "certificate");
    });
  }

  @ParameterizedTest
  @EnumSource
  void aCertificateOfAnUnknownAuthorityFailsAtBothSides(Secured way) throws IOException {
    way.run(() -> {
      Tls server = way.server().trust(Certificates.authority()).requireClientCertificate();
      for (String version : List.of("TLSv1.2", "TLSv1.3")) {
        Tls stranger = as(way.client(), Certificates.stranger()).versions(version);
        assertRefused(shake(stranger, "localhost", server), "certificate");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aListenerGoesOnAfterItHasRefusedSomebody(Secured way) throws IOException {
    way.run(() -> {
      Tls server = way.server().trust(Certificates.authority()).requireClientCertificate();
      try (Listener listener = Net.listener().tls(server).listen("127.0.0.1", 0)) {
        Task<Connection> accepted = async(listener::accept);
        Connector connector = Net.connector();
        assertThrows(
            IOException.class,
            () -> {
              try (Connection nobody = connector.tls(way.client()).connect(listener.address())) {
                nobody.readExactly(1);
              }
            });
        Tls known = as(way.client(), Certificates.client());
        Connection client = connector.tls(known).connect(listener.address());
        client.write("x");
        assertEquals(1, await(accepted).read(1).length);
        assertEquals(1, listener.connections());
        Secured.close(new Net.Pair(client, await(accepted)));
      }
    });
  }

  // Contexts of the JDK

  @ParameterizedTest
  @EnumSource
  void contextsOfTheJdkBringKeysAndTrust(Via via) throws Exception {
    SSLContext client = Certificates.context(Certificates.client());
    SSLContext server = Certificates.context(Certificates.server());
    via.run(() -> {
      Net.Pair ends =
          Secured.pair(Tls.client(client), Tls.server(server).requireClientCertificate());
      ends.first().write("x");
      ends.second().readExactly(1);
      assertEquals("CN=server", names(ends.first().tls().orElseThrow()).getFirst());
      assertEquals("CN=client", names(ends.second().tls().orElseThrow()).getFirst());
      Secured.close(ends);
      assertRefused(shake(Tls.client(client), "other.test", Tls.server(server)), "other.test");
    });
    assertThrows(
        IllegalStateException.class, () -> Tls.client(client).trust(Certificates.authority()));
    assertThrows(IllegalStateException.class, () -> as(Tls.client(client), Certificates.client()));
  }

  @ParameterizedTest
  @EnumSource
  void theTwoEnginesUnderstandEachOther(Via via) throws IOException {
    via.run(() -> {
      Secured openSsl = Secured.EPOLL_OPENSSL;
      Secured jdk = Secured.EPOLL_JDK;
      for (String version : List.of("TLSv1.2", "TLSv1.3")) {
        Tls server = openSsl.server().versions(version);
        assertTrue(shake(jdk.client(), "localhost", server).succeeded());
        server = jdk.server().versions(version);
        assertTrue(shake(openSsl.client(), "localhost", server).succeeded());
      }
    });
  }

  // Files

  private void assertUnreadable(Tls tls, Path file, String why) throws IOException {
    Net.Pair ends = Secured.plain();
    IOException unreadable =
        assertThrows(IOException.class, () -> ends.first().startTls(tls, "localhost"));
    assertTrue(unreadable.getMessage().contains(file.toString()), unreadable.getMessage());
    assertTrue(unreadable.getMessage().contains(why), unreadable.getMessage());
    ends.first().write("in the clear, as before");
    ends.first().close();
    assertEquals("in the clear, as before", ends.second().readString());
    ends.second().close();
    if (!tls.isClient()) {
      assertThrows(IOException.class, () -> Net.listener().tls(tls).listen("127.0.0.1", 0));
    }
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrongWithAFileOfCertificatesIsSaid(Secured way) throws IOException {
    Path absent = folder.resolve("absent.pem");
    Path empty = file("empty.pem", "");
    Path damaged =
        file("damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    Path key = Certificates.server().key();
    way.run(() -> {
      assertUnreadable(way.client().trust(absent), absent, "no such file");
      assertUnreadable(way.client().trust(folder), folder, "cannot be read");
      assertUnreadable(way.client().trust(empty), empty, "no certificate");
      assertUnreadable(way.client().trust(damaged), damaged, "is none");
      assertUnreadable(way.client().trust(key), key, "no certificate");
      assertUnreadable(way.server(new Identity("", empty, key, empty)), empty, "no certificate");
      assertUnreadable(way.server().trust(empty), empty, "no certificate");
    });
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrongWithAKeyIsSaid(Secured way) throws IOException {
    Path chain = Certificates.server().chain();
    way.run(() -> {
      for (List<String> one :
          List.of(
              List.of("", "no private key"),
              List.of("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "no EC key"),
              List.of(
                  "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                  "encrypted"),
              List.of(
                  "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
                  "PKCS#8"))) {
        Path key = file("some.key", one.getFirst());
        assertUnreadable(way.server(new Identity("", chain, key, key)), key, one.getLast());
      }
      Path absent = folder.resolve("absent.key");
      assertUnreadable(way.server(new Identity("", chain, absent, absent)), absent, "no such file");
      Path another = Certificates.client().key();
      Identity mixed = new Identity("", chain, another, another);
      assertUnreadable(way.server(mixed), another, "does not belong");
      assertUnreadable(as(way.client(), mixed), another, "does not belong");
    });
  }

  /// As many keep them, with text around the blocks.
  @ParameterizedTest
  @EnumSource
  void aFileMayHoldChainAndKey(Secured way) throws IOException {
    Identity server = Certificates.server();
    Path both =
        file(
            "both.pem",
            "The key:\n"
                + Files.readString(server.key())
                + "its chain:\n"
                + Files.readString(server.chain()).replace("\n", "\r\n"));
    way.run(() -> {
      Tls tls = way.server(new Identity("", both, both, both));
      assertTrue(shake(way.client(), "localhost", tls).succeeded());
    });
  }

  @ParameterizedTest
  @EnumSource
  void settingsAreForOneSide(Secured way) {
    assertThrows(IllegalStateException.class, () -> way.client().requireClientCertificate());
    assertThrows(IllegalStateException.class, () -> way.client().askForClientCertificate());
    assertThrows(IllegalStateException.class, () -> way.server().withoutHostnameVerification());
    assertThrows(IllegalStateException.class, () -> way.server().serverName("x"));
    assertThrows(IllegalArgumentException.class, () -> Net.connector().tls(way.server()));
    assertThrows(IllegalArgumentException.class, () -> Net.listener().tls(way.client()));
    assertThrows(IllegalArgumentException.class, () -> way.client().versions());
  }
}
