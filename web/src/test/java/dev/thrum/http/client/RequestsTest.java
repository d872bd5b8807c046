package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpVersion;
import dev.thrum.http.Serving;
import dev.thrum.http.client.Clients.Way;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.type.TypeReference;

/// Requests of all kinds, and their responses, over every way to speak with a server.
final class RequestsTest {
  private static final int LARGE = 3_000_000;

  /// What an exchange is about, and its body.
  private static void tell(Exchange exchange) throws IOException {
    byte[] body = exchange.readAll();
    String text =
        exchange.method()
            + " "
            + exchange.target()
            + " "
            + exchange.headers().get("Content-Type", "-")
            + " "
            + exchange.headers().get("X-Own", "-")
            + " "
            + new String(body, UTF_8);
    exchange.respond(200, Headers.of("Content-Type", "text/plain"), text.getBytes(UTF_8));
  }

  private static byte[] random(int count) {
    byte[] made = new byte[count];
    new Random(7).nextBytes(made);
    return made;
  }

  @ParameterizedTest
  @EnumSource
  void theUsualRequests(Way way) throws Exception {
    Clients.with(
        way,
        RequestsTest::tell,
        client -> {
          HttpResponse first = client.get("/a?b=c");
          assertEquals("GET /a?b=c - - ", first.text());
          assertEquals(200, first.status());
          assertTrue(first.isOk());
          assertEquals("text/plain", first.header("content-type").orElseThrow());
          assertEquals(way.isSecond() ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1, first.version());
          assertEquals(
              "POST /p text/plain; charset=utf-8 - grüß",
              client.post("/p", HttpBody.text("grüß")).text());
          assertEquals("DELETE /d - - ", client.delete("/d").text());
          assertEquals(
              "PUT /u - - x", client.put("/u", HttpBody.bytes("", new byte[] {'x'})).text());
          assertEquals(
              "PATCH /j application/json - {\"a\":1}",
              client.patch("/j", HttpBody.json(Map.of("a", 1))).text());
          HttpResponse head = client.head("/h");
          assertEquals("", head.text());
          assertEquals("12", head.header("Content-Length").orElseThrow());
          assertEquals(
              "POST /f application/x-www-form-urlencoded - a+b=c%26d&e=%C3%A4",
              client.request("POST", "/f").form("a b", "c&d", "e", "ä").send().text());
          assertEquals(
              "GET /q?x=1&a+b=c%26d - own ",
              client
                  .request("GET", "/q?x=1")
                  .query("a b", "c&d")
                  .header("X-Own", "own")
                  .send()
                  .text());
          assertEquals("GET /%C3%A4%20b - - ", client.get("/ä b").text());
          assertEquals(1, client.connections());
        });
  }

  @ParameterizedTest
  @EnumSource
  void aBodyOfUnknownLengthIsStreamedBothWays(Way way) throws Exception {
    byte[] large = random(LARGE);
    Clients.with(
        way,
        exchange -> {
          exchange.begin(200, Headers.create());
          for (byte[] part = exchange.read(50_000); part.length > 0; part = exchange.read(50_000)) {
            exchange.write(part);
          }
          exchange.end(Headers.of("X-Trailer", "last"));
        },
        client -> {
          List<byte[]> came = new ArrayList<>();
          HttpBody body =
              HttpBody.stream(
                  "application/octet-stream",
                  out -> {
                    for (int at = 0; at < 100_000; at += 10_000) {
                      out.write(large, at, 10_000);
                    }
                  });
          HttpResponse echoed = client.post("/", body);
          assertEquals(100_000, echoed.bytes().length);
          assertArrayEquals(java.util.Arrays.copyOf(large, 100_000), echoed.bytes());
          assertEquals("last", echoed.trailers().get("X-Trailer").orElseThrow());
          assertEquals(List.of(), came);
          assertEquals(1, client.connections());
        });
  }

  @ParameterizedTest
  @EnumSource
  void aLargeBodyComesAsItIsRead(Way way, @TempDir Path folder) throws Exception {
    byte[] large = random(LARGE);
    Path file = folder.resolve("saved");
    Clients.with(
        way,
        exchange -> exchange.respond(200, Headers.create(), large),
        client -> {
          assertArrayEquals(large, client.get("/").bytes());
          try (HttpResponse response = client.request("GET", "/").open();
              InputStream in = response.stream()) {
            assertArrayEquals(large, in.readAllBytes());
          }
          try (HttpResponse response = client.request("GET", "/").open()) {
            assertEquals(LARGE, response.save(file));
          }
          assertArrayEquals(large, Files.readAllBytes(file));
          assertEquals(1, client.connections());
        });
  }

  @ParameterizedTest
  @EnumSource
  void filesAndFormsWithFilesAreSent(Way way, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("a \"b\".txt");
    Files.write(file, random(200_000));
    Clients.with(
        way,
        exchange -> {
          byte[] body = exchange.readAll();
          exchange.respond(
              200,
              Headers.of(
                  "X-Type",
                  exchange.headers().get("Content-Type", ""),
                  "X-Length",
                  exchange.headers().get("Content-Length", "")),
              body);
        },
        client -> {
          HttpResponse sent = client.post("/", HttpBody.file(file));
          assertArrayEquals(Files.readAllBytes(file), sent.bytes());
          assertEquals("text/plain; charset=utf-8", sent.header("X-Type").orElseThrow());
          Multipart form = Multipart.create().field("title", "Sömmer").file("file", file);
          HttpResponse parts = client.post("/", form);
          String boundary = parts.header("X-Type").orElseThrow().split("boundary=", 2)[1];
          String expected =
              "--"
                  + boundary
                  + "\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nSömmer\r\n--"
                  + boundary
                  + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a %22b%22.txt\""
                  + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
          String all = new String(parts.bytes(), ISO_8859_1);
          assertEquals(
              new String(expected.getBytes(UTF_8), ISO_8859_1)
                  + new String(Files.readAllBytes(file), ISO_8859_1)
                  + "\r\n--"
                  + boundary
                  + "--\r\n",
              all);
          assertEquals(Integer.toString(all.length()), parts.header("X-Length").orElseThrow());
          Multipart streamed =
              Multipart.create().part("s", "s", HttpBody.stream("", out -> out.write(new byte[9])));
          assertEquals("", client.post("/", streamed).header("X-Length").orElseThrow());
        });
  }

  @ParameterizedTest
  @EnumSource
  void aServerIsAskedWhetherItWantsTheBody(Way way) throws Exception {
    boolean[] asked = {false};
    Clients.with(
        way,
        exchange -> {
          if (exchange.target().equals("/no")) {
            throw new HttpException(413);
          }
          Serving.echo(exchange);
        },
        client -> {
          HttpBody body =
              HttpBody.stream(
                  "text/plain",
                  out -> {
                    asked[0] = true;
                    out.write("body".getBytes(UTF_8));
                  });
          HttpResponse no = client.request("POST", "/no").body(body).expectContinue().send();
          assertEquals(413, no.status());
          assertFalse(asked[0]);
          HttpResponse yes = client.request("POST", "/yes").body(body).expectContinue().send();
          assertEquals("POST /yes body", yes.text());
        });
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatIsNotWantedIsNotSentToItsEnd(Way way) throws Exception {
    Clients.with(
        way,
        exchange -> {
          throw new HttpException(413, "too much");
        },
        client -> {
          int[] written = {0};
          HttpBody endless =
              HttpBody.stream(
                  "text/plain",
                  out -> {
                    while (true) {
                      out.write(new byte[10_000]);
                      written[0]++;
                    }
                  });
          HttpResponse no = client.post("/", endless);
          assertEquals(413, no.status());
          assertEquals("413 too much\n", no.text());
          assertTrue(written[0] > 0);
        });
  }

  @ParameterizedTest
  @EnumSource
  void aResponseCanBeLeftEarly(Way way) throws Exception {
    Clients.with(
        way,
        exchange -> {
          if (exchange.target().equals("/endless")) {
            exchange.begin(200, Headers.create());
            while (true) {
              exchange.write(new byte[10_000]);
            }
          }
          Serving.echo(exchange);
        },
        client -> {
          for (int i = 0; i < 5; i++) {
            try (HttpResponse response = client.request("GET", "/endless").open()) {
              assertEquals(10, response.stream().readNBytes(10).length);
            }
            assertEquals("GET /after ", client.get("/after").text());
          }
          Clients.until(() -> client.connections() == 1);
        });
  }

  @ParameterizedTest
  @EnumSource
  void linesAndEventsComeWhenTheyAreSent(Way way) throws Exception {
    Clients.with(
        way,
        exchange -> {
          boolean events = exchange.target().equals("/events");
          exchange.begin(
              200, Headers.of("Content-Type", events ? "text/event-stream" : "text/plain"));
          String text =
              events
                  ? ": hello\n\nevent: tick\ndata: 1\ndata: 2\nid: 7\n\ndata:x\nretry: 50\n\ndata: lost"
                  : "one\r\ntwo\n\nfoür\rfive";
          for (byte b : text.getBytes(UTF_8)) {
            exchange.write(new byte[] {b});
          }
          exchange.end();
        },
        client -> {
          try (HttpResponse response = client.request("GET", "/lines").open()) {
            List<String> lines = new ArrayList<>();
            response.lines().forEach(lines::add);
            assertEquals(List.of("one", "two", "", "foür", "five"), lines);
            assertThrows(HttpClientException.Malformed.class, response::events);
          }
          try (HttpResponse response = client.request("GET", "/events").open()) {
            List<String> events = new ArrayList<>();
            response.events().forEach(one -> events.add(one.toString()));
            assertEquals(
                List.of(
                    "ServerEvent[type=tick, data=1\n2, id=7, retry=Optional.empty]",
                    "ServerEvent[type=message, data=x, id=7, retry=Optional[PT0.05S]]"),
                events);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void aStatusCanBeRaised(Way way) throws Exception {
    Clients.with(
        way,
        exchange -> exchange.respond(404, Headers.create(), "no such thing".getBytes(UTF_8)),
        client -> {
          HttpResponse response = client.get("/thing");
          var thrown = assertThrows(HttpClientException.BadStatus.class, response::raiseForStatus);
          assertEquals(404, thrown.status());
          assertTrue(
              String.valueOf(thrown.getMessage())
                  .matches(
                      "GET https?://127.0.0.1:\\d+/thing was answered with 404 Not Found: no such"
                          + " thing"),
              thrown.getMessage());
        });
  }

  @Test
  void theFrontDoorUsesAClientOfTheLoop() throws Exception {
    Serving.with(
        Serving::echo,
        server -> {
          String base = "http://localhost:" + server.port();
          assertEquals("GET /x ", Http.get(base + "/x").text());
          assertEquals("POST /x hi", Http.post(base + "/x", HttpBody.text("hi")).text());
          assertEquals("GET /y ", Http.request("GET", base + "/y").send().text());
          assertEquals(1, HttpClientImpl.ofThisLoop().connections());
          HttpClientImpl.ofThisLoop().pool().close();
        });
  }

  record Point(int x, int y) {}

  @ParameterizedTest
  @EnumSource
  void jsonIsReadAndComplainedAbout(Way way) throws Exception {
    Clients.with(
        way,
        exchange ->
            exchange.respond(
                200,
                Headers.of("Content-Type", "application/json"),
                (exchange.target().equals("/p") ? "{\"x\":1,\"y\":2}" : "{]").getBytes(UTF_8)),
        client -> {
          assertEquals(new Point(1, 2), client.get("/p").json(Point.class));
          TypeReference<Map<String, Integer>> numbers = new TypeReference<>() {};
          assertEquals(Map.of("x", 1, "y", 2), client.get("/p").json(numbers));
          HttpResponse bad = client.get("/bad");
          assertThrows(HttpClientException.Malformed.class, () -> bad.json(Point.class));
          assertThrows(HttpClientException.Malformed.class, () -> bad.json(numbers));
        });
  }
}
