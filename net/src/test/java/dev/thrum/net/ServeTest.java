package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.Task;
import dev.thrum.VoidBodyOf;
import dev.thrum.sync.Barrier;
import dev.thrum.sync.Event;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.logging.Level;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What `serve` makes of connections and of its own end.
final class ServeTest {
  private final Trail trail = new Trail();

  private static Listener.Builder options() {
    return Net.listener();
  }

  private static Listener listen(Listener.Builder options) throws IOException {
    return options.listen("127.0.0.1", 0);
  }

  private static Connection connectTo(Listener listener) throws IOException {
    return Net.connect(listener.address());
  }

  private static Task<?> serving(Listener listener, VoidBodyOf<Connection, ?> handler) {
    return async(() -> listener.serve(handler));
  }

  private static String lineFrom(Connection connection) throws IOException {
    return connection.readLine().orElseThrow();
  }

  private static void end(Listener listener, Task<?> server) throws IOException {
    listener.close();
    await(server);
  }

  // Handlers

  @ParameterizedTest
  @EnumSource
  void eachConnectionHasATaskOfItsOwn(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen(options())) {
        Barrier all = Barrier.create(3);
        Task<?> server =
            serving(
                listener,
                connection -> {
                  all.await();
                  connection.write(current().name());
                });
        List<Connection> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          clients.add(connectTo(listener));
        }
        for (Connection client : clients) {
          assertEquals("serving " + client.localAddress(), client.readString());
          client.close();
        }
        end(listener, server);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void whatAHandlerHasWrittenIsSentWhenItReturns(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen(options())) {
        Task<?> server = serving(listener, connection -> connection.write(new byte[1 << 20]));
        try (Connection client = connectTo(listener)) {
          assertEquals(1 << 20, client.readAll().length);
        }
        end(listener, server);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aHandlerMayCloseItsConnectionItself(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen(options())) {
        Task<?> server =
            serving(
                listener,
                connection -> {
                  connection.write("bye");
                  connection.close();
                });
        try (Connection client = connectTo(listener)) {
          assertEquals("bye", client.readString());
        }
        end(listener, server);
      }
    });
  }

  // Failures

  @ParameterizedTest
  @EnumSource
  void aFailureAbortsTheConnectionAndIsReportedOnce(Via via) throws IOException {
    List<String> reports =
        via.runAndCollect(() -> {
          try (Listener listener = listen(options())) {
            Task<?> server =
                serving(
                    listener,
                    connection -> {
                      if (lineFrom(connection).equals("fail")) {
                        throw new IllegalStateException("as it was told");
                      }
                      connection.write("fine");
                    });
            try (Connection first = connectTo(listener);
                Connection failing = connectTo(listener)) {
              failing.write("fail\n");
              assertThrows(SocketException.class, () -> failing.readString());
              first.write("go on\n");
              assertEquals("fine", first.readString());
              trail.add("serving " + failing.localAddress());
            }
            end(listener, server);
          }
        });
    assertEquals(1, reports.size());
    trail.expect(reports.getFirst().replaceFirst(": .*", ""));
    assertTrue(reports.getFirst().endsWith("java.lang.IllegalStateException: as it was told"));
  }

  private interface Use {
    void of(Connection connection) throws IOException;
  }

  private static final Map<String, Use> USES_OF_A_LOST_ONE =
      Map.of(
          "read", connection -> connection.readExactly(1),
          "lines", connection -> connection.lines().forEach(_ -> {}),
          "input stream", connection -> connection.inputStream().readAllBytes(),
          "write", ServeTest::writeForEver,
          "wrapped",
              connection -> {
                try {
                  connection.readExactly(1);
                } catch (IOException e) {
                  throw new IllegalStateException("no use", e);
                }
              });

  private static void writeForEver(Connection connection) throws IOException {
    while (true) {
      connection.write(new byte[1 << 16]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPeerThatIsGoneIsNotReported(Via via) throws IOException {
    try (LogLines log = new LogLines(Level.FINE)) {
      for (var use : USES_OF_A_LOST_ONE.entrySet()) {
        List<String> reports =
            via.runAndCollect(() -> {
              try (Listener listener = listen(options())) {
                Event begun = Event.create();
                Event ended = Event.create();
                Task<?> server =
                    serving(
                        listener,
                        connection -> {
                          begun.set();
                          try {
                            use.getValue().of(connection);
                          } finally {
                            ended.set();
                          }
                        });
                Connection client = connectTo(listener);
                begun.await();
                client.abort();
                ended.await();
                end(listener, server);
              }
            });
        assertEquals(List.of(), reports, use.getKey());
      }
      assertEquals(
          USES_OF_A_LOST_ONE.size(),
          log.messages().stream().filter(one -> one.matches("the peer of .* is gone")).count());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherFailureIsReportedEvenIfThePeerIsGone(Via via) throws IOException {
    List<String> reports =
        via.runAndCollect(() -> {
          try (Listener listener = listen(options())) {
            Event failing = Event.create();
            Task<?> server =
                serving(
                    listener,
                    connection -> {
                      assertThrows(IOException.class, () -> connection.readExactly(1));
                      failing.set();
                      throw new FileNotFoundException("a file");
                    });
            connectTo(listener).abort();
            failing.await();
            end(listener, server);
          }
        });
    assertEquals(1, reports.size());
    assertTrue(reports.getFirst().endsWith("java.io.FileNotFoundException: a file"));
  }

  // Its end

  @ParameterizedTest
  @EnumSource
  void withoutGraceHandlersAreCancelledAtOnce(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen(options())) {
        Task<?> server =
            serving(
                listener,
                connection -> {
                  connection.write("begun\n");
                  try {
                    sleep(ofHours(1));
                  } catch (CancelledException e) {
                    trail.add("cancelled");
                    shield(() -> sleep(ofMillis(5)));
                    trail.add("cleaned up");
                    throw e;
                  }
                });
        try (Connection client = connectTo(listener)) {
          assertEquals("begun", lineFrom(client));
          end(listener, server);
          trail.add("ended");
          assertThrows(SocketException.class, () -> client.read(1));
        }
      }
    });
    trail.expect("cancelled", "cleaned up", "ended");
  }

  @ParameterizedTest
  @EnumSource
  void handlersMayEndByThemselvesWithinTheGrace(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen(options().grace(ofHours(1)))) {
        Task<?> server =
            serving(
                listener,
                connection -> {
                  connection.write("begun\n");
                  connection.write("answer to " + lineFrom(connection));
                  trail.add("answered");
                });
        try (Connection client = connectTo(listener)) {
          assertEquals("begun", lineFrom(client));
          listener.close();
          trail.add("closed");
          assertThrows(IOException.class, () -> connectTo(listener));
          client.write("a late question\n");
          assertEquals("answer to a late question", client.readString());
        }
        await(server);
        trail.add("ended");
      }
    });
    trail.expect("closed", "answered", "ended");
  }

  @ParameterizedTest
  @EnumSource
  void whenTheGraceIsOverHandlersAreCancelled(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen(options().grace(ofMillis(20)))) {
        Task<?> server =
            serving(
                listener,
                connection -> {
                  connection.write("begun\n");
                  try {
                    connection.readExactly(1);
                  } finally {
                    trail.add("handler left");
                  }
                });
        try (Connection client = connectTo(listener)) {
          assertEquals("begun", lineFrom(client));
          end(listener, server);
          trail.add("ended");
          assertThrows(SocketException.class, () -> client.read(1));
        }
      }
    });
    trail.expect("handler left", "ended");
  }

  @ParameterizedTest
  @EnumSource
  void cancellingServeGivesTheGraceToo(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen(options().grace(ofHours(1)))) {
        Task<?> server =
            serving(
                listener,
                connection -> {
                  connection.write("begun\n");
                  connection.write("answer to " + lineFrom(connection));
                });
        try (Connection client = connectTo(listener)) {
          assertEquals("begun", lineFrom(client));
          server.cancel("enough");
          checkpoint();
          client.write("a late question\n");
          assertEquals("answer to a late question", client.readString());
        }
        assertThrows(CancellationException.class, () -> await(server));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void cancellingTheMainTaskEndsEverything(Via via) throws IOException {
    via.run(() -> {
      List<Connection> clients = new ArrayList<>();
      try (Listener listener = listen(options())) {
        Task<?> main =
            async(() -> {
              try (listener) {
                listener.serve(connection -> {
                  connection.write("begun\n");
                  try {
                    connection.readExactly(1);
                  } finally {
                    trail.add("handler left");
                  }
                });
              } finally {
                trail.add("main left");
              }
            });
        for (int i = 0; i < 2; i++) {
          Connection client = connectTo(listener);
          assertEquals("begun", lineFrom(client));
          clients.add(client);
        }
        Thread.ofPlatform().start(() -> main.cancel("Ctrl-C"));
        assertThrows(CancellationException.class, () -> await(main));
        for (Connection client : clients) {
          assertThrows(SocketException.class, () -> client.read(1));
          client.close();
        }
      }
    });
    trail.expect("handler left", "handler left", "main left");
  }

  // Limits

  @ParameterizedTest
  @EnumSource
  void noMoreAreOpenThanMayBe(Via via) throws IOException {
    for (int limit : new int[] {1, 3}) {
      via.run(() -> {
        try (Listener listener = listen(options().maxConnections(limit))) {
          List<Connection> clients = new ArrayList<>();
          for (int i = 0; i < 8; i++) {
            Connection client = connectTo(listener);
            client.write("client " + i + "\n");
            clients.add(client);
          }
          List<String> served = new ArrayList<>();
          List<Event> goOn = new ArrayList<>();
          Task<?> server =
              serving(
                  listener,
                  connection -> {
                    Event mayEnd = Event.create();
                    served.add(lineFrom(connection));
                    goOn.add(mayEnd);
                    mayEnd.await();
                  });
          for (int ended = 0; ended < 8; ended++) {
            int reached = Math.min(8, ended + limit);
            while (goOn.size() < reached) {
              assertTrue(listener.connections() <= limit, "open: " + listener.connections());
              checkpoint();
            }
            for (int i = 0; i < 5; i++) {
              checkpoint();
              assertTrue(listener.connections() <= limit, "open: " + listener.connections());
              assertEquals(reached, goOn.size());
            }
            assertEquals("client " + (reached - 1), served.getLast());
            goOn.get(ended).set();
          }
          for (Connection client : clients) {
            client.close();
          }
          end(listener, server);
        }
      });
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionThatIsAcceptedCountsUntilItIsClosed(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = listen(options().maxConnections(1));
          Connection first = connectTo(listener);
          Connection second = connectTo(listener)) {
        second.write("second\n");
        Connection accepted = listener.accept();
        Task<Connection> next = async(() -> listener.accept());
        for (int i = 0; i < 5; i++) {
          checkpoint();
        }
        assertEquals(1, listener.connections());
        accepted.close();
        try (Connection connection = await(next)) {
          assertEquals("second", lineFrom(connection));
        }
        assertEquals(0, first.read(1).length);
        assertEquals(0, listener.connections());
      }
    });
  }
}
