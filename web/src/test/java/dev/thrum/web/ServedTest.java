package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.http.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Applications behind a real server.
final class ServedTest {
  @TempDir private Path folder;

  private static String get(HttpClient client, int port, String target) throws IOException {
    return Async.blocking(() -> {
      URI uri = URI.create("http://127.0.0.1:" + port + target);
      try {
        HttpResponse<String> response =
            client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
  }

  @Test
  void aServerDrivesAnApplication() throws Exception {
    Files.writeString(folder.resolve("a.txt"), "a file");
    AtomicBoolean after = new AtomicBoolean();
    App app = App.create();
    app.get("/json/{id:int}", req -> Map.of("id", req.path("id", Integer.class)));
    app.get("/file", _ -> folder.resolve("a.txt"));
    app.get(
        "/stream",
        _ ->
            Response.stream(out -> {
              for (String part : List.of("a", "b", "c")) {
                out.write(part);
                Async.checkpoint();
              }
            }));
    app.get(
        "/after",
        req ->
            req.after(
                    () -> {
                      Async.checkpoint();
                      after.set(true);
                    })
                .path());
    app.get(
        "/fails",
        _ -> {
          throw new IllegalStateException("as told");
        });
    try (LogLines log = new LogLines();
        HttpClient client = HttpClient.newHttpClient()) {
      Async.run(() ->
          app.running(() -> {
            try (Server server = Server.builder().port(0).listen(app)) {
              int port = server.port();
              assertEquals("200 {\"id\":7}", get(client, port, "/json/7"));
              assertEquals("404 {\"detail\":\"Not Found\"}", get(client, port, "/x"));
              assertEquals("200 a file", get(client, port, "/file"));
              assertEquals("200 abc", get(client, port, "/stream"));
              assertEquals("200 /after", get(client, port, "/after"));
              assertEquals(
                  "500 {\"detail\":\"Internal Server Error\"}", get(client, port, "/fails?x=1"));
            }
          }));
      assertTrue(after.get());
      var line = log.take();
      assertTrue(
          line.getMessage().matches("GET /fails\\?x=1 failed, id [0-9a-f]{32}"), line.getMessage());
      assertEquals("as told", line.getThrown().getMessage());
    }
  }
}
