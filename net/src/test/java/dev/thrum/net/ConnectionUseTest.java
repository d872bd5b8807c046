package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.scope;
import static dev.thrum.net.Link.untilAvailable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.Runner;
import dev.thrum.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Who may use a connection, and its two faces for `java.io`.
@ParameterizedClass(name = "{0}")
@EnumSource
class ConnectionUseTest {
  private final Via via;

  ConnectionUseTest(Via via) {
    this.via = via;
  }

  private void use(Both body) throws Exception {
    Link.TCP.use(via, pair -> body.run(pair.first(), pair.second()));
  }

  private interface Both {
    void run(Connection here, Connection peer) throws Exception;
  }

  // Threads

  private static List<Executable> everything(Connection connection) {
    return List.of(
        () -> connection.read(0),
        () -> connection.read(ByteBuffer.allocate(0)),
        () -> connection.readExactly(0),
        () -> connection.readUntil(new byte[1]),
        connection::readLine,
        () -> connection.lines().iterator().hasNext(),
        connection::readAll,
        () -> connection.readAll(0),
        connection::readString,
        () -> connection.inputStream().read(),
        () -> connection.inputStream().available(),
        () -> connection.inputStream().close(),
        () -> connection.write(new byte[0]),
        () -> connection.write(new byte[0], 0, 0),
        () -> connection.write(ByteBuffer.allocate(0)),
        () -> connection.write(new ByteBuffer[0]),
        () -> connection.write(""),
        connection::flush,
        () -> connection.outputStream().write(0),
        () -> connection.outputStream().close(),
        connection::closeOutput,
        connection::close,
        connection::abort,
        () -> connection.startTls(Tls.client()),
        connection::tls,
        connection::unsent,
        () -> connection.set(StandardSocketOptions.TCP_NODELAY, true));
  }

  @Test
  void anotherThreadMayNotUseIt() throws Exception {
    use((here, peer) -> {
      List<Executable> all = everything(here);
      blocking(() -> {
        for (Executable one : all) {
          var thrown = assertThrows(WrongThreadException.class, one);
          assertTrue(thrown.getMessage().contains("loop.submit"), thrown.getMessage());
        }
      });
      assertFalse(here.isClosed());
      here.write("fine");
      assertEquals("fine", new String(peer.readExactly(4), UTF_8));
    });
  }

  @Test
  void aTaskOfAnotherLoopMayNotUseIt() throws Exception {
    use((here, _) ->
        blocking(() ->
            Runner.builder()
                .run(() -> {
                  for (Executable one : everything(here)) {
                    assertThrows(WrongThreadException.class, one);
                  }
                })));
  }

  @Test
  void anotherThreadMayHaveItUsed() throws Exception {
    use((here, peer) -> {
      var loop = dev.thrum.Loop.current();
      blocking(() -> loop.submit(() -> here.write("submitted")).get());
      assertEquals("submitted", new String(peer.readExactly(9), UTF_8));
    });
  }

  @Test
  void theAddressesAreThoseOfThePeerToo() throws Exception {
    use((here, peer) -> {
      assertEquals(here.localAddress(), peer.remoteAddress());
      assertEquals(here.remoteAddress(), peer.localAddress());
      var local = here.localAddress();
      here.close();
      assertEquals(local, here.localAddress());
      assertTrue(here.toString().contains("127.0.0.1"), here.toString());
    });
  }

  // Options

  @Test
  void optionsAreSetWhileItIsOpen() throws Exception {
    use((here, peer) -> {
      here.set(StandardSocketOptions.TCP_NODELAY, false);
      here.set(StandardSocketOptions.SO_KEEPALIVE, true);
      here.set(StandardSocketOptions.SO_SNDBUF, 1 << 14);
      assertThrows(
          UnsupportedOperationException.class,
          () -> here.set(StandardSocketOptions.SO_BROADCAST, true));
      if (via == Via.NIO) { // Linux takes any number for the nearest one that it can have
        assertThrows(
            IllegalArgumentException.class, () -> here.set(StandardSocketOptions.SO_SNDBUF, -1));
      }
      here.write("fine");
      assertEquals("fine", new String(peer.readExactly(4), UTF_8));
      here.close();
      assertThrows(
          IllegalStateException.class, () -> here.set(StandardSocketOptions.TCP_NODELAY, true));
    });
  }

  @Test
  void anOptionOfAConnectionThatThePeerHasResetIsRefused() throws Exception {
    use((here, peer) -> {
      peer.abort();
      assertThrows(IOException.class, () -> here.read(1));
      assertThrows(
          IllegalStateException.class, () -> here.set(StandardSocketOptions.TCP_NODELAY, true));
    });
  }

  // java.io

  @Test
  void theInputStreamReadsTheSameBytes() throws Exception {
    use((here, peer) -> {
      InputStream input = here.inputStream();
      peer.write(new byte[] {(byte) 0xff, 1, 2, 3, 4, 5});
      untilAvailable(here, 6);
      assertEquals(6, input.available());
      assertEquals(0xff, input.read());
      byte[] some = new byte[4];
      assertEquals(2, input.read(some, 1, 2));
      assertEquals(1, some[1]);
      assertEquals(2, some[2]);
      assertEquals(0, some[3]);
      assertThrows(IndexOutOfBoundsException.class, () -> input.read(some, 3, 2));
      assertEquals(1, input.skip(1));
      assertEquals(4, here.read(1)[0]);
      assertEquals(5, input.read());
      assertEquals(0, input.available());
      peer.close();
      assertEquals(-1, input.read());
      assertEquals(-1, input.read(some));
      input.close();
      assertTrue(here.isClosed());
      assertThrows(ConnectionClosedException.class, input::read);
    });
  }

  @Test
  void theOutputStreamWritesTheSameBytes() throws Exception {
    use((here, peer) -> {
      OutputStream output = here.outputStream();
      output.write(0x1ff);
      output.write(new byte[] {1, 2, 3, 4}, 1, 2);
      assertThrows(IndexOutOfBoundsException.class, () -> output.write(new byte[1], 0, 2));
      output.flush();
      here.write(new byte[] {5});
      output.close();
      assertTrue(here.isClosed());
      assertThrows(ConnectionClosedException.class, () -> output.write(1));
      byte[] got = peer.readAll();
      assertEquals(
          List.of(-1, 2, 3, 5), List.of((int) got[0], (int) got[1], (int) got[2], (int) got[3]));
      assertEquals(4, got.length);
    });
  }

  @Test
  void librariesOfTheJdkCanUseThem() throws Exception {
    use((here, peer) -> {
      Task<List<String>> lines =
          async(() -> {
            List<String> all = new ArrayList<>();
            BufferedReader reader =
                new BufferedReader(new InputStreamReader(peer.inputStream(), UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              all.add(line);
            }
            return all;
          });
      try (PrintStream printer = new PrintStream(here.outputStream(), true, UTF_8)) {
        printer.println("ä line");
        printer.printf("%d%n", 42);
      }
      assertEquals(List.of("ä line", "42"), lines.await());
    });
  }

  @Test
  void whatAStreamCopiesGoesThroughWhateverItsSize() throws Exception {
    use((here, peer) -> {
      byte[] much = new byte[4 << 20];
      Task<byte[]> echoed = async(() -> here.readAll());
      Task<Long> echo =
          async(() -> {
            long count = peer.inputStream().transferTo(peer.outputStream());
            peer.closeOutput();
            return count;
          });
      here.write(much);
      here.closeOutput();
      assertEquals(much.length, echo.await());
      assertEquals(much.length, echoed.await().length);
    });
  }

  @Test
  void theStreamsAreSuspensionPoints() throws Exception {
    use((here, peer) -> {
      peer.write("x");
      untilAvailable(here, 1);
      scope(s -> {
        s.cancel("test");
        assertThrows(CancelledException.class, () -> here.inputStream().read());
        assertThrows(CancelledException.class, () -> here.outputStream().write(1));
      });
      assertEquals('x', here.inputStream().read());
    });
  }
}
