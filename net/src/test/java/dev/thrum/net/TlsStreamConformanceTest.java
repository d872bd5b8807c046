package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.sleep;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A stream of TLS once the hands are shaken (TL-07): its ends, its failures, who may use it.
final class TlsStreamConformanceTest {
  private static final int BIG = 1 << 20;
  private static final int PIECES = 512;

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(count).nextBytes(bytes);
    return bytes;
  }

  // TL-07

  @ParameterizedTest
  @EnumSource
  void tl07_anEndWithoutCloseNotifyIsAnErrorOfItsOwn(Secured way) throws IOException {
    way.run(() -> {
      Relay relay = Relay.open();
      relay.pass();
      relay.secure(way.client(), way.server());
      relay.server().write("some");
      assertEquals("some", new String(relay.client().readExactly(4), US_ASCII));
      relay.server().write("more");
      relay.cutOff();
      assertEquals("more", new String(relay.client().read(10), US_ASCII), "what came before");
      for (int i = 0; i < 2; i++) {
        SSLException cut = assertThrows(SSLException.class, () -> relay.client().read(10));
        assertTrue(cut.getMessage().contains("close_notify"), cut.getMessage());
      }
      assertThrows(SSLException.class, () -> relay.client().readAll());
      assertThrows(SSLException.class, () -> relay.client().write("answer"));
      relay.close();
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl07_anEndWithoutCloseNotifyIsNoneForAPatientReader(Secured way) throws IOException {
    way.run(() -> {
      Relay relay = Relay.open();
      relay.pass();
      relay.secure(way.client(), way.server());
      Task<?> reading =
          async(() -> assertThrows(SSLException.class, () -> relay.client().readLine()));
      checkpoint();
      relay.cutOff();
      await(reading);
      relay.close();
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl07_anHttpsCompatibleStreamMayEndWithoutCloseNotify(Secured way) throws IOException {
    way.run(() -> {
      Relay relay = Relay.open();
      relay.pass();
      relay.secure(way.client().httpsCompatible(), way.server());
      relay.server().write("all of it");
      relay.server().flush();
      assertEquals("all of it", new String(relay.client().readExactly(9), US_ASCII));
      relay.cutOff();
      assertEquals(0, relay.client().read(1).length);
      assertEquals("", relay.client().readString());
      relay.close();
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl07_aResetIsAnErrorAlsoWhereACutOffIsForgiven(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = Secured.pair(way.client().httpsCompatible(), way.server());
      ends.first().write("x");
      ends.second().readExactly(1);
      ends.second().abort();
      assertThrows(IOException.class, () -> ends.first().read(1));
      assertThrows(IOException.class, () -> ends.first().read(1));
      ends.first().abort();
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl07_anOrderlyCloseIsAnEndForBoth(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = way.pair();
      ends.first().write("bye");
      ends.first().close();
      assertEquals("bye", ends.second().readString());
      assertEquals(0, ends.second().read(1).length);
      ends.second().close();
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl07_aBadRecordPoisonsTheStreamForGood(Secured way) throws IOException {
    way.run(() -> {
      Relay relay = Relay.open();
      boolean[] evil = {false};
      UnaryOperator<byte[]> change =
          bytes -> {
            if (evil[0]) {
              bytes[bytes.length - 1] ^= 1;
            }
            return bytes;
          };
      Relay.pass(relay.near(), relay.far(), change);
      Relay.pass(relay.far(), relay.near(), bytes -> bytes);
      relay.secure(way.client(), way.server());
      relay.client().write("good");
      assertEquals("good", new String(relay.server().readExactly(4), US_ASCII));
      evil[0] = true;
      relay.client().write("bad");
      for (int i = 0; i < 3; i++) {
        assertThrows(SSLException.class, () -> relay.server().read(1));
      }
      assertThrows(SSLException.class, () -> relay.server().write("more"));
      assertThrows(SSLException.class, () -> relay.server().flush());
      SSLException told = assertThrows(SSLException.class, () -> relay.client().readAll());
      assertTrue(told.getMessage().toLowerCase(Locale.ROOT).contains("mac"), told.getMessage());
      relay.close();
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl07_aWriteThatWasCutPoisonsTheStream(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = way.pair();
      Task<?> writing = async(() -> ends.first().write(new byte[1 << 24]));
      while (ends.first().unsent() == 0) {
        checkpoint();
      }
      writing.cancel("enough");
      assertThrows(CancellationException.class, () -> await(writing));
      for (int i = 0; i < 2; i++) {
        IOException poisoned = assertThrows(IOException.class, () -> ends.first().write("x"));
        assertTrue(poisoned.getMessage().contains("given up"), poisoned.getMessage());
      }
      ends.first().abort();
      ends.second().abort();
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl07_aWriteToAPeerThatIsGoneFailsAndSoDoAllLater(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = way.pair();
      ends.second().abort();
      byte[] some = new byte[1 << 16];
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              ends.first().write(some);
            }
          });
      assertThrows(IOException.class, () -> ends.first().write("x"));
      assertThrows(IOException.class, () -> ends.first().flush());
      ends.first().abort();
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl07_oneTaskReadsAtATimeAndAnotherWrites(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = way.pair();
      Task<Optional<String>> reading = async(() -> ends.first().readLine());
      checkpoint();
      assertThrows(IllegalStateException.class, () -> ends.first().read(1));
      assertThrows(IllegalStateException.class, () -> ends.first().readLine());
      ends.first().write("ping\n");
      assertEquals(Optional.of("ping"), ends.second().readLine());
      ends.second().write("pong\n");
      assertEquals(Optional.of("pong"), await(reading));
      Secured.close(ends);
    });
  }

  @ParameterizedTest
  @EnumSource
  void tl07_severalTasksWriteWithoutMixing(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = way.pair();
      byte[] letters = new byte[1 << 18];
      List<Task<?>> writers = new ArrayList<>();
      for (char letter : "abc".toCharArray()) {
        byte[] own = letters.clone();
        Arrays.fill(own, (byte) letter);
        writers.add(async(() -> ends.first().write(own)));
      }
      for (char letter : "abc".toCharArray()) {
        byte[] expected = letters.clone();
        Arrays.fill(expected, (byte) letter);
        assertArrayEquals(expected, ends.second().readExactly(letters.length));
      }
      for (Task<?> one : writers) {
        await(one);
      }
      Secured.close(ends);
    });
  }

  // Half an end

  @ParameterizedTest
  @EnumSource
  void closingTheOutputEndsThePeersInput(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = way.pair();
      ends.first().write("question");
      ends.first().closeOutput();
      ends.first().closeOutput();
      assertThrows(ConnectionClosedException.class, () -> ends.first().write("x"));
      assertEquals("question", ends.second().readString());
      ends.second().close();
      assertEquals(0, ends.first().read(1).length);
      ends.first().close();
    });
  }

  @ParameterizedTest
  @EnumSource
  void inVersion13ThePeerCanStillAnswer(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends =
          Secured.pair(
              way.client().versions("TLSv1.3"), way.server().versions("TLSv1.3").jdkEngine());
      byte[] answer = random(BIG);
      ends.first().write("question");
      ends.first().closeOutput();
      assertEquals("question", ends.second().readString());
      Task<?> answering =
          async(() -> {
            ends.second().write(answer);
            ends.second().closeOutput();
          });
      assertArrayEquals(answer, ends.first().readAll());
      await(answering);
      Secured.close(ends);
    });
  }

  @ParameterizedTest
  @EnumSource
  void beforeVersion13TheReadingEndsToo(Secured way) throws IOException {
    way.run(() ->
        assertAnsweredWithAnEnd(
            way.client().versions("TLSv1.2"), way.server().versions("TLSv1.2")));
  }

  @ParameterizedTest
  @EnumSource
  void withOpenSslAtThePeerTheReadingEndsToo(Secured way) throws IOException {
    Certificates.Identity shown = Certificates.server();
    way.run(() -> assertAnsweredWithAnEnd(way.client(), Tls.server(shown.chain(), shown.key())));
  }

  private static void assertAnsweredWithAnEnd(Tls client, Tls server) throws IOException {
    Net.Pair ends = Secured.pair(client, server);
    ends.first().write("question");
    ends.first().closeOutput();
    assertEquals(0, ends.first().read(1).length, "the peer has answered with its own end");
    assertEquals("question", ends.second().readString());
    assertThrows(
        IOException.class,
        () -> {
          while (true) {
            ends.second().write("answer");
            checkpoint();
          }
        });
    ends.first().close();
    ends.second().abort();
  }

  // Much

  @ParameterizedTest
  @EnumSource
  void aMebibyteGoesBothWaysAtOnce(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = way.pair();
      byte[] there = random(BIG);
      byte[] back = random(BIG + 1);
      gather(
          () -> ends.first().write(there),
          () -> ends.second().write(back),
          () -> assertArrayEquals(back, ends.first().readExactly(back.length)),
          () -> assertArrayEquals(there, ends.second().readExactly(there.length)));
      Secured.close(ends);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aWriterWaitsForAPeerThatDoesNotRead(Secured way) throws IOException {
    way.run(() -> {
      Net.Pair ends = way.pair();
      int[] written = {0};
      byte[] some = random(1 << 16);
      Task<?> writing =
          async(() -> {
            while (written[0] < PIECES) {
              ends.first().write(some);
              written[0]++;
            }
            ends.first().closeOutput();
          });
      int seen = -1;
      while (seen != written[0]) {
        seen = written[0];
        sleep(ofMillis(50));
      }
      assertTrue(written[0] < PIECES, "so much fits nowhere");
      assertTrue(ends.first().unsent() > 0);
      long left = (long) PIECES * some.length;
      for (byte[] one = ends.second().read(1 << 16);
          one.length > 0;
          one = ends.second().read(1 << 16)) {
        left -= one.length;
      }
      assertEquals(0, left);
      await(writing);
      Secured.close(ends);
    });
  }
}
