package dev.thrum.http;

import static dev.thrum.http.Serving.MILLI;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.net.Net;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a server listens, and what it believes of whom it gets a request from.
final class ProxiesTest {
  @TempDir Path folder;

  /// Answers with what it takes for the client.
  private static void tell(Exchange exchange) {
    String text = exchange.remoteAddress() + " " + exchange.scheme() + " " + exchange.authority();
    exchange.respond(200, Headers.create(), text.getBytes(UTF_8));
  }

  // Where it listens

  @Test
  void itListensOnAUnixSocket() throws Exception {
    var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    Serving.with(
        settings -> settings.at(address),
        Serving::echo,
        server -> {
          assertEquals(address, server.address());
          try (RawClient client = Serving.over(Net.connect(address))) {
            assertEquals("GET /x ", client.get("/x").response().body());
          }
        });
  }

  @Test
  void itListensOnVersionSixOfTheInternet() throws Exception {
    Serving.with(
        settings -> settings.host("::1"),
        ProxiesTest::tell,
        server -> {
          try (RawClient client = Serving.over(Net.connect("::1", server.port()))) {
            String told = client.get("/").response().body();
            assertTrue(told.startsWith("/[0:0:0:0:0:0:0:1]:"), told);
          }
        });
  }

  // The PROXY protocol

  private static byte[] version2(int command, int family, int... more) {
    byte[] head = "\r\n\r\n\0\r\nQUIT\n".getBytes(UTF_8);
    byte[] all = java.util.Arrays.copyOf(head, 16 + more.length);
    all[12] = (byte) (0x20 | command);
    all[13] = (byte) family;
    all[15] = (byte) more.length;
    for (int i = 0; i < more.length; i++) {
      all[16 + i] = (byte) more[i];
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 192.0.2.1 192.0.2.2 1234 80, /192.0.2.1:1234",
    "PROXY TCP6 2001:db8::1 2001:db8::2 1234 80, /[2001:db8:0:0:0:0:0:1]:1234",
    "PROXY UNKNOWN, /127.0.0.1:",
  })
  void aProxySaysWhoseConnectionItIs(String header, String client) throws Exception {
    Serving.with(
        Server.Builder::proxyProtocol,
        ProxiesTest::tell,
        server -> {
          try (RawClient raw = Serving.connect(server)) {
            raw.send(header + "\r\n").get("/").get("/");
            assertTrue(raw.response().body().startsWith(client));
            assertTrue(raw.response().body().startsWith(client));
          }
        });
  }

  @Test
  void aProxySaysItInTheSecondVersion() throws Exception {
    Serving.with(
        Server.Builder::proxyProtocol,
        ProxiesTest::tell,
        server -> {
          try (RawClient raw = Serving.connect(server)) {
            byte[] header = version2(1, 0x11, 192, 0, 2, 1, 192, 0, 2, 2, 4, 210, 0, 80);
            for (byte one : header) {
              raw.connection.write(new byte[] {one});
              raw.connection.flush();
            }
            assertEquals("/192.0.2.1:1234 http a", raw.get("/").response().body());
          }
          try (RawClient raw = Serving.connect(server)) {
            raw.connection.write(version2(0, 0));
            String told = raw.get("/").response().body();
            assertTrue(told.startsWith("/127.0.0.1:"), told);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "PROXY TCP4 somewhere 192.0.2.2 1234 80\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 99999 80\r\n",
        "PROXY TCP4 192.0.2.1\r\n",
        "PROXX TCP4 192.0.2.1 192.0.2.2 1234 80\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1234 80 and more than such a line may have, which is "
            + "a hundred and seven bytes, and not one more",
      })
  void whoSaysItWrongIsCutOff(String header) throws Exception {
    Serving.with(
        Server.Builder::proxyProtocol,
        ProxiesTest::tell,
        server -> {
          try (RawClient raw = Serving.connect(server)) {
            raw.send(header);
            assertEquals("", restOf(raw));
          }
        });
  }

  private static String restOf(RawClient client) {
    try {
      return client.rest();
    } catch (IOException _) {
      return ""; // it was reset
    }
  }

  @Test
  void whoSaysNothingIsCutOff() throws Exception {
    Serving.with(
        settings -> settings.proxyProtocol().headerTimeout(MILLI.multipliedBy(60)),
        ProxiesTest::tell,
        server -> {
          try (RawClient raw = Serving.connect(server)) {
            raw.send("PROXY ");
            assertEquals("", restOf(raw));
          }
        });
  }

  // Headers of proxies

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Only the peer is trusted: what it says counts, what others have told it does not
        "X-Forwarded-For: 192.0.2.1 | /192.0.2.1:0 http a",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.1 | /192.0.2.1:0 http a",
        "X-Forwarded-For: 192.0.2.1;X-Forwarded-Proto: https | /192.0.2.1:0 https a",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.1;X-Forwarded-Proto: http, https "
            + "| /192.0.2.1:0 https a",
        "X-Forwarded-For: 192.0.2.1;X-Forwarded-Host: b:81 | /192.0.2.1:0 http b:81",
        "X-Forwarded-For: 6.6.6.6;X-Forwarded-For: 192.0.2.1 | /192.0.2.1:0 http a",
        // A proxy behind another one that is trusted too
        "X-Forwarded-For: 192.0.2.1, 10.1.2.3 | /192.0.2.1:0 http a",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.1.2.3 | /192.0.2.1:0 http a",
        "X-Forwarded-For: 10.9.9.9, 10.1.2.3 | /10.9.9.9:0 http a",
        // Other ways to write it
        "X-Forwarded-For: 192.0.2.1:55 | /192.0.2.1:55 http a",
        "X-Forwarded-For: 2001:db8::1 | /[2001:db8:0:0:0:0:0:1]:0 http a",
        "X-Forwarded-For: [2001:db8::1]:55 | /[2001:db8:0:0:0:0:0:1]:55 http a",
        "Forwarded: for=192.0.2.1 | /192.0.2.1:0 http a",
        "Forwarded: For=\"[2001:db8::1]:55\" | /[2001:db8:0:0:0:0:0:1]:55 http a",
        "Forwarded: for=6.6.6.6\\;proto=http, for=192.0.2.1\\;Proto=https\\;host=\"b\" "
            + "| /192.0.2.1:0 https b",
        "Forwarded: for=192.0.2.1\\;host=b, for=10.1.2.3\\;host=c | /192.0.2.1:0 http b",
        "Forwarded: for=192.0.2.1;X-Forwarded-For: 6.6.6.6 | /192.0.2.1:0 http a",
        // What says nothing
        "X-Forwarded-For: unknown | /127.0.0.1 http a",
        "X-Forwarded-For: 192.0.2.1, unknown | /127.0.0.1 http a",
        "X-Forwarded-For: 192.0.2.1, _hidden | /127.0.0.1 http a",
        "X-Forwarded-For: example.org | /127.0.0.1 http a",
        "X-Forwarded-For: 1.2.3 | /127.0.0.1 http a",
        "X-Forwarded-For: | /127.0.0.1 http a",
        "X-Forwarded-Proto: https | /127.0.0.1 http a",
        "X-Forwarded-For: 192.0.2.1;X-Forwarded-Proto: javascript | /192.0.2.1:0 http a",
        "X-Forwarded-For: 192.0.2.1;X-Forwarded-Host: a b | /192.0.2.1:0 http a",
        "Forwarded: nonsense | /127.0.0.1 http a",
      })
  void aTrustedProxySaysWhoTheClientIs(String headers, String expected) throws Exception {
    String lines = headers.replace("\\;", "\u0001").replace(";", "\r\n").replace('\u0001', ';');
    Serving.with(
        settings -> settings.trustForwarded("127.0.0.0/8", "10.0.0.0/8", "::1"),
        ProxiesTest::tell,
        server -> {
          try (RawClient raw = Serving.connect(server)) {
            raw.send("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n");
            String told = raw.response().body();
            assertEquals(expected, told.replaceFirst("^(/127.0.0.1):[0-9]+", "$1"));
          }
        });
  }

  @SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with two characters
  @Test
  void othersAreNotBelieved() throws Exception {
    String request =
        "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n"
            + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: b\r\n\r\n";
    Serving.with(
        settings -> settings.trustForwarded("10.0.0.0/8"),
        ProxiesTest::tell,
        server -> {
          try (RawClient raw = Serving.connect(server)) {
            String told = raw.send(request).response().body();
            assertTrue(told.matches("/127.0.0.1:\\d+ http a"), told);
          }
        });
    Serving.with(
        ProxiesTest::tell,
        server -> {
          try (RawClient raw = Serving.connect(server)) {
            String told = raw.send(request).response().body();
            assertTrue(told.matches("/127.0.0.1:\\d+ http a"), told);
          }
        });
  }

  @Test
  void rangesOfAddressesAreChecked() throws Exception {
    assertTrue(Network.of("10.0.0.0/8").contains(InetAddress.ofLiteral("10.255.1.1")));
    assertTrue(!Network.of("10.0.0.0/9").contains(InetAddress.ofLiteral("10.255.1.1")));
    assertTrue(Network.of("0.0.0.0/0").contains(InetAddress.ofLiteral("8.8.8.8")));
    assertTrue(!Network.of("0.0.0.0/0").contains(InetAddress.ofLiteral("::1")));
    assertTrue(Network.of("2001:db8::/32").contains(InetAddress.ofLiteral("2001:db8::5")));
    for (String bad : new String[] {"localhost", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "", "1"}) {
      assertThrows(IllegalArgumentException.class, () -> Network.of(bad), bad);
    }
  }
}
