package dev.thrum.bench.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What a server has to answer:
///
/// - `GET /plaintext`: `Hello, World!` as text.
/// - `GET /json/{id}?q=…`: the item of that number as JSON, and 400 to 499 if it is no number.
/// - `POST /json`: the receipt for an order, and 400 to 499 if it is no JSON or no order to be
///   carried out.
/// - `GET /db`: some row of the table as JSON.
/// - `GET /ws`: a WebSocket that echoes text.
/// - `POST /upload`: the number of bytes.
/// - `GET /stall?ms=…`: the same as `/plaintext`, that much later.
///
/// Anything else is not found.
final class Checks implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int UPLOAD_BYTES = 1024 * 1024 + 17;
  private static final int STALL_MILLIS = 50;

  private final JsonMapper json = new JsonMapper();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final int port;
  private final Path peers;

  Checks(int port, Path peers) {
    this.port = port;
    this.peers = peers;
  }

  /// Asks once.
  ///
  /// @throws Unsupported if the server does not know this kind
  /// @throws IOException if the answer is wrong, or there is none
  void check(Kind kind) throws IOException, InterruptedException {
    switch (kind) {
      case PLAINTEXT, PIPELINED -> plaintext();
      case JSON -> item();
      case POST -> receipt();
      case DB -> product();
      case WS -> new WebSocketLoad(port, 2).run(Duration.ofMillis(100));
      case UPLOAD -> upload();
      case STALL -> stall();
    }
  }

  private void plaintext() throws IOException, InterruptedException {
    var answer = get("/plaintext");
    same("status", 200, answer.statusCode());
    same("text", "Hello, World!", answer.body());
    type(answer, "text/plain");
    same("status of an unknown path", 404, get("/nothing-here").statusCode());
  }

  private void item() throws IOException, InterruptedException {
    var answer = get("/json/42?q=quick%20one");
    json(
        answer,
        """
        {"id": 42, "name": "Item 42", "tags": ["fast", "small", "quick one"], "price": 52.5}
        """);
    refused("a number that is none", get("/json/forty-two?q=quick"));
  }

  private void receipt() throws IOException, InterruptedException {
    var order = Files.readString(peers.resolve("order.json"), StandardCharsets.UTF_8);
    json(
        post("/json", order.getBytes(StandardCharsets.UTF_8)),
        """
        {"id": 17, "customer": "Ada Lovelace", "lines": 3, "total": 87.5, "express": true}
        """);
    var nothing = order.replace("\"quantity\":2", "\"quantity\":0");
    if (nothing.equals(order)) {
      throw new IOException("order.json has changed");
    }
    refused("an order of nothing", post("/json", nothing.getBytes(StandardCharsets.UTF_8)));
    refused("half an order", post("/json", "{\"id\":17,".getBytes(StandardCharsets.UTF_8)));
  }

  private void product() throws IOException, InterruptedException {
    var answer = get("/db");
    var row = parse(answer.body());
    int id = row.path("id").asInt();
    json(
        answer,
        "{\"id\": %d, \"name\": \"Product %d\", \"price\": %s}".formatted(id, id, id * 0.5));
  }

  private void upload() throws IOException, InterruptedException {
    var answer = post("/upload", new byte[UPLOAD_BYTES]);
    same("status", 200, answer.statusCode());
    same("length", Integer.toString(UPLOAD_BYTES), answer.body());
  }

  private void stall() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    var answer = get("/stall?ms=" + STALL_MILLIS);
    long millis = (System.nanoTime() - begin) / 1_000_000;
    same("status", 200, answer.statusCode());
    same("text", "Hello, World!", answer.body());
    if (millis < STALL_MILLIS - 1) {
      throw new IOException("a stall of %d ms took %d".formatted(STALL_MILLIS, millis));
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  private HttpResponse<String> post(String path, byte[] body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    var answer = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (answer.statusCode() == 501) {
      throw new Unsupported();
    }
    return answer;
  }

  private void json(HttpResponse<String> answer, String expected) throws IOException {
    same("status", 200, answer.statusCode());
    type(answer, "application/json");
    same("JSON", parse(expected), parse(answer.body()));
  }

  /// Numbers are compared as such: 87.5 is not 88, but 10 is 10.0.
  private JsonNode parse(String text) throws IOException {
    try {
      return json.readTree(text.replaceAll("(\\d)\\.0\\b", "$1"));
    } catch (JsonProcessingException e) {
      throw new IOException("no JSON: " + text, e);
    }
  }

  private static void type(HttpResponse<String> answer, String expected) throws IOException {
    var type = answer.headers().firstValue("Content-Type").orElse("");
    if (!type.startsWith(expected)) {
      throw new IOException("type: \"%s\" instead of %s".formatted(type, expected));
    }
  }

  private static void refused(String what, HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() < 400 || answer.statusCode() > 499) {
      throw new IOException(what + " has status " + answer.statusCode());
    }
  }

  private static void same(String what, Object expected, Object actual) throws IOException {
    if (!expected.equals(actual)) {
      throw new IOException("%s: %s instead of %s".formatted(what, actual, expected));
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
