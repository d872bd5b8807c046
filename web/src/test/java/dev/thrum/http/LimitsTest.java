package dev.thrum.http;

import static dev.thrum.Async.sleep;
import static dev.thrum.http.Serving.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.http.RawClient.Response;
import dev.thrum.net.Net;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client may send at most, and how long it may take.
final class LimitsTest {
  private static final Duration SHORT = MILLI.multipliedBy(60);
  private static final String CHUNKED =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  // Sizes

  @Test
  void anAnnouncedBodyThatIsTooLongIsRefusedBeforeItComes() throws Exception {
    Serving.with(
        settings -> settings.maxBody(10),
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789");
            assertEquals(200, client.response().status());
            client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
            Response response = client.response();
            assertEquals(413, response.status());
            assertEquals("close", response.header("connection"));
            assertEquals("", client.rest());
          }
        });
  }

  @Test
  void aBodyThatTurnsOutTooLongIsRefused() throws Exception {
    Serving.with(
        settings -> settings.maxBody(10),
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send(CHUNKED + "a\r\n0123456789\r\n0\r\n\r\n");
            assertEquals(200, client.response().status());
            client.send(CHUNKED + "b\r\n0123456789a\r\n");
            assertEquals(413, client.response().status());
          }
        });
  }

  @Test
  void anApplicationMaySetAnotherLimit() throws Exception {
    Serving.with(
        settings -> settings.maxBody(10),
        exchange -> {
          exchange.bodyLimit(11);
          Serving.echo(exchange);
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send(CHUNKED + "b\r\n0123456789a\r\n0\r\n\r\n");
            assertEquals(200, client.response().status());
          }
        });
  }

  @Test
  void linesAndHeadersHaveTheLimitsThatAreSet() throws Exception {
    Serving.with(
        settings -> settings.maxLine(100).maxHeader(100),
        Serving::echo,
        server -> {
          String[] requests = {
            "GET /" + "x".repeat(70) + " HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(70) + "\r\n\r\n",
            "GET /" + "x".repeat(100) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(100) + "\r\n\r\n"
          };
          int[] statuses = {200, 414, 431};
          for (int i = 0; i < 3; i++) {
            try (RawClient client = Serving.connect(server)) {
              assertEquals(statuses[i], client.send(requests[i]).response().status());
            }
          }
        });
  }

  @Test
  void otherConnectionsWaitInTheSystem() throws Exception {
    Serving.with(
        settings -> settings.maxConnections(2),
        Serving::echo,
        server -> {
          try (RawClient one = Serving.connect(server);
              RawClient two = Serving.connect(server)) {
            assertEquals(200, one.get("/").response().status());
            assertEquals(200, two.get("/").response().status());
            try (RawClient three = Serving.connect(server)) {
              three.get("/");
              sleep(MILLI.multipliedBy(50));
              assertEquals(2, server.connections());
              one.close();
              assertEquals(200, three.response().status());
            }
          }
        });
  }

  @Test
  void serversOfOnePortHaveTheLimitTogether() throws Exception {
    Serving.run(() -> {
      Server.Builder both = Server.builder().port(0).maxConnections(3).reusePort(2);
      List<RawClient> clients = new ArrayList<>();
      try (Server first = both.listen(Serving::echo);
          Server second = both.at(first.address()).listen(Serving::echo)) {
        while (first.connections() < 2 || second.connections() < 1) {
          clients.add(Serving.connect(first));
          sleep(MILLI);
        }
        for (int i = 0; i < 8; i++) {
          clients.add(Serving.connect(first));
        }
        sleep(MILLI.multipliedBy(50));
        assertEquals(2, first.connections());
        assertEquals(1, second.connections());
        clients.forEach(RawClient::abort);
      }
    });
  }

  // Times

  @Test
  void aHeadThatDoesNotComeIsRefused() throws Exception {
    Serving.with(
        settings -> settings.headerTimeout(SHORT),
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            Response response = client.send("GET / HTTP/1.1\r\nHost:").response();
            assertEquals(408, response.status());
            assertEquals("close", response.header("connection"));
            assertEquals("", client.rest());
          }
        });
  }

  /// Also where the server would wait longer for the beginning of another request.
  @Test
  void theHeadOfALaterRequestHasNoMoreTime() throws Exception {
    Serving.with(
        settings -> settings.headerTimeout(SHORT).keepAlive(Duration.ofSeconds(20)),
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            assertEquals(200, client.get("/").response().status());
            sleep(SHORT.multipliedBy(2));
            assertEquals(408, client.send("GET").response().status());
          }
        });
  }

  @Test
  void aHeadThatComesByteByByteHasNoMoreTime() throws Exception {
    Serving.with(
        settings -> settings.headerTimeout(SHORT),
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
            var sending =
                dev.thrum.Async.async(() -> {
                  for (int i = 0; i < 100; i++) {
                    client.send("x");
                    sleep(MILLI.multipliedBy(2));
                  }
                });
            assertEquals(408, client.response().status());
            assertEquals("", client.rest());
            boolean _ = sending.cancel("the answer is there");
          }
        });
  }

  @Test
  void aConnectionOnWhichNothingComesIsClosedWithoutAWord() throws Exception {
    Serving.with(
        settings -> settings.headerTimeout(SHORT),
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            assertEquals("", client.rest());
          }
        });
  }

  @Test
  void anIdleConnectionIsClosed() throws Exception {
    Serving.with(
        settings -> settings.keepAlive(SHORT),
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            assertEquals(200, client.get("/").response().status());
            assertEquals("", client.rest());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 10", "Transfer-Encoding: chunked"})
  void aBodyThatDoesNotComeIsRefused(String framing) throws Exception {
    Serving.with(
        settings -> settings.bodyTimeout(SHORT),
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n5\r\nhel");
            Response response = client.response();
            assertEquals(408, response.status());
            assertEquals("close", response.header("connection"));
            assertEquals("", client.rest());
          }
        });
  }

  @Test
  void theRestOfABodyThatNobodyReadHasToComeInTime() throws Exception {
    Serving.with(
        settings -> settings.bodyTimeout(SHORT),
        exchange -> exchange.respond(200, Headers.create(), new byte[0]),
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
            assertEquals(200, client.response().status());
            assertEquals("", client.rest());
          }
        });
  }

  @Test
  void aClientThatTakesNothingIsCutOff() throws Exception {
    String[] told = {""};
    Serving.with(
        settings -> settings.writeTimeout(SHORT),
        exchange -> {
          exchange.begin(200, Headers.create());
          told[0] =
              assertThrows(
                      IOException.class,
                      () -> {
                        while (true) {
                          exchange.write(new byte[100_000]);
                        }
                      })
                  .getMessage();
        },
        server -> {
          RawClient client = Serving.connect(server);
          client.get("/");
          while (told[0].isEmpty()) {
            sleep(MILLI);
          }
          assertThrows(IOException.class, client::rest);
          client.abort();
        });
    assertTrue(told[0].contains("has taken nothing"), told[0]);
  }

  /// Responses that were given at once wait in the server's memory, but not for ever.
  @Test
  void aClientThatNeverReadsItsResponsesIsCutOff() throws Exception {
    Serving.with(
        settings -> settings.writeTimeout(SHORT),
        exchange -> exchange.respond(200, Headers.create(), new byte[3_000_000]),
        server -> {
          try (var connection = Net.connect("127.0.0.1", server.port())) {
            RawClient client = Serving.over(connection);
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(10));
            while (server.connections() == 0) {
              sleep(MILLI);
            }
            while (server.connections() > 0) {
              sleep(MILLI);
            }
            assertThrows(IOException.class, client::rest);
            connection.abort();
          }
        });
  }
}
