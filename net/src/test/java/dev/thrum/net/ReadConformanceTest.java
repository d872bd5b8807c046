package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.net.Link.untilAvailable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.VoidBodyOf;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Reading from a stream (ST, LO).
@ParameterizedClass(name = "{0}")
@EnumSource
class ReadConformanceTest {
  private static final byte[] CRLF = {'\r', '\n'};

  private final Via via;

  ReadConformanceTest(Via via) {
    this.via = via;
  }

  /// Runs a body with the end that reads and the end that writes.
  private void use(Both body) throws Exception {
    use(Net.connector(), body);
  }

  private void use(Connector reader, Both body) throws Exception {
    VoidBodyOf<Net.Pair, Exception> both = pair -> body.run(pair.first(), pair.second());
    Link.TCP.use(via, reader, Net.listener(), both);
  }

  private interface Both {
    void run(Connection reader, Connection writer) throws Exception;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  // ST-01

  @Test
  void st01_readingNothingNeitherWaitsNorTakes() throws Exception {
    use((reader, writer) -> {
      for (int i = 0; i < 2; i++) { // before anything has come, and after
        assertEquals(0, reader.read(0).length);
        assertEquals(0, reader.read(ByteBuffer.allocate(0)));
        assertEquals(0, reader.readExactly(0).length);
        assertEquals(0, reader.inputStream().read(new byte[0]));
        writer.write("kept");
        untilAvailable(reader, 4);
      }
      assertEquals("keptkept", text(reader.readExactly(8)));
      writer.close();
      assertEquals(0, reader.readAll().length);
      assertEquals(0, reader.read(0).length);
      assertEquals(0, reader.readExactly(0).length);
      assertEquals(-1, reader.read(ByteBuffer.allocate(1)));
    });
  }

  @Test
  void st01_readingTakesWhatIsThereAndKnowsNoLimit() throws Exception {
    use(
        Net.connector().readLimit(4),
        (reader, writer) -> {
          writer.write("0123456789");
          untilAvailable(reader, 10);
          assertEquals("01", text(reader.read(2)));
          ByteBuffer some = ByteBuffer.allocate(3);
          assertEquals(3, reader.read(some));
          assertEquals("234", text(some.array()));
          assertEquals("56789", text(reader.read(Integer.MAX_VALUE)));
          writer.write("0123456789");
          assertEquals("0123456789", text(reader.readExactly(10)));
        });
  }

  @Test
  void st01_aBufferIsFilledFromItsPositionAndWhateverItIsMadeOf() throws Exception {
    use((reader, writer) -> {
      ByteBuffer heap = ByteBuffer.wrap("........".getBytes(UTF_8)).position(2).limit(5);
      ByteBuffer direct = ByteBuffer.allocateDirect(4);
      writer.write("0123456");
      untilAvailable(reader, 7);
      assertEquals(3, reader.read(heap));
      assertEquals(5, heap.position());
      assertEquals("..012...", text(heap.array()));
      assertEquals(4, reader.read(direct));
      byte[] got = new byte[4];
      direct.flip().get(got);
      assertEquals("3456", text(got));
    });
  }

  @Test
  void st01_readingAllGoesToTheEndBeyondEveryLimit() throws Exception {
    byte[] much = new byte[1 << 20];
    much[much.length - 1] = 1;
    use(
        Net.connector().readLimit(10).readBuffer(10),
        (reader, writer) -> {
          Task<?> task =
              async(() -> {
                writer.write(much);
                writer.close();
              });
          assertArrayEquals(much, reader.readAll());
          assertEquals("", reader.readString());
          task.await();
        });
  }

  @Test
  void st01_readingAllUpToALimitTakesNothingIfThereIsMore() throws Exception {
    use((reader, writer) -> {
      writer.write("ab€");
      var thrown = assertThrows(LimitExceededException.class, () -> reader.readAll(4));
      assertEquals(4, thrown.limit());
      writer.close();
      assertThrows(LimitExceededException.class, () -> reader.readAll(0));
      assertThrows(LimitExceededException.class, () -> reader.readAll(4));
      assertEquals("ab€", text(reader.readAll(5)));
      assertEquals(0, reader.readAll(0).length);
    });
  }

  @Test
  void st01_theLargestLimitIsNone() throws Exception {
    use((reader, writer) -> {
      writer.write("abc");
      writer.close();
      assertEquals("abc", text(reader.readAll(Integer.MAX_VALUE)));
    });
  }

  @Test
  void st15_numbersBelowZeroAndEmptySeparatorsAreRefused() throws Exception {
    use((reader, _) -> {
      assertThrows(IllegalArgumentException.class, () -> reader.read(-1));
      assertThrows(IllegalArgumentException.class, () -> reader.readExactly(-1));
      assertThrows(IllegalArgumentException.class, () -> reader.readAll(-1));
      assertThrows(IllegalArgumentException.class, () -> reader.readUntil(new byte[0]));
      assertThrows(IllegalArgumentException.class, () -> Net.connector().readLimit(0));
      assertThrows(IllegalArgumentException.class, () -> Net.connector().readBuffer(0));
      assertThrows(IllegalArgumentException.class, () -> Net.listener().readLimit(0));
      assertThrows(IllegalArgumentException.class, () -> Net.listener().readBuffer(0));
    });
  }

  // ST-03

  @Test
  void st03_aMessageBeyondTheLimitIsLeftWhereItIs() throws Exception {
    use(
        Net.connector().readLimit(5),
        (reader, writer) -> {
          writer.write("01234\r\n");
          assertEquals("01234\r\n", text(reader.readUntil(CRLF)));
          writer.write("012345\r\n");
          untilAvailable(reader, 8);
          for (int i = 0; i < 2; i++) {
            var thrown = assertThrows(LimitExceededException.class, () -> reader.readUntil(CRLF));
            assertTrue(thrown.separatorFound());
            assertEquals(5, thrown.limit());
          }
          assertEquals("012345\r\n", text(reader.readExactly(8)));
        });
  }

  @Test
  void st03_theLimitIsNoticedBeforeTheSeparatorComes() throws Exception {
    use(
        Net.connector().readLimit(5),
        (reader, writer) -> {
          writer.write("01234\r");
          Task<byte[]> waiting = async(() -> reader.readUntil(CRLF));
          untilAvailable(reader, 6);
          checkpoint();
          writer.write("x"); // with it no separator can begin within the limit
          var thrown = assertThrows(LimitExceededException.class, waiting::await);
          assertFalse(thrown.separatorFound());
          assertEquals("01234\rx", text(reader.readExactly(7)));
        });
  }

  @Test
  void st03_aSeparatorMayComeInPieces() throws Exception {
    use((reader, writer) -> {
      Task<byte[]> waiting = async(() -> reader.readUntil("--end".getBytes(UTF_8)));
      for (String piece : List.of("a-", "--e", "-", "-e", "n", "drest")) {
        writer.write(piece);
        writer.flush();
        checkpoint();
      }
      assertEquals("a---e--end", text(waiting.await()));
      assertEquals("rest", text(reader.read(9)));
    });
  }

  @Test
  void st03_separatorsAreFoundWhereTheyAreHoweverTheBytesCome() throws Exception {
    long seed = Long.getLong("thrum.seed", RandomGenerator.getDefault().nextLong());
    System.out.println("seed " + seed + " for separators");
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    StringBuilder sent = new StringBuilder();
    random.ints(3000, 0, 2).forEach(bit -> sent.append((char) ('a' + bit)));
    List<String> separators = List.of("aab", "aa", "abab", "b", "bbbbb");
    use((reader, writer) -> {
      Task<?> task =
          async(() -> {
            for (int at = 0; at < sent.length(); ) {
              int end = Math.min(sent.length(), at + random.nextInt(1, 40));
              writer.write(sent.substring(at, end));
              writer.flush();
              at = end;
            }
            writer.close();
          });
      int at = 0;
      while (at < sent.length()) {
        String separator = separators.get(random.nextInt(separators.size()));
        int found = sent.indexOf(separator, at);
        int end = found < 0 ? sent.length() : found + separator.length();
        String got;
        try {
          got = text(reader.readUntil(separator.getBytes(UTF_8)));
        } catch (IncompleteReadException over) {
          assertTrue(found < 0, separator);
          got = text(over.partial());
        }
        assertEquals(sent.substring(at, end), got);
        at = end;
      }
      task.await();
    });
  }

  // ST-04

  @Test
  void st04_aLineBeyondTheLimitIsThrownAwayAndTheNextOneCanBeRead() throws Exception {
    use(
        Net.connector().readLimit(5),
        (reader, writer) -> {
          writer.write("012345\nnext\n");
          untilAvailable(reader, 12);
          var thrown = assertThrows(LimitExceededException.class, reader::readLine);
          assertTrue(thrown.separatorFound());
          assertEquals(Optional.of("next"), reader.readLine());
        });
  }

  @Test
  void st04_aLineBeyondTheLimitIsThrownAwayAsFarAsItHasCome() throws Exception {
    use(
        Net.connector().readLimit(5),
        (reader, writer) -> {
          writer.write("012345");
          var thrown = assertThrows(LimitExceededException.class, reader::readLine);
          assertFalse(thrown.separatorFound());
          writer.write("6\nnext\n");
          assertEquals(Optional.of("next"), reader.readLine());
        });
  }

  @Test
  void st04_theLimitDoesNotCountTheLineEnd() throws Exception {
    use(
        Net.connector().readLimit(5),
        (reader, writer) -> {
          writer.write("01234\n01234\r");
          assertEquals(Optional.of("01234"), reader.readLine());
          Task<Optional<String>> waiting = async(reader::readLine);
          untilAvailable(reader, 6);
          checkpoint();
          writer.write("\n");
          assertEquals(Optional.of("01234"), waiting.await());
          writer.write("012345\r\nnext\r\n");
          untilAvailable(reader, 14);
          assertThrows(LimitExceededException.class, reader::readLine);
          assertEquals(Optional.of("next"), reader.readLine());
        });
  }

  @Test
  void linesEndWithALineFeedOrBothOrTheStream() throws Exception {
    use((reader, writer) -> {
      writer.write("one\n\r\n\ntwo\r\nü\r\r\nlast\r");
      writer.close();
      assertEquals(Optional.of("one"), reader.readLine());
      assertEquals(Optional.of(""), reader.readLine());
      assertEquals(Optional.of(""), reader.readLine());
      assertEquals(Optional.of("two"), reader.readLine());
      assertEquals(Optional.of("ü\r"), reader.readLine());
      assertEquals(Optional.of("last\r"), reader.readLine());
      assertEquals(Optional.empty(), reader.readLine());
      assertEquals(Optional.empty(), reader.readLine());
    });
  }

  @Test
  void whatIsNoTextIsReplacedInALine() throws Exception {
    use((reader, writer) -> {
      writer.write(new byte[] {'a', (byte) 0xff, 'b', '\n'});
      assertEquals(Optional.of("a\ufffdb"), reader.readLine());
    });
  }

  // Lines

  @Test
  void leavingTheLinesEarlyLosesNothing() throws Exception {
    use((reader, writer) -> {
      writer.write("one\ntwo\nthree\nfour\n");
      writer.close();
      List<String> got = new ArrayList<>();
      for (String line : reader.lines()) {
        got.add(line);
        if (got.size() == 2) {
          break;
        }
      }
      assertEquals(List.of("one", "two"), got);
      assertEquals(Optional.of("three"), reader.readLine());
      for (String line : reader.lines()) {
        got.add(line);
      }
      assertEquals(List.of("one", "two", "four"), got);
      Iterator<String> over = reader.lines().iterator();
      assertFalse(over.hasNext());
      assertThrows(NoSuchElementException.class, over::next);
    });
  }

  @Test
  void aLineThatCannotBeReadIsAnUncheckedException() throws Exception {
    use(
        Net.connector().readLimit(3),
        (reader, writer) -> {
          writer.write("long line\nok\n");
          untilAvailable(reader, 13);
          Iterator<String> lines = reader.lines().iterator();
          var thrown = assertThrows(UncheckedIOException.class, lines::hasNext);
          assertInstanceOf(LimitExceededException.class, thrown.getCause());
          assertEquals("ok", lines.next());
        });
  }

  // The end

  @Test
  void whatCameBeforeTheEndIsInTheException() throws Exception {
    use((reader, writer) -> {
      writer.write("abc");
      writer.closeOutput();
      var thrown = assertThrows(IncompleteReadException.class, () -> reader.readExactly(4));
      assertEquals("abc", text(thrown.partial()));
      thrown.partial()[0] = 'x';
      assertEquals("abc", text(thrown.partial()));
      assertEquals(0, reader.read(9).length);
      assertEquals(
          0,
          assertThrows(IncompleteReadException.class, () -> reader.readUntil(CRLF))
              .partial()
              .length);
    });
  }

  @Test
  void aMessageThatIsCutOffIsInTheException() throws Exception {
    use((reader, writer) -> {
      writer.write("abc\r");
      writer.closeOutput();
      var thrown = assertThrows(IncompleteReadException.class, () -> reader.readUntil(CRLF));
      assertEquals("abc\r", text(thrown.partial()));
      assertEquals(0, reader.readAll().length);
    });
  }

  // LO-15, LO-16

  @Test
  void lo15_whateverReadIsCancelledTakesNothing() throws Exception {
    List<Reading> kinds =
        List.of(
            connection -> connection.readExactly(9),
            connection -> connection.readUntil(CRLF),
            connection -> connection.readLine(),
            connection -> connection.readAll(),
            connection -> connection.readAll(99),
            connection -> connection.readString(),
            connection -> connection.lines().iterator().next());
    use((reader, writer) -> {
      writer.write("ab");
      untilAvailable(reader, 2);
      for (Reading kind : kinds) {
        Task<?> task = async(() -> kind.read(reader));
        checkpoint();
        task.cancel("test");
        assertThrows(CancellationException.class, task::await);
      }
      writer.write("c");
      assertEquals("abc", text(reader.readExactly(3)));
      for (int i = 0; i < 3; i++) {
        Task<?> task = async(() -> reader.read(1));
        checkpoint();
        task.cancel("test");
        assertThrows(CancellationException.class, task::await);
      }
      writer.write("d");
      assertEquals("d", text(reader.read(9)));
    });
  }

  private interface Reading {
    Object read(Connection from) throws Exception;
  }

  @Test
  void lo15_whatHasWokenAReaderBeatsItsCancellation() throws Exception {
    use((reader, writer) -> {
      Task<byte[]> task = async(() -> reader.read(9));
      checkpoint();
      writer.write("x");
      while (reader.inputStream().available() == 0) {
        checkpoint(); // the poller comes first in a turn, then this task, then the one it has woken
      }
      task.cancel("test");
      assertEquals("x", text(task.await()));
    });
  }

  @Test
  void lo16_oneTaskReadsAtATime() throws Exception {
    use((reader, writer) -> {
      Task<byte[]> first = async(() -> reader.readExactly(2));
      checkpoint();
      assertThrows(IllegalStateException.class, () -> reader.read(1));
      assertThrows(IllegalStateException.class, () -> reader.read(0));
      assertThrows(IllegalStateException.class, () -> reader.read(ByteBuffer.allocate(1)));
      assertThrows(IllegalStateException.class, () -> reader.readExactly(1));
      assertThrows(IllegalStateException.class, () -> reader.readUntil(CRLF));
      assertThrows(IllegalStateException.class, reader::readLine);
      assertThrows(IllegalStateException.class, reader::readAll);
      assertThrows(IllegalStateException.class, () -> reader.lines().iterator().hasNext());
      assertThrows(IllegalStateException.class, () -> reader.inputStream().read());
      first.cancel("test");
      assertThrows(CancellationException.class, first::await);
      writer.write("x");
      assertEquals("x", text(reader.read(1)));
    });
  }

  // TR-07, and the reader's side of back-pressure

  @Test
  void tr07_readinessWithoutDataIsNoError() throws Exception {
    use(
        Net.connector().readBuffer(1),
        (reader, writer) -> {
          for (int i = 0; i < 200; i++) { // each byte stops the input, and each read looks for more
            writer.write(new byte[] {(byte) i});
            assertEquals((byte) i, reader.read(9)[0]);
          }
        });
  }

  @Test
  void aReaderThatWantsMoreThanTheBufferGetsIt() throws Exception {
    use(
        Net.connector().readBuffer(100),
        (reader, writer) -> {
          byte[] much = new byte[300_000];
          Arrays.fill(much, (byte) 'x');
          much[much.length - 1] = '\n';
          async(() -> writer.write(much));
          assertArrayEquals(much, reader.readExactly(much.length));
          async(() -> writer.write(much));
          assertThrows(LimitExceededException.class, reader::readLine);
        });
  }

  @Test
  void whatNobodyReadsStaysWithThePeer() throws Exception {
    use(
        Net.connector().readBuffer(1000),
        (reader, writer) -> {
          long accepted = Link.fill(writer);
          int kept = reader.inputStream().available();
          assertTrue(kept >= 1000 && kept < 1000 + (1 << 17), kept + " bytes");
          Task<?> closer = async(() -> writer.close());
          assertEquals(accepted, reader.readAll().length);
          closer.await();
        });
  }
}
