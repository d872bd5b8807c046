package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.forEachAll;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.net.Secured.Shaken;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSslEngine;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What TLS can agree on, and how it gets on with the rest of a loop.
final class TlsFeaturesTest {

  private static Net.Pair open(Tls client, Tls server) throws IOException {
    Net.Pair ends = Secured.pair(client, server);
    ends.first().write("x");
    assertEquals(1, ends.second().readExactly(1).length);
    return ends;
  }

  private static void assertAgreed(Net.Pair ends, String protocol, String suite, String alpn)
      throws IOException {
    for (Connection one : List.of(ends.first(), ends.second())) {
      TlsSession session = one.tls().orElseThrow();
      assertEquals(protocol, session.protocol());
      assertTrue(session.cipherSuite().contains(suite), session.cipherSuite());
      assertEquals(alpn, session.applicationProtocol());
    }
    Secured.close(ends);
  }

  // What is agreed on

  @ParameterizedTest
  @EnumSource
  void theEngineIsTheOneThatIsAskedFor(Secured way) throws IOException {
    way.run(() -> {
      Tls client = way.client();
      client.prepare();
      var handler = client.handler(UnpooledByteBufAllocator.DEFAULT, "localhost", 1, Runnable::run);
      assertEquals(way.isOpenSsl(), handler.engine() instanceof OpenSslEngine);
    });
  }

  @ParameterizedTest
  @EnumSource
  void theBestProtocolOfBothIsChosen(Secured way) throws IOException {
    way.run(() -> {
      Tls client = way.client();
      Tls server = way.server().applicationProtocols("h2", "http/1.1");
      assertAgreed(
          open(client.applicationProtocols("http/1.1", "h2"), server), "TLSv1.3", "AES", "h2");
      assertAgreed(
          open(client.applicationProtocols("http/1.1"), server), "TLSv1.3", "AES", "http/1.1");
      assertAgreed(open(client, server), "TLSv1.3", "AES", "");
    });
  }

  @ParameterizedTest
  @EnumSource
  void withoutAProtocolInCommonTheyGoOnWithNone(Secured way) throws IOException {
    way.run(() -> {
      Tls client = way.client().applicationProtocols("spdy");
      Tls server = way.server().applicationProtocols("h2", "http/1.1");
      assertAgreed(open(client, server), "TLSv1.3", "AES", "");
      assertAgreed(open(client, way.server()), "TLSv1.3", "AES", "");
    });
  }

  @ParameterizedTest
  @EnumSource
  void theNewestVersionOfBothIsChosen(Secured way) throws IOException {
    way.run(() -> {
      Tls server = way.server();
      assertAgreed(open(way.client(), server), "TLSv1.3", "AES", "");
      assertAgreed(open(way.client().versions("TLSv1.2"), server), "TLSv1.2", "ECDHE", "");
      assertAgreed(open(way.client(), server.versions("TLSv1.2")), "TLSv1.2", "ECDHE", "");
    });
  }

  @ParameterizedTest
  @EnumSource
  void withoutAVersionInCommonBothSidesFail(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = Secured.plain();
      Shaken shaken =
          Secured.shake(
              ends,
              way.client().versions("TLSv1.2"),
              "localhost",
              way.server().versions("TLSv1.3"));
      assertTrue(shaken.client().orElseThrow() instanceof SSLException);
      assertTrue(shaken.server().orElseThrow() instanceof SSLException);
    });
  }

  @ParameterizedTest
  @EnumSource
  void theSuiteIsOneOfThoseThatAreAllowed(Secured way) throws IOException {
    way.run(() -> {
      String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
      Tls client = way.client().versions("TLSv1.2").cipherSuites(suite);
      assertAgreed(open(client, way.server()), "TLSv1.2", suite, "");
      String other = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
      Shaken shaken =
          Secured.shake(Secured.plain(), client, "localhost", way.server().cipherSuites(other));
      assertFalse(shaken.succeeded());
    });
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotToBeHadIsSaidBeforeAnybodyConnects(Secured way) throws IOException {
    way.run(() -> {
      for (Tls one :
          List.of(way.server().versions("TLSv9"), way.server().cipherSuites("TLS_NONSENSE"))) {
        SSLException unknown =
            assertThrows(SSLException.class, () -> Net.listener().tls(one).listen("127.0.0.1", 0));
        String all = unknown.getMessage() + unknown.getCause();
        assertTrue(all.contains("TLSv9") || all.contains("TLS_NONSENSE"), all);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void thereIsNoSessionWithoutTls(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = Secured.plain();
      assertEquals(Optional.empty(), ends.first().tls());
      Task<?> shaking = async(() -> ends.first().startTls(way.client(), "localhost"));
      checkpoint();
      assertEquals(Optional.empty(), ends.first().tls(), "not yet");
      ends.second().startTls(way.server());
      await(shaking);
      assertTrue(ends.first().tls().isPresent());
      Secured.close(ends);
    });
  }

  // Listening

  @ParameterizedTest
  @EnumSource
  void aClientThatDoesNotShakeHandsKeepsNobodyWaiting(Secured way) throws IOException {
    way.run(() -> {
      Tls patient = way.server().handshakeTimeout(ofDays(1));
      try (Listener listener = Net.listener().tls(patient).listen("127.0.0.1", 0)) {
        Task<Connection> accepted = async(listener::accept);
        Connection silent = Net.connect(listener.address());
        while (listener.connections() == 0) {
          sleep(ofMillis(1));
        }
        Connection client = Net.connector().tls(way.client()).connect(listener.address());
        client.write("x");
        assertEquals(1, await(accepted).readExactly(1).length);
        Secured.close(new Net.Pair(client, await(accepted)));
        silent.abort();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatSpeaksSomethingElseIsTurnedAway(Secured way) throws IOException {
    way.run(() -> {
      try (Listener listener = Net.listener().tls(way.server()).listen("127.0.0.1", 0)) {
        background(() -> listener.serve(_ -> {}));
        Connection client = Net.connect(listener.address());
        client.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        try {
          var _ = client.readAll();
        } catch (IOException _) {
          // With an alert or a reset.
        }
        client.abort();
        while (listener.connections() > 0) {
          sleep(ofMillis(1));
        }
        Net.Pair ends = Secured.plain();
        ends.first().write("220 mail.example.org ESMTP ready\r\n");
        SSLException other =
            assertThrows(
                SSLException.class, () -> ends.second().startTls(way.client(), "localhost"));
        assertTrue(other.getMessage().contains("not TLS"), other.getMessage());
        ends.first().abort();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void fiftyHandshakesAtOnce(Secured way) throws IOException {
    way.run(() -> {
      try (Listener listener = Net.listener().tls(way.server()).listen("127.0.0.1", 0)) {
        background(() ->
            listener.serve(
                one -> one.write(one.readLine().orElseThrow().toUpperCase(Locale.ROOT) + "\n")));
        Connector connector = Net.connector().tls(way.client());
        forEachAll(
            IntStream.range(0, 50).boxed().toList(),
            50,
            number -> {
              try (Connection client = connector.connect(listener.address())) {
                client.write("number " + number + "\n");
                assertEquals("NUMBER " + number, client.readLine().orElseThrow());
                assertEquals(Optional.empty(), client.readLine());
              }
            });
      }
    });
  }

  // Beside the loop

  /// Believes everybody, once it has been let.
  private static final class SlowToBelieve extends X509ExtendedTrustManager {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch may = new CountDownLatch(1);

    private void believe() {
      asked.countDown();
      try {
        may.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
      believe();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {
      believe();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {
      believe();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static Tls believing(SlowToBelieve who) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {who}, null);
    return Tls.client(context);
  }

  @ParameterizedTest
  @EnumSource
  void theLoopGoesOnWhileSomebodyChecksACertificate(Secured way) throws Exception {
    way.run(() -> {
      SlowToBelieve slow = new SlowToBelieve();
      Tls client = believing(slow);
      Net.Pair ends = Secured.plain();
      Task<?> shaking =
          async(() ->
              gather(
                  () -> ends.first().startTls(client, "localhost"),
                  () -> ends.second().startTls(way.server().versions("TLSv1.2"))));
      while (slow.asked.getCount() > 0) {
        sleep(ofMillis(1));
      }
      Net.Pair others = way.pair();
      others.first().write("others\n");
      assertEquals(Optional.of("others"), others.second().readLine());
      Secured.close(others);
      assertFalse(shaking.isDone());
      slow.may.countDown();
      await(shaking);
      Secured.close(ends);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionCanBeAbortedWhileSomebodyChecksACertificate(Secured way) throws Exception {
    way.run(() -> {
      SlowToBelieve slow = new SlowToBelieve();
      Tls client = believing(slow);
      Net.Pair ends = Secured.plain();
      Task<?> shaking = async(() -> ends.first().startTls(client, "localhost"));
      Task<?> server =
          async(() ->
              assertThrows(
                  IOException.class,
                  () -> {
                    ends.second().startTls(way.server().versions("TLSv1.2"));
                  }));
      while (slow.asked.getCount() > 0) {
        sleep(ofMillis(1));
      }
      ends.first().abort();
      assertThrows(ConnectionClosedException.class, () -> await(shaking));
      await(server);
      slow.may.countDown();
    });
  }

  /// A loop that ends waits for nobody's certificate.
  @ParameterizedTest
  @EnumSource
  void aLoopCanEndWhileSomebodyChecksACertificate(Secured way) throws Exception {
    SlowToBelieve slow = new SlowToBelieve();
    way.run(() -> {
      Tls client = believing(slow);
      Net.Pair ends = Secured.plain();
      background(() -> ends.first().startTls(client, "localhost"));
      background(() -> ends.second().startTls(way.server().versions("TLSv1.2")));
      while (slow.asked.getCount() > 0) {
        sleep(ofMillis(1));
      }
    });
    slow.may.countDown();
  }

  // Over and over

  @ParameterizedTest
  @EnumSource
  void manyConnectionsLeaveNothing(Secured way) throws IOException {
    way.run(() -> {
      Tls client = way.client();
      Tls server = way.server();
      byte[] some = new byte[100_000];
      Arrays.fill(some, (byte) 7);
      for (int i = 0; i < 40; i++) {
        Net.Pair ends = Secured.pair(client, server);
        Task<?> writing = async(() -> ends.first().write(some));
        assertArrayEquals(some, ends.second().readExactly(some.length));
        await(writing);
        switch (i % 4) {
          case 0 -> Secured.close(ends);
          case 1 -> ends.first().abort();
          case 2 -> {
            ends.second().write(some, 0, 1000);
            ends.first().closeOutput();
            ends.second().abort();
          }
          default -> ends.first().closeOutput();
        }
        ends.first().abort();
        ends.second().abort();
      }
    });
  }

  /// Nothing that was written is lost in a close that follows the handshake at once, though the
  /// server of version 1.3 has more to say then.
  @ParameterizedTest
  @EnumSource
  void whatIsWrittenJustBeforeAQuickCloseArrives(Secured way) throws IOException {
    way.run(() -> {
      byte[] some = new byte[200_000];
      try (Listener listener = Net.listener().tls(way.server()).listen("127.0.0.1", 0)) {
        Connector connector = Net.connector().tls(way.client());
        for (int i = 0; i < 20; i++) {
          Task<Connection> accepted = async(listener::accept);
          Connection client = connector.connect(listener.address());
          client.write(some);
          Task<?> closing = async(client::close);
          assertEquals(some.length, await(accepted).readAll().length);
          await(closing);
          await(accepted).close();
        }
      }
    });
  }
}
