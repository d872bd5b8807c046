package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import dev.thrum.web.test.TestStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
      TestResponse sent = get(client, "/long", "compress, gzip, deflate");
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
  void othersAreThereIfTheirLibrariesAre() throws IOException {
    try (TestClient client = client()) {
      for (String path : List.of("/long", "/large")) {
        String plain = path.equals("/long") ? LONG : LARGE;
        TestResponse zstd = get(client, path, "gzip, br, zstd");
        assertEquals("zstd", zstd.header("Content-Encoding"));
        assertTrue(zstd.bytes().length < 200);
        try (var in = new ZstdInputStream(new ByteArrayInputStream(zstd.bytes()))) {
          assertEquals(plain, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        TestResponse brotli = get(client, path, "gzip;q=0.5, br");
        assertEquals("br", brotli.header("Content-Encoding"));
        assertTrue(brotli.bytes().length < 200);
        try (var in = new BrotliInputStream(new ByteArrayInputStream(brotli.bytes()))) {
          assertEquals(plain, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
      assertEquals("gzip", get(client, "/long", "gzip, br;q=0.9").header("Content-Encoding"));
    }
  }

  @AsyncTest
  void aStreamThatFailsIsCutOff() throws IOException {
    App app = App.create();
    app.use(Compression.create());
    app.get(
        "/",
        _ ->
            Response.stream(
                    out -> {
                      out.write(LONG);
                      throw new IllegalStateException("as told");
                    })
                .type("text/plain"));
    try (TestClient client = TestClient.of(app).keepFailures()) {
      for (String coding : List.of("zstd", "br", "gzip", "deflate")) {
        assertThrows(EOFException.class, () -> get(client, "/", coding), coding);
      }
    }
  }

  @AsyncTest
  void whoDoesNotTakeItGetsItPlain() throws IOException {
    try (TestClient client = client()) {
      for (String coding : new String[] {"compress", "gzip;q=0", "identity", ""}) {
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
  void whatIsMuchOfAStreamArrivesWhole() throws IOException {
    byte[] much = new byte[300_001];
    new Random(1).nextBytes(much);
    App app = App.create();
    app.use(Compression.create());
    app.get(
        "/",
        _ ->
            Response.stream(
                    out -> {
                      out.write(much);
                      out.write("between");
                      out.write(much, 1, 1 << 16);
                    })
                .type("text/plain"));
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    plain.write(much);
    plain.write("between".getBytes(StandardCharsets.UTF_8));
    plain.write(much, 1, 1 << 16);
    try (TestClient client = TestClient.of(app)) {
      for (String coding : List.of("zstd", "br", "gzip", "deflate")) {
        try (var in = unpacking(coding, get(client, "/", coding).bytes())) {
          assertArrayEquals(plain.toByteArray(), in.readAllBytes(), coding);
        }
      }
    }
  }

  private static InputStream unpacking(String coding, byte[] bytes) throws IOException {
    var in = new ByteArrayInputStream(bytes);
    return switch (coding) {
      case "zstd" -> new ZstdInputStream(in);
      case "br" -> new BrotliInputStream(in);
      case "gzip" -> new GZIPInputStream(in);
      default -> new InflaterInputStream(in);
    };
  }

  private static byte[] packed(String coding, byte[] plain) throws IOException {
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    OutputStream out =
        switch (coding) {
          case "zstd" -> new ZstdOutputStream(made);
          case "br" -> new BrotliOutputStream(made, Encoder.Parameters.create(1));
          case "gzip" -> new GZIPOutputStream(made);
          default -> new DeflaterOutputStream(made);
        };
    try (out) {
      out.write(plain);
    }
    return made.toByteArray();
  }

  @AsyncTest
  void aRequestInAnyCodingIsReadUpToALimit() throws IOException {
    App app = App.create();
    app.use(Decompression.upTo(1_000_000));
    app.post("/", req -> req.body().length);
    byte[] much = new byte[1_000_001];
    new Random(1).nextBytes(much);
    try (TestClient client = TestClient.of(app)) {
      for (String coding : List.of("zstd", "br", "gzip", "deflate")) {
        for (byte[] plain : List.of(much, new byte[1_000_001], new byte[20_000_000])) {
          var bomb =
              client.post("/").header("Content-Encoding", coding).body(packed(coding, plain));
          TestResponse refused = bomb.send();
          assertEquals(413, refused.status(), coding);
          assertTrue(refused.text().contains("more than 1000000 bytes"), refused.text());
        }
        byte[] right = packed(coding, Arrays.copyOf(much, 1_000_000));
        var good = client.post("/").header("Content-Encoding", coding).body(right);
        assertEquals("1000000", good.send().text());
        for (int length : new int[] {1, 10, right.length / 2, right.length - 1}) {
          var cut = client.post("/").header("Content-Encoding", coding);
          assertEquals(400, cut.body(Arrays.copyOf(right, length)).send().status(), coding);
        }
      }
      byte[] wide = new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) 0xA8, 1, 0, 0};
      var window = client.post("/").header("Content-Encoding", "zstd").body(wide);
      assertEquals(400, window.send().status());
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
      TestResponse other = client.post("/").header("Content-Encoding", "compress").text("x").send();
      assertEquals(415, other.status());
      assertEquals("zstd, br, gzip, deflate", other.header("Accept-Encoding"));
      assertEquals("plain", client.post("/").text("plain").send().text());
    }
  }

  @Test
  void limitsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> Compression.create().atLeast(-1));
    assertThrows(IllegalArgumentException.class, () -> Decompression.upTo(0));
  }
}
