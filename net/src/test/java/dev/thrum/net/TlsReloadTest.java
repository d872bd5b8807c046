package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.sleep;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.net.Certificates.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.logging.Level;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Certificates that are replaced while a server runs.
final class TlsReloadTest {
  private static final Duration MILLI = Duration.ofMillis(1);

  @TempDir Path folder;

  /// Not within a test, whose time is short where a program takes long.
  @BeforeAll
  static void makeCertificates() {
    var _ = Certificates.server();
    var _ = Certificates.named();
    var _ = Certificates.client();
    var _ = Certificates.nobody();
  }

  private Path chain() {
    return folder.resolve("chain.pem");
  }

  private Path key() {
    return folder.resolve("key.pem");
  }

  private void put(Identity identity) throws IOException {
    replace(identity.chain(), chain());
    replace(identity.key(), key());
  }

  private void replace(Path from, Path to) throws IOException {
    Path next = folder.resolve("next");
    Files.copy(from, next, REPLACE_EXISTING);
    Files.move(next, to, ATOMIC_MOVE);
  }

  private Tls server(Secured way) throws IOException {
    put(Certificates.server());
    return way.server(new Identity("changing", chain(), key(), key()));
  }

  private static Connection connect(Secured way, Listener listener) throws IOException {
    return Net.connector()
        .tls(way.client().serverName("localhost"))
        .connect("127.0.0.1", listener.port());
  }

  private static String shownBy(Secured way, Listener listener) throws IOException {
    try (Connection client = connect(way, listener)) {
      client.write("hello\n");
      assertEquals(Optional.of("hello"), client.readLine());
      return client.tls().orElseThrow().subject().orElseThrow().getName();
    }
  }

  private static void echo(Listener listener) throws IOException {
    listener.serve(one -> {
      for (String line : one.lines()) {
        one.write(line + "\n");
        one.flush();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void newConnectionsSeeTheNewCertificateAndOldOnesGoOn(Secured way) throws IOException {
    way.run(() -> {
      Tls tls = server(way);
      try (Listener listener =
          Net.listener().tls(tls.applicationProtocols("x")).listen("127.0.0.1", 0)) {
        background(() -> echo(listener));
        try (Connection old = connect(way, listener)) {
          put(Certificates.named());
          assertEquals("CN=server", shownBy(way, listener));
          tls.reload();
          assertEquals("CN=named", shownBy(way, listener));
          old.write("still here\n");
          assertEquals(Optional.of("still here"), old.readLine());
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void filesThatAreWrongChangeNothing(Secured way) throws IOException {
    way.run(() -> {
      Tls tls = server(way);
      try (Listener listener = Net.listener().tls(tls).listen("127.0.0.1", 0)) {
        background(() -> echo(listener));
        replace(Certificates.named().chain(), chain()); // and the key is the other's
        assertThrows(SSLException.class, tls::reload);
        Files.delete(key());
        assertThrows(IOException.class, tls::reload);
        assertEquals("CN=server", shownBy(way, listener));
        put(Certificates.named());
        tls.reload();
        assertEquals("CN=named", shownBy(way, listener));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void filesOfHostsAndOfWhomIsTrustedAreReadAgainToo(Secured way) throws IOException {
    way.run(() -> {
      put(Certificates.named());
      Path trusted = folder.resolve("trusted");
      replace(Certificates.nobody(), trusted);
      Tls tls =
          way.server()
              .identityFor("localhost", chain(), key())
              .trust(trusted)
              .requireClientCertificate();
      Identity mine = Certificates.client();
      Tls client = way.client().serverName("localhost").identity(mine.chain(), mine.key());
      assertTrue(!Secured.shake(Secured.plain(), client, "localhost", tls).succeeded());
      put(Certificates.server());
      replace(Certificates.authority(), trusted);
      tls.reload();
      Net.Pair ends = Secured.pair(client, tls);
      assertEquals("CN=server", ends.first().tls().orElseThrow().subject().orElseThrow().getName());
      Secured.close(ends);
    });
  }

  @ParameterizedTest
  @EnumSource
  void filesAreReadAgainWhenTheyHaveChanged(Secured way) throws IOException {
    way.run(() -> {
      Tls tls = server(way);
      try (Listener listener = Net.listener().tls(tls).listen("127.0.0.1", 0)) {
        background(() -> echo(listener));
        Task<?> watch = async(() -> tls.reloadOnChange(MILLI.multipliedBy(2)));
        assertEquals("CN=server", shownBy(way, listener));
        while (!shownBy(way, listener).equals("CN=named")) {
          put(Certificates.named()); // again, if nobody had looked before the first time
          sleep(MILLI);
        }
        assertTrue(watch.cancel("enough"));
        assertThrows(CancellationException.class, () -> await(watch));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedFileIsToldAndHarmsNobody(Secured way) throws IOException {
    way.run(() -> {
      Tls tls = server(way);
      try (LogLines warned = new LogLines(Level.WARNING);
          Listener listener = Net.listener().tls(tls).listen("127.0.0.1", 0)) {
        background(() -> echo(listener));
        background(() -> tls.reloadOnChange(MILLI.multipliedBy(2)));
        for (int i = 0; warned.messages().isEmpty(); i++) {
          Files.writeString(key(), "no key, " + i);
          sleep(MILLI);
        }
        assertTrue(warned.messages().getFirst().contains("have changed and are not taken"));
        assertEquals("CN=server", shownBy(way, listener));
        while (!shownBy(way, listener).equals("CN=named")) {
          put(Certificates.named()); // again, if nobody had looked before the first time
          sleep(MILLI);
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsReadBeforeItIsUsed(Secured way) throws IOException {
    way.run(() -> {
      Tls tls = way.server(new Identity("none", chain(), key(), key()));
      tls.reload();
      put(Certificates.server());
      Secured.close(Secured.pair(way.client(), tls));
    });
  }

  @ParameterizedTest
  @EnumSource
  void lookingNeverIsRefused(Secured way) {
    Tls tls = way.server();
    assertThrows(IllegalArgumentException.class, () -> tls.reloadOnChange(Duration.ZERO));
  }
}
