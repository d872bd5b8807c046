package dev.thrum.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What two programs in a row could take for different requests is refused, and nothing behind it
/// is taken for another one.
final class SmugglingTest {
  private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

  /// What a text stands for in these tables: `|` for the end of a line, `\0` and the like for
  /// control characters.
  static String bytes(String text) {
    return text.replace("|", "\r\n")
        .replace("\\0", "\0")
        .replace("\\t", "\t")
        .replace("\\n", "\n")
        .replace("\\r", "\r")
        .replace("\\v", "\u000b")
        .replace("\\x7f", "\u007f")
        .replace("\\xff", "\u00ff");
  }

  private static void isRefused(int status, String request) throws Exception {
    List<String> seen = new ArrayList<>();
    Serving.with(
        exchange -> {
          seen.add(exchange.target());
          Serving.echo(exchange);
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send(bytes(request) + HIDDEN);
            RawClient.Response response = client.response();
            assertEquals(status, response.status(), response + " to " + request);
            assertEquals("close", response.header("connection"));
            assertEquals("", client.rest(), "something more was answered");
          }
        });
    assertTrue(!seen.contains("/hidden"), "the rest was taken for a request: " + seen);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Lengths that contradict each other or are none
        "POST / HTTP/1.1|Host: a|Content-Length: 5|Content-Length: 6||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: 5|Content-Length: 5||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: 5, 5||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: 5, 6||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: -1||",
        "POST / HTTP/1.1|Host: a|Content-Length: +5||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: 0x5||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: 5 5||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: five||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: 5.0||hello",
        "POST / HTTP/1.1|Host: a|Content-Length:||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: 99999999999999999999||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: \\v5||hello",
        // Two ways to say how long it is
        "POST / HTTP/1.1|Host: a|Content-Length: 5|Transfer-Encoding: chunked||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Length: 5||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Length: 0||0||",
        // Transfer encodings that are none, or not ours
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked, identity||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: identity||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: xchunked||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked-x||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: \\vchunked||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: \"chunked\"||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: identity||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: x||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked, chunked||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding:||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked;q=1||0||",
        "POST / HTTP/1.0|Host: a|Transfer-Encoding: chunked||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding : chunked||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding\\t: chunked||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding\\0: chunked||0||",
        "POST / HTTP/1.1|Host: a| Transfer-Encoding: chunked||0||",
        "POST / HTTP/1.1|Host: a|X: y|\\tTransfer-Encoding: chunked||0||",
        // A body that nothing announces
        "GET / HTTP/1.1|Host: a|Upgrade: WebSocket|Connection: Upgrade|Sec-WebSocket-Key1: 1|"
            + "Sec-WebSocket-Key2: 2||",
      })
  void framing(String request) throws Exception {
    isRefused(400, request);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x5|hello|0||",
        "+5|hello|0||",
        "-5|hello|0||",
        " 5|hello|0||",
        "5 |hello|0||",
        "5 5|hello|0||",
        "|hello|0||",
        "g|hello|0||",
        ";x|hello|0||",
        "80000000|hello|0||",
        "ffffffffffffffff|hello|0||",
        "10000000000000005|hello|0||",
        "5|hello0||",
        "5|hello\\n0||",
        "5|hello world|0||",
        "5\\nhello|0||",
        "5\\rhello|0||",
        "5;a\\nb|hello|0||",
        "5;a\\rb|hello|0||",
        "5;a\\0b|hello|0||",
        "5|hello|0|X : y||",
        "5|hello|0| X: y||",
        "5|hello|0|X\\0: y||",
        "5|hello|0|X: y\\rz||",
      })
  void chunks(String body) throws Exception {
    isRefused(400, "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||" + body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Lines
        "GET / HTTP/1.1|Host: a|X: y| folded||",
        "GET / HTTP/1.1|Host: a|X: y|\\tfolded||",
        "GET / HTTP/1.1| Host: a||",
        "|GET / HTTP/1.1|Host: a|X: y| folded||",
        "GET / HTTP/1.1\\nHost: a\\n\\n",
        "GET / HTTP/1.1|Host: a\\nX: y||",
        "GET / HTTP/1.1|Host: a\\rX: y||",
        "GET / HTTP/1.1\\rHost: a||",
        "GET / HTTP/1.1|Host: a|X: \\ny||",
        "GET / HTTP/1.1|Host: a|X: a\\0b||",
        "GET / HTTP/1.1|Host: a|X: a\\vb||",
        "GET / HTTP/1.1|Host: a|X: a\\x7fb||",
        // Names
        "GET / HTTP/1.1|Host: a|X : y||",
        "GET / HTTP/1.1|Host: a|X\\t: y||",
        "GET / HTTP/1.1|Host: a|X Y: z||",
        "GET / HTTP/1.1|Host: a|X\\0: y||",
        "GET / HTTP/1.1|Host: a|X@Y: z||",
        "GET / HTTP/1.1|Host: a|X(Y): z||",
        "GET / HTTP/1.1|Host: a|X\\xff: z||",
        "GET / HTTP/1.1|Host: a|\"X\": z||",
        "GET / HTTP/1.1|Host: a|: z||",
        "GET / HTTP/1.1|Host: a|X||",
        // Hosts
        "GET / HTTP/1.1||",
        "GET / HTTP/1.1|Host: a|Host: b||",
        "GET / HTTP/1.1|Host: a|host: a||",
        "GET / HTTP/1.1|Host: a b||",
        "GET / HTTP/1.1|Host: a/b||",
        "GET / HTTP/1.1|Host: user@a||",
        "GET / HTTP/1.0|Host: a|Host: b||",
        "GET http://b/ HTTP/1.1|Host: a||",
        "GET http://user@a/ HTTP/1.1|Host: a||",
        "GET http:///x HTTP/1.1|Host: a||",
        // Targets
        "GET /\\0 HTTP/1.1|Host: a||",
        "GET /\\x7f HTTP/1.1|Host: a||",
        "GET /a\\tb HTTP/1.1|Host: a||",
        "GET /a b HTTP/1.1|Host: a||",
        "GET /a#b HTTP/1.1|Host: a||",
        "GET /\\xff HTTP/1.1|Host: a||",
        "GET a HTTP/1.1|Host: a||",
        "GET * HTTP/1.1|Host: a||",
        "GET  HTTP/1.1|Host: a||",
        "GET  / HTTP/1.1|Host: a||",
        "GET /  HTTP/1.1|Host: a||",
        "GET / HTTP/1.1 |Host: a||",
        " GET / HTTP/1.1|Host: a||",
        "\\0GET / HTTP/1.1|Host: a||",
        "GET\\t/ HTTP/1.1|Host: a||",
        "CONNECT / HTTP/1.1|Host: a||x",
        "ftp://a/ GET HTTP/1.1|Host: a||",
        "GET ftp://a/ HTTP/1.1|Host: a||",
        // Methods and versions
        "G@T / HTTP/1.1|Host: a||",
        "G\\0T / HTTP/1.1|Host: a||",
        "GET: / HTTP/1.1|Host: a||",
        "GET /||",
        "GET / |Host: a||",
        "GET / HTTP|Host: a||",
        "GET / HTTP/|Host: a||",
        "GET / HTTP/1|Host: a||",
        "GET / HTTP/1.x|Host: a||",
        "GET / HTTP/ 1.1|Host: a||",
        "GET / HTTP/1.10|Host: a||",
        "GET / HTTP/01.1|Host: a||",
        "GET / http/1.1|Host: a||",
        "GET / ICE/1.1|Host: a||",
      })
  void heads(String request) throws Exception {
    isRefused(400, request);
  }

  @ParameterizedTest
  @CsvSource({
    "505, GET / HTTP/2.0|Host: a||",
    "505, GET / HTTP/1.2|Host: a||",
    "505, GET / HTTP/0.9|Host: a||",
    "505, GET / HTTP/3.0|Host: a||",
    "501, 'POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked||0||'",
    "417, POST / HTTP/1.1|Host: a|Expect: 200-ok|Content-Length: 5||hello",
  })
  void othersHaveAStatusOfTheirOwn(int status, String request) throws Exception {
    isRefused(status, request);
  }

  @ParameterizedTest
  @CsvSource({"414, target", "431, header", "431, headers", "431, name", "414, method"})
  void longLines(int status, String what) throws Exception {
    String much = "x".repeat(20_000);
    isRefused(
        status,
        switch (what) {
          case "target" -> "GET /" + much + " HTTP/1.1|Host: a||";
          case "method" -> much + " / HTTP/1.1|Host: a||";
          case "header" -> "GET / HTTP/1.1|Host: a|X: " + much + "||";
          case "name" -> "GET / HTTP/1.1|Host: a|" + much + ": y||";
          default -> "GET / HTTP/1.1|Host: a|" + "X: y|".repeat(5000) + "|";
        });
  }

  /// Trailers that say how long something is, or whom it is for, are left out.
  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 50", "Transfer-Encoding: chunked", "Trailer: x"})
  void trailersDoNotSayHowLongSomethingIs(String trailer) throws Exception {
    Serving.with(
        exchange -> {
          exchange.readAll();
          byte[] text =
              exchange
                  .trailers()
                  .names()
                  .toString()
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
          exchange.respond(200, Headers.create(), text);
        },
        server -> {
          try (RawClient client = Serving.connect(server)) {
            String head = "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||0|X: y|";
            client.send(bytes(head + trailer + "||")).get("/next");
            assertEquals("[X]", client.response().body());
            assertEquals("[]", client.response().body());
          }
        });
  }

  /// What comes before is answered first.
  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1|Host: a|X : y||", "GARBAGE||", "\\0\\0"})
  void theRequestsBeforeAreAnswered(String bad) throws Exception {
    Serving.with(
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.get("/1").get("/2").send(bytes(bad) + HIDDEN);
            assertEquals("GET /1 ", client.response().body());
            assertEquals("GET /2 ", client.response().body());
            assertEquals(400, client.response().status());
            assertEquals("", client.rest());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1|Host: a||",
        "|GET / HTTP/1.1|Host: a||",
        "GET http://a/ HTTP/1.1|Host: a||",
        "OPTIONS * HTTP/1.1|Host: a||",
        "CONNECT a:443 HTTP/1.1|Host: a:443||",
        "GET / HTTP/1.1|Host: [::1]:80||",
        "GET / HTTP/1.1|Host:||",
        "GET / HTTP/1.1|Host:a|X:|Y:\\t z \\t||",
        "get / HTTP/1.1|Host: a||",
        "X!#$%&'*+-.^_`~ / HTTP/1.1|Host: a||",
        "POST / HTTP/1.1|Host: a|Content-Length: 005||hello",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: Chunked||5|hello|0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||005;a=b;c=\"d\"|hello|0|X: y||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||5 ;a|hello|000||",
      })
  void whatIsInOrderIsTaken(String request) throws Exception {
    Serving.with(
        Serving::echo,
        server -> {
          try (RawClient client = Serving.connect(server)) {
            client.send(bytes(request)).get("/next");
            assertEquals(200, client.response().status(), request);
            assertEquals("GET /next ", client.response().body());
          }
        });
  }
}
