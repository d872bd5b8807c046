package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.Loop;
import dev.thrum.http.Server;
import dev.thrum.web.internal.Launch;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An application that several loops serve on one port.
final class LoopsTest {
  private static final Key<Pool> POOL = Key.of("pool");
  private static final int MOST_TRIES = 1000;

  private final List<String> trail = new CopyOnWriteArrayList<>();
  private LogLines log;

  /// What has to be open while requests are answered, whatever the loop.
  private final class Pool implements AutoCloseable {
    private final String first = Loop.current().name();
    private volatile boolean closed;

    String use() {
      return closed ? "closed" : "open";
    }

    @Override
    public void close() {
      closed = true;
      trail.add("close pool");
    }
  }

  /// What a test does while the application is served, on a thread of its own.
  @FunctionalInterface
  private interface Clients {
    void run(int port, Runnable stop) throws Exception;
  }

  /// Has a test begin when the port is open, and ends the application after it.
  private static final class Started extends Launch {
    private final Clients clients;
    private volatile Thread thread;
    private volatile Throwable failure;
    private volatile IOException told;

    Started(Clients clients) {
      this.clients = clients;
    }

    @Override
    public boolean begins(List<Line> routes) {
      return true;
    }

    @Override
    public void listens(int port, Runnable stop) {
      thread =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  clients.run(port, stop);
                } catch (Throwable e) {
                  failure = e;
                } finally {
                  stop.run();
                }
              });
    }

    @Override
    public void fails(IOException reason) {
      told = reason;
    }
  }

  /// A connection that stays open.
  private static final class Client implements Closeable {
    private final Socket socket;
    private final InputStream in;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(20_000);
      in = socket.getInputStream();
    }

    void send(String target) throws IOException {
      String request = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    String body() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int one = in.read();
        assertTrue(one >= 0, head.toString());
        head.append((char) one);
      }
      String length = head.toString().replaceAll("(?si).*content-length: (\\d+).*", "$1");
      return new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.US_ASCII);
    }

    String get(String target) throws IOException {
      send(target);
      return body();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @BeforeEach
  void listen() {
    log = new LogLines();
  }

  @AfterEach
  void forget() {
    Launch.forget();
    log.close();
  }

  private void serve(App app, int loops, Clients clients) throws Exception {
    Started started = new Started(clients);
    Launch.install(started);
    app.serve(0, loops);
    started.thread.join();
    if (started.failure != null) {
      throw new AssertionError(started.failure);
    }
  }

  private void expect(String... events) {
    assertEquals(List.of(events), trail);
  }

  private App app() {
    App app = App.create();
    app.lifespan(serve -> {
      trail.add("open outer");
      serve.run();
      trail.add("close outer");
    });
    app.lifespan(serve -> {
      try (Pool pool = new Pool()) {
        trail.add("open pool");
        app.set(POOL, pool);
        serve.run();
      }
    });
    app.get("/", _ -> app.get(POOL).use() + " " + Loop.current().name());
    app.get("/first", _ -> app.get(POOL).first);
    return app;
  }

  /// A connection to another loop than the one that has opened the pool.
  private static Client elsewhere(int port) throws IOException {
    for (int i = 0; i < MOST_TRIES; i++) {
      Client client = new Client(port);
      if (!client.get("/").endsWith(" " + client.get("/first"))) {
        return client;
      }
      client.close();
    }
    throw new AssertionError("all connections go to the first loop");
  }

  @Test
  void whatALifespanOpensIsThereOnceForAllLoops() throws Exception {
    serve(
        app(),
        3,
        (port, _) -> {
          expect("open outer", "open pool");
          Set<String> seen = new HashSet<>();
          for (int i = 0; i < MOST_TRIES && seen.size() < 3; i++) {
            try (Client client = new Client(port)) {
              seen.add(client.get("/"));
            }
          }
          assertEquals(3, seen.size(), seen.toString());
          assertTrue(seen.stream().allMatch(one -> one.startsWith("open ")), seen.toString());
        });
    expect("open outer", "open pool", "close pool", "close outer");
  }

  @Test
  void itIsClosedWhenTheLastRequestOfAnyLoopHasEnded() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean released = new AtomicBoolean();
    App app = app();
    app.get(
        "/slow",
        req -> {
          begun.countDown();
          while (!released.get()) {
            Async.sleep(Duration.ofMillis(1));
          }
          req.after(() -> {
            Async.sleep(Duration.ofMillis(20));
            trail.add("after, " + app.get(POOL).use());
          });
          return app.get(POOL).use();
        });
    serve(
        app,
        2,
        (port, stop) -> {
          try (Client client = elsewhere(port)) {
            client.send("/slow");
            assertTrue(begun.await(20, TimeUnit.SECONDS));
            stop.run();
            Thread.sleep(50); // in which the first loop has nothing left to do
            expect("open outer", "open pool");
            released.set(true);
            assertEquals("open", client.body());
          }
        });
    expect("open outer", "open pool", "after, open", "close pool", "close outer");
  }

  @Test
  void aLifespanThatFailsKeepsAllFromListening() {
    App app = app();
    app.lifespan(_ -> {
      throw new IOException("no database");
    });
    Started started = new Started((_, _) -> {});
    Launch.install(started);
    var failure = assertThrows(UncheckedIOException.class, () -> app.serve(0, 2));
    assertEquals("no database", failure.getMessage());
    expect("open outer", "open pool", "close pool");
    assertNull(started.thread);
  }

  @Test
  void ifOneLoopCannotListenAllEnd() {
    App app = app();
    Started started = new Started((_, _) -> {});
    Launch.install(started);
    IOException none = new IOException("no room");
    int[] opened = {0};
    Server.Builder builder = Server.builder().port(0);
    Serving serving =
        new Serving(
            app,
            builder,
            served -> {
              if (++opened[0] == 2) {
                throw none;
              }
              return builder.listen(served);
            });
    assertEquals(none, assertThrows(IOException.class, () -> serving.on(3)));
    assertEquals(none, started.told);
    assertEquals(2, opened[0]);
    assertNull(started.thread);
    expect("open outer", "open pool", "close pool");
  }

  @Test
  void aPortThatSomebodyHasIsAnUncheckedException() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      App app = App.create();
      var failure = assertThrows(UncheckedIOException.class, () -> app.serve(taken.getLocalPort()));
      assertTrue(failure.getMessage().contains("in use"), failure.getMessage());
    }
  }
}
