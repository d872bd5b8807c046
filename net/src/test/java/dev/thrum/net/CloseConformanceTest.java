package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.sleep;
import static dev.thrum.net.Link.untilAvailable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.VoidBodyOf;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.SocketException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// How a stream ends: closed here, or broken by the peer (ST, TR).
@ParameterizedClass(name = "{0}")
@EnumSource
class CloseConformanceTest {
  private static final byte[] MUCH = new byte[16 << 20];

  private final Via via;

  CloseConformanceTest(Via via) {
    this.via = via;
  }

  private void use(Both body) throws Exception {
    use(Net.connector(), body);
  }

  private void use(Connector connector, Both body) throws Exception {
    VoidBodyOf<Net.Pair, Exception> both = pair -> body.run(pair.first(), pair.second());
    Link.TCP.use(via, connector, Net.listener(), both);
  }

  private interface Both {
    void run(Connection here, Connection peer) throws Exception;
  }

  // ST-08, ST-15: what the peer does

  @Test
  void st08_aResetWakesTheReaderAndStays() throws Exception {
    use((here, peer) -> {
      Task<byte[]> reader = async(() -> here.read(1));
      checkpoint();
      peer.abort();
      expectReset(assertThrows(SocketException.class, reader::await));
      for (int i = 0; i < 3; i++) {
        expectReset(assertThrows(SocketException.class, () -> here.read(1)));
        assertThrows(SocketException.class, () -> here.readExactly(1));
        assertThrows(SocketException.class, here::readAll);
        assertThrows(SocketException.class, () -> here.write("x"));
        assertThrows(SocketException.class, here::flush);
        assertThrows(SocketException.class, here::closeOutput);
        checkpoint();
      }
      assertFalse(here.isClosed(), "it was not closed here");
    });
  }

  /// The reason is the peer's, and the first exception is kept as the cause.
  private static void expectReset(IOException thrown) {
    assertTrue(thrown.getMessage().toLowerCase(Locale.ROOT).contains("reset"), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("connection /127.0.0.1"), thrown.getMessage());
    assertInstanceOf(IOException.class, thrown.getCause());
  }

  @Test
  void st08_aReaderThatIsCancelledMeanwhileIsNoTrouble() throws Exception {
    use((here, peer) -> {
      Task<byte[]> reader = async(() -> here.read(1));
      checkpoint();
      peer.abort();
      reader.cancel("test");
      assertThrows(CancellationException.class, reader::await);
      expectReset(assertThrows(SocketException.class, () -> here.read(1)));
    });
  }

  @Test
  void st08_whatCameBeforeTheErrorIsReadFirst() throws Exception {
    use((here, peer) -> {
      peer.write("last words\nand mo");
      peer.flush();
      peer.abort();
      assertEquals(Optional.of("last words"), here.readLine());
      expectReset(assertThrows(SocketException.class, here::readLine));
      assertEquals("and mo", new String(here.read(99), UTF_8));
      expectReset(assertThrows(SocketException.class, () -> here.read(99)));
    });
  }

  @Test
  void st08_whatTheSystemStillHasIsReadAlsoIfAWriteMeetsTheErrorFirst() throws Exception {
    use(
        Net.connector().readBuffer(10),
        (here, peer) -> {
          Task<?> writer = async(() -> here.write(MUCH));
          byte[] answer = new byte[30_000];
          answer[29_999] = 7;
          peer.write(answer);
          peer.flush();
          untilAvailable(here, 10); // enough: the rest stays with the system
          peer.abort();
          assertThrows(SocketException.class, writer::await);
          byte[] got = here.readExactly(30_000);
          assertEquals(7, got[29_999]);
          assertThrows(SocketException.class, () -> here.read(1));
          assertThrows(SocketException.class, () -> here.read(1));
        });
  }

  @Test
  void st08_anOrderlyEndStaysOneWhenAWriteFailsLater() throws Exception {
    use((here, peer) -> {
      peer.write("bye");
      peer.close();
      assertEquals("bye", here.readString());
      assertThrows(
          SocketException.class,
          () -> {
            while (true) {
              here.write("is anybody there?");
            }
          });
      assertEquals(0, here.read(1).length);
    });
  }

  @Test
  void aBrokenStreamThatNobodyClosesKeepsTheLoopFromNothing() throws Exception {
    long loop = Thread.currentThread().threadId();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    use(
        Net.connector().readBuffer(10),
        (here, peer) -> {
          Task<?> writer = async(() -> here.write(MUCH));
          peer.write(new byte[30_000]);
          peer.flush();
          untilAvailable(here, 10);
          peer.abort();
          assertThrows(SocketException.class, writer::await);
          long worked = threads.getThreadCpuTime(loop);
          long began = System.nanoTime();
          sleep(ofMillis(100));
          worked = threads.getThreadCpuTime(loop) - worked;
          assertTrue(worked < (System.nanoTime() - began) / 2, worked + " ns of work");
        });
  }

  @Test
  void tr02_aWriterIsToldTheRealReason() throws Exception {
    use((here, peer) -> {
      Task<?> writer = async(() -> here.write(MUCH));
      checkpoint();
      peer.abort();
      IOException thrown = assertThrows(SocketException.class, writer::await);
      String said = thrown.getMessage().toLowerCase(Locale.ROOT);
      assertTrue(said.contains("reset") || said.contains("broken pipe"), said);
      assertInstanceOf(IOException.class, thrown.getCause());
    });
  }
}
