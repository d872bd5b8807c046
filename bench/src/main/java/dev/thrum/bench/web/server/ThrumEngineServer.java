package dev.thrum.bench.web.server;

import static dev.thrum.Async.run;
import static dev.thrum.Async.sleep;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.bench.echo.Desk;
import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Server;
import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.time.Duration;

/// Thrum's HTTP engine without its framework, with routes written by hand.
final class ThrumEngineServer {
  private static final byte[] HELLO = "Hello, World!".getBytes(UTF_8);

  private ThrumEngineServer() {}

  static void main(String[] args) throws Exception {
    if (args.length > 0) {
      System.out.println("Thrum " + Runtime.version().feature());
      return;
    }
    Database.open();
    run(() -> {
      try (Server server = Server.builder().port(0).listen(ThrumEngineServer::answer)) {
        Desk.open(server.port());
        server.await();
      }
    });
  }

  private static void answer(Exchange exchange) throws Exception {
    String target = exchange.target();
    int end = target.indexOf('?');
    String path = end < 0 ? target : target.substring(0, end);
    switch (path) {
      case "/plaintext" ->
          exchange.respond(200, Headers.of("Content-Type", "text/plain; charset=utf-8"), HELLO);
      case "/json" -> receipt(exchange);
      case "/upload" -> upload(exchange);
      case "/db" -> json(exchange, Database.product());
      case "/stall" -> stall(exchange, parameter(target, "ms"));
      case "/ws" -> echo(exchange);
      default -> item(exchange, path, target);
    }
  }

  private static String parameter(String target, String name) {
    int at = target.indexOf(name + "=");
    return at < 0 ? "" : URLDecoder.decode(target.substring(at + name.length() + 1), UTF_8);
  }

  private static void json(Exchange exchange, Object value) {
    exchange.respond(200, Headers.of("Content-Type", "application/json"), Json.bytes(value));
  }

  private static void item(Exchange exchange, String path, String target) {
    if (!path.startsWith("/json/")) {
      throw new HttpException(404);
    }
    try {
      json(exchange, Item.of(path.substring("/json/".length()), parameter(target, "q")));
    } catch (NumberFormatException _) {
      throw new HttpException(400);
    }
  }

  private static void receipt(Exchange exchange) throws IOException {
    if (!exchange.method().equals("POST")) {
      throw new HttpException(405);
    }
    try {
      json(exchange, Json.order(new ByteArrayInputStream(exchange.readAll())).receipt());
    } catch (IllegalArgumentException _) {
      throw new HttpException(400);
    }
  }

  private static void upload(Exchange exchange) throws IOException {
    long length = 0;
    byte[] part = new byte[1 << 14];
    for (int count = exchange.read(part, 0, part.length);
        count > 0;
        count = exchange.read(part, 0, part.length)) {
      length += count;
    }
    exchange.respond(
        200, Headers.of("Content-Type", "text/plain"), Long.toString(length).getBytes(UTF_8));
  }

  private static void stall(Exchange exchange, String millis) {
    sleep(Duration.ofMillis(Long.parseLong(millis)));
    exchange.respond(200, Headers.of("Content-Type", "text/plain"), HELLO);
  }

  private static void echo(Exchange exchange) throws IOException {
    try (WebSocket socket = exchange.webSocket(WebSocketSettings.DEFAULT.withoutDeflate())) {
      for (WebSocket.Message message : socket) {
        switch (message) {
          case WebSocket.Text text -> socket.send(text.text());
          case WebSocket.Binary binary -> socket.send(binary.bytes());
        }
      }
    }
  }
}
