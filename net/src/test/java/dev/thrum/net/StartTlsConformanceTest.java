package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.net.Link.untilAvailable;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Turning a stream of text into one of TLS: what may be under way, and what must not leak.
@ParameterizedClass(name = "{0} {1}")
@MethodSource("all")
class StartTlsConformanceTest {
  private final Via via;
  private final Link link;

  /// A handshake that fails must not need its timeout for that.
  private final Tls client =
      Secured.EPOLL_JDK.client().serverName("localhost").handshakeTimeout(ofHours(1));

  private final Tls server = Secured.EPOLL_JDK.server().handshakeTimeout(ofHours(1));

  StartTlsConformanceTest(Via via, Link link) {
    this.via = via;
    this.link = link;
  }

  static Stream<Arguments> all() {
    return Arrays.stream(Via.values())
        .flatMap(via ->
            Stream.of(Link.TCP, Link.MEMORY, Link.MEMORY_IN_BYTES)
                .map(link -> Arguments.of(via, link)));
  }

  private void use(Both body) throws Exception {
    link.use(via, pair -> body.run(pair.first(), pair.second()));
  }

  private interface Both {
    void run(Connection here, Connection peer) throws Exception;
  }

  @Test
  void textComesBeforeAndTlsAfter() throws Exception {
    use((here, peer) -> {
      Task<?> serving =
          async(() -> {
            assertEquals(Optional.of("STARTTLS"), peer.readLine());
            peer.write("ready\n");
            peer.startTls(server);
            assertEquals(Optional.of("secret"), peer.readLine());
            peer.write("answer\n");
          });
      here.write("STARTTLS\n");
      assertEquals(Optional.of("ready"), here.readLine());
      here.startTls(client);
      assertTrue(here.tls().isPresent());
      here.write("secret\n");
      assertEquals(Optional.of("answer"), here.readLine());
      serving.await();
      assertThrows(IllegalStateException.class, () -> here.startTls(client));
    });
  }

  @Test
  void whatThePeerHasSentOfItsTlsBeforehandIsUsed() throws Exception {
    use((here, peer) -> {
      here.write("STARTTLS\n"); // and its hello with it, without waiting for an answer
      Task<?> starting = async(() -> here.startTls(client));
      untilAvailable(peer, 20);
      assertEquals(Optional.of("STARTTLS"), peer.readLine());
      peer.startTls(server);
      starting.await();
      Task<?> writer = async(() -> here.write(link.tooMuch()));
      assertArrayEquals(link.tooMuch(), peer.readExactly(link.tooMuch().length));
      writer.await();
    });
  }

  @Test
  void whatWasWrittenBeforeLeavesAsText() throws Exception {
    use((here, peer) -> {
      byte[] much = link.tooMuch();
      Task<?> writer =
          async(() -> {
            here.write(much);
            here.startTls(client);
            here.write("secret");
          });
      assertArrayEquals(much, peer.readExactly(much.length));
      peer.startTls(server);
      assertEquals("secret", new String(peer.readExactly(6), UTF_8));
      writer.await();
    });
  }

  @Test
  void whatAnotherTaskWritesMeanwhileIsSentInTls() throws Exception {
    use((here, peer) -> {
      Task<?> starting = async(() -> here.startTls(client));
      Task<?> writer = async(() -> here.write("secret")); // in the same turn
      untilAvailable(peer, 20);
      assertThrows(IllegalStateException.class, here::closeOutput);
      peer.startTls(server);
      starting.await();
      assertEquals("secret", new String(peer.readExactly(6), UTF_8));
      writer.await();
    });
  }

  @Test
  void nothingLeavesAsTextIfTheHandshakeFails() throws Exception {
    use((here, peer) -> {
      Task<?> starting = async(() -> here.startTls(client));
      Task<?> writer = async(() -> here.write("secret"));
      untilAvailable(peer, 20);
      peer.write("this is no TLS");
      assertThrows(IOException.class, starting::await);
      assertThrows(ConnectionClosedException.class, writer::await);
      assertTrue(here.isClosed());
      assertFalse(everything(peer).contains("secret"));
    });
  }

  /// What comes to the end, or to a reset.
  private static String everything(Connection from) {
    StringBuilder all = new StringBuilder();
    try {
      for (byte[] some = from.read(99); some.length > 0; some = from.read(99)) {
        all.append(new String(some, ISO_8859_1));
      }
    } catch (IOException reset) {
      all.append(" and a reset");
    }
    return all.toString();
  }

  @Test
  void whatHasComeAsTextIsNotGivenOut() throws Exception {
    use((here, peer) -> {
      peer.write("injected\n");
      untilAvailable(here, 9);
      Task<?> starting = async(() -> here.startTls(client));
      Task<?> reader = async(() -> here.readLine()); // in the same turn
      assertThrows(IllegalStateException.class, reader::await);
      assertThrows(IOException.class, starting::await); // it is no TLS
    });
  }

  @Test
  void tlsStartsBetweenTwoMessages() throws Exception {
    use((here, _) -> {
      Task<?> reader = async(() -> here.read(1));
      checkpoint();
      assertThrows(IllegalStateException.class, () -> here.startTls(client));
      reader.cancel("test");
      assertThrows(CancellationException.class, reader::await);
      Task<?> writer = async(() -> here.write(link.tooMuch()));
      checkpoint();
      assertThrows(IllegalStateException.class, () -> here.startTls(client));
      writer.cancel("test");
      assertThrows(CancellationException.class, writer::await);
      assertFalse(here.isClosed());
    });
  }

  // A peer that goes away, and tasks that close

  @Test
  void aPeerThatHangsUpInTheHandshakeEndsItAtOnce() throws Exception {
    use((here, peer) -> {
      Task<?> starting = async(() -> here.startTls(client));
      untilAvailable(peer, 20);
      peer.closeOutput();
      assertThrows(IOException.class, starting::await);
      assertTrue(here.isClosed());
    });
  }

  @Test
  void aPeerThatResetsInTheHandshakeEndsItAtOnce() throws Exception {
    use((here, peer) -> {
      Task<?> starting = async(() -> here.startTls(client));
      untilAvailable(peer, 20);
      peer.abort();
      assertThrows(IOException.class, starting::await);
    });
  }

  @Test
  void aPeerThatHasHungUpBeforeEndsItAtOnce() throws Exception {
    use((here, peer) -> {
      peer.closeOutput();
      assertEquals(0, here.read(1).length);
      assertThrows(IOException.class, () -> here.startTls(client));
      assertTrue(here.isClosed());
    });
  }

  @Test
  void theEndMayHaveComeTogetherWithTheBeginning() throws Exception {
    use((here, peer) -> {
      peer.write("\u0016\u0003\u0001"); // the first bytes of a hello
      peer.closeOutput();
      untilAvailable(here, 3);
      assertThrows(IOException.class, () -> here.startTls(server));
    });
  }

  @Test
  void closingEndsAHandshakeThatWaits() throws Exception {
    use((here, peer) -> {
      Task<?> starting = async(() -> here.startTls(client));
      untilAvailable(peer, 20);
      here.close();
      assertThrows(IOException.class, starting::await);
    });
  }

  @Test
  void abortingEndsAHandshakeThatWaits() throws Exception {
    use((here, peer) -> {
      Task<?> starting = async(() -> here.startTls(client));
      untilAvailable(peer, 20);
      here.abort();
      assertThrows(IOException.class, starting::await);
    });
  }

  @Test
  void aCancelledHandshakeAbortsTheConnection() throws Exception {
    use((here, peer) -> {
      Task<?> starting = async(() -> here.startTls(client));
      untilAvailable(peer, 20);
      starting.cancel("test");
      assertThrows(CancellationException.class, starting::await);
      assertTrue(here.isClosed());
      assertThrows(ConnectionClosedException.class, () -> here.write("x"));
      assertThrows(IOException.class, peer::readAll);
    });
  }
}
