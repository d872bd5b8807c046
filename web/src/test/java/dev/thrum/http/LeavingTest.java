package dev.thrum.http;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static dev.thrum.http.Serving.MILLI;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.Task;
import dev.thrum.http.RawClient.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of requests when the client leaves, the server closes, or the application fails.
final class LeavingTest {
  private static final Duration LONG = Duration.ofSeconds(25);

  // Clients that leave

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRequestIsCancelledWhenItsClientLeaves(boolean politely) throws Exception {
    boolean[] begun = {false};
    boolean[] cancelled = {false};
    Serving.with(
        exchange -> {
          begun[0] = true;
          try {
            sleep(LONG);
          } catch (CancelledException e) {
            cancelled[0] = true;
            throw e;
          }
        },
        server -> {
          RawClient client = Serving.connect(server);
          client.get("/");
          Serving.until(begun);
          if (politely) {
            client.close();
          } else {
            client.abort();
          }
          Serving.until(cancelled);
        });
  }

  @Test
  void aRequestIsCancelledWhenItsClientLeavesInTheMiddleOfItsResponse() throws Exception {
    boolean[] cancelled = {false};
    Serving.with(
        exchange -> {
          exchange.begin(200, Headers.create());
          try {
            while (true) {
              exchange.write("tick\n".getBytes(UTF_8));
              sleep(MILLI);
            }
          } catch (CancelledException | IOException e) {
            cancelled[0] = true;
            throw e;
          }
        },
        server -> {
          RawClient client = Serving.connect(server);
          client.get("/");
          client.connection.readLine();
          client.close();
          Serving.until(cancelled);
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRequestIsCancelledWhenItsClientLeavesInTheMiddleOfItsBody(boolean reads) throws Exception {
    boolean[] begun = {false};
    boolean[] cancelled = {false};
    Serving.with(
        exchange -> {
          begun[0] = true;
          try {
            if (reads) {
              exchange.readAll();
            }
            sleep(LONG);
          } catch (CancelledException | IOException e) {
            cancelled[0] = true;
            throw e;
          }
        },
        server -> {
          RawClient client = Serving.connect(server);
          client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
          client.connection.write(new byte[reads ? 1000 : 400_000]);
          client.connection.flush();
          Serving.until(begun);
          sleep(MILLI.multipliedBy(5));
          client.abort();
          Serving.until(cancelled);
        });
  }

  @Test
  void requestsThatWaitForTheirTurnAreForgotten() throws Exception {
    int[] begun = {0};
    Serving.with(
        exchange -> {
          begun[0]++;
          sleep(LONG);
        },
        server -> {
          RawClient client = Serving.connect(server);
          for (int i = 0; i < 5; i++) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
          }
          while (begun[0] == 0) {
            sleep(MILLI);
          }
          client.close();
          while (server.connections() > 0) {
            sleep(MILLI);
          }
          assertEquals(1, begun[0]);
        });
  }

  // Servers that close

  @Test
  void whatIsUnderWayComesToItsEnd() throws Exception {
    boolean[] begun = {false};
    Serving.run(() -> {
      Server server =
          Server.builder()
              .port(0)
              .grace(LONG)
              .listen(exchange -> {
                begun[0] = true;
                sleep(MILLI.multipliedBy(50));
                Serving.echo(exchange);
              });
      try (RawClient busy = Serving.connect(server);
          RawClient idle = Serving.connect(server);
          RawClient late = Serving.connect(server)) {
        begun[0] = false;
        assertEquals(200, idle.get("/").response().status());
        begun[0] = false;
        busy.get("/busy").get("/behind");
        Serving.until(begun);
        Task<?> closing = async(server::close);
        assertEquals("", idle.rest());
        assertEquals("", late.rest());
        Response response = busy.response();
        assertEquals("GET /busy ", response.body());
        assertEquals("", response.header("connection"));
        Response behind = busy.response();
        assertEquals("GET /behind ", behind.body());
        assertEquals("close", behind.header("connection"));
        assertEquals("", busy.rest());
        assertThrows(IOException.class, () -> Serving.connect(server));
        busy.close();
        await(closing);
        server.close();
      }
    });
  }

  /// A head that is whole only when the server ends, and one behind a request that is answered.
  @Test
  void whatComesMeanwhileIsRefused() throws Exception {
    boolean[] begun = {false};
    boolean[] released = {false};
    int[] answered = {0};
    Serving.run(() -> {
      Server server =
          Server.builder()
              .port(0)
              .grace(LONG)
              .listen(exchange -> {
                answered[0]++;
                begun[0] = true;
                Serving.until(released);
                Serving.echo(exchange);
              });
      try (RawClient busy = Serving.connect(server);
          RawClient half = Serving.connect(server);
          RawClient idle = Serving.connect(server)) {
        busy.get("/busy");
        half.send("GET /half HTTP/1.1\r\nHo");
        Serving.until(begun);
        sleep(MILLI.multipliedBy(5));
        Task<?> closing = async(server::close);
        assertEquals("", idle.rest());
        assertRefused(half.send("st: a\r\n\r\n").response());
        assertEquals("", half.rest());
        busy.send("POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        sleep(MILLI.multipliedBy(5));
        released[0] = true;
        assertEquals("GET /busy ", busy.response().body());
        assertRefused(busy.response());
        assertEquals("", busy.rest());
        half.close();
        busy.close();
        await(closing);
        assertEquals(1, answered[0]);
      }
    });
  }

  @Test
  void aRefusalOfHeadHasNoBody() throws Exception {
    Serving.run(() -> {
      Server server = Server.builder().port(0).grace(LONG).listen(Serving::echo);
      try (RawClient half = Serving.connect(server);
          RawClient malformed = Serving.connect(server)) {
        Response bad = malformed.send("HEAD / HTTP/1.1\r\n\r\n").response(false);
        assertEquals(400, bad.status());
        assertTrue(Integer.parseInt(bad.header("content-length")) > 0);
        assertEquals("", malformed.rest());
        half.send("HEAD /half HTTP/1.1\r\nHo");
        sleep(MILLI.multipliedBy(5));
        Task<?> closing = async(server::close);
        sleep(MILLI.multipliedBy(5));
        Response refused = half.send("st: a\r\n\r\n").response(false);
        assertRefused(refused);
        assertTrue(Integer.parseInt(refused.header("content-length")) > 0);
        assertEquals("", half.rest());
        half.close();
        malformed.close();
        await(closing);
      }
    });
  }

  @Test
  @Tag("slow") // the second that a head has to come whole
  void aHeadThatDoesNotComeKeepsNoServerOpen() throws Exception {
    Serving.run(() -> {
      Server server = Server.builder().port(0).grace(LONG).listen(Serving::echo);
      try (RawClient half = Serving.connect(server)) {
        half.send("GET /half HTTP/1.1\r\nHo");
        sleep(MILLI.multipliedBy(5));
        Task<?> closing = async(server::close);
        timeout(
            Duration.ofSeconds(10),
            () -> {
              assertEquals(408, half.response().status());
              assertEquals("", half.rest());
              half.close();
              await(closing);
            });
      }
    });
  }

  private static void assertRefused(Response response) {
    assertEquals(503, response.status());
    assertEquals("close", response.header("connection"));
    assertEquals("1", response.header("retry-after"));
  }

  @Test
  void whatTakesTooLongIsCancelled() throws Exception {
    boolean[] begun = {false};
    boolean[] cancelled = {false};
    Serving.run(() -> {
      Server server =
          Server.builder()
              .port(0)
              .grace(MILLI.multipliedBy(30))
              .listen(exchange -> {
                begun[0] = true;
                try {
                  sleep(LONG);
                } finally {
                  cancelled[0] = true;
                }
              });
      RawClient client = Serving.connect(server);
      client.get("/");
      Serving.until(begun);
      server.close();
      assertTrue(cancelled[0]);
      assertEquals(0, server.connections());
      assertThrows(IOException.class, client::response);
      client.abort();
    });
  }

  @Test
  void aServerEndsWithTheScopeInWhichItWasOpened() throws Exception {
    boolean[] begun = {false};
    boolean[] cancelled = {false};
    Serving.run(() -> {
      RawClient client =
          scope(_ -> {
            Server server =
                Server.builder()
                    .port(0)
                    .grace(LONG)
                    .listen(exchange -> {
                      begun[0] = true;
                      try {
                        sleep(LONG);
                      } finally {
                        cancelled[0] = true;
                      }
                    });
            RawClient mine = Serving.connect(server);
            mine.get("/");
            Serving.until(begun);
            return mine;
          });
      assertTrue(cancelled[0]);
      assertThrows(IOException.class, client::response);
      client.abort();
    });
  }

  /// Also while it lets requests come to their end.
  @Test
  void aServerWhoseTaskIsCancelledEndsAtOnce() throws Exception {
    boolean[] begun = {false};
    Serving.run(() -> {
      Task<?> task =
          async(() -> {
            try (Server server =
                Server.builder()
                    .port(0)
                    .grace(LONG)
                    .listen(exchange -> {
                      begun[0] = true;
                      sleep(LONG);
                    })) {
              try (RawClient client = Serving.connect(server)) {
                client.get("/");
                Serving.until(begun);
                server.stop();
                server.await();
              }
            }
          });
      Serving.until(begun);
      sleep(MILLI.multipliedBy(5));
      assertTrue(task.cancel("enough"));
      assertThrows(CancellationException.class, task::await);
    });
  }

  // Applications that fail

  @Test
  void aFailureBecomesAResponseAndIsLogged() throws Exception {
    try (LogLines log = LogLines.listen()) {
      Serving.with(
          exchange -> {
            throw new IllegalArgumentException("what a pity");
          },
          server -> {
            try (RawClient client = Serving.connect(server)) {
              Response response = client.get("/x").get("/y").response();
              assertEquals(500, response.status());
              assertEquals("500 Internal Server Error\n", response.body());
              assertEquals(500, client.response().status());
            }
          });
      assertTrue(log.text().contains("GET /x") && log.text().contains("what a pity"), log.text());
    }
  }

  @Test
  void anErrorOfHttpIsToldToTheClientOnly() throws Exception {
    Serving.with(
        exchange -> {
          throw new HttpException(429, "slowly", Headers.of("Retry-After", "3"));
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            Response response = client.get("/").response();
            assertEquals(429, response.status());
            assertEquals("3", response.header("retry-after"));
            assertEquals("429 slowly\n", response.body());
          }
        });
  }

  @Test
  void aFailureInTheMiddleOfAResponseCutsTheConnectionOff() throws Exception {
    try (LogLines log = LogLines.listen()) {
      Serving.with(
          exchange -> {
            exchange.begin(200, Headers.create());
            exchange.write("half".getBytes(UTF_8));
            throw new IllegalStateException("and no more");
          },
          server -> {
            try (RawClient client = Serving.connect(server)) {
              client.get("/");
              assertThrows(IOException.class, client::response);
            }
          });
      assertTrue(log.text().contains("and no more"), log.text());
    }
  }

  /// Somebody else's cancellation is a failure like any other.
  @Test
  void awaitingACancelledTaskIsAFailure() throws Exception {
    try (LogLines log = LogLines.listen()) {
      Serving.with(
          exchange -> {
            Task<?> task = async(() -> sleep(LONG));
            assertTrue(task.cancel("no need"));
            await(task);
          },
          server -> {
            try (RawClient client = Serving.connect(server)) {
              assertEquals(500, client.get("/").response().status());
            }
          });
      assertTrue(log.text().contains("CancellationException"), log.text());
    }
  }

  @Test
  void noResponseIsAFailure() throws Exception {
    try (LogLines log = LogLines.listen()) {
      Serving.with(
          exchange -> {},
          server -> {
            try (RawClient client = Serving.connect(server)) {
              assertEquals(500, client.get("/").response().status());
            }
          });
      assertTrue(log.text().contains("no response"), log.text());
    }
  }

  @Test
  void anApplicationMayCutItsResponseOff() throws Exception {
    Serving.with(
        exchange -> {
          exchange.begin(200, Headers.create());
          exchange.write("half".getBytes(UTF_8));
          exchange.abort();
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.get("/");
            assertThrows(IOException.class, client::response);
          }
        });
  }
}
