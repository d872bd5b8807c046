package dev.thrum.bench.web.server;

import static dev.thrum.Async.run;
import static dev.thrum.Async.sleep;

import dev.thrum.bench.echo.Desk;
import dev.thrum.http.HttpException;
import dev.thrum.http.Server;
import dev.thrum.http.WebSocket;
import dev.thrum.web.App;
import dev.thrum.web.Json;
import java.time.Duration;

/// Thrum's web framework.
final class ThrumServer {
  private ThrumServer() {}

  static void main(String[] args) throws Exception {
    if (args.length > 0) {
      System.out.println("Thrum " + Runtime.version().feature());
      return;
    }
    Database.open();
    App app = app();
    run(() -> {
      app.running(() -> {
        try (Server server = Server.builder().port(0).listen(app)) {
          Desk.open(server.port());
          server.await();
        }
      });
    });
  }

  private static App app() {
    App app = App.create();
    app.get("/plaintext", _ -> "Hello, World!");
    app.get(
        "/json/{id:int}", req -> Item.of(req.path("id", Integer.class), req.query("q").orElse("")));
    app.post(
        "/json",
        Order.class,
        (_, order) -> {
          if (!order.valid()) {
            throw new HttpException(400);
          }
          return order.receipt();
        });
    app.get("/db", _ -> Json.of(Database.product())); // JDBC's waits are the task's
    app.post("/upload", req -> Long.toString(Bytes.count(req.stream())));
    app.get(
        "/stall",
        req -> {
          sleep(Duration.ofMillis(Long.parseLong(req.query("ms").orElse("0"))));
          return "Hello, World!";
        });
    app.ws(
        "/ws",
        socket -> {
          for (WebSocket.Message message : socket) {
            switch (message) {
              case WebSocket.Text text -> socket.send(text.text());
              case WebSocket.Binary binary -> socket.send(binary.bytes());
            }
          }
        });
    return app;
  }
}
