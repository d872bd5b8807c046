package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Files on a connection (SF-01): copied by the system, and where it cannot do that, by us.
final class SendFileConformanceTest {
  private static final int SOME = 5_000_001;
  private static final long LONG = 1 << 26;

  @TempDir Path folder;

  /// The kinds of connection.
  enum Route {
    EPOLL_TCP(Via.EPOLL) {
      @Override
      Net.Pair open(Path folder) throws IOException {
        return Secured.plain();
      }
    },
    NIO_TCP(Via.NIO) {
      @Override
      Net.Pair open(Path folder) throws IOException {
        return Secured.plain();
      }
    },
    EPOLL_UNIX(Via.EPOLL) {
      @Override
      Net.Pair open(Path folder) throws IOException {
        return unix(folder);
      }
    },
    NIO_UNIX(Via.NIO) {
      @Override
      Net.Pair open(Path folder) throws IOException {
        return unix(folder);
      }
    },
    EPOLL_OPENSSL(Via.EPOLL) {
      @Override
      Net.Pair open(Path folder) throws IOException {
        return Secured.EPOLL_OPENSSL.pair();
      }
    },
    NIO_JDK(Via.NIO) {
      @Override
      Net.Pair open(Path folder) throws IOException {
        return Secured.NIO_JDK.pair();
      }
    },
    MEMORY(Via.NIO) {
      @Override
      Net.Pair open(Path folder) {
        return Net.pair();
      }
    };

    /// What a test does with the two ends.
    interface Talk {
      void between(Connection from, Connection to) throws Exception;
    }

    private final Via via;

    Route(Via via) {
      this.via = via;
    }

    abstract Net.Pair open(Path folder) throws IOException;

    private static Net.Pair unix(Path folder) throws IOException {
      var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
      try (Listener listener = Net.listen(address)) {
        Task<Connection> accepted = async(listener::accept);
        Connection client = Net.connect(address);
        return new Net.Pair(client, await(accepted));
      }
    }

    void run(Path folder, Talk talk) throws Exception {
      via.run(() -> {
        Net.Pair ends = open(folder);
        talk.between(ends.first(), ends.second());
        ends.first().abort();
        ends.second().abort();
      });
    }
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(count).nextBytes(bytes);
    return bytes;
  }

  private FileChannel file(byte[] bytes) throws IOException {
    return FileChannel.open(Files.write(folder.resolve("file"), bytes), READ);
  }

  /// A file that is long and takes no room.
  private FileChannel hollow(long size) throws IOException {
    FileChannel made = FileChannel.open(folder.resolve("hollow"), CREATE, SPARSE, READ, WRITE);
    int _ = made.write(ByteBuffer.wrap("end".getBytes(US_ASCII)), size - 3);
    return made;
  }

  private static String text(Connection from, int count) throws IOException {
    return new String(from.readExactly(count), US_ASCII);
  }

  /// A file that is longer than what the system takes while the peer does not read.
  private static Task<Long> begun(Connection from, FileChannel file) {
    Task<Long> sending = async(() -> from.sendFile(file, 0, LONG));
    while (from.unsent() == 0) {
      checkpoint();
    }
    return sending;
  }

  private static void readLong(Connection to) throws IOException {
    for (long left = LONG; left > 0; ) {
      left -= to.readExactly((int) Math.min(left, 1 << 20)).length;
    }
  }

  private static void readAway(Connection to) {
    try {
      var _ = to.readAll();
    } catch (IOException _) {
      // It ends anyhow.
    }
  }

  @ParameterizedTest
  @EnumSource
  void sf01_aFileKeepsItsPlaceBetweenWrites(Route route) throws Exception {
    byte[] bytes = random(SOME);
    try (FileChannel file = file(bytes)) {
      file.position(17);
      route.run(
          folder,
          (from, to) -> {
            Task<?> sending =
                async(() -> {
                  from.write("head");
                  assertEquals(SOME, from.sendFile(file, 0, SOME));
                  from.write("middle");
                  assertEquals(3, from.sendFile(file, 5, 3));
                  from.write("tail");
                });
            assertEquals("head", text(to, 4));
            assertArrayEquals(bytes, to.readExactly(SOME));
            assertEquals("middle", text(to, 6));
            assertArrayEquals(Arrays.copyOfRange(bytes, 5, 8), to.readExactly(3));
            assertEquals("tail", text(to, 4));
            await(sending);
          });
      assertTrue(file.isOpen());
      assertEquals(17, file.position());
    }
  }

  @ParameterizedTest
  @EnumSource
  void sf01_writesMeanwhileWaitForTheirTurn(Route route) throws Exception {
    try (FileChannel file = hollow(LONG)) {
      route.run(
          folder,
          (from, to) -> {
            Task<Long> sending = begun(from, file);
            Task<?> writing = async(() -> from.write("after"));
            Task<Long> second = async(() -> from.sendFile(file, LONG - 3, 3));
            checkpoint();
            assertThrows(IllegalStateException.class, from::closeOutput);
            assertThrows(IllegalStateException.class, () -> from.startTls(Tls.client()));
            assertFalse(writing.isDone());
            readLong(to);
            assertEquals("after", text(to, 5));
            assertEquals("end", text(to, 3));
            assertEquals(LONG, await(sending));
            assertEquals(3, await(second));
            await(writing);
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void sf01_whatIsUnderWayIsUnsent(Route route) throws Exception {
    try (FileChannel file = hollow(LONG)) {
      route.run(
          folder,
          (from, to) -> {
            Task<Long> sending = begun(from, file);
            assertTrue(from.unsent() > 0);
            readLong(to);
            await(sending);
            from.flush();
            assertEquals(0, from.unsent());
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void sf01_onlyWhatTheFileHasIsSent(Route route) throws Exception {
    byte[] bytes = random(1000);
    try (FileChannel file = file(bytes)) {
      route.run(
          folder,
          (from, to) -> {
            assertEquals(0, from.sendFile(file, 0, 0));
            assertEquals(0, from.sendFile(file, 1000, 1));
            assertEquals(0, from.sendFile(file, Long.MAX_VALUE, Long.MAX_VALUE));
            assertEquals(999, from.sendFile(file, 1, Long.MAX_VALUE));
            assertArrayEquals(Arrays.copyOfRange(bytes, 1, 1000), to.readExactly(999));
            assertThrows(IllegalArgumentException.class, () -> from.sendFile(file, -1, 1));
            assertThrows(IllegalArgumentException.class, () -> from.sendFile(file, 0, -1));
            from.closeOutput();
            assertEquals(0, to.readAll().length);
          });
    }
    try (FileChannel empty = file(new byte[0])) {
      route.run(folder, (from, _) -> assertEquals(0, from.sendFile(empty, 0, 10)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void sf01_offsetsBeyondTwoGibibytes(Route route) throws Exception {
    long size = 5L << 30;
    try (FileChannel file = hollow(size)) {
      route.run(
          folder,
          (from, to) -> {
            assertEquals(10, from.sendFile(file, size - 10, Long.MAX_VALUE));
            byte[] expected = new byte[10];
            System.arraycopy("end".getBytes(US_ASCII), 0, expected, 7, 3);
            assertArrayEquals(expected, to.readExactly(10));
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void sf01_aClosedConnectionSendsNothing(Route route) throws Exception {
    try (FileChannel file = file(random(100))) {
      route.run(
          folder,
          (from, to) -> {
            from.closeOutput();
            assertThrows(ConnectionClosedException.class, () -> from.sendFile(file, 0, 100));
            assertEquals(0, to.readAll().length);
            to.close();
            from.close();
            assertThrows(ConnectionClosedException.class, () -> from.sendFile(file, 0, 100));
          });
      assertTrue(file.isOpen());
    }
  }

  @ParameterizedTest
  @EnumSource
  void sf01_aPeerThatLeavesInTheMiddleIsToldWithHowMuchWasSent(Route route) throws Exception {
    try (FileChannel file = hollow(LONG)) {
      route.run(
          folder,
          (from, to) -> {
            Task<Long> sending = begun(from, file);
            to.readExactly(1000);
            to.abort();
            SendFileException partial = assertThrows(SendFileException.class, () -> await(sending));
            assertTrue(partial.sent() >= 1000 && partial.sent() < LONG, partial.getMessage());
            assertTrue(partial.getMessage().contains("after " + partial.sent()));
            assertThrows(IOException.class, () -> from.write("more"));
            assertThrows(IOException.class, () -> from.sendFile(file, 0, 1));
          });
      assertTrue(file.isOpen());
      assertEquals(0, file.position());
    }
  }

  @ParameterizedTest
  @EnumSource
  void sf01_aFileThatGetsShorterMeanwhileIsAnError(Route route) throws Exception {
    try (FileChannel file = hollow(LONG)) {
      route.run(
          folder,
          (from, to) -> {
            Task<Long> sending = begun(from, file);
            file.truncate(1000);
            Task<?> reading = async(() -> readAway(to));
            SendFileException shorter = assertThrows(SendFileException.class, () -> await(sending));
            assertTrue(shorter.sent() < LONG, shorter.getMessage());
            assertThrows(IOException.class, () -> from.write("more"));
            from.abort();
            await(reading);
          });
      assertTrue(file.isOpen());
    }
  }

  @ParameterizedTest
  @EnumSource
  void sf01_cancellingInTheMiddleSpoilsTheConnection(Route route) throws Exception {
    try (FileChannel file = hollow(LONG)) {
      route.run(
          folder,
          (from, _) -> {
            Task<Long> sending = begun(from, file);
            sending.cancel("enough");
            assertThrows(CancellationException.class, () -> await(sending));
            assertTrue(sending.isCancelled());
            assertThrows(IOException.class, () -> from.write("more"));
            assertThrows(IOException.class, () -> from.sendFile(file, 0, 1));
          });
      assertTrue(file.isOpen());
    }
  }

  @ParameterizedTest
  @EnumSource
  void sf01_abortingInTheMiddleFailsIt(Route route) throws Exception {
    try (FileChannel file = hollow(LONG)) {
      route.run(
          folder,
          (from, _) -> {
            Task<Long> sending = begun(from, file);
            from.abort();
            SendFileException aborted = assertThrows(SendFileException.class, () -> await(sending));
            assertTrue(aborted.getMessage().contains("closed here"), aborted.getMessage());
          });
      assertTrue(file.isOpen());
    }
  }

  @ParameterizedTest
  @EnumSource
  void sf01_aFileThatCannotBeReadLeavesTheConnectionAlone(Route route) throws Exception {
    FileChannel closed = file(random(100));
    closed.close();
    try (FileChannel written = FileChannel.open(folder.resolve("file"), WRITE)) {
      route.run(
          folder,
          (from, to) -> {
            assertThrows(NonReadableChannelException.class, () -> from.sendFile(written, 0, 100));
            assertThrows(ClosedChannelException.class, () -> from.sendFile(closed, 0, 100));
            from.write("fine");
            assertEquals("fine", text(to, 4));
          });
    }
  }

  /// Its channel is none of the system's.
  @ParameterizedTest
  @EnumSource
  void sf01_aFileInsideAnArchive(Route route) throws Exception {
    byte[] bytes = random(300_000);
    Path archive = folder.resolve("archive.zip");
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      Files.write(zip.getPath("/inside"), bytes);
    }
    try (FileSystem zip = FileSystems.newFileSystem(archive);
        FileChannel file =
            Files.newByteChannel(zip.getPath("/inside")) instanceof FileChannel own
                ? own
                : FileChannel.open(zip.getPath("/inside"), READ)) {
      route.run(
          folder,
          (from, to) -> {
            Task<Long> sending = async(() -> from.sendFile(file, 0, 300_000));
            assertArrayEquals(bytes, to.readExactly(300_000));
            assertEquals(300_000, await(sending));
          });
      assertTrue(file.isOpen());
    }
  }

  @ParameterizedTest
  @EnumSource
  void sf01_severalFilesByOrderOfTheirTasks(Route route) throws Exception {
    byte[] bytes = random(SOME);
    try (FileChannel file = file(bytes)) {
      route.run(
          folder,
          (from, to) -> {
            List<Task<Long>> all =
                List.of(
                    async(() -> from.sendFile(file, 0, 1_500_000)),
                    async(() -> from.sendFile(file, 1_500_000, 2_000_000)),
                    async(() -> from.sendFile(file, 3_500_000, SOME)));
            assertArrayEquals(bytes, to.readExactly(SOME));
            for (Task<Long> one : all) {
              await(one);
            }
          });
    }
  }
}
