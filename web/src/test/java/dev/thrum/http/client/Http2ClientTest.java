package dev.thrum.http.client;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static dev.thrum.http.Serving.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.thrum.Task;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpVersion;
import dev.thrum.http.Serving;
import dev.thrum.http.client.Clients.Way;
import dev.thrum.net.Connection;
import dev.thrum.sync.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Many requests on one connection of HTTP/2, and servers that refuse some or go away.
final class Http2ClientTest {
  private static final Duration LONG = Duration.ofSeconds(25);
  private static final int MANY = 100;
  private static final int LARGE = 1_000_000;

  @ParameterizedTest
  @EnumSource(names = {"HTTP_2", "HTTP_2_TLS"})
  void aHundredRequestsShareOneConnection(Way way) throws Exception {
    Event go = Event.create();
    int[] there = {0};
    Clients.with(
        way,
        exchange -> {
          if (++there[0] == MANY) {
            go.set();
          }
          go.await();
          Serving.echo(exchange);
        },
        client -> {
          List<Task<HttpResponse>> tasks = new ArrayList<>();
          for (int i = 0; i < MANY; i++) {
            String path = "/" + i;
            tasks.add(async(() -> client.get(path)));
          }
          for (int i = 0; i < MANY; i++) {
            HttpResponse response = await(tasks.get(i));
            assertEquals("GET /" + i + " ", response.text());
            assertEquals(HttpVersion.HTTP_2, response.version());
          }
          assertEquals(1, client.connections());
        });
  }

  @Test
  void noMoreStreamsAreOpenThanTheServerAllows() throws Exception {
    Event go = Event.create();
    int[] there = {0, 0};
    Serving.with(
        server -> server.maxStreams(5),
        exchange -> {
          there[1] = Math.max(there[1], ++there[0]);
          go.await();
          there[0]--;
          Serving.echo(exchange);
        },
        server -> {
          String base = "http://127.0.0.1:" + server.port();
          try (HttpClient client = HttpClient.builder().http2().baseUrl(base).open()) {
            List<Task<HttpResponse>> tasks = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
              String path = "/" + i;
              tasks.add(async(() -> client.get(path)));
            }
            Clients.until(() -> there[0] == 5);
            sleep(MILLI.multipliedBy(10));
            go.set();
            for (Task<HttpResponse> one : tasks) {
              assertEquals(200, await(one).status());
            }
            assertEquals(5, there[1]);
            assertEquals(1, client.connections());
          }
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_2", "HTTP_2_TLS"})
  void aResponseThatNobodyReadsKeepsNoOtherBack(Way way) throws Exception {
    Clients.with(
        way,
        exchange -> exchange.respond(200, Headers.create(), new byte[LARGE]),
        client -> {
          List<HttpResponse> open = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            open.add(client.request("GET", "/").open());
          }
          assertEquals(LARGE, client.get("/").bytes().length);
          for (HttpResponse one : open) {
            assertEquals(LARGE, one.bytes().length);
            one.close();
          }
          assertEquals(1, client.connections());
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_2", "HTTP_2_TLS"})
  void aTimeoutResetsTheStreamAndLeavesTheConnection(Way way) throws Exception {
    boolean[] cancelled = {false};
    Clients.with(
        way,
        exchange -> {
          if (exchange.target().equals("/slow")) {
            try {
              sleep(LONG);
            } finally {
              cancelled[0] = true;
            }
          }
          Serving.echo(exchange);
        },
        client -> {
          assertEquals("GET / ", client.get("/").text());
          assertThrows(
              TimeoutException.class,
              () -> timeout(MILLI.multipliedBy(20), () -> client.get("/slow")));
          Serving.until(cancelled);
          assertEquals("GET / ", client.get("/").text());
          assertEquals(1, client.connections());
        });
  }

  @Test
  void aServerThatClosesIsLeftInOrder() throws Exception {
    Event go = Event.create();
    Serving.run(() -> {
      var server =
          dev.thrum.http.Server.builder()
              .port(0)
              .grace(LONG)
              .listen(exchange -> {
                if (exchange.target().equals("/slow")) {
                  go.await();
                }
                Serving.echo(exchange);
              });
      String base = "http://127.0.0.1:" + server.port();
      try (HttpClient client = HttpClient.builder().http2().baseUrl(base).open()) {
        assertEquals("GET / ", client.get("/").text());
        Task<HttpResponse> slow = async(() -> client.get("/slow"));
        sleep(MILLI.multipliedBy(20));
        Task<?> closing = async(server::close);
        sleep(MILLI.multipliedBy(20));
        assertThrows(HttpClientException.Unreachable.class, () -> client.get("/late"));
        go.set();
        assertEquals("GET /slow ", await(slow).text());
        var _ = await(closing);
        Clients.until(() -> client.connections() == 0);
      }
    });
  }

  // Against frames by hand

  private static byte[] frame(int type, int flags, int stream, byte... payload) {
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    made.write(payload.length >>> 16);
    made.write(payload.length >>> 8);
    made.write(payload.length);
    made.write(type);
    made.write(flags);
    made.write(stream >>> 24);
    made.write(stream >>> 16);
    made.write(stream >>> 8);
    made.write(stream);
    made.writeBytes(payload);
    return made.toByteArray();
  }

  private static final byte[] SETTINGS = frame(4, 0, 0);
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int AWAY = 7;

  /// Reads frames until one of headers comes.
  private static int awaitHeaders(Connection connection) throws IOException {
    while (true) {
      byte[] head = connection.readExactly(9);
      int length = (head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | (head[2] & 0xFF);
      byte[] _ = length == 0 ? new byte[0] : connection.readExactly(length);
      if (head[3] == HEADERS) {
        return (head[7] & 0xFF) << 8 | (head[8] & 0xFF);
      }
    }
  }

  private static void greet(Connection connection) throws IOException {
    byte[] _ = connection.readExactly(24);
    connection.write(SETTINGS);
  }

  /// `:status: 200` of HPACK's static table, and the end of the stream.
  private static byte[] ok(int stream) {
    return frame(HEADERS, 5, stream, (byte) 0x88);
  }

  @Test
  void aStreamThatIsRefusedIsAskedForAgain() throws Exception {
    RawServer.with(
        peer -> {
          greet(peer.connection);
          int first = awaitHeaders(peer.connection);
          peer.connection.write(frame(RESET, 0, first, (byte) 0, (byte) 0, (byte) 0, (byte) 7));
          peer.connection.write(ok(awaitHeaders(peer.connection)));
          byte[] _ = peer.connection.readAll();
        },
        server -> {
          try (HttpClient client = HttpClient.builder().http2().open()) {
            assertEquals(200, client.post(server.url("/"), HttpBody.text("x")).status());
            assertEquals(1, server.connections);
          }
        });
  }

  @Test
  void aStreamThatIsResetFails() throws Exception {
    RawServer.with(
        peer -> {
          greet(peer.connection);
          int first = awaitHeaders(peer.connection);
          peer.connection.write(frame(RESET, 0, first, (byte) 0, (byte) 0, (byte) 0, (byte) 2));
          byte[] _ = peer.connection.readAll();
        },
        server -> {
          try (HttpClient client = HttpClient.builder().http2().open()) {
            var thrown =
                assertThrows(
                    HttpClientException.ClosedEarly.class, () -> client.get(server.url("/")));
            assertTrue(
                String.valueOf(thrown.getMessage()).contains("INTERNAL_ERROR"),
                thrown.getMessage());
          }
        });
  }

  @Test
  void whatAServerHasNotLookedAtBeforeItGoesIsAskedForElsewhere() throws Exception {
    RawServer.with(
        peer -> {
          greet(peer.connection);
          int stream = awaitHeaders(peer.connection);
          if (peer.number == 1) {
            peer.connection.write(frame(AWAY, 0, 0, new byte[8]));
          } else {
            peer.connection.write(ok(stream));
          }
          byte[] _ = peer.connection.readAll();
        },
        server -> {
          try (HttpClient client = HttpClient.builder().http2().open()) {
            assertEquals(200, client.post(server.url("/"), HttpBody.text("x")).status());
            assertEquals(2, server.connections);
          }
        });
  }

  @Test
  void whoDoesNotSpeakHttp2IsFoundOut() throws Exception {
    RawServer.with(
        peer -> {
          String _ = peer.head();
          peer.say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
          byte[] _ = peer.connection.readAll();
        },
        server -> {
          try (HttpClient client = HttpClient.builder().http2().open()) {
            assertThrows(HttpClientException.Malformed.class, () -> client.get(server.url("/")));
            Clients.until(() -> client.connections() == 0);
          }
        });
  }

  @Test
  void aServerThatOnlyKnowsHttp1IsSpokenToInThat() throws Exception {
    HttpsServer old =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    old.setHttpsConfigurator(new HttpsConfigurator(TestTls.context()));
    old.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    old.start();
    try {
      Serving.run(() -> {
        try (HttpClient client = HttpClient.builder().tls(TestTls.client()).open()) {
          String url = "https://localhost:" + old.getAddress().getPort() + "/";
          List<Task<HttpResponse>> tasks = new ArrayList<>();
          for (int i = 0; i < 10; i++) {
            tasks.add(async(() -> client.get(url)));
          }
          for (Task<HttpResponse> one : tasks) {
            assertEquals(HttpVersion.HTTP_1_1, await(one).version());
          }
        }
      });
    } finally {
      old.stop(0);
    }
  }
}
