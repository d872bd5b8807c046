package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.settle;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Outcome;
import dev.thrum.Task;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Unix sockets and their files (SV-04).
final class UnixSocketConformanceTest {
  @TempDir Path folder;

  private Path path() {
    return folder.resolve("app.sock");
  }

  private UnixDomainSocketAddress address() {
    return UnixDomainSocketAddress.of(path());
  }

  private Listener listen() throws IOException {
    return Net.listen(address());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(one -> one.getFileName().toString()).sorted().toList();
    }
  }

  /// A socket's file to which nobody listens any more.
  private void leaveBehind() throws IOException {
    ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address()).close();
    assertTrue(Files.exists(path()));
  }

  /// Passes over those who only wanted to know whether somebody listens.
  private void assertServes(Listener listener) throws IOException {
    try (Connection client = Net.connect(address())) {
      client.write("hello\n");
      Optional<String> line = Optional.empty();
      while (line.isEmpty()) {
        try (Connection connection = listener.accept()) {
          line = connection.readLine();
        }
      }
      assertEquals(Optional.of("hello"), line);
    }
  }

  private String refusal() {
    return assertThrows(BindException.class, this::listen).getMessage();
  }

  // SV-04

  @ParameterizedTest
  @EnumSource
  void sv04_theFileGoesWhenTheListenerIsClosed(Via via) throws IOException {
    via.run(() -> {
      for (int i = 0; i < 3; i++) {
        try (Listener listener = listen()) {
          assertEquals(List.of("app.sock"), files());
          assertServes(listener);
        }
        assertEquals(List.of(), files());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv04_theFileGoesWhenTheLoopEnds(Via via) throws IOException {
    via.run(() -> {
      listen();
    });
    assertEquals(List.of(), files());
  }

  @ParameterizedTest
  @EnumSource
  void sv04_aFileThatHasBeenReplacedStays(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen()) {
        Files.delete(path());
        Files.writeString(path(), "somebody else's");
        assertFalse(listener.isClosed());
      }
      assertEquals("somebody else's", Files.readString(path()));
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv04_theFileOfAnotherListenerStays(Via via) throws IOException {
    via.run(() -> {
      Listener first = listen();
      Files.delete(path());
      try (Listener second = listen()) {
        first.close();
        assertServes(second);
      }
      assertEquals(List.of(), files());
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv04_aFileThatIsGoneIsNoError(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen()) {
        Files.delete(path());
        assertFalse(listener.isClosed());
      }
      assertEquals(List.of(), files());
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv04_removingItCanBePrevented(Via via) throws IOException {
    via.run(() -> {
      for (int i = 0; i < 2; i++) {
        try (Listener listener = Net.listener().keepFile().listen(address())) {
          assertServes(listener);
        }
        assertEquals(List.of("app.sock"), files());
      }
      assertThrows(ConnectException.class, () -> Net.connect(address()));
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv04_aFileThatSomebodyLeftBehindIsReplaced(Via via) throws IOException {
    via.run(() -> {
      leaveBehind();
      try (Listener listener = listen()) {
        assertServes(listener);
      }
      assertEquals(List.of(), files());
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv04_aFileToWhichSomebodyListensIsNot(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen()) {
        assertEquals(
            "listening on "
                + path()
                + ": Address already in use; stop who listens there, or choose another path",
            refusal());
        assertServes(listener);
        assertEquals(List.of("app.sock"), files());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv04_norIsOneWhereNobodyHasRoomForOneMore(Via via) throws IOException {
    via.run(() -> {
      List<SocketChannel> waiting = new ArrayList<>();
      try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        busy.bind(address(), 1);
        var full =
            assertThrows(
                SocketException.class,
                () -> {
                  while (waiting.size() < 10) {
                    SocketChannel one = SocketChannel.open(StandardProtocolFamily.UNIX);
                    waiting.add(one);
                    one.configureBlocking(false);
                    one.connect(address());
                  }
                });
        assertEquals("Resource temporarily unavailable", full.getMessage());
        assertTrue(refusal().contains("Address already in use"));
        var noRoom = assertThrows(SocketException.class, () -> Net.connect(address()));
        assertEquals(
            "connecting to "
                + path()
                + ": Resource temporarily unavailable; as many wait there already as may; "
                + "try again later",
            noRoom.getMessage());
        assertEquals(List.of("app.sock"), files());
      } finally {
        for (SocketChannel one : waiting) {
          one.close();
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv04_whatIsNoSocketIsNotTouched(Via via) throws Exception {
    via.run(() -> {
      String expected =
          "listening on " + path() + ": there is a file that is no socket; choose another path";
      Files.writeString(path(), "precious");
      assertEquals(expected, refusal());
      assertEquals("precious", Files.readString(path()));

      Path target = Files.move(path(), folder.resolve("target"));
      Files.createSymbolicLink(path(), target);
      assertEquals(expected, refusal());
      assertTrue(Files.isSymbolicLink(path()));

      Files.delete(path());
      Files.createDirectory(path());
      assertEquals(expected, refusal());

      Files.delete(path());
      assertEquals(0, new ProcessBuilder("mkfifo", path().toString()).start().waitFor());
      assertEquals(expected, refusal());
      assertTrue(Files.exists(path(), LinkOption.NOFOLLOW_LINKS));
      assertEquals(List.of("app.sock", "target"), files());
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv04_ofSeveralAtTheSameTimeOneGetsIt(Via via) throws IOException {
    via.run(() -> {
      for (int i = 0; i < 20; i++) {
        if (i % 2 == 1) {
          leaveBehind();
        }
        List<Outcome<Listener>> all = settle(this::listen, this::listen, this::listen);
        assertEquals(
            2, all.stream().filter(one -> one instanceof Outcome.Failure<?>).count(), "" + all);
        for (Outcome<Listener> one : all) {
          if (one instanceof Outcome.Success<Listener>(Listener listener)) {
            assertServes(listener);
            listener.close();
          }
        }
        assertEquals(List.of(), files());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv04_aCancelledListenLeavesNoFile(Via via) throws IOException {
    via.run(() -> {
      for (int delay = 0; delay < 8; delay++) {
        Task<Listener> opening = async(this::listen);
        for (int i = 0; i < delay; i++) {
          checkpoint();
        }
        opening.cancel("not needed");
        try {
          opening.await(IOException.class).close();
        } catch (CancellationException _) {
          // It has not been opened.
        }
        listen().close();
        assertEquals(List.of(), files());
      }
    });
  }

  // Paths

  @ParameterizedTest
  @EnumSource
  void aPathThatCannotBeHadIsAClearError(Via via) throws IOException {
    via.run(() -> {
      Path nowhere = folder.resolve("nowhere");
      var noFolder =
          assertThrows(
              BindException.class,
              () -> Net.listen(UnixDomainSocketAddress.of(nowhere.resolve("app.sock"))));
      assertEquals(
          "listening on " + nowhere.resolve("app.sock") + ": there is no folder " + nowhere,
          noFolder.getMessage());
      var empty =
          assertThrows(BindException.class, () -> Net.listen(UnixDomainSocketAddress.of("")));
      assertEquals("a Unix socket needs the path of a file", empty.getMessage());
      UnixDomainSocketAddress tooLong = UnixDomainSocketAddress.of(folder.resolve("x".repeat(120)));
      for (String message :
          List.of(
              assertThrows(SocketException.class, () -> Net.listen(tooLong)).getMessage(),
              assertThrows(SocketException.class, () -> Net.connect(tooLong)).getMessage())) {
        assertTrue(message.endsWith(" too long"), message);
      }
      assertEquals(List.of(), files());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aPathMayBeAsLongAsTheSystemLets(Via via) throws IOException {
    via.run(() -> {
      int longest = 106 - folder.toString().length() - 1;
      UnixDomainSocketAddress address =
          UnixDomainSocketAddress.of(folder.resolve("x".repeat(longest)));
      try (Listener listener = Net.listen(address);
          Connection client = Net.connect(address);
          Connection _ = listener.accept()) {
        assertEquals(address, client.remoteAddress());
      }
      assertEquals(List.of(), files());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aPathMayBeRelative(Via via) throws IOException {
    Path relative = Path.of("").toAbsolutePath().relativize(path());
    via.run(() -> {
      try (Listener listener = Net.listen(UnixDomainSocketAddress.of(relative))) {
        assertEquals(List.of("app.sock"), files());
        assertServes(listener);
      }
      assertEquals(List.of(), files());
    });
  }

  @ParameterizedTest
  @EnumSource
  void whereNobodyListensConnectingIsAClearError(Via via) throws IOException {
    via.run(() -> {
      var absent = assertThrows(SocketException.class, () -> Net.connect(address()));
      assertEquals("connecting to " + path() + ": No such file or directory", absent.getMessage());
      leaveBehind();
      var refused = assertThrows(ConnectException.class, () -> Net.connect(address()));
      assertEquals("connecting to " + path() + ": Connection refused", refused.getMessage());
    });
  }

  // Connections

  @ParameterizedTest
  @EnumSource
  void bothSidesKnowTheAddress(Via via) throws IOException {
    via.run(() -> {
      UnixDomainSocketAddress nameless = UnixDomainSocketAddress.of("");
      try (Listener listener = listen();
          Connection client = Net.connect(address());
          Connection connection = listener.accept()) {
        assertEquals(address(), listener.address());
        assertEquals("listener " + path(), listener.toString());
        assertEquals(address(), client.remoteAddress());
        assertEquals(nameless, client.localAddress());
        assertEquals(address(), connection.localAddress());
        assertEquals(nameless, connection.remoteAddress());
        assertEquals("connection to " + path(), client.toString());
        assertEquals("connection at " + path(), connection.toString());
        var noPort = assertThrows(IllegalStateException.class, listener::port);
        assertEquals(listener + " has no port", noPort.getMessage());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void bytesAndTheirEndCross(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen()) {
        Task<?> server =
            async(() ->
                listener.serve(connection -> {
                  assertEquals("serving a client of " + path(), current().name());
                  connection.write(connection.readAll());
                }));
        for (int size : new int[] {0, 1, 1 << 20}) {
          try (Connection client = Net.connect(address())) {
            Task<?> writer =
                async(() -> {
                  client.write(new byte[size]);
                  client.closeOutput();
                });
            assertEquals(size, client.readAll().length);
            await(writer);
          }
        }
        listener.close();
        await(server);
      }
    });
  }
}
