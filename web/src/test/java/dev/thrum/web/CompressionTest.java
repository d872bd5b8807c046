package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import dev.thrum.web.test.TestStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;

/// What is compressed on its way, and what comes compressed.
final class CompressionTest {
  private static final String LONG = "a line of text\n".repeat(100);
  private static final String LARGE = "a line of text\n".repeat(10_000);

  private static TestClient client() {
    App app = App.create();
    app.use(Compression.create());
    app.get("/long", _ -> Response.text(LONG).header("ETag", "\"1\""));
    app.get("/large", _ -> LARGE);
    app.get("/short", _ -> "short");
    app.get("/json", _ -> Map.of("text", LONG));
    app.get("/image", _ -> Response.text(LONG).type("image/png"));
    app.get("/own", _ -> Response.text(LONG).header("Content-Encoding", "br"));
    app.get("/part", _ -> Response.text(LONG).status(206));
    app.get("/kept", _ -> Response.text(LONG).header("Cache-Control", "no-transform"));
    app.get("/events", _ -> Sse.of(events -> events.send(LONG)));
    app.get(
        "/stream",
        _ ->
            Response.stream(
                    out -> {
                      out.write("one ");
                      out.write("two");
                    })
                .type("text/plain"));
    return TestClient.of(app);
  }

  private static TestResponse get(TestClient client, String path, String coding)
      throws IOException {
    return client.request("GET", path).header("Accept-Encoding", coding).send();
  }

  private static String unzip(byte[] bytes) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @AsyncTest
  void whatIsLongIsCompressed() throws IOException {
    try (TestClient client = client()) {
      TestResponse sent = get(client, "/long", "br, gzip, deflate");
      assertEquals("gzip", sent.header("Content-Encoding"));
      assertEquals("Accept-Encoding", sent.header("Vary"));
      assertEquals("W/\"1\"", sent.header("ETag"));
      assertEquals(Integer.toString(sent.bytes().length), sent.header("Content-Length"));
      assertTrue(sent.bytes().length < 200, sent.header("Content-Length"));
      assertEquals(LONG, unzip(sent.bytes()));
      assertEquals(LARGE, unzip(get(client, "/large", "gzip").bytes()));
      assertTrue(unzip(get(client, "/json", "gzip").bytes()).startsWith("{\"text\":"));
      TestResponse other = get(client, "/long", "deflate");
      assertEquals("deflate", other.header("Content-Encoding"));
      try (var in = new InflaterInputStream(new ByteArrayInputStream(other.bytes()))) {
        assertEquals(LONG, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  @AsyncTest
  void whoDoesNotTakeItGetsItPlain() throws IOException {
    try (TestClient client = client()) {
      for (String coding : new String[] {"br", "gzip;q=0", "identity", ""}) {
        TestResponse sent = get(client, "/long", coding);
        assertEquals(LONG, sent.text());
        assertEquals("", sent.header("Content-Encoding"));
        assertEquals("Accept-Encoding", sent.header("Vary"));
        assertEquals("\"1\"", sent.header("ETag"));
      }
    }
  }

  @AsyncTest
  void whatIsNotFitForItIsSentAsItIs() throws IOException {
    try (TestClient client = client()) {
      assertEquals("short", get(client, "/short", "gzip").text());
      for (String path : new String[] {"/image", "/part", "/kept", "/own"}) {
        TestResponse sent = get(client, path, "gzip");
        assertEquals(LONG, sent.text(), path);
        assertEquals("", sent.header("Vary"));
      }
      assertEquals("", get(client, "/events", "gzip").header("Content-Encoding"));
    }
  }

  @AsyncTest
  void aStreamCanBeReadWhileItIsSent() throws IOException {
    try (TestClient client = client();
        TestStream stream =
            client.request("GET", "/stream").header("Accept-Encoding", "gzip").open()) {
      assertEquals("gzip", stream.headers().get("Content-Encoding", ""));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.write(stream.next().orElseThrow()); // the head of gzip
      all.write(stream.next().orElseThrow());
      byte[] first = new byte[4];
      var in = new GZIPInputStream(new ByteArrayInputStream(all.toByteArray()));
      assertEquals(4, in.readNBytes(first, 0, 4));
      assertArrayEquals("one ".getBytes(StandardCharsets.UTF_8), first);
      for (var part = stream.next(); part.isPresent(); part = stream.next()) {
        all.write(part.get());
      }
      assertEquals("one two", unzip(all.toByteArray()));
    }
  }

  @AsyncTest
  void aRequestIsReadUpToALimit() throws IOException {
    App app = App.create();
    app.use(Decompression.upTo(LONG.length()));
    app.post("/", Request::text);
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(zipped)) {
      out.write(LONG.getBytes(StandardCharsets.UTF_8));
    }
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (var out = new DeflaterOutputStream(deflated)) {
      out.write((LONG + "x").getBytes(StandardCharsets.UTF_8));
    }
    try (TestClient client = TestClient.of(app)) {
      var good = client.post("/").header("Content-Encoding", "GZIP").body(zipped.toByteArray());
      assertEquals(LONG, good.send().text());
      var more = client.post("/").header("Content-Encoding", "deflate");
      assertEquals(413, more.body(deflated.toByteArray()).send().status());
      var bad = client.post("/").header("Content-Encoding", "gzip").text("no");
      assertEquals(400, bad.send().status());
      TestResponse other = client.post("/").header("Content-Encoding", "br").text("x").send();
      assertEquals(415, other.status());
      assertEquals("gzip, deflate", other.header("Accept-Encoding"));
      assertEquals("plain", client.post("/").text("plain").send().text());
    }
  }

  @Test
  void limitsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> Compression.create().atLeast(-1));
    assertThrows(IllegalArgumentException.class, () -> Decompression.upTo(0));
  }
}
