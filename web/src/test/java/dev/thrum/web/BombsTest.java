package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdOutputStream;
import dev.thrum.Async;
import dev.thrum.http.Server;
import dev.thrum.net.Connection;
import dev.thrum.net.Net;
import jakarta.validation.constraints.Min;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// Requests that are small and would become large, over real sockets.
final class BombsTest {
  private static final int LIMIT = 1 << 20;

  record Node(List<Node> children) {}

  record Numbers(@Min(1) int first, List<@Min(1) Integer> all) {}

  record Point(@Min(1) int x) {}

  record Points(Map<String, Point> all) {}

  record Big(java.math.BigInteger number) {}

  private static App app() {
    App app = App.create();
    app.use(Decompression.upTo(LIMIT));
    app.post("/raw", req -> req.body().length);
    app.post("/json", req -> req.json(Map.class).size());
    app.post("/node", Node.class, (_, node) -> node.children().size());
    app.post("/numbers", Numbers.class, (_, numbers) -> numbers.all().size());
    app.post("/points", Points.class, (_, points) -> points.all().size());
    app.post("/big", Big.class, (_, big) -> big.number().signum());
    return app;
  }

  private record Answer(int status, String body) {}

  private static Answer post(Server server, String path, String headers, byte[] body)
      throws IOException {
    try (Connection connection = Net.connect("127.0.0.1", server.port())) {
      String head =
          "POST "
              + path
              + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
              + headers
              + ("Content-Length: " + body.length + "\r\n\r\n");
      connection.write(head.getBytes(StandardCharsets.US_ASCII));
      connection.write(body);
      connection.flush();
      String all = new String(connection.readAll(), StandardCharsets.UTF_8);
      String[] parts = all.split("\r\n\r\n", 2);
      return new Answer(Integer.parseInt(parts[0].split(" ", 3)[1]), parts[1]);
    }
  }

  private interface Talk {
    void with(Server server) throws Exception;
  }

  private static void served(Talk talk) {
    App app = app();
    Async.run(() ->
        app.running(() -> {
          try (Server server = Server.builder().port(0).listen(app)) {
            talk.with(server);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        }));
  }

  private static byte[] packed(String coding, int megabytes) throws IOException {
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    OutputStream out =
        switch (coding) {
          case "zstd" -> new ZstdOutputStream(made);
          case "br" -> new BrotliOutputStream(made, Encoder.Parameters.create(1));
          default -> new GZIPOutputStream(made);
        };
    try (out) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < megabytes; i++) {
        out.write(zeros);
      }
    }
    return made.toByteArray();
  }

  private static byte[] repeated(byte[] part, int times) {
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      made.writeBytes(part);
    }
    return made.toByteArray();
  }

  /// Each would become more than the tests' JVM has memory for, but the one in Brotli, which cannot
  /// be repeated.
  @Test
  void compressedBombsAreRefused() throws IOException {
    Brotli4jLoader.ensureAvailability();
    Map<String, byte[]> bombs = new LinkedHashMap<>();
    bombs.put("gzip", repeated(packed("gzip", 16), 200));
    bombs.put("zstd", repeated(packed("zstd", 16), 200));
    bombs.put("br", packed("br", 64));
    served(server -> {
      for (Map.Entry<String, byte[]> one : bombs.entrySet()) {
        String header = "Content-Encoding: " + one.getKey() + "\r\n";
        for (int i = 0; i < 3; i++) {
          Answer answer = post(server, "/raw", header, one.getValue());
          assertEquals(413, answer.status, one.getKey());
          assertTrue(answer.body.contains("more than 1048576 bytes"), answer.body);
        }
      }
      String gzip = "Content-Encoding: gzip\r\n";
      assertEquals("1048576", post(server, "/raw", gzip, packed("gzip", 1)).body);
    });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void deepJsonIsMalformed() {
    served(server -> {
      int depth = 1_000_000;
      byte[] deep = bytes("{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}");
      assertEquals(400, post(server, "/json", "", deep).status);
      byte[] nodes = bytes("{\"children\":[".repeat(depth / 4) + "]}".repeat(depth / 4));
      Answer answer = post(server, "/node", "", nodes);
      assertEquals(422, answer.status);
      assertTrue(answer.body.contains("json_invalid"), answer.body);
      int right = 90;
      byte[] fine = bytes("{\"children\":[".repeat(right) + "]}".repeat(right));
      assertEquals("1", post(server, "/node", "", fine).body);
    });
  }

  @Test
  void longNumbersAndNamesAreMalformed() {
    served(server -> {
      byte[] number = bytes("{\"number\":" + "9".repeat(1_000_000) + "}");
      assertEquals(422, post(server, "/big", "", number).status);
      byte[] text = bytes("{\"number\":\"" + "9".repeat(1_000_000) + "\"}");
      assertEquals(422, post(server, "/big", "", text).status);
      byte[] name = bytes("{\"" + "n".repeat(1_000_000) + "\":1}");
      assertEquals(400, post(server, "/json", "", name).status);
      assertEquals(
          "1", post(server, "/big", "", bytes("{\"number\":" + "9".repeat(999) + "}")).body);
    });
  }

  @Test
  void anAnswerIsNotLongerThanItNeedsToBe() {
    served(server -> {
      int many = 1_000_000;
      for (String element : List.of("0,", "\"x\",", "null,")) {
        byte[] body = bytes("{\"first\":0,\"all\":[" + element.repeat(many) + "0]}");
        Answer answer = post(server, "/numbers", "", body);
        assertEquals(422, answer.status);
        assertTrue(answer.body.length() < 20_000, "length " + answer.body.length());
      }
      byte[] lacking = bytes("{\"junk\":\"" + "x".repeat(many) + "\"}");
      Answer answer = post(server, "/numbers", "", lacking);
      assertEquals(422, answer.status);
      assertTrue(answer.body.length() < 1000, answer.body.length() + "");
      byte[] good = bytes("{\"first\":1,\"all\":[" + "1,".repeat(many - 1) + "1]}");
      assertEquals("1000000", post(server, "/numbers", "", good).body);
    });
  }

  @Test
  void anAnswerToAMapIsNotLongerThanItNeedsToBe() {
    served(server -> {
      int many = 100_000;
      for (String value : List.of("0", "{}", "{\"x\":0}", "{\"x\":[]}")) {
        StringBuilder body = new StringBuilder("{\"all\":{");
        for (int i = 0; i < many; i++) {
          body.append(i == 0 ? "" : ",").append('"').append(i).append("\":").append(value);
        }
        Answer answer = post(server, "/points", "", bytes(body.append("}}").toString()));
        assertEquals(422, answer.status);
        assertEquals(100, answer.body.split("\"loc\"", -1).length - 1);
      }
    });
  }

  @Test
  void aBodyBeyondTheServersLimitIsRefused() {
    App app = app();
    Async.run(() ->
        app.running(() -> {
          try (Server server = Server.builder().port(0).maxBody(1000).listen(app)) {
            assertEquals(200, post(server, "/raw", "", new byte[1000]).status);
            assertEquals(413, post(server, "/raw", "", new byte[1001]).status);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        }));
  }
}
