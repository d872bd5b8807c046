package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.run;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.Loop;
import dev.thrum.Task;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Listeners (SV), and tasks that accept (LO-15).
final class ListenerConformanceTest {
  private static Listener listen() throws IOException {
    return Net.listen("127.0.0.1", 0);
  }

  private static Connection connectTo(Listener listener) throws IOException {
    return Net.connect(listener.address());
  }

  private static void checkpoints(int count) {
    for (int i = 0; i < count; i++) {
      checkpoint();
    }
  }

  private static String lineFrom(Connection connection) throws IOException {
    return connection.readLine().orElseThrow();
  }

  /// Accepts one, which says who it is, and closes it.
  private static String accepted(Listener listener) throws IOException {
    try (Connection connection = listener.accept()) {
      return lineFrom(connection);
    }
  }

  // SV-01

  @ParameterizedTest
  @EnumSource
  void sv01_whoConnectsBeforeItIsServedIsServedLater(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen();
          Connection client = connectTo(listener)) {
        client.write("early\n");
        checkpoints(3);
        assertEquals(0, listener.connections());
        Task<?> server =
            async(() -> listener.serve(connection -> connection.write(lineFrom(connection))));
        assertEquals("early", client.readString());
        listener.close();
        await(server);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv01_cancellingServeClosesTheListener(Via via) throws IOException {
    via.run(() -> {
      Listener listener = listen();
      Task<?> server = async(() -> listener.serve(_ -> {}));
      checkpoint();
      server.cancel("enough");
      assertThrows(CancellationException.class, () -> await(server));
      assertTrue(listener.isClosed());
      listener.close();
      assertThrows(ConnectException.class, () -> connectTo(listener));
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv01_closingEndsServe(Via via) throws IOException {
    via.run(() -> {
      Listener listener = listen();
      Task<String> server =
          async(() -> {
            listener.serve(_ -> {});
            return "came to its end";
          });
      checkpoint();
      listener.close();
      assertEquals("came to its end", await(server));
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv01_aClosedListenerIsOfNoUse(Via via) throws IOException {
    via.run(() -> {
      Listener listener = listen();
      listener.close();
      listener.close();
      assertTrue(listener.isClosed());
      for (Exception thrown :
          List.of(
              assertThrows(ConnectionClosedException.class, listener::accept),
              assertThrows(ConnectionClosedException.class, () -> listener.serve(_ -> {})))) {
        assertEquals(listener + " has been closed here", thrown.getMessage());
      }
      assertThrows(ConnectException.class, () -> connectTo(listener));
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv01_itIsServedOnce(Via via) throws IOException {
    via.run(() -> {
      Listener listener = listen();
      Task<?> server = async(() -> listener.serve(_ -> {}));
      checkpoint();
      var second = assertThrows(IllegalStateException.class, () -> listener.serve(_ -> {}));
      assertEquals(listener + " is served already", second.getMessage());
      listener.close();
      await(server);
    });
  }

  @ParameterizedTest
  @EnumSource
  void sv01_theEndOfTheLoopClosesIt(Via via) throws IOException {
    Listener[] left = new Listener[1];
    via.run(() -> {
      left[0] = listen();
    });
    assertTrue(left[0].isClosed());
    left[0].close();
  }

  // LO-15 and the order of accepting

  @ParameterizedTest
  @EnumSource
  void lo15_aCancelledAcceptLosesNoConnection(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen()) {
        for (int delay = 0; delay < 10; delay++) {
          Task<Connection> acceptor = async(() -> listener.accept());
          checkpoint();
          try (Connection client = connectTo(listener)) {
            client.write("client " + delay + "\n");
            checkpoints(delay);
            acceptor.cancel("not needed");
            try (Connection connection = acceptedBy(acceptor, listener)) {
              assertEquals("client " + delay, lineFrom(connection));
            }
          }
        }
      }
    });
  }

  private static Connection acceptedBy(Task<Connection> acceptor, Listener listener)
      throws IOException {
    try {
      return acceptor.await(IOException.class);
    } catch (CancellationException _) {
      return listener.accept();
    }
  }

  @ParameterizedTest
  @EnumSource
  void lo15_aCancelledAcceptDoesNotKeepItOpen(Via via) throws IOException {
    via.run(() -> {
      Listener listener = listen();
      Task<?> acceptor = async(() -> listener.accept());
      checkpoint();
      acceptor.cancel("not needed");
      listener.close();
      assertThrows(CancellationException.class, () -> await(acceptor));
      Net.listen("127.0.0.1", listener.port()).close();
    });
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledTaskAcceptsNothing(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen();
          Connection client = connectTo(listener)) {
        client.write("here\n");
        Task<?> task =
            async(() -> {
              current().cancel("myself");
              assertThrows(CancelledException.class, listener::accept);
            });
        await(task);
        assertEquals("here", accepted(listener));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void whoAcceptsFirstGetsTheFirst(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen()) {
        List<String> order = new ArrayList<>();
        List<Task<?>> acceptors = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          int number = i;
          acceptors.add(async(() -> order.add(number + ":" + accepted(listener))));
        }
        checkpoint();
        for (int i = 0; i < 4; i++) {
          try (Connection client = connectTo(listener)) {
            client.write("c" + i + "\n");
            await(acceptors.get(i));
          }
        }
        assertEquals(List.of("0:c0", "1:c1", "2:c2", "3:c3"), order);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void nobodyOvertakesAnAcceptorThatHasBeenServed(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen()) {
        Task<String> first = async(() -> accepted(listener));
        checkpoint();
        try (Connection client = connectTo(listener)) {
          client.write("first\n");
          while (listener.connections() == 0) {
            checkpoint();
          }
          assertThrows(TimeoutException.class, () -> timeout(ofMillis(5), listener::accept));
          assertEquals("first", await(first));
        }
      }
    });
  }

  // Closing

  @ParameterizedTest
  @EnumSource
  void closingWakesWhoAccepts(Via via) throws IOException {
    via.run(() -> {
      Listener listener = listen();
      List<Task<?>> acceptors = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        acceptors.add(
            async(() -> {
              var closed = assertThrows(ConnectionClosedException.class, listener::accept);
              assertEquals(listener + " has been closed here", closed.getMessage());
            }));
      }
      checkpoint();
      listener.close();
      for (Task<?> one : acceptors) {
        await(one);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void whatHasNotBeenHandedOutIsAborted(Via via) throws IOException {
    via.run(() -> {
      Listener listener = listen();
      Connection kept = handOut(listener);
      List<Connection> waiting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        waiting.add(connectTo(listener));
      }
      while (listener.connections() < 4) {
        checkpoint();
      }
      listener.close();
      for (Connection client : waiting) {
        assertThrows(SocketException.class, () -> client.read(1));
        client.close();
      }
      kept.write("still open");
      kept.close();
    });
  }

  private static Connection handOut(Listener listener) throws IOException {
    async(() -> {
      try (Connection client = connectTo(listener)) {
        assertEquals("still open", client.readString());
      }
    });
    return listener.accept();
  }

  @ParameterizedTest
  @EnumSource
  void soIsWhoHasNotEndedTheHandshake(Via via) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, null, null);
    via.run(() -> {
      Listener listener = Net.listener().tls(Tls.server(context)).listen("127.0.0.1", 0);
      Task<?> acceptor =
          async(() -> assertThrows(ConnectionClosedException.class, listener::accept));
      try (Connection silent = connectTo(listener)) {
        while (listener.connections() == 0) {
          checkpoint();
        }
        listener.close();
        assertThrows(SocketException.class, () -> silent.read(1));
        assertEquals(0, listener.connections());
      }
      await(acceptor);
    });
  }

  @ParameterizedTest
  @EnumSource
  void theAddressIsFreeAgainWhenItIsClosed(Via via) throws IOException {
    via.run(() -> {
      int port = 0;
      for (int i = 0; i < 20; i++) {
        try (Listener listener = Net.listen("127.0.0.1", port)) {
          port = listener.port();
          Connection client = connectTo(listener);
          Connection connection = listener.accept();
          connection.close();
          client.close();
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void closingAndConnectingAtTheSameTimeLosesNobody(Via via) throws IOException {
    via.run(() -> {
      for (int delay = 0; delay < 8; delay++) {
        Listener listener = listen();
        Task<Connection> acceptor = async(() -> listener.accept());
        checkpoint();
        Task<Connection> client = async(() -> connectTo(listener));
        checkpoints(delay);
        listener.close();
        for (Task<Connection> one : List.of(acceptor, client)) {
          try {
            one.await(IOException.class).close();
          } catch (IOException _) {
            // It came too late, or met the end.
          }
        }
        checkpoints(3);
        assertEquals(0, listener.connections());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledListenLeavesNothing(Via via) throws IOException {
    via.run(() -> {
      int port;
      try (Listener listener = listen()) {
        port = listener.port();
      }
      for (int delay = 0; delay < 6; delay++) {
        Task<Listener> opening = async(() -> Net.listen("127.0.0.1", port));
        checkpoints(delay);
        opening.cancel("not needed");
        try {
          opening.await(IOException.class).close();
        } catch (CancellationException _) {
          // It has not been opened.
        }
        Net.listen("127.0.0.1", port).close();
      }
    });
  }

  // Where

  @ParameterizedTest
  @EnumSource
  void anyAddressMeansThoseOfBothFamilies(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen(0)) {
        for (InetAddress here : Addresses.loopbacks()) {
          InetSocketAddress to = new InetSocketAddress(here, listener.port());
          try (Connection client = Net.connect(to);
              Connection connection = listener.accept()) {
            assertEquals(to, client.remoteAddress());
            assertEquals(to, connection.localAddress());
            assertEquals(client.localAddress(), connection.remoteAddress());
          }
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void oneAddressMeansOnlyThat(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen()) {
        assertEquals(new InetSocketAddress(Addresses.FOUR, listener.port()), listener.address());
        assertEquals("listener /127.0.0.1:" + listener.port(), listener.toString());
        assertThrows(ConnectException.class, () -> Net.connect("127.0.0.2", listener.port()));
      }
      try (Listener named = Net.listen(InetSocketAddress.createUnresolved("localhost", 0))) {
        assertTrue(((InetSocketAddress) named.address()).getAddress().isLoopbackAddress());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void severalLoopsShareAnAddress(Via via) throws Exception {
    via.run(() -> {
      try (Listener first = Net.listener().reusePort().listen("127.0.0.1", 0)) {
        CompletableFuture<Loop> otherLoop = new CompletableFuture<>();
        CompletableFuture<Listener> otherListener = new CompletableFuture<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofPlatform()
            .start(() -> {
              try {
                run(() -> {
                  otherLoop.complete(Loop.current());
                  try (Listener second =
                      Net.listener().reusePort().listen("127.0.0.1", first.port())) {
                    otherListener.complete(second);
                    second.serve(connection -> connection.write("second"));
                  }
                });
                end.complete(null);
              } catch (Throwable e) {
                otherListener.completeExceptionally(e);
                end.completeExceptionally(e);
              }
            });
        Listener second = await(otherListener);
        Task<?> server = async(() -> first.serve(connection -> connection.write("first")));
        Set<String> servers = new HashSet<>();
        while (servers.size() < 2) {
          try (Connection client = connectTo(first)) {
            servers.add(client.readString());
          }
        }
        assertEquals(Set.of("first", "second"), servers);
        await(otherLoop).submit(() -> second.close());
        await(end);
        first.close();
        await(server);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void itBelongsToItsLoop(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen()) {
        CompletableFuture<List<Throwable>> thrown = new CompletableFuture<>();
        Thread.ofPlatform()
            .start(() ->
                thrown.complete(
                    List.of(
                        assertThrows(WrongThreadException.class, listener::accept),
                        assertThrows(WrongThreadException.class, () -> listener.serve(_ -> {})),
                        assertThrows(WrongThreadException.class, listener::close))));
        for (Throwable one : await(thrown)) {
          String message = one.getMessage();
          assertTrue(message.contains("used only by tasks of its own loop"), message);
          assertTrue(message.contains("loop.submit"), message);
        }
      }
    });
  }

  // Options

  @ParameterizedTest
  @EnumSource
  void anOptionIsTheListenersOrItsConnections(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener =
              Net.listener()
                  .option(StandardSocketOptions.SO_REUSEADDR, false)
                  .option(StandardSocketOptions.SO_KEEPALIVE, true)
                  .option(StandardSocketOptions.TCP_NODELAY, false)
                  .backlog(1)
                  .listen("127.0.0.1", 0);
          Connection client = connectTo(listener);
          Connection connection = listener.accept()) {
        connection.write("set\n");
        assertEquals("set", lineFrom(client));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void anOptionThatNobodyHasIsRefused(Via via) throws IOException {
    via.run(() -> {
      var refused =
          assertThrows(
              UnsupportedOperationException.class,
              () ->
                  Net.listener()
                      .option(StandardSocketOptions.SO_BROADCAST, true)
                      .listen("127.0.0.1", 0));
      String message = refused.getMessage();
      assertTrue(
          message.startsWith(
              "listening on /127.0.0.1:0: SO_BROADCAST cannot be set here; there are IP_TOS, "),
          message);
    });
  }
}
