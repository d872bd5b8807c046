package dev.thrum.http;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.sleep;
import static dev.thrum.http.RawHttp2.CONTINUATION;
import static dev.thrum.http.RawHttp2.DATA;
import static dev.thrum.http.RawHttp2.END_HEADERS;
import static dev.thrum.http.RawHttp2.END_STREAM;
import static dev.thrum.http.RawHttp2.GOAWAY;
import static dev.thrum.http.RawHttp2.HEADERS;
import static dev.thrum.http.RawHttp2.PING;
import static dev.thrum.http.RawHttp2.RST_STREAM;
import static dev.thrum.http.RawHttp2.SETTINGS;
import static dev.thrum.http.Serving.MILLI;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.Task;
import dev.thrum.http.RawHttp2.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests side by side on one connection, and clients that want too much of it.
final class Http2Test {
  private static final Duration LONG = Duration.ofSeconds(25);
  private static final int MANY = 500;
  private static final int NO_ERROR = 0;
  private static final int PROTOCOL_ERROR = 1;
  private static final int ENHANCE_YOUR_CALM = 11;

  private static byte[] number(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  @Test
  void requestsAreAnsweredSideBySide() throws Exception {
    Serving.with(
        exchange -> {
          if (exchange.target().equals("/slow")) {
            sleep(MILLI.multipliedBy(50));
          }
          Serving.echo(exchange);
        },
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            client.get(1, "/slow").get(3, "/fast").post(5, "/body");
            client.send(DATA, 0, 5, "hello ".getBytes(US_ASCII));
            assertEquals("GET /fast ", client.body(3));
            client.send(DATA, END_STREAM, 5, "world".getBytes(US_ASCII));
            assertEquals("POST /body hello world", client.body(5));
            assertEquals("GET /slow ", client.body(1));
          }
        });
  }

  @Test
  void theExchangeKnowsTheRequest() throws Exception {
    Serving.with(
        exchange -> {
          assertEquals(HttpVersion.HTTP_2, exchange.version());
          assertEquals("POST", exchange.method());
          assertEquals("http", exchange.scheme());
          assertEquals("a", exchange.authority());
          assertEquals("/x?y", exchange.target());
          exchange.readAll();
          String seen = exchange.headers().names() + " " + exchange.trailers().names();
          exchange.begin(200, Headers.create());
          exchange.write(seen.getBytes(US_ASCII));
          exchange.end(Headers.of("x", "y"));
        },
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            client.post(1, "/x?y", "x", "1");
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2.headers("t", "2"));
            assertEquals("[Host, x] [t]", client.body(1).replace("host", "Host"));
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "GET, a b",
    "GET, nothing",
    "GET, *",
    "G@T, /",
  })
  void whatIsNoRequestIsReset(String method, String path) throws Exception {
    Serving.with(
        Serving::echo,
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2.request(method, path));
            Frame answer = client.frame(1);
            assertEquals(RST_STREAM, answer.type());
            assertEquals(PROTOCOL_ERROR, answer.error());
            assertEquals("GET / ", client.get(3, "/").body(3));
          }
        });
  }

  @Test
  void anotherHostThanTheAuthorityIsReset() throws Exception {
    Serving.with(
        Serving::echo,
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            client.post(1, "/", "host", "b").send(DATA, END_STREAM, 1);
            assertEquals(RST_STREAM, client.frame(1).type());
            client.post(3, "/", "host", "a").send(DATA, END_STREAM, 3);
            assertEquals("POST / ", client.body(3));
          }
        });
  }

  @Test
  void theClientIsToldToGoOn() throws Exception {
    Serving.with(
        Serving::echo,
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            client.post(1, "/", "expect", "100-continue");
            assertEquals(100, client.frame(1).status());
            client.send(DATA, END_STREAM, 1, "hello".getBytes(US_ASCII));
            assertEquals("POST / hello", client.body(1));
          }
        });
  }

  @Test
  void aResponseBeforeTheEndOfTheRequestEndsIt() throws Exception {
    Serving.with(
        exchange -> exchange.respond(200, Headers.create(), "enough".getBytes(US_ASCII)),
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            client.post(1, "/").send(DATA, 0, 1, new byte[1000]);
            assertEquals("enough", client.body(1));
            Frame end = client.frame(1);
            assertEquals(RST_STREAM, end.type());
            assertEquals(NO_ERROR, end.error());
            client.send(DATA, 0, 1, new byte[1000]).send(DATA, END_STREAM, 1);
            assertEquals("enough", client.get(3, "/").body(3));
          }
        });
  }

  // Back-pressure

  @Test
  void aHandlerThatReadsSlowlyHoldsItsStreamUpOnly() throws Exception {
    boolean[] reads = {false};
    Serving.with(
        exchange -> {
          if (exchange.target().equals("/slow")) {
            Serving.until(reads);
            int sum = 0;
            for (byte[] some = exchange.read(9000); some.length > 0; some = exchange.read(9000)) {
              sum += some.length;
            }
            exchange.respond(200, Headers.create(), Integer.toString(sum).getBytes(US_ASCII));
          } else {
            Serving.echo(exchange);
          }
        },
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            client.post(1, "/slow");
            // As much as the window of a stream is.
            for (int i = 0; i < 8; i++) {
              client.send(DATA, 0, 1, new byte[1 << 13]);
            }
            assertEquals("GET / ", client.get(3, "/").body(3));
            reads[0] = true;
            client.send(DATA, END_STREAM, 1);
            assertEquals("65536", client.body(1));
          }
        });
  }

  @Test
  void aClientThatReadsSlowlyHoldsTheWriterUp() throws Exception {
    int[] written = {0};
    Serving.with(
        exchange -> {
          exchange.begin(200, Headers.create());
          for (; written[0] < 100; written[0]++) {
            exchange.write(new byte[10_000]);
          }
        },
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            client.get(1, "/");
            int before = -1;
            while (written[0] == 0 || before != written[0]) {
              before = written[0];
              sleep(MILLI.multipliedBy(50));
            }
            assertTrue(before < 60, before + " pieces were taken without a window");
            client.send(8, 0, 0, number(2_000_000)).send(8, 0, 1, number(2_000_000));
            assertEquals(1_000_000, client.body(1).length());
          }
        });
  }

  @Test
  void aClientThatOpensNoWindowLosesItsStream() throws Exception {
    String[] told = {""};
    Serving.with(
        settings -> settings.writeTimeout(MILLI.multipliedBy(60)),
        exchange -> {
          if (exchange.target().equals("/")) {
            Serving.echo(exchange);
            return;
          }
          exchange.begin(200, Headers.create());
          IOException failure =
              assertThrows(
                  IOException.class,
                  () -> {
                    while (true) {
                      exchange.write(new byte[10_000]);
                    }
                  });
          told[0] = failure.getMessage();
        },
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            client.get(1, "/long");
            Frame last = client.frame(1);
            while (last.type() != RST_STREAM) {
              last = client.frame(1);
            }
            assertTrue(told[0].contains("has taken nothing"), told[0]);
          }
        });
  }

  // The end

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aRequestIsCancelledWithItsStreamOrConnection(boolean stream) throws Exception {
    boolean[] begun = {false};
    boolean[] cancelled = {false};
    Serving.with(
        exchange -> {
          if (exchange.target().equals("/other")) {
            Serving.echo(exchange);
            return;
          }
          begun[0] = true;
          try {
            sleep(LONG);
          } catch (CancelledException e) {
            cancelled[0] = true;
            throw e;
          }
        },
        server -> {
          RawHttp2 client = RawHttp2.connect(server);
          client.post(1, "/").send(DATA, 0, 1, new byte[1000]);
          Serving.until(begun);
          if (stream) {
            client.send(RST_STREAM, 0, 1, number(8));
            Serving.until(cancelled);
            assertEquals("GET /other ", client.get(3, "/other").body(3));
            client.close();
          } else {
            client.connection.abort();
            Serving.until(cancelled);
          }
        });
  }

  @Test
  void whatIsUnderWayComesToItsEndWhenTheServerCloses() throws Exception {
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
      try (RawHttp2 busy = RawHttp2.connect(server);
          RawHttp2 idle = RawHttp2.connect(server)) {
        busy.get(1, "/busy");
        Serving.until(begun);
        assertEquals(SETTINGS, idle.frame().type());
        Task<?> closing = async(server::close);
        assertEquals(NO_ERROR, idle.error());
        Frame away = busy.frame(0);
        assertEquals(GOAWAY, away.type());
        assertEquals(1, ByteBuffer.wrap(away.payload()).getInt());
        busy.get(3, "/late");
        assertEquals("GET /busy ", busy.body(1));
        int _ = busy.error();
        await(closing);
      }
    });
  }

  @Test
  void anIdleConnectionIsClosed() throws Exception {
    Serving.with(
        settings -> settings.keepAlive(MILLI.multipliedBy(60)),
        Serving::echo,
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            assertEquals("GET / ", client.get(1, "/").body(1));
            assertEquals(NO_ERROR, client.error());
          }
        });
  }

  @Test
  void aBodyThatDoesNotComeIsRefused() throws Exception {
    Serving.with(
        settings -> settings.bodyTimeout(MILLI.multipliedBy(60)),
        Serving::echo,
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            client.post(1, "/").send(DATA, 0, 1, new byte[10]);
            assertEquals(408, client.frame(1).status());
          }
        });
  }

  @Test
  void aFailureBecomesAResponseOrCutsTheStreamOff() throws Exception {
    try (LogLines log = LogLines.listen()) {
      Serving.with(
          exchange -> {
            if (exchange.target().equals("/half")) {
              exchange.begin(200, Headers.create());
              exchange.write(new byte[3]);
            }
            throw new IllegalStateException("what a pity");
          },
          server -> {
            try (RawHttp2 client = RawHttp2.connect(server)) {
              assertEquals(500, client.get(1, "/").frame(1).status());
              client.get(3, "/half");
              assertEquals(HEADERS, client.frame(3).type());
              Frame last = client.frame(3);
              while (last.type() == DATA) {
                assertTrue(!last.ends(), "it looks whole");
                last = client.frame(3);
              }
              assertEquals(RST_STREAM, last.type());
            }
          });
      assertTrue(log.text().contains("what a pity"), log.text());
    }
  }

  // Clients that want too much

  @Test
  void moreStreamsThanAreAllowedAreRefused() throws Exception {
    Serving.with(
        settings -> settings.maxStreams(2),
        exchange -> {
          sleep(MILLI.multipliedBy(50));
          Serving.echo(exchange);
        },
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            client.get(1, "/").get(3, "/").get(5, "/");
            assertEquals(RST_STREAM, client.frame(5).type());
            assertEquals("GET / ", client.body(1));
            assertEquals("GET / ", client.body(3));
          }
        });
  }

  /// What each client sends over and over, until the server has had enough.
  @ParameterizedTest
  @CsvSource({"resets", "empty data", "continuations", "pings", "settings"})
  void floodsEndTheConnection(String kind) throws Exception {
    int[] running = {0};
    Serving.with(
        settings -> settings.writeTimeout(MILLI.multipliedBy(100)),
        exchange -> {
          running[0]++;
          try {
            sleep(LONG);
          } finally {
            running[0]--;
          }
        },
        server -> {
          RawHttp2 client = RawHttp2.connect(server);
          try {
            Task<?> flooding = async(() -> flood(client, kind));
            if (kind.equals("pings") || kind.equals("settings")) {
              while (server.connections() > 0) {
                sleep(MILLI); // and nothing is read of what it answers
              }
            }
            int error = error(client);
            assertTrue(error == ENHANCE_YOUR_CALM || error == -1, "error " + error);
            boolean _ = flooding.cancel("the server has had enough");
          } finally {
            client.connection.abort();
          }
          while (server.connections() > 0) {
            sleep(MILLI);
          }
        });
    assertEquals(0, running[0], "requests that still run");
  }

  private static int error(RawHttp2 client) {
    try {
      return client.error();
    } catch (IOException _) {
      return -1; // it was cut off while more came
    }
  }

  private static void flood(RawHttp2 client, String kind) throws IOException {
    if (kind.equals("empty data")) {
      client.post(1, "/");
    } else if (kind.equals("continuations")) {
      client.send(HEADERS, 0, 1, RawHttp2.request("GET", "/"));
    }
    try {
      for (int i = 0; i < 1_000_000 / MANY; i++) {
        ByteArrayOutputStream some = new ByteArrayOutputStream();
        for (int j = 0; j < MANY; j++) {
          int stream = 1 + 2 * (i * MANY + j);
          switch (kind) {
            case "resets" -> {
              byte[] request = RawHttp2.request("GET", "/");
              some.writeBytes(RawHttp2.frame(HEADERS, END_HEADERS | END_STREAM, stream, request));
              some.writeBytes(RawHttp2.frame(RST_STREAM, 0, stream, number(8)));
            }
            case "empty data" -> some.writeBytes(RawHttp2.frame(DATA, 0, 1));
            case "continuations" ->
                some.writeBytes(RawHttp2.frame(CONTINUATION, 0, 1, RawHttp2.headers("x", "y")));
            case "pings" -> some.writeBytes(RawHttp2.frame(PING, 0, 0, new byte[8]));
            default -> some.writeBytes(RawHttp2.frame(SETTINGS, 0, 0));
          }
        }
        client.connection.write(some.toByteArray());
      }
    } catch (IOException _) {
      // The server has had enough.
    }
  }

  /// Few bytes that stand for many: a header that is kept once and told a thousand times.
  @Test
  void headersThatUnpackToTooMuchAreRefused() throws Exception {
    List<String> seen = new ArrayList<>();
    Serving.with(
        exchange -> {
          seen.add(exchange.target());
          Serving.echo(exchange);
        },
        server -> {
          try (RawHttp2 client = RawHttp2.connect(server)) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(RawHttp2.request("GET", "/bomb"));
            byte[] kept = RawHttp2.headers("x", "y".repeat(3000));
            kept[0] = 0x40; // from now on it is known by a number
            block.writeBytes(kept);
            for (int i = 0; i < 10_000; i++) {
              block.write(0x80 | 62);
            }
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, block.toByteArray());
            Frame answer = client.frame();
            while (answer.type() != GOAWAY && answer.stream() != 1) {
              answer = client.frame();
            }
            assertTrue(answer.type() != HEADERS || answer.status() == 431, answer.toString());
          }
        });
    assertEquals(List.of(), seen);
  }
}
