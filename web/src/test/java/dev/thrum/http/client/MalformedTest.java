package dev.thrum.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Responses that are none, or that two programs in a row could take for different things.
final class MalformedTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  static Stream<Arguments> malformed() {
    return Stream.of(
            "SSH-2.0-OpenSSH_9.2\r\n",
            "<html>\r\n\r\n",
            "http/1.1 200 OK\r\n\r\n",
            "HTTP/2.0 200 OK\r\n\r\n",
            "HTTP/1.2x200 OK\r\n\r\n",
            "HTTP/1.1  200 OK\r\n\r\n",
            "HTTP/1.1 20 OK\r\n\r\n",
            "HTTP/1.1 2000 OK\r\n\r\n",
            "HTTP/1.1 2x0 OK\r\n\r\n",
            "HTTP/1.1 -20 OK\r\n\r\n",
            "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\n\n",
            OK + "Content-Length: 2\nX: y\r\n\r\nab",
            OK + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
            OK + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab",
            OK + "Content-Length: 2, 3\r\n\r\nabc",
            OK + "Content-Length: +2\r\n\r\nab",
            OK + "Content-Length: -2\r\n\r\nab",
            OK + "Content-Length: 0x2\r\n\r\nab",
            OK + "Content-Length: 2 3\r\n\r\nab",
            OK + "Content-Length: 99999999999999999999\r\n\r\nab",
            OK + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: gzip\r\n\r\nab",
            OK + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            OK + "X: a\r\n b\r\nContent-Length: 2\r\n\r\nab",
            OK + " X: a\r\nContent-Length: 2\r\n\r\nab",
            OK + "X : a\r\nContent-Length: 2\r\n\r\nab",
            OK + ": a\r\nContent-Length: 2\r\n\r\nab",
            OK + "X\r\nContent-Length: 2\r\n\r\nab",
            OK + "X: a\0b\r\nContent-Length: 2\r\n\r\nab",
            OK + "X: a\rb\r\nContent-Length: 2\r\n\r\nab",
            OK + "X y: a\r\nContent-Length: 2\r\n\r\nab",
            OK + "Transfer-Encoding: chunked\r\n\r\nx\r\nab\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n-2\r\nab\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n2\nab\n0\n\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n80000000\r\nab\r\n0\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nab\r\n0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n".repeat(40),
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(40) + OK + "\r\n",
            OK + "X: " + "a".repeat(100_000) + "\r\n\r\n",
            OK + "X: y\r\n".repeat(20_000) + "\r\n",
            "HTTP/1.1 200 " + "a".repeat(100_000) + "\r\n\r\n")
        .map(text -> Arguments.of(text.length() > 80 ? text.substring(0, 80) : text, text));
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource
  void malformed(String shown, String text) throws Exception {
    RawServer.with(
        peer -> {
          String _ = peer.head();
          peer.say(text);
          byte[] _ = peer.connection.readAll();
        },
        server -> {
          try (HttpClient client = HttpClient.open()) {
            var thrown =
                assertThrows(
                    HttpClientException.Malformed.class,
                    () -> client.get(server.url("/x")),
                    () -> shown);
            assertTrue(
                String.valueOf(thrown.getMessage())
                    .startsWith("GET " + server.url("/x") + " was answered with what is no"),
                thrown.getMessage());
            assertEquals(1, server.connections);
            Clients.until(() -> client.connections() == 0);
          }
        });
  }

  static Stream<String> cutOff() {
    return Stream.of(
        "",
        "HTTP/1.1 200",
        OK,
        OK + "Content-Length: 5\r\n",
        OK + "Content-Length: 5\r\n\r\nabc",
        OK + "Transfer-Encoding: chunked\r\n\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
        OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource
  void cutOff(String text) throws Exception {
    RawServer.with(
        peer -> {
          String _ = peer.head();
          peer.say(text);
        },
        server -> {
          try (HttpClient client = HttpClient.open()) {
            assertThrows(HttpClientException.ClosedEarly.class, () -> client.get(server.url("/x")));
            assertEquals(1, server.connections);
            Clients.until(() -> client.connections() == 0);
          }
        });
  }

  static Stream<Arguments> strangeButRight() {
    return Stream.of(
        Arguments.of("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nab", "ab"),
        Arguments.of("HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nab", "ab"),
        Arguments.of("HTTP/1.0 200 OK\r\n\r\nab", "ab"),
        Arguments.of(OK + "Connection: close\r\n\r\nab", "ab"),
        Arguments.of(OK + "\r\n", ""),
        Arguments.of(OK + "transfer-ENCODING: Chunked\r\n\r\n2;x=y\r\nab\r\n0\r\n\r\n", "ab"),
        Arguments.of(OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nA: b\r\n\r\n", "ab"),
        Arguments.of(OK + "Content-Length:2\r\n\r\nab", "ab"),
        Arguments.of(OK + "Content-Length:  2  \r\n\r\nab", "ab"),
        Arguments.of("HTTP/1.1 204 No Content\r\n\r\n", ""),
        Arguments.of("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", ""),
        Arguments.of(
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK + "Content-Length: 2\r\n\r\nab",
            "ab"));
  }

  @ParameterizedTest
  @MethodSource
  void strangeButRight(String text, String body) throws Exception {
    RawServer.with(
        peer -> {
          String _ = peer.head();
          peer.say(text);
        },
        server -> {
          try (HttpClient client = HttpClient.open()) {
            assertEquals(body, client.get(server.url("/")).text());
          }
        });
  }

  static Stream<String> tooMuch() {
    String one = OK + "Content-Length: 2\r\n\r\nab";
    return Stream.of(
        one + "x",
        one + "\r\n",
        one + OK + "Content-Length: 4\r\n\r\nevil",
        "HTTP/1.1 204 No Content\r\n\r\nevil",
        OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n");
  }

  @ParameterizedTest
  @MethodSource("tooMuch")
  void whatComesAfterAResponseIsNeverTakenForTheNextOne(String text) throws Exception {
    RawServer.with(
        peer -> {
          String _ = peer.head();
          peer.say(peer.number == 1 ? text : OK + "Content-Length: 4\r\n\r\ngood");
          byte[] _ = peer.connection.readAll();
        },
        server -> {
          try (HttpClient client = HttpClient.open()) {
            int status = client.get(server.url("/")).status();
            assertTrue(status == 200 || status == 204);
            assertEquals("good", client.get(server.url("/")).text());
            assertEquals(2, server.connections);
          }
        });
  }

  @Test
  void whatComesLaterWithoutARequestEndsTheConnection() throws Exception {
    RawServer.with(
        peer -> {
          String _ = peer.head();
          peer.ok("ab");
          if (peer.number == 1) {
            peer.say(OK + "Content-Length: 4\r\n\r\nevil");
          }
          byte[] _ = peer.connection.readAll();
        },
        server -> {
          try (HttpClient client = HttpClient.open()) {
            assertEquals("ab", client.get(server.url("/")).text());
            Clients.until(() -> client.connections() == 0);
            assertEquals("ab", client.get(server.url("/")).text());
          }
        });
  }

  @Test
  void nothingGetsIntoARequestThatEndsALine() throws Exception {
    RawServer.with(
        peer -> {
          String _ = peer.head();
          peer.ok("");
        },
        server -> {
          try (HttpClient client = HttpClient.open()) {
            String url = server.url("/");
            assertThrows(
                IllegalArgumentException.class,
                () -> client.request("GET", url).header("X", "a\r\nEvil: b"));
            assertThrows(
                IllegalArgumentException.class,
                () -> client.request("GET / HTTP/1.1\r\nX:", url).send());
            assertThrows(IllegalArgumentException.class, () -> client.get(url + "\r\nX: y"));
            assertThrows(IllegalArgumentException.class, () -> client.get("ftp://a/"));
            assertThrows(IllegalArgumentException.class, () -> client.get("/a"));
            assertThrows(IllegalArgumentException.class, () -> client.get("http:///a"));
            assertEquals(0, server.connections);
          }
        });
  }
}
