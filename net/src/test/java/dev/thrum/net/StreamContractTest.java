package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.scope;
import static dev.thrum.net.Link.fill;
import static dev.thrum.net.Link.until;
import static dev.thrum.net.Link.untilAvailable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What every stream keeps, whatever carries it (ST-16): one contract for TCP, Unix sockets, the
/// pair in memory and TLS.
@ParameterizedClass(name = "{0} {1}")
@MethodSource("all")
class StreamContractTest {
  private static final int MIB = 1 << 20;

  private final Via via;
  private final Link link;
  private final byte[] much;

  StreamContractTest(Via via, Link link) {
    this.via = via;
    this.link = link;
    this.much = link.tooMuch();
  }

  static Stream<Arguments> all() {
    return Arrays.stream(Via.values())
        .flatMap(via -> Arrays.stream(Link.values()).map(link -> Arguments.of(via, link)));
  }

  // What is sent arrives

  @Test
  void st16_emptyWritesSendNothingAndAreNoEnd() throws Exception {
    link.use(
        via,
        pair -> {
          pair.first().write(new byte[0]);
          pair.first().write(ByteBuffer.allocate(0));
          pair.first().write(new ByteBuffer[0]);
          pair.first().write("");
          pair.first().write("one");
          pair.first().write(new byte[0]);
          assertEquals("one", new String(pair.second().readExactly(3), UTF_8));
          Task<byte[]> reader = async(() -> pair.second().read(1));
          pair.first().write("");
          checkpoint();
          pair.first().write("2");
          assertEquals("2", new String(reader.await(), UTF_8));
        });
  }

  @Test
  void st16_aMebibyteGoesEachWayAtOnceInPiecesOfAnySize() throws Exception {
    long seed = Long.getLong("thrum.seed", RandomGenerator.getDefault().nextLong());
    System.out.println("seed " + seed + " for a MiB each way, " + via + " " + link);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    byte[] there = new byte[MIB];
    byte[] back = new byte[MIB];
    random.nextBytes(there);
    random.nextBytes(back);
    link.use(
        via,
        pair ->
            gather(
                () -> writeInPieces(pair.first(), there, random),
                () -> writeInPieces(pair.second(), back, random),
                () -> assertArrayEquals(there, readInPieces(pair.second(), random)),
                () -> assertArrayEquals(back, readInPieces(pair.first(), random))));
  }

  private static void writeInPieces(Connection to, byte[] all, RandomGenerator random)
      throws IOException {
    for (int at = 0; at < all.length; ) {
      int count = Math.min(all.length - at, 1 + random.nextInt(1 << random.nextInt(1, 18)));
      switch (random.nextInt(4)) {
        case 0 -> to.write(ByteBuffer.wrap(all, at, count));
        case 1 ->
            to.write(
                ByteBuffer.wrap(all, at, count / 2),
                ByteBuffer.wrap(all, at + count / 2, count - count / 2));
        case 2 -> to.write(Arrays.copyOfRange(all, at, at + count));
        default -> to.write(all, at, count);
      }
      at += count;
      if (random.nextInt(8) == 0) {
        checkpoint();
      }
    }
  }

  private static byte[] readInPieces(Connection from, RandomGenerator random) throws IOException {
    ByteBuffer got = ByteBuffer.allocate(MIB);
    while (got.hasRemaining()) {
      int count = 1 + random.nextInt(1 << random.nextInt(1, 17));
      switch (random.nextInt(3)) {
        case 0 -> got.put(from.read(Math.min(count, got.remaining())));
        case 1 -> assertTrue(from.read(got) > 0);
        default -> got.put(from.readExactly(Math.min(count, got.remaining())));
      }
    }
    return got.array();
  }

  @Test
  void st16_whatSeveralTasksWriteDoesNotMix() throws Exception {
    int writers = 5;
    int count = 100_001;
    link.use(
        via,
        pair -> {
          for (int i = 0; i < writers; i++) {
            byte[] own = new byte[count];
            Arrays.fill(own, (byte) ('a' + i));
            async(() -> pair.first().write(own));
          }
          for (int i = 0; i < writers; i++) {
            byte[] expected = new byte[count];
            Arrays.fill(expected, (byte) ('a' + i)); // who comes first is served first
            assertArrayEquals(expected, pair.second().readExactly(count));
          }
        });
  }

  // Back-pressure

  @Test
  void st16_aWriterStopsAfterABoundedNumberOfBytesWhenNobodyReads() throws Exception {
    int bound = link == Link.MEMORY ? 4 * (1 << 16) + (1 << 17) : 32 * MIB;
    link.use(
        via,
        pair -> {
          long accepted = fill(pair.first());
          assertTrue(accepted <= bound, accepted + " bytes");
          long unsent = pair.first().unsent();
          assertTrue(unsent > 0 && unsent <= 1 << 17, unsent + " bytes unsent");
          // What was accepted arrives, and not a byte more.
          Task<?> closing = async(() -> pair.first().close());
          assertEquals(accepted, pair.second().readAll().length);
          closing.await();
        });
  }

  @Test
  void st16_aWriterGoesOnWhenThePeerReadsAgain() throws Exception {
    link.use(
        via,
        pair -> {
          Task<?> writer = async(() -> pair.first().write(much));
          until(() -> pair.first().unsent() > 0);
          long got = 0;
          while (got < much.length) {
            got += pair.second().read(1 << 20).length;
          }
          writer.await();
          assertEquals(much.length, got);
        });
  }

  // Several tasks

  @Test
  void st16_aSecondReaderIsRefusedAndTheFirstGetsItsBytes() throws Exception {
    link.use(
        via,
        pair -> {
          Task<byte[]> first = async(() -> pair.first().readExactly(2));
          checkpoint();
          var thrown = assertThrows(IllegalStateException.class, () -> pair.first().read(1));
          assertTrue(thrown.getMessage().contains("one task reads at a time"), thrown.getMessage());
          pair.second().write("a");
          checkpoint();
          assertThrows(IllegalStateException.class, () -> pair.first().readLine());
          pair.second().write("b");
          assertEquals("ab", new String(first.await(), UTF_8));
        });
  }

  @Test
  void st16_readingAndWritingAtOnceIsNotBusy() throws Exception {
    link.use(
        via,
        pair -> {
          Task<Optional<String>> reader = async(() -> pair.first().readLine());
          checkpoint();
          pair.first().write("there\n");
          assertEquals(Optional.of("there"), pair.second().readLine());
          pair.second().write("back\n");
          assertEquals(Optional.of("back"), reader.await());
        });
  }

  // Half a stream

  @Test
  void st16_endingTheOutputLeavesTheInputOpen() throws Exception {
    link.use(
        via,
        pair -> {
          pair.first().write("question");
          pair.first().closeOutput();
          pair.first().closeOutput();
          assertEquals("question", pair.second().readString());
          assertEquals(0, pair.second().read(1).length);
          assertThrows(ConnectionClosedException.class, () -> pair.first().write("more"));
          if (!link.halfCloses()) {
            assertThrows(IOException.class, () -> writeForEver(pair.second()));
            return;
          }
          byte[] answer = new byte[MIB];
          answer[MIB - 1] = 9;
          Task<byte[]> reader = async(() -> pair.first().readAll());
          pair.second().write(answer);
          pair.second().closeOutput();
          assertArrayEquals(answer, reader.await());
          assertEquals(-1, pair.first().read(ByteBuffer.allocate(1)));
        });
  }

  @Test
  void st16_endingTheOutputWakesAPeerThatReads() throws Exception {
    link.use(
        via,
        pair -> {
          Task<byte[]> reader = async(() -> pair.second().read(1));
          checkpoint();
          pair.first().closeOutput();
          assertEquals(0, reader.await().length);
        });
  }

  @Test
  void st16_theOutputEndsAfterWhatWasWrittenBefore() throws Exception {
    link.use(
        via,
        pair -> {
          Task<?> writer =
              async(() -> {
                pair.first().write(much);
                pair.first().closeOutput();
              });
          assertEquals(much.length, pair.second().readAll().length);
          writer.await();
        });
  }

  // Closing

  @Test
  void st16_closingWakesAPeerThatReads() throws Exception {
    link.use(
        via,
        pair -> {
          Task<byte[]> reader = async(() -> pair.second().read(1));
          checkpoint();
          pair.first().close();
          assertEquals(0, reader.await().length);
          assertEquals(0, pair.second().read(1).length);
        });
  }

  @Test
  void st16_closingWakesAPeerThatWrites() throws Exception {
    link.use(
        via,
        pair -> {
          Task<?> writer = async(() -> writeForEver(pair.second()));
          until(() -> pair.second().unsent() > 0);
          pair.first().close();
          assertThrows(IOException.class, writer::await);
        });
  }

  private void writeForEver(Connection to) throws IOException {
    while (true) {
      to.write(much);
    }
  }

  @Test
  void st16_closingWakesThoseWhoReadAndWriteHere() throws Exception {
    link.use(
        via,
        pair -> {
          Connection here = pair.first();
          List<Task<?>> waiting = readersAndWriters(here);
          Task<?> closer = async(() -> here.close());
          expectClosed(waiting);
          assertTrue(pair.second().readAll().length > 0); // what was accepted before
          closer.await();
        });
  }

  @Test
  void st16_abortingWakesThoseWhoReadAndWriteHere() throws Exception {
    link.use(
        via,
        pair -> {
          Connection here = pair.first();
          List<Task<?>> waiting = readersAndWriters(here);
          here.abort();
          expectClosed(waiting);
          here.close();
        });
  }

  private List<Task<?>> readersAndWriters(Connection here) {
    List<Task<?>> all =
        List.of(
            async(() -> here.read(1)),
            async(() -> here.write(much)),
            async(() -> here.write("after that")),
            async(() -> here.flush()));
    checkpoint();
    return all;
  }

  private static void expectClosed(List<Task<?>> tasks) {
    for (Task<?> one : tasks) {
      assertThrows(ConnectionClosedException.class, one::await);
    }
  }

  @Test
  void st16_aCancelledCloseStillCloses() throws Exception {
    link.use(
        via,
        pair -> {
          Connection here = pair.first();
          scope(s -> {
            s.cancel("test");
            here.close();
            assertTrue(here.isClosed());
            here.close();
          });
          assertThrows(ConnectionClosedException.class, () -> here.read(1));
          assertThrows(ConnectionClosedException.class, () -> here.write("x"));
          assertEquals(0, pair.second().read(1).length);
        });
  }

  @Test
  void st16_aCloseThatIsCancelledWhileItWaitsStillCloses() throws Exception {
    link.use(
        via,
        pair -> {
          Connection here = pair.first();
          fill(here);
          Task<?> closer = async(() -> here.close());
          checkpoint();
          closer.cancel("test");
          assertThrows(CancellationException.class, closer::await); // something was lost by it
          assertThrows(ConnectionClosedException.class, () -> here.write("x"));
          here.close();
        });
  }

  @Test
  void st16_whatIsClosedStaysClosed() throws Exception {
    link.use(
        via,
        pair -> {
          Connection here = pair.first();
          here.close();
          here.close();
          here.abort();
          assertTrue(here.isClosed());
          for (int i = 0; i < 2; i++) {
            assertThrows(ConnectionClosedException.class, () -> here.read(1));
            assertThrows(ConnectionClosedException.class, () -> here.write("x"));
            assertThrows(ConnectionClosedException.class, here::flush);
            assertThrows(ConnectionClosedException.class, here::closeOutput);
          }
        });
  }

  @Test
  void st16_whatIsBrokenStaysBroken() throws Exception {
    link.use(
        via,
        pair -> {
          Connection here = pair.first();
          pair.second().close();
          assertThrows(IOException.class, () -> writeForEver(here));
          for (int i = 0; i < 3; i++) {
            assertThrows(IOException.class, () -> here.write("x"));
            assertThrows(IOException.class, () -> here.write(""));
            assertThrows(IOException.class, here::flush);
            checkpoint();
          }
          if (here.unsent() > 0) {
            assertThrows(IOException.class, here::close);
          } else {
            here.close();
          }
          assertThrows(ConnectionClosedException.class, () -> here.write("x"));
          here.close();
        });
  }

  // Cancellation

  @Test
  void st16_everyOperationThrowsFirstInACancelledTask() throws Exception {
    link.use(
        via,
        pair -> {
          Connection here = pair.first();
          pair.second().write("kept");
          untilAvailable(here, 4);
          scope(s -> {
            s.cancel("test");
            assertThrows(CancelledException.class, () -> here.read(0));
            assertThrows(CancelledException.class, () -> here.read(1));
            assertThrows(CancelledException.class, () -> here.readExactly(0));
            assertThrows(CancelledException.class, here::readAll);
            assertThrows(CancelledException.class, () -> here.write("never"));
            assertThrows(CancelledException.class, () -> here.write(new byte[0]));
            assertThrows(CancelledException.class, here::flush);
            assertThrows(CancelledException.class, here::closeOutput);
          });
          assertEquals("kept", new String(here.read(9), UTF_8));
          here.write("then");
          here.closeOutput();
          assertEquals("then", pair.second().readString());
        });
  }

  @Test
  void st16_aCancelledReadTakesNothing() throws Exception {
    link.use(
        via,
        pair -> {
          Connection here = pair.first();
          pair.second().write("ab");
          Task<byte[]> reader = async(() -> here.readExactly(4));
          untilAvailable(here, 2);
          reader.cancel("test");
          assertThrows(CancellationException.class, reader::await);
          pair.second().write("cd");
          assertEquals("abcd", new String(here.readExactly(4), UTF_8));
        });
  }
}
