package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Channel;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Forms in parts that nobody's browser would send. What is malformed is a 400, what is large a
/// 413, and nothing else comes of it. `-Dthrum.seed=…` takes a seed that a failure has told.
final class MultipartFuzzTest {
  private static final String BOUNDARY = "AaB03x";
  private static final String TYPE = "multipart/form-data; boundary=" + BOUNDARY;
  private static final String HEAD = "Content-Disposition: form-data; name=\"a\"";

  private static App app() {
    App app = App.create();
    app.post(
        "/",
        req -> {
          StringBuilder told = new StringBuilder();
          Params form = req.form();
          for (String name : form.names()) {
            told.append(name).append('=').append(form.all(name)).append(';');
          }
          for (String name : List.of("a", "file")) {
            for (Upload one : req.uploads(name)) {
              told.append(one.fileName()).append('=').append(Arrays.hashCode(one.bytes()));
            }
          }
          return told.toString();
        });
    return app;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static TestResponse send(TestClient client, String type, byte[] body) throws IOException {
    return client.post("/").header("Content-Type", type).body(body).send();
  }

  private static String part(String head, String content) {
    return "--" + BOUNDARY + "\r\n" + head + "\r\n\r\n" + content + "\r\n";
  }

  private static String end() {
    return "--" + BOUNDARY + "--\r\n";
  }

  @AsyncTest
  void whatIsMalformedIsRefused() throws IOException {
    String file = HEAD + "; filename=\"f\"\r\nContent-Type: text/plain";
    List<String> bodies = new ArrayList<>();
    bodies.add("");
    bodies.add("no boundary at all");
    bodies.add("--" + BOUNDARY);
    bodies.add("--" + BOUNDARY + "\r\n");
    bodies.add("--" + BOUNDARY + "x\r\n" + HEAD + "\r\n\r\n1\r\n" + end());
    bodies.add(part(HEAD, "1"));
    bodies.add(part(HEAD, "1") + "--" + BOUNDARY);
    bodies.add(part(HEAD, "1") + "--" + BOUNDARY + "-");
    bodies.add(part(HEAD, "1") + "--" + BOUNDARY + "junk" + end());
    bodies.add(part(file, "1"));
    bodies.add("--" + BOUNDARY + "\r\n" + HEAD + "\r\n");
    bodies.add("--" + BOUNDARY + "\r\n\r\nno headers\r\n" + end());
    bodies.add(part("Content-Type: text/plain", "1") + end());
    bodies.add(part("Content-Disposition: attachment; name=\"a\"", "1") + end());
    bodies.add(part("Content-Disposition: form-data", "1") + end());
    bodies.add(part("Content-Disposition: form-data; filename=\"f\"", "1") + end());
    bodies.add(part(HEAD + "\r\n" + HEAD, "1") + end());
    bodies.add(part(HEAD + "\r\nno colon", "1") + end());
    bodies.add(part(HEAD + "\r\n : no name", "1") + end());
    bodies.add(part(HEAD + "\r\n folded: yes", "1") + end());
    bodies.add(part(HEAD + "\r\nX: a\u0000b", "1") + end());
    bodies.add(part(HEAD + "\r\nX: a\nb", "1") + end());
    bodies.add(part("X: " + "x".repeat(9000) + "\r\n" + HEAD, "1") + end());
    bodies.add(part("X: " + "x".repeat(1 << 20), "1") + end());
    try (TestClient client = TestClient.of(app()).keepFailures()) {
      for (String one : bodies) {
        TestResponse answer = send(client, TYPE, bytes(one));
        assertEquals(400, answer.status(), one.substring(0, Math.min(200, one.length())));
        assertTrue(answer.text().startsWith("{\"detail\":\""), answer.text());
      }
      byte[] good = bytes(part(HEAD, "1") + end());
      for (String type : List.of("", "; boundary=", "; boundary=" + "x".repeat(71), "; x=y")) {
        assertEquals(400, send(client, "multipart/form-data" + type, good).status(), type);
      }
      assertEquals(415, send(client, "multipart/mixed; boundary=" + BOUNDARY, good).status());
      assertEquals("a=[1];", send(client, TYPE, good).text());
      assertEquals("", send(client, TYPE, bytes(end())).text());
    }
  }

  @AsyncTest
  void whatOnlyLooksLikeABoundaryIsContent() throws IOException {
    List<String> contents =
        List.of(
            "\r\n",
            "\r\n--",
            "\r\n--AaB03",
            "--" + BOUNDARY,
            "\n--" + BOUNDARY + "--",
            "\r\r\n--AaB03\r\n--AaB0",
            "\r\n-" + "-AaB03y",
            "--other\r\nContent-Disposition: form-data; name=\"inner\"\r\n\r\nx\r\n--other--");
    try (TestClient client = TestClient.of(app()).keepFailures()) {
      for (String one : contents) {
        String body = "preamble\r\n" + part(HEAD, one) + end() + "epilogue";
        assertEquals("a=[" + one + "];", send(client, TYPE, bytes(body)).text());
      }
      String nested =
          part(
              HEAD + "\r\nContent-Type: multipart/mixed; boundary=inner",
              "--inner\r\nContent-Disposition: file; filename=\"f\"\r\n\r\nx\r\n--inner--");
      assertTrue(send(client, TYPE, bytes(nested + end())).text().startsWith("a=[--inner"));
    }
  }

  @AsyncTest
  void manyFieldsAreRefused() throws IOException {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      many.append(part(HEAD, "1"));
    }
    try (TestClient client = TestClient.of(app()).keepFailures()) {
      assertEquals(400, send(client, TYPE, bytes(many + end())).status());
      byte[] encoded = bytes("a=1&".repeat(10_000));
      assertEquals(400, send(client, "application/x-www-form-urlencoded", encoded).status());
      byte[] large = bytes(part(HEAD, "1".repeat(2 << 20)) + end());
      assertEquals(413, send(client, TYPE, large).status());
    }
  }

  @AsyncTest
  void aFormCutOffAnywhereIsRefused() throws IOException {
    String whole =
        part(HEAD, "one")
            + part(HEAD + "; filename=\"f.txt\"\r\nContent-Type: text/plain", "two")
            + ("--" + BOUNDARY + "--");
    try (TestClient client = TestClient.of(app()).keepFailures()) {
      assertEquals(200, send(client, TYPE, bytes(whole)).status());
      for (int i = 0; i < whole.length(); i++) {
        assertEquals(400, send(client, TYPE, bytes(whole.substring(0, i))).status(), "cut at " + i);
      }
    }
  }

  @AsyncTest
  void aFormMayComeInAnyPieces() throws IOException {
    long seed = Long.getLong("thrum.seed", System.nanoTime());
    Random random = new Random(seed);
    try (TestClient client = TestClient.of(app()).keepFailures()) {
      for (int i = 0; i < 60; i++) {
        StringBuilder wanted = new StringBuilder();
        byte[] body = form(random, wanted);
        Channel<byte[]> pieces = Channel.unlimited();
        for (int at = 0; at < body.length; ) {
          int length = Math.min(body.length - at, 1 + random.nextInt(1 << random.nextInt(16)));
          pieces.send(Arrays.copyOfRange(body, at, at + length));
          at += length;
        }
        pieces.close();
        var request = client.post("/").header("Content-Type", TYPE).body(pieces);
        assertEquals(wanted.toString(), request.send().text(), "-Dthrum.seed=" + seed);
      }
    }
  }

  private static byte[] form(Random random, StringBuilder wanted) {
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    StringBuilder files = new StringBuilder();
    int parts = random.nextInt(6);
    for (int i = 0; i < parts; i++) {
      byte[] content = content(random);
      boolean file = random.nextBoolean();
      String head = file ? "name=\"file\"; filename=\"f" + i + '"' : "name=\"n" + i + '"';
      made.writeBytes(bytes("--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + head));
      made.writeBytes(bytes("\r\n\r\n"));
      made.writeBytes(content);
      made.writeBytes(bytes("\r\n"));
      if (file) {
        files.append("f" + i + "=").append(Arrays.hashCode(content));
      } else {
        String text = new String(content, StandardCharsets.UTF_8);
        wanted.append("n" + i + "=[").append(text).append("];");
      }
    }
    made.writeBytes(bytes(end()));
    wanted.append(files);
    return made.toByteArray();
  }

  /// Mostly of what boundaries are made of; never one.
  private static byte[] content(Random random) {
    String signs = "\r\n--AaB03-x\r\n";
    StringBuilder made = new StringBuilder();
    IntStream.range(0, random.nextInt(1 << random.nextInt(15)))
        .forEach(_ -> made.append(signs.charAt(random.nextInt(signs.length()))));
    return bytes(made.toString().replace("--" + BOUNDARY, ""));
  }

  @AsyncTest
  void changedFormsDoNotBreakAnything() throws IOException {
    long seed = Long.getLong("thrum.seed", System.nanoTime());
    Random random = new Random(seed);
    byte[] whole =
        bytes(
            part(HEAD, "one")
                + part("Content-Disposition: form-data; name=file; filename*=UTF-8''a%20b", "two")
                + part(HEAD + "\r\nContent-Type: text/plain; charset=utf-16", "three")
                + end());
    try (TestClient client = TestClient.of(app()).keepFailures()) {
      for (int i = 0; i < 2000; i++) {
        byte[] changed = whole.clone();
        for (int n = random.nextInt(4); n >= 0; n--) {
          changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        int status = send(client, TYPE, changed).status();
        assertTrue(
            status == 200 || status == 400 || status == 415,
            () -> "status " + status + " with -Dthrum.seed=" + seed);
      }
    }
  }
}
