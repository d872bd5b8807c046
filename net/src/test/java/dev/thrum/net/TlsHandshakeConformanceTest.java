package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.sleep;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How a TLS handshake ends (TL-02), and what becomes of the bytes around it (TL-04).
final class TlsHandshakeConformanceTest {
  private static final Duration NEVER = ofDays(1);

  /// Both ends of a connection: the client's begins TLS, the server's does nothing.
  private record Stuck(Net.Pair ends, Task<?> handshake) {
    static Stuck begin(Tls client) throws IOException {
      Net.Pair ends = Secured.plain();
      Task<?> handshake = async(() -> ends.first().startTls(client, "localhost"));
      assertTrue(ends.second().read(1).length > 0, "the beginning of a handshake");
      return new Stuck(ends, handshake);
    }
  }

  private static void assertAborted(Connection peer) {
    assertThrows(IOException.class, peer::readAll, "the peer sees no orderly end");
    peer.abort();
  }

  private static void assertClosed(Connection peer) {
    try {
      var _ = peer.readAll();
    } catch (IOException _) {
      // With a reset, if something is under way.
    }
    peer.abort();
  }

  // TL-02

  @ParameterizedTest
  @EnumSource
  void tl02_aHandshakeThatTakesTooLongFailsAndAborts(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = Secured.plain();
      Tls hasty = way.client().handshakeTimeout(ofMillis(50));
      SSLException late =
          assertThrows(SSLException.class, () -> ends.first().startTls(hasty, "localhost"));
      assertTrue(late.getMessage().contains("timed out"), late.getMessage());
      assertTrue(ends.first().isClosed());
      assertClosed(ends.second());
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl02_aListenerAbortsWhoDoesNotShakeHands(Secured way) throws IOException {
    way.run(() -> {
      Tls hasty = way.server().handshakeTimeout(ofMillis(50));
      try (Listener listener = Net.listener().tls(hasty).listen("127.0.0.1", 0)) {
        Task<Connection> accepted = async(listener::accept);
        Connection silent = Net.connect(listener.address());
        assertClosed(silent);
        assertEquals(0, listener.connections());
        accepted.cancel(true);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl02_theTimeoutIsPositiveHoweverShortAndDoesNotOverflow(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = Secured.plain();
      Tls hastiest = way.client().handshakeTimeout(ofNanos(1));
      assertThrows(SSLException.class, () -> ends.first().startTls(hastiest, "localhost"));
      ends.second().abort();
      assertThrows(
          IllegalArgumentException.class, () -> way.client().handshakeTimeout(Duration.ZERO));
      assertThrows(
          IllegalArgumentException.class, () -> way.client().handshakeTimeout(ofMillis(-1)));
      Duration longest = ofSeconds(Long.MAX_VALUE);
      Secured.close(
          Secured.pair(
              way.client().handshakeTimeout(longest), way.server().handshakeTimeout(longest)));
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl02_closingDuringTheHandshakeAbortsIt(Secured way) throws IOException {
    way.run(() -> {
      Stuck stuck = Stuck.begin(way.client().handshakeTimeout(NEVER));
      Task<?> failing =
          async(
              () -> assertThrows(ConnectionClosedException.class, () -> await(stuck.handshake())));
      checkpoint();
      stuck.ends().first().close();
      await(failing);
      assertTrue(stuck.ends().first().isClosed());
      assertThrows(IOException.class, () -> stuck.ends().first().write("more"));
      stuck.ends().second().abort();
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl02_abortingDuringTheHandshakeEndsIt(Secured way) throws IOException {
    way.run(() -> {
      Stuck stuck = Stuck.begin(way.client().handshakeTimeout(NEVER));
      Task<?> failing =
          async(
              () -> assertThrows(ConnectionClosedException.class, () -> await(stuck.handshake())));
      checkpoint();
      stuck.ends().first().abort();
      await(failing);
      assertAborted(stuck.ends().second());
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl02_cancellingDuringTheHandshakeAborts(Secured way) throws IOException {
    way.run(() -> {
      Stuck stuck = Stuck.begin(way.client().handshakeTimeout(NEVER));
      stuck.handshake().cancel("enough");
      assertThrows(CancellationException.class, () -> await(stuck.handshake()));
      assertTrue(stuck.ends().first().isClosed());
      assertAborted(stuck.ends().second());
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl02_cancellingAConnectThatShakesHandsAborts(Secured way) throws IOException {
    way.run(() -> {
      try (Listener silent = Net.listen("127.0.0.1", 0)) {
        Task<Connection> connecting =
            async(() -> Net.connector().tls(way.client()).connect(silent.address()));
        Connection peer = silent.accept();
        assertTrue(peer.read(1).length > 0, "the beginning of a handshake");
        connecting.cancel("enough");
        assertThrows(CancellationException.class, () -> await(connecting));
        assertAborted(peer);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl02_aPeerThatLeavesDuringTheHandshakeEndsItAtOnce(Secured way) throws IOException {
    way.run(() -> {
      for (boolean half : List.of(true, false)) {
        Stuck stuck = Stuck.begin(way.client().handshakeTimeout(NEVER));
        if (half) {
          stuck.ends().second().closeOutput();
        } else {
          stuck.ends().second().close();
        }
        IOException gone = assertThrows(IOException.class, () -> await(stuck.handshake()));
        assertTrue(gone.getMessage().contains("handshake"), gone.getMessage());
        assertTrue(stuck.ends().first().isClosed());
        stuck.ends().second().abort();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl02_aPeerThatHasLeftBeforeTheHandshakeEndsItAtOnce(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = Secured.plain();
      ends.second().closeOutput();
      assertEquals(0, ends.first().read(1).length);
      Tls patient = way.client().handshakeTimeout(NEVER);
      IOException gone =
          assertThrows(IOException.class, () -> ends.first().startTls(patient, "localhost"));
      assertTrue(gone.getMessage().contains("handshake"), gone.getMessage());
      ends.second().abort();
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl02_noTimerKeepsTheContextAlive(Via via) throws Exception {
    via.run(() -> {
      WeakReference<SSLContext> shaken = contextOfFinishedHandshake();
      WeakReference<SSLContext> given = contextOfAbortedHandshake();
      for (int i = 0; i < 50 && (shaken.get() != null || given.get() != null); i++) {
        System.gc();
        sleep(ofMillis(10));
      }
      assertNull(shaken.get(), "after a handshake");
      assertNull(given.get(), "after one that was given up");
    });
  }

  private static WeakReference<SSLContext> contextOfFinishedHandshake() throws Exception {
    SSLContext context = Certificates.context(Certificates.server());
    Secured.close(
        Secured.pair(
            Tls.client(context).handshakeTimeout(NEVER),
            Tls.server(context).handshakeTimeout(NEVER)));
    return new WeakReference<>(context);
  }

  private static WeakReference<SSLContext> contextOfAbortedHandshake() throws Exception {
    SSLContext context = Certificates.context(Certificates.server());
    Stuck stuck = Stuck.begin(Tls.client(context).handshakeTimeout(NEVER));
    stuck.handshake().cancel("enough");
    assertThrows(CancellationException.class, () -> await(stuck.handshake()));
    stuck.ends().second().abort();
    return new WeakReference<>(context);
  }

  // TL-04

  @ParameterizedTest
  @EnumSource
  void tl04_whatHasComeWithTheLastLineIsTheBeginningOfTls(Secured way) throws IOException {
    way.run(() -> {
      Relay relay = Relay.open();
      Relay.pass(relay.far(), relay.near(), bytes -> bytes);
      Task<?> client =
          async(() -> {
            relay.client().write("PROXY TCP4 192.0.2.1 192.0.2.2 1000 443\r\n");
            relay.client().startTls(way.client(), "localhost");
            relay.client().write("hello\n");
          });
      relay.far().write(headerAndHello(relay.near()));
      Relay.pass(relay.near(), relay.far(), bytes -> bytes);
      String header = relay.server().readLine().orElseThrow();
      assertEquals("PROXY TCP4 192.0.2.1 192.0.2.2 1000 443", header);
      relay.server().startTls(way.server());
      assertEquals(Optional.of("hello"), relay.server().readLine());
      await(client);
      relay.close();
    });
  }

  /// A line, and the whole ClientHello behind it.
  private static byte[] headerAndHello(Connection from) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(from.readUntil("\r\n".getBytes(US_ASCII)));
    byte[] record = from.readExactly(5);
    all.writeBytes(record);
    all.writeBytes(from.readExactly((record[3] & 0xff) << 8 | (record[4] & 0xff)));
    return all.toByteArray();
  }

  @ParameterizedTest
  @EnumSource
  void tl04_textThatWasSentBeforeTheHandshakeIsNeverReadAfterIt(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = Secured.plain();
      Tls patient = way.client().handshakeTimeout(NEVER);
      Task<?> client =
          async(() -> {
            ends.first().write("STARTTLS\r\nMAIL FROM:<mallory@example.org>\r\n");
            ends.first().startTls(patient, "localhost");
          });
      assertEquals(Optional.of("STARTTLS"), ends.second().readLine());
      assertThrows(
          SSLException.class, () -> ends.second().startTls(way.server().handshakeTimeout(NEVER)));
      assertThrows(ConnectionClosedException.class, () -> ends.second().readLine());
      assertThrows(IOException.class, () -> await(client));
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl04_whatAnotherTaskReadsMeanwhileIsNoText(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = Secured.plain();
      Connection server = ends.second();
      ends.first().write("one\n");
      assertEquals(Optional.of("one"), server.readLine());
      Task<?> client = async(() -> ends.first().startTls(way.client(), "localhost"));
      while (((ConnectionImpl) server).inputStream().available() == 0) {
        checkpoint();
      }
      Task<?> shaking = async(() -> server.startTls(way.server()));
      Task<?> reading =
          async(() -> assertThrows(IllegalStateException.class, () -> server.read(1)));
      gather(client::await, shaking::await, reading::await);
      Secured.close(ends);
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl04_whatIsWrittenMeanwhileGoesOutInTls(Secured way) throws IOException {
    way.run(() -> {
      Relay relay = Relay.open();
      StringBuilder seen = new StringBuilder();
      Relay.pass(
          relay.near(),
          relay.far(),
          bytes -> {
            seen.append(new String(bytes, US_ASCII));
            return bytes;
          });
      Relay.pass(relay.far(), relay.near(), bytes -> bytes);
      Task<?> shaking = async(() -> relay.client().startTls(way.client(), "localhost"));
      Task<?> writing = async(() -> relay.client().write("a secret\n"));
      relay.server().startTls(way.server());
      assertEquals(Optional.of("a secret"), relay.server().readLine());
      gather(shaking::await, writing::await);
      assertTrue(!seen.toString().contains("secret"), "it went out in the clear");
      relay.close();
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl04_readerAndWriterGoOnInTls(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = Secured.plain();
      var in = ends.second().inputStream();
      var out = ends.first().outputStream();
      out.write("plain".getBytes(US_ASCII));
      assertEquals("plain", new String(in.readNBytes(5), US_ASCII));
      gather(
          () -> ends.first().startTls(way.client(), "localhost"),
          () -> ends.second().startTls(way.server()));
      out.write("secret".getBytes(US_ASCII));
      assertEquals("secret", new String(in.readNBytes(6), US_ASCII));
      assertEquals("TLSv1.3", ends.first().tls().orElseThrow().protocol());
      Secured.close(ends);
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl04_tlsDoesNotStartOnAConnectionInUse(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = Secured.plain();
      Connection client = ends.first();
      Task<?> reading = async(() -> client.read(1));
      checkpoint();
      assertThrows(IllegalStateException.class, () -> client.startTls(way.client(), "localhost"));
      ends.second().write("x");
      await(reading);

      Task<?> writing = async(() -> client.write(new byte[1 << 24]));
      checkpoint();
      assertThrows(IllegalStateException.class, () -> client.startTls(way.client(), "localhost"));
      ends.second().readExactly(1 << 24);
      await(writing);

      gather(
          () -> client.startTls(way.client(), "localhost"),
          () -> ends.second().startTls(way.server()));
      assertThrows(IllegalStateException.class, () -> client.startTls(way.client(), "localhost"));
      Secured.close(ends);
    });
  }
}
