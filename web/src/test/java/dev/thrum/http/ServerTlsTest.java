package dev.thrum.http;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.sleep;
import static dev.thrum.http.Serving.MILLI;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.READ;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.Task;
import dev.thrum.VoidBodyOf;
import dev.thrum.http.RawClient.Response;
import dev.thrum.net.Connection;
import dev.thrum.net.Net;
import dev.thrum.net.Tls;
import dev.thrum.net.TlsSession;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server that speaks TLS, by OpenSSL or by the JDK.
final class ServerTlsTest {
  private static final Duration LONG = Duration.ofSeconds(25);

  @TempDir Path folder;

  /// Not on the loop, which the libraries that make them would hold.
  @BeforeAll
  static void makeCertificates() {
    var _ = Keys.authority();
  }

  private static void with(boolean openSsl, Application application, VoidBodyOf<Server, ?> body)
      throws Exception {
    with(openSsl, settings -> settings, application, body);
  }

  private static void with(
      boolean openSsl,
      UnaryOperator<Server.Builder> settings,
      Application application,
      VoidBodyOf<Server, ?> body)
      throws Exception {
    Serving.with(builder -> settings.apply(builder.tls(Keys.server(openSsl))), application, body);
  }

  private static RawClient connect(Server server) throws IOException {
    return connect(server, Keys.client().applicationProtocols("http/1.1"));
  }

  private static RawClient connect(Server server, Tls tls) throws IOException {
    return new RawClient(Net.connector().tls(tls).connect("127.0.0.1", server.port()));
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(count).nextBytes(bytes);
    return bytes;
  }

  // HTTP/1.1

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionIsUsedAgainAndRequestsMayComeAtOnce(boolean openSsl) throws Exception {
    with(
        openSsl,
        Serving::echo,
        server -> {
          try (RawClient client = connect(server)) {
            assertEquals("GET /1 ", client.get("/1").response().body());
            client.get("/2").get("/3").get("/4");
            for (int i = 2; i <= 4; i++) {
              assertEquals("GET /" + i + " ", client.response().body());
            }
            assertEquals("https", server.scheme());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bodiesMayBeLargeBothWays(boolean openSsl) throws Exception {
    byte[] bytes = random(3 << 20);
    with(
        openSsl,
        exchange -> exchange.respond(200, Headers.create(), exchange.readAll()),
        server -> {
          try (RawClient client = connect(server)) {
            for (int i = 0; i < 2; i++) {
              Task<?> sending =
                  async(() -> {
                    client.send(
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
                            + bytes.length
                            + "\r\n\r\n");
                    client.connection.write(bytes);
                    client.connection.flush();
                  });
              assertEquals("HTTP/1.1 200 OK", client.connection.readLine().orElseThrow());
              while (!client.connection.readLine().orElseThrow().isEmpty()) {}
              assertArrayEquals(bytes, client.connection.readExactly(bytes.length));
              await(sending);
            }
          }
        });
  }

  /// The end of a response that only the end of the connection tells is one, and not a cut.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theEndIsToldByTls(boolean openSsl) throws Exception {
    with(
        openSsl,
        settings -> settings.keepAlive(MILLI.multipliedBy(30)),
        exchange -> {
          exchange.begin(200, Headers.create());
          exchange.write("some".getBytes(US_ASCII));
          if (exchange.target().equals("/cut")) {
            exchange.abort();
          }
        },
        server -> {
          try (RawClient client = connect(server)) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertEquals("some", client.response().body());
          }
          try (RawClient idle = connect(server)) {
            assertEquals("some", idle.get("/").response().body());
            assertEquals("", idle.rest());
          }
          RawClient cut = connect(server);
          cut.send("GET /cut HTTP/1.0\r\n\r\n");
          assertThrows(IOException.class, cut::rest);
          cut.abort();
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRequestIsCancelledWhenItsClientLeaves(boolean openSsl) throws Exception {
    boolean[] begun = {false};
    int[] cancelled = {0};
    with(
        openSsl,
        exchange -> {
          begun[0] = true;
          try {
            sleep(LONG);
          } catch (CancelledException e) {
            cancelled[0]++;
            throw e;
          }
        },
        server -> {
          for (int i = 1; i <= 2; i++) {
            begun[0] = false;
            RawClient client = connect(server);
            client.get("/");
            Serving.until(begun);
            if (i == 1) {
              client.close();
            } else {
              client.abort();
            }
            while (cancelled[0] < i) {
              sleep(MILLI);
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closingEndsIdleConnectionsInGoodOrder(boolean openSsl) throws Exception {
    with(
        openSsl,
        Serving::echo,
        server -> {
          try (RawClient idle = connect(server);
              RawClient fresh = connect(server)) {
            assertEquals(200, idle.get("/").response().status());
            Task<?> closing = async(server::close);
            assertEquals("", idle.rest());
            assertEquals("", fresh.rest());
            await(closing);
          }
        });
  }

  // Files, by both protocols

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void filesAreCopied(boolean openSsl) throws Exception {
    byte[] bytes = random(2_500_000);
    Path file = Files.write(folder.resolve("file"), bytes);
    try (HttpClient client = HttpClient.newBuilder().sslContext(Keys.context()).build()) {
      with(
          openSsl,
          exchange -> {
            try (FileChannel open = FileChannel.open(file, READ)) {
              Headers headers = Headers.of("Content-Length", "2400000");
              headers.set("X-Version", exchange.version().toString());
              exchange.begin(200, headers);
              exchange.write(open, 100_000, 2_400_000);
            }
          },
          server -> {
            for (HttpClient.Version version : HttpClient.Version.values()) {
              URI uri = URI.create("https://localhost:" + server.port() + "/");
              HttpRequest request = HttpRequest.newBuilder(uri).version(version).build();
              HttpResponse<byte[]> got =
                  blocking(() -> client.send(request, BodyHandlers.ofByteArray()));
              assertEquals(version, got.version());
              assertEquals(
                  version.name().replace("HTTP_2", "HTTP/2").replace("HTTP_1_1", "HTTP/1.1"),
                  got.headers().firstValue("X-Version").orElseThrow());
              assertArrayEquals(
                  java.util.Arrays.copyOfRange(bytes, 100_000, 2_500_000), got.body());
            }
          });
    }
  }

  // Handshakes

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoDoesNotShakeHandsHoldsNobodyUp(boolean openSsl) throws Exception {
    with(
        openSsl,
        Serving::echo,
        server -> {
          RawClient silent = Serving.connect(server);
          try (RawClient other = connect(server)) {
            assertEquals(200, other.get("/").response().status());
          }
          silent.abort();
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoDoesNotShakeHandsIsCutOff(boolean openSsl) throws Exception {
    Tls tls = Keys.server(openSsl).handshakeTimeout(MILLI.multipliedBy(80));
    Serving.with(
        settings -> settings.tls(tls),
        Serving::echo,
        server -> {
          RawClient silent = Serving.connect(server);
          assertThrows(IOException.class, silent::response);
          silent.abort();
          RawClient slow = Serving.connect(server);
          assertThrows(
              IOException.class,
              () -> {
                slow.connection.write(new byte[] {0x16, 3, 1});
                slow.connection.flush();
                slow.response();
              });
          slow.abort();
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoSpeaksNoTlsIsToldSo(boolean openSsl) throws Exception {
    with(
        openSsl,
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            Response refused = client.get("/").response();
            assertEquals(400, refused.status());
            assertTrue(refused.body().contains("https://"), refused.body());
            assertEquals("close", refused.header("connection"));
            assertEquals("", client.rest());
          }
          try (RawClient client = connect(server)) {
            assertEquals(200, client.get("/").response().status());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theApplicationIsToldWhoTheClientIs(boolean openSsl) throws Exception {
    Tls demanding = Keys.server(openSsl).trust(Keys.authority()).requireClientCertificate();
    Serving.with(
        settings -> settings.tls(demanding),
        exchange -> {
          TlsSession session = exchange.tls().orElseThrow();
          String name = session.subject().orElseThrow().getName();
          exchange.respond(200, Headers.create(), name.getBytes(US_ASCII));
        },
        server -> {
          Keys.Identity mine = Keys.CLIENT;
          Tls known = Keys.client().identity(mine.chain(), mine.key());
          try (RawClient client = connect(server, known)) {
            assertEquals("CN=somebody", client.get("/").response().body());
          }
          assertThrows(
              SSLException.class,
              () -> {
                try (RawClient client = connect(server)) {
                  client.get("/").response();
                }
              });
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void certificatesAreReplacedUnderOpenConnections(boolean openSsl) throws Exception {
    Path chain = Files.copy(Keys.SERVER.chain(), folder.resolve("chain"));
    Path key = Files.copy(Keys.SERVER.key(), folder.resolve("key"));
    Keys.Identity next = Keys.host("next.test");
    Tls files = Tls.server(chain, key);
    Tls tls = openSsl ? files : files.jdkEngine();
    Serving.with(
        settings -> settings.tls(tls),
        Serving::echo,
        server -> {
          try (RawClient old = connect(server)) {
            assertEquals(200, old.get("/").response().status());
            Files.copy(next.chain(), chain, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Files.copy(next.key(), key, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            tls.reload();
            try (RawClient late = connect(server, Keys.client().serverName("next.test"))) {
              assertEquals("GET /late ", late.get("/late").response().body());
            }
            assertEquals("GET /old ", old.get("/old").response().body());
          }
        });
  }

  // Behind a proxy

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aProxyMaySayBeforeTlsWhoseConnectionItIs(boolean openSsl) throws Exception {
    with(
        openSsl,
        Server.Builder::proxyProtocol,
        exchange ->
            exchange.respond(
                200,
                Headers.create(),
                (exchange.scheme() + " " + exchange.remoteAddress()).getBytes(US_ASCII)),
        server -> {
          Connection connection = Net.connect("127.0.0.1", server.port());
          connection.write("PROXY TCP4 192.0.2.1 192.0.2.2 1234 443\r\n");
          connection.flush();
          connection.startTls(Keys.client());
          try (RawClient client = new RawClient(connection)) {
            assertEquals("https /192.0.2.1:1234", client.get("/").response().body());
            assertEquals("https /192.0.2.1:1234", client.get("/").response().body());
          }
          assertThrows(IOException.class, () -> connect(server));
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoSpeaksNoTlsBehindAProxyIsToldSo(boolean openSsl) throws Exception {
    with(
        openSsl,
        Server.Builder::proxyProtocol,
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send("PROXY UNKNOWN\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(400, client.response().status());
          }
        });
  }
}
