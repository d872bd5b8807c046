package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.settle;
import static dev.thrum.Async.sleep;
import static dev.thrum.net.Link.fill;
import static dev.thrum.net.Link.untilAvailable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Outcome;
import dev.thrum.Task;
import dev.thrum.VoidBodyOf;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.SocketException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  // ST-12

  @Test
  void st12_whatIsClosedIsNotUsedAnyMore() throws Exception {
    use((here, peer) -> {
      peer.write("unread");
      untilAvailable(here, 6);
      here.close();
      assertTrue(here.isClosed());
      assertEquals(0, here.inputStream().available());
      assertThrows(ConnectionClosedException.class, () -> here.read(1));
      assertThrows(ConnectionClosedException.class, here::readLine);
      assertThrows(ConnectionClosedException.class, () -> here.write("x"));
      assertThrows(ConnectionClosedException.class, here::flush);
      assertThrows(ConnectionClosedException.class, here::closeOutput);
      assertThrows(ConnectionClosedException.class, () -> here.startTls(Tls.client()));
    });
  }

  @Test
  void st12_closingReturnsThoughMuchWasNotRead() throws Exception {
    use(
        Net.connector().readBuffer(10),
        (here, peer) -> {
          fill(peer);
          here.close();
          peer.abort();
        });
  }

  @Test
  void st12_whatIsBrokenCanBeClosedAndIsClosedThen() throws Exception {
    use((here, peer) -> {
      peer.write("unread");
      peer.flush();
      peer.abort();
      Task<byte[]> reader = async(() -> here.readExactly(99));
      assertThrows(SocketException.class, reader::await);
      here.close();
      assertTrue(here.isClosed());
      assertThrows(ConnectionClosedException.class, () -> here.read(1));
      assertThrows(ConnectionClosedException.class, () -> here.write("x"));
    });
  }

  // TR-02

  @Test
  void tr02_closingSendsWhatWasWrittenBefore() throws Exception {
    use((here, peer) -> {
      Task<?> task =
          async(() -> {
            here.write(MUCH);
            here.close();
          });
      assertEquals(MUCH.length, peer.readAll().length);
      task.await();
    });
  }

  @Test
  void tr02_abortingDropsWhatWasWritten() throws Exception {
    use((here, peer) -> {
      here.write("never");
      here.abort();
      assertTrue(here.isClosed());
      assertEquals(0, here.unsent());
      expectReset(assertThrows(SocketException.class, () -> peer.read(1)));
      here.close();
      here.abort();
      assertThrows(ConnectionClosedException.class, () -> here.read(1));
    });
  }

  @Test
  void tr02_abortingDropsWhatTheSystemHasNotTaken() throws Exception {
    use((here, peer) -> {
      long accepted = fill(here);
      here.abort();
      here.close();
      assertThrows(SocketException.class, peer::readAll);
      long got = peer.inputStream().available();
      assertTrue(got < accepted, got + " of " + accepted);
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

  @Test
  void tr02_whoSendsAFileIsToldTheRealReason(@TempDir Path folder) throws Exception {
    Path large = Files.write(folder.resolve("large"), MUCH);
    try (FileChannel file = FileChannel.open(large)) {
      use((here, peer) -> {
        Task<?> writer = async(() -> here.sendFile(file, 0, MUCH.length));
        peer.readExactly(1);
        peer.abort();
        var thrown = assertThrows(SendFileException.class, writer::await);
        String said = thrown.getMessage().toLowerCase(Locale.ROOT);
        assertTrue(said.contains("reset") || said.contains("broken pipe"), said);
      });
    }
  }

  @Test
  void tr02_whatCouldNotBeSentIsReportedByTheFirstClose() throws Exception {
    use(
        Net.connector().linger(ofMillis(10)),
        (here, peer) -> {
          fill(here);
          IOException thrown = assertThrows(SocketException.class, here::close);
          assertTrue(thrown.getMessage().contains("in time"), thrown.getMessage());
          here.close();
          here.abort();
          assertThrows(SocketException.class, peer::readAll); // and the peer sees no orderly end
        });
  }

  @Test
  void tr02_aPeerThatResetsIsWhyItCouldNotBeSent() throws Exception {
    use((here, peer) -> {
      fill(here);
      Task<?> closer = async(() -> here.close());
      checkpoint();
      peer.abort();
      expectReset(assertThrows(SocketException.class, closer::await));
      here.close();
    });
  }

  @Test
  void tr02_withoutLingerOnlyWhatTheSystemTakesAtOnceIsSent() throws Exception {
    use(
        Net.connector().linger(ofMillis(0)),
        (here, peer) -> {
          here.write("short");
          here.close();
          assertEquals("short", peer.readString());
        });
    use(
        Net.connector().linger(ofMillis(0)),
        (here, peer) -> {
          fill(here);
          assertThrows(SocketException.class, here::close);
          assertThrows(SocketException.class, peer::readAll);
        });
  }

  // Closing by several tasks

  @Test
  void twoTasksMayCloseAtOnce() throws Exception {
    use((here, peer) -> {
      long accepted = fill(here);
      Task<?> first = async(() -> here.close());
      Task<?> second = async(() -> here.close());
      checkpoint();
      assertEquals(accepted, peer.readAll().length);
      first.await();
      second.await();
    });
  }

  @Test
  void aCancelledTaskHurriesACloseThatWaits() throws Exception {
    use(
        Net.connector().linger(ofHours(1)),
        (here, peer) -> {
          fill(here);
          Task<?> patient = async(() -> here.close());
          checkpoint();
          Task<?> hurried =
              async(() ->
                  scope(s -> {
                    s.cancel("test");
                    here.close();
                  }));
          List<Outcome<Object>> outcomes = settle(patient::await, hurried::await);
          assertFalse(
              outcomes.stream().allMatch(Outcome.Success.class::isInstance),
              "one of them tells of what was lost");
          assertThrows(SocketException.class, peer::readAll);
        });
  }

  @Test
  void abortingEndsACloseThatWaits() throws Exception {
    use(
        Net.connector().linger(ofHours(1)),
        (here, _) -> {
          fill(here);
          Task<?> patient = async(() -> here.close());
          checkpoint();
          here.abort();
          patient.await();
        });
  }

  @Test
  void twoThatAreFullOfEachOtherDoNotWaitForEverWhenOneCloses() throws Exception {
    use(
        Net.connector().linger(ofHours(1)),
        (here, peer) -> {
          fill(here);
          fill(peer);
          // The peer reads only when it has written, which needs somebody to take it.
          Task<?> slow =
              async(() -> {
                peer.write(MUCH);
                peer.readAll();
              });
          here.close();
          slow.cancel("test");
          assertThrows(Exception.class, slow::await);
        });
  }

  @Test
  void closingWhileAnotherTaskWaitsForItsTurnToWrite() throws Exception {
    use((here, peer) -> {
      Task<?> writer = async(() -> here.write(MUCH));
      Task<?> second = async(() -> here.write("second"));
      Task<?> third = async(() -> here.write("third"));
      checkpoint();
      Task<?> closer = async(() -> here.close());
      for (Task<?> one : new Task<?>[] {writer, second, third}) {
        assertThrows(ConnectionClosedException.class, one::await);
      }
      String got = new String(peer.readAll(), UTF_8);
      assertFalse(got.contains("second") || got.contains("third"));
      closer.await();
    });
  }
}
