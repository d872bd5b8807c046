package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.sleep;
import static dev.thrum.net.Link.fill;
import static dev.thrum.net.Link.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.VoidBodyOf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Writing to a stream (ST, TR, LO).
///
/// Where the number of bytes that the system keeps would matter, a pair in memory is used: its peer
/// takes 128 KiB and then stops.
@ParameterizedClass(name = "{0}")
@EnumSource
class WriteConformanceTest {
  private static final int KIB = 1024;
  private static final byte[] MUCH = new byte[16 * KIB * KIB];

  private final Via via;

  WriteConformanceTest(Via via) {
    this.via = via;
  }

  /// Runs a body with the end that writes and the end that reads.
  private void use(Both body) throws Exception {
    use(Net.connector(), body);
  }

  private void use(Connector writer, Both body) throws Exception {
    VoidBodyOf<Net.Pair, Exception> both = pair -> body.run(pair.first(), pair.second());
    Link.TCP.use(via, writer, Net.listener(), both);
  }

  private void inMemory(Both body) throws Exception {
    Link.MEMORY.use(via, pair -> body.run(pair.first(), pair.second()));
  }

  private interface Both {
    void run(Connection writer, Connection reader) throws Exception;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  /// Has the peer's end take as much as it keeps.
  private static void stuff(Connection writer) throws IOException {
    writer.write(new byte[128 * KIB]);
    assertEquals(0, writer.unsent());
  }

  // ST-10

  @Test
  void st10_anyNumberOfTasksMayWaitForTheSameBytesToLeave() throws Exception {
    use((writer, reader) -> {
      fill(writer);
      List<Task<?>> tasks = new ArrayList<>();
      tasks.add(async(() -> writer.write(MUCH)));
      for (int i = 0; i < 10; i++) {
        tasks.add(async(() -> writer.flush()));
        tasks.add(async(() -> writer.write(new byte[1000])));
      }
      checkpoint();
      Task<byte[]> all = async(() -> reader.readAll());
      for (Task<?> task : tasks) {
        task.await();
      }
      writer.close();
      assertTrue(all.await().length > MUCH.length + 10_000);
    });
  }

  @Test
  void st10_aCancelledFlushLeavesTheOthersWaiting() throws Exception {
    inMemory((writer, reader) -> {
      stuff(writer);
      writer.write("held");
      Task<?> leaves = async(() -> writer.flush());
      Task<?> stays = async(() -> writer.flush());
      checkpoint();
      leaves.cancel("test");
      assertThrows(CancellationException.class, leaves::await);
      assertEquals(4, writer.unsent());
      reader.readExactly(128 * KIB);
      stays.await();
      assertEquals(0, writer.unsent());
      assertEquals("held", text(reader.read(9)));
    });
  }

  // ST-11

  @Test
  void st11_aTightLoopThatWritesNoticesThatThePeerHasClosed() throws Exception {
    use((writer, reader) -> {
      reader.close();
      assertThrows(IOException.class, () -> writeForEver(writer));
    });
  }

  @Test
  void st11_aTightLoopThatWritesNoticesAReset() throws Exception {
    use((writer, reader) -> {
      reader.abort();
      assertThrows(IOException.class, () -> writeForEver(writer));
    });
  }

  private static void writeForEver(Connection to) throws IOException {
    while (true) {
      to.write("x");
    }
  }

  // TR-01

  @Test
  void tr01_aWriteDoesNotWaitWhileThereIsRoom() throws Exception {
    use((writer, reader) -> {
      boolean[] others = {false};
      async(() -> others[0] = true);
      for (int i = 0; i < 10; i++) {
        writer.write("0123456789");
      }
      assertEquals(false, others[0]);
      assertEquals(100, writer.unsent());
      writer.flush(); // the end of the turn takes it away
      assertEquals(0, writer.unsent());
      assertEquals(100, reader.readExactly(100).length);
    });
  }

  @Test
  void tr01_whatTheSystemDoesNotTakeIsKeptAndSentInOrder() throws Exception {
    byte[] much = MUCH.clone();
    for (int i = 0; i < much.length; i++) {
      much[i] = (byte) ((i * 31) >> 8);
    }
    use(
        Net.connector().writeBuffer(2 * MUCH.length),
        (writer, reader) -> {
          writer.write(much); // it does not wait
          assertEquals(much.length, writer.unsent());
          writer.closeOutput();
          assertArrayEquals(much, reader.readAll());
          assertEquals(0, writer.unsent());
        });
  }

  // TR-08

  @Test
  void tr08_aWriterThatWasHeldBackGoesOnWhenAQuarterIsLeft() throws Exception {
    int high = 256 * KIB;
    use(
        Net.connector().writeBuffer(high),
        (writer, reader) -> expectWater(writer, reader, high / 4, high));
  }

  @Test
  void tr08_theLowWaterCanBeChosen() throws Exception {
    use(
        Net.connector().writeBuffer(0, 100 * KIB),
        (writer, reader) -> expectWater(writer, reader, 0, 100 * KIB));
    use(
        Net.connector().writeBuffer(100 * KIB, 100 * KIB),
        (writer, reader) -> expectWater(writer, reader, 100 * KIB, 100 * KIB));
  }

  private static void expectWater(Connection writer, Connection reader, int low, int high)
      throws IOException {
    int step = 10 * KIB;
    Task<byte[]> all = async(() -> reader.readAll());
    int held = 0;
    for (int i = 0; i < 1000; i++) {
      boolean full = writer.unsent() + step > high;
      writer.write(new byte[step]);
      assertTrue(writer.unsent() <= (full ? low : high), writer.unsent() + " bytes");
      held += full ? 1 : 0;
    }
    assertTrue(held > 0);
    writer.close();
    assertTrue(all.await().length > 0);
  }

  @Test
  void tr08_withoutABufferAWriteWaitsUntilTheSystemHasEverything() throws Exception {
    use(
        Net.connector().writeBuffer(0),
        (writer, reader) -> {
          for (int i = 0; i < 10; i++) {
            writer.write("x");
            assertEquals(0, writer.unsent());
          }
          Task<?> big = async(() -> writer.write(MUCH));
          assertEquals(10 + MUCH.length, reader.readExactly(10 + MUCH.length).length);
          big.await();
          assertEquals(0, writer.unsent());
        });
  }

  @Test
  void tr08_watersThatMakeNoSenseAreRefused() {
    Connector connector = Net.connector();
    Listener.Builder listener = Net.listener();
    assertThrows(IllegalArgumentException.class, () -> connector.writeBuffer(-1));
    assertThrows(IllegalArgumentException.class, () -> connector.writeBuffer(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> connector.writeBuffer(2, 1));
    assertThrows(IllegalArgumentException.class, () -> listener.writeBuffer(-1));
    assertThrows(IllegalArgumentException.class, () -> listener.writeBuffer(2, 1));
  }

  // TR-11

  @Test
  void tr11_whatWasWrittenMayBeChanged() throws Exception {
    use((writer, reader) -> {
      byte[] array = "array ".getBytes(UTF_8);
      ByteBuffer direct = ByteBuffer.allocateDirect(7).put("direct ".getBytes(UTF_8)).flip();
      byte[] one = "one ".getBytes(UTF_8);
      byte[] two = "two".getBytes(UTF_8);
      writer.write(array);
      Arrays.fill(array, (byte) '!');
      writer.write(direct);
      direct.clear().put("!!!!!!!".getBytes(UTF_8));
      writer.write(ByteBuffer.wrap(one).asReadOnlyBuffer(), ByteBuffer.wrap(two));
      Arrays.fill(one, (byte) '!');
      Arrays.fill(two, (byte) '!');
      writer.close();
      assertEquals("array direct one two", reader.readString());
    });
  }

  @Test
  void tr11_whatWasHeldBackMayBeChangedToo() throws Exception {
    byte[] big = new byte[200 * KIB];
    byte[] expected = new byte[big.length];
    Arrays.fill(expected, (byte) 1);
    inMemory((writer, reader) -> {
      stuff(writer);
      Task<?> task =
          async(() -> {
            Arrays.fill(big, (byte) 1);
            writer.write(big);
            Arrays.fill(big, (byte) 2);
            writer.write(big);
          });
      reader.readExactly(128 * KIB);
      assertArrayEquals(expected, reader.readExactly(big.length));
      Arrays.fill(expected, (byte) 2);
      assertArrayEquals(expected, reader.readExactly(big.length));
      task.await();
    });
  }

  // What is written

  @Test
  void aBufferIsWrittenFromItsPositionToItsLimit() throws Exception {
    use((writer, reader) -> {
      ByteBuffer middle = ByteBuffer.wrap("0123456789".getBytes(UTF_8)).position(3).limit(6);
      writer.write(middle);
      assertEquals(6, middle.position());
      assertEquals(6, middle.limit());
      ByteBuffer big = ByteBuffer.allocate(200 * KIB).position(1);
      Task<?> task = async(() -> writer.write(big));
      assertEquals("345", text(reader.readExactly(3)));
      assertEquals(big.capacity() - 1, reader.readExactly(big.capacity() - 1).length);
      task.await();
      assertEquals(0, big.remaining());
      byte[] bytes = "0123456789".getBytes(UTF_8);
      writer.write(bytes, 8, 2);
      assertThrows(IndexOutOfBoundsException.class, () -> writer.write(bytes, 9, 2));
      assertEquals("89", text(reader.read(9)));
    });
  }

  @Test
  void partsAreWrittenAsOne() throws Exception {
    use((writer, reader) -> {
      ByteBuffer[] parts = new ByteBuffer[5];
      for (int i = 0; i < parts.length; i++) {
        byte[] part = new byte[100 * KIB];
        Arrays.fill(part, (byte) ('a' + i));
        parts[i] = ByteBuffer.wrap(part);
      }
      async(() -> writer.write(parts));
      async(() -> writer.write("after"));
      for (int i = 0; i < parts.length; i++) {
        byte[] part = reader.readExactly(100 * KIB);
        assertEquals('a' + i, part[0]);
        assertEquals('a' + i, part[part.length - 1]);
      }
      assertEquals("after", text(reader.readExactly(5)));
      for (ByteBuffer part : parts) {
        assertEquals(0, part.remaining());
      }
    });
  }

  @Test
  void textIsWrittenInUtf8WithoutALineEnd() throws Exception {
    use((writer, reader) -> {
      writer.write("aü€😀");
      writer.close();
      assertArrayEquals("aü€😀".getBytes(UTF_8), reader.readAll());
    });
  }

  @Test
  void lo16_whoComesFirstIsServedFirst() throws Exception {
    inMemory((writer, reader) -> {
      stuff(writer);
      Task<?> first = async(() -> writer.write(new byte[200 * KIB]));
      Task<?> second = async(() -> writer.write("second\n"));
      Task<?> leaves = async(() -> writer.write("never\n"));
      Task<?> third = async(() -> writer.write("third\n"));
      checkpoint();
      leaves.cancel("test");
      assertThrows(CancellationException.class, leaves::await);
      reader.readExactly(328 * KIB);
      assertEquals(Optional.of("second"), reader.readLine());
      assertEquals(Optional.of("third"), reader.readLine());
      first.await();
      second.await();
      third.await();
    });
  }

  // Cancellation

  @Test
  void aCancelledWriteThatFitsTheBufferIsWrittenOrNotAtAll() throws Exception {
    inMemory((writer, reader) -> {
      stuff(writer);
      writer.write(new byte[60 * KIB]); // there is room for 4 KiB before a write is held back
      Task<?> held =
          async(() -> writer.write(ByteBuffer.allocate(10 * KIB), ByteBuffer.allocate(10 * KIB)));
      checkpoint();
      assertEquals(80 * KIB, writer.unsent());
      Task<?> waits =
          async(() -> writer.write(ByteBuffer.allocate(10 * KIB), ByteBuffer.allocate(10 * KIB)));
      checkpoint();
      held.cancel("test");
      waits.cancel("test");
      assertThrows(CancellationException.class, held::await);
      assertThrows(CancellationException.class, waits::await);
      assertEquals(80 * KIB, writer.unsent());
      Task<?> more =
          async(() -> {
            writer.write("more");
            writer.close();
          });
      assertEquals((128 + 80) * KIB + 4, reader.readAll().length);
      more.await();
    });
  }

  @Test
  void aLongWriteThatIsCancelledInTheMiddleIsTheLast() throws Exception {
    use((writer, reader) -> {
      Task<?> task = async(() -> writer.write(MUCH));
      until(() -> writer.unsent() > 0);
      reader.write("still readable");
      sleep(ofMillis(1));
      task.cancel("test");
      assertThrows(CancellationException.class, task::await);
      var thrown = assertThrows(IOException.class, () -> writer.write("more"));
      assertTrue(thrown.getMessage().contains("a write was given up after"), thrown.getMessage());
      assertThrows(IOException.class, () -> writer.write(ByteBuffer.allocate(1)));
      assertEquals("still readable", text(writer.readExactly(14)));
      writer.abort();
      assertThrows(IOException.class, reader::readAll);
    });
  }

  @Test
  void aWriterThatWaitsForItsTurnBehindACancelledOneIsTold() throws Exception {
    use((writer, _) -> {
      Task<?> task = async(() -> writer.write(MUCH));
      Task<?> second = async(() -> writer.write("second"));
      until(() -> writer.unsent() > 0);
      task.cancel("test");
      assertThrows(CancellationException.class, task::await);
      assertThrows(IOException.class, second::await);
    });
  }

  @Test
  void aLongWriteThatIsCancelledBeforeItBeganChangesNothing() throws Exception {
    inMemory((writer, reader) -> {
      stuff(writer);
      Task<?> held = async(() -> writer.write(new byte[100 * KIB - 1]));
      Task<?> waits = async(() -> writer.write(MUCH));
      checkpoint();
      waits.cancel("test");
      assertThrows(CancellationException.class, waits::await);
      assertEquals(0, reader.readExactly(128 * KIB)[0]);
      reader.readExactly(100 * KIB - 1);
      held.await();
      writer.write("fine");
      assertEquals("fine", text(reader.readExactly(4)));
    });
  }

  // Ending the output

  @Test
  void aWriterThatIsHeldBackIsNotToldThatTheOutputEndsBehindIt() throws Exception {
    inMemory((writer, reader) -> {
      stuff(writer);
      writer.write(new byte[60 * KIB]);
      Task<?> held = async(() -> writer.write(new byte[10 * KIB]));
      checkpoint();
      writer.closeOutput();
      assertEquals((128 + 70) * KIB, reader.readAll().length);
      held.await();
    });
  }

  @Test
  void theOutputIsNotEndedInTheMiddleOfAWrite() throws Exception {
    use((writer, reader) -> {
      Task<?> task = async(() -> writer.write(MUCH));
      until(() -> writer.unsent() > 0);
      assertThrows(IllegalStateException.class, writer::closeOutput);
      assertEquals(MUCH.length, reader.readExactly(MUCH.length).length);
      task.await();
      writer.closeOutput();
      assertThrows(ConnectionClosedException.class, () -> writer.write("x"));
      assertThrows(ConnectionClosedException.class, () -> writer.write(new byte[0]));
      writer.flush();
      assertEquals(0, reader.read(1).length);
    });
  }
}
