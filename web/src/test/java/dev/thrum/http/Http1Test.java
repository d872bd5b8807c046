package dev.thrum.http;

import static dev.thrum.Async.sleep;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.http.RawClient.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How requests and responses of HTTP/1 are framed, and what becomes of the connection.
final class Http1Test {

  private static void hello(Exchange exchange) {
    exchange.respond(200, Headers.create(), "hello".getBytes(UTF_8));
  }

  // The connection

  @Test
  void aConnectionIsUsedAgain() throws Exception {
    Serving.with(
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            for (int i = 0; i < 5; i++) {
              Response response = client.get("/" + i).response();
              assertEquals("HTTP/1.1 200 OK", response.line());
              assertEquals("GET /" + i + " ", response.body());
              assertEquals("", response.header("connection"));
              assertTrue(response.header("date").endsWith("GMT"));
            }
            assertEquals(1, server.connections());
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "1.1, '', '', true",
    "1.1, Connection: close, close, false",
    "1.1, 'Connection: x, Close', close, false",
    "1.1, Connection: keep-alive, '', true",
    "1.0, '', close, false",
    "1.0, Connection: keep-alive, keep-alive, true",
    "1.0, Connection: close, close, false",
  })
  void theClientSaysWhetherItStays(String version, String header, String told, boolean stays)
      throws Exception {
    Serving.with(
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            String more = header.isEmpty() ? "" : header + "\r\n";
            client.send("GET / HTTP/" + version + "\r\nHost: a\r\n" + more + "\r\n");
            Response response = client.response();
            assertEquals(200, response.status());
            assertEquals(told, response.header("connection"));
            if (stays) {
              assertEquals(200, client.get("/").response().status());
            } else {
              assertEquals("", client.rest());
            }
          }
        });
  }

  @Test
  void theApplicationSaysThatItIsTheLastOne() throws Exception {
    Serving.with(
        exchange -> exchange.respond(200, Headers.of("Connection", "close"), new byte[1]),
        server -> {
          try (RawClient client = Serving.connect(server)) {
            assertEquals("close", client.get("/").get("/2").response().header("connection"));
            assertEquals("", client.rest());
          }
        });
  }

  @Test
  void noRequestIsTakenAfterTheLastOne() throws Exception {
    List<String> seen = new ArrayList<>();
    Serving.with(
        exchange -> {
          seen.add(exchange.target());
          Serving.echo(exchange);
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client
                .get("/1")
                .send("GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                .send("POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            assertEquals("GET /1 ", client.response().body());
            assertEquals("GET /2 ", client.response().body());
            assertEquals("", client.rest());
          }
        });
    assertEquals(List.of("/1", "/2"), seen);
  }

  // Pipelining

  @Test
  void answersComeInTheOrderOfTheRequests() throws Exception {
    Serving.with(
        exchange -> {
          sleep(Serving.MILLI.multipliedBy(exchange.target().hashCode() & 3));
          Serving.echo(exchange);
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 100; i++) {
              all.append("POST /").append(i).append(" HTTP/1.1\r\nHost: a\r\n");
              all.append("Content-Length: 3\r\n\r\n").append(100 + i);
            }
            client.send(all.toString());
            for (int i = 0; i < 100; i++) {
              assertEquals("POST /" + i + " " + (100 + i), client.response().body());
            }
          }
        });
  }

  /// Many requests are in the system's buffers; the server has taken only some of them.
  @Test
  void aClientThatSendsManyRequestsHasToWait() throws Exception {
    int[] begun = {0};
    Serving.with(
        exchange -> {
          begun[0]++;
          exchange.respond(200, Headers.create(), new byte[100_000]);
        },
        server -> {
          RawClient client = Serving.connect(server);
          String some = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100);
          for (int i = 0; i < 5; i++) {
            client.send(some);
          }
          int before; // the system takes what its buffers hold, and may enlarge them
          do {
            before = begun[0];
            sleep(Serving.MILLI.multipliedBy(50));
          } while (begun[0] != before);
          assertTrue(before < 200, before + " were answered though nobody reads");
          for (int i = 0; i < 500; i++) {
            assertEquals(100_000, client.response().body().length());
          }
          client.close();
        });
  }

  // 100-continue

  @Test
  void theClientIsToldToGoOnWhenTheBodyIsRead() throws Exception {
    List<String> trail = new ArrayList<>();
    Serving.with(
        exchange -> {
          trail.add("called");
          sleep(Serving.MILLI.multipliedBy(20));
          trail.add("reads");
          Serving.echo(exchange);
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n");
            Response first = client.response();
            trail.add("told");
            assertEquals("HTTP/1.1 100 Continue", first.line());
            assertEquals("POST / hello", client.send("hello").response().body());
            assertEquals("GET / ", client.get("/").response().body());
          }
        });
    assertEquals(List.of("called", "reads", "told", "called", "reads"), trail);
  }

  @Test
  void aBodyThatIsNotReadIsNotAskedFor() throws Exception {
    Serving.with(
        exchange -> exchange.respond(403, Headers.create(), new byte[0]),
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            Response response = client.response();
            assertEquals(403, response.status());
            assertEquals("close", response.header("connection"));
            assertEquals("", client.rest());
          }
        });
  }

  @Test
  void aBodyThatCameUnaskedIsTaken() throws Exception {
    Serving.with(
        exchange -> {
          sleep(Serving.MILLI.multipliedBy(20));
          Serving.echo(exchange);
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
                    + "hello");
            Response response = client.response();
            assertEquals("POST / hello", response.body());
          }
        });
  }

  // Framing of responses

  @Test
  void headHasTheHeadersOfGetAndNoBody() throws Exception {
    Serving.with(
        exchange -> {
          switch (exchange.target()) {
            case "/whole" -> hello(exchange);
            case "/told" -> exchange.respond(200, Headers.of("Content-Length", "500"), new byte[0]);
            case "/parts" -> {
              exchange.begin(200, Headers.of("Content-Length", "5"));
              exchange.write("hello".getBytes(UTF_8));
            }
            case "/head" -> exchange.begin(200, Headers.of("Content-Length", "700"));
            default -> {
              exchange.begin(200, Headers.create());
              exchange.write("hello".getBytes(UTF_8));
              exchange.end(Headers.of("X", "y"));
            }
          }
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            for (String target : List.of("/whole", "/told", "/parts", "/head", "/chunked")) {
              client.send("HEAD " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            assertEquals("5", client.response(false).header("content-length"));
            assertEquals("500", client.response(false).header("content-length"));
            assertEquals("5", client.response(false).header("content-length"));
            assertEquals("700", client.response(false).header("content-length"));
            assertEquals("chunked", client.response(false).header("transfer-encoding"));
            assertEquals("hello", client.get("/whole").response().body());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void someStatusesHaveNoBody(int status) throws Exception {
    Serving.with(
        exchange -> {
          Headers headers = Headers.of("Content-Length", "5", "Transfer-Encoding", "chunked");
          if (exchange.target().equals("/whole")) {
            exchange.respond(status, headers, "hello".getBytes(UTF_8));
          } else {
            exchange.begin(status, headers);
            exchange.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
            exchange.end();
          }
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            for (String target : List.of("/whole", "/parts", "/whole")) {
              Response response = client.get(target).response();
              assertEquals(status, response.status());
              assertEquals("", response.header("transfer-encoding"));
              assertEquals(status == 304 ? "5" : "", response.header("content-length"));
            }
          }
        });
  }

  @Test
  void trailersComeAndGo() throws Exception {
    Serving.with(
        exchange -> {
          exchange.readAll();
          String came = exchange.trailers().get("X", "none");
          exchange.begin(200, Headers.of("Trailer", "Y"));
          exchange.write("body".getBytes(UTF_8));
          exchange.end(Headers.of("Y", came));
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            Response response = client.send("2\r\nhi\r\n0\r\nX: told\r\n\r\n").response();
            assertEquals("body", response.body());
            assertEquals("{y=told}", response.trailers());
          }
        });
  }

  @Test
  void anOldClientGetsABodyToTheEndOfTheStream() throws Exception {
    Serving.with(
        exchange -> {
          exchange.inform(103, Headers.of("Link", "x"));
          exchange.begin(200, Headers.create());
          exchange.write("hello".getBytes(UTF_8));
          exchange.end(Headers.of("X", "left out"));
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            Response response = client.response();
            assertEquals("HTTP/1.1 200 OK", response.line());
            assertEquals("close", response.header("connection"));
            assertEquals("hello", response.body());
          }
        });
  }

  @Test
  void hintsComeBeforeTheResponse() throws Exception {
    Serving.with(
        exchange -> {
          exchange.inform(103, Headers.of("Link", "</style.css>"));
          hello(exchange);
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            Response hints = client.get("/").response();
            assertEquals(103, hints.status());
            assertEquals("</style.css>", hints.header("link"));
            assertEquals("hello", client.response().body());
          }
        });
  }

  // Lengths that the application gets wrong

  @Test
  void moreThanTheContentLengthIsRefused() throws Exception {
    Serving.with(
        exchange -> {
          exchange.begin(200, Headers.of("Content-Length", "5"));
          byte[] six = "sixsix".getBytes(UTF_8);
          assertThrows(IllegalStateException.class, () -> exchange.write(six));
          exchange.write("hello".getBytes(UTF_8));
          exchange.end();
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            assertEquals("hello", client.get("/").response().body());
            assertEquals("hello", client.get("/").response().body());
          }
        });
  }

  @Test
  void lessThanTheContentLengthCutsTheConnectionOff() throws Exception {
    try (LogLines log = LogLines.listen()) {
      Serving.with(
          exchange -> {
            exchange.begin(200, Headers.of("Content-Length", "10"));
            exchange.write("hello".getBytes(UTF_8));
            assertThrows(IllegalStateException.class, exchange::end);
          },
          server -> {
            try (RawClient client = Serving.connect(server)) {
              client.get("/");
              assertThrows(IOException.class, client::response);
            }
          });
      assertTrue(log.text().contains("5 bytes less than its Content-Length"), log.text());
    }
  }

  // What an exchange tells and refuses

  @Test
  void theExchangeKnowsTheRequest() throws Exception {
    Serving.with(
        exchange -> {
          assertEquals(HttpVersion.HTTP_1_1, exchange.version());
          assertEquals("PUT", exchange.method());
          assertEquals("http", exchange.scheme());
          assertEquals("example.org:81", exchange.authority());
          assertEquals("/a%20b?c=d", exchange.target());
          assertEquals(List.of("1", "2"), exchange.headers().all("x"));
          assertTrue(exchange.remoteAddress().toString().startsWith("/127.0.0.1:"));
          assertFalse(exchange.isBegun());
          assertFalse(exchange.isWebSocket());
          hello(exchange);
          assertTrue(exchange.isEnded());
          assertThrows(IllegalStateException.class, () -> hello(exchange));
          assertThrows(IllegalStateException.class, () -> exchange.write(new byte[1]));
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send("PUT /a%20b?c=d HTTP/1.1\r\nHost: example.org:81\r\nX: 1\r\nX: 2\r\n\r\n");
            assertEquals("hello", client.response().body());
          }
        });
  }

  @Test
  void anExchangeThatIsOverCannotBeUsed() throws Exception {
    Exchange[] kept = {null};
    Serving.with(
        exchange -> {
          kept[0] = exchange;
          hello(exchange);
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.get("/").response();
            sleep(Serving.MILLI);
            assertThrows(IllegalStateException.class, () -> kept[0].readAll());
            assertThrows(IllegalStateException.class, () -> hello(kept[0]));
          }
        });
  }
}
