package dev.thrum.bench.web.server;

import dev.thrum.bench.echo.Desk;
import dev.thrum.bench.explore.ClassPath;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// Vert.x core on epoll and one event loop, with routes written by hand.
final class VertxServer {
  static final Buffer HELLO = Buffer.buffer("Hello, World!");

  private final Vertx vertx = vertx();

  private VertxServer() {}

  static void main(String[] args) throws IOException {
    if (args.length > 0) {
      System.out.println("Vert.x " + ClassPath.version("vertx-core"));
      return;
    }
    Database.open();
    new VertxServer().listen();
  }

  /// One event loop, and a thread for each of the pool's connections.
  static Vertx vertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(Database.CONNECTIONS));
  }

  static HttpServerOptions options() {
    return new HttpServerOptions().setHost("127.0.0.1").setPort(0).setAcceptBacklog(4096);
  }

  private void listen() {
    if (!vertx.isNativeTransportEnabled()) {
      throw new IllegalStateException(vertx.unavailableNativeTransportCause());
    }
    vertx
        .createHttpServer(options())
        .requestHandler(this::answer)
        .listen()
        .onSuccess(server -> Desk.open(server.actualPort()))
        .onFailure(VertxServer::giveUp);
  }

  static void giveUp(Throwable cause) {
    cause.printStackTrace();
    Runtime.getRuntime().halt(1);
  }

  private void answer(HttpServerRequest request) {
    var path = Objects.requireNonNullElse(request.path(), "");
    switch (path) {
      case "/plaintext" -> hello(request);
      case "/json" -> receipt(request);
      case "/upload" -> upload(request);
      case "/db" -> product(request);
      case "/stall" -> stall(request);
      case "/ws" -> upgrade(request);
      default -> {
        if (path.startsWith("/json/")) {
          item(request, path.substring("/json/".length()));
        } else {
          refuse(request, 404);
        }
      }
    }
  }

  private static void hello(HttpServerRequest request) {
    request.response().putHeader("content-type", "text/plain; charset=utf-8").end(HELLO);
  }

  private static void item(HttpServerRequest request, String id) {
    try {
      var q = request.getParam("q", "");
      json(request, io.vertx.core.json.Json.encodeToBuffer(Item.of(id, q)));
    } catch (NumberFormatException _) {
      refuse(request, 400);
    }
  }

  private static void receipt(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.POST)) {
      refuse(request, 405);
      return;
    }
    request
        .body()
        .onSuccess(body -> {
          try {
            var order = io.vertx.core.json.Json.decodeValue(body, Order.class);
            if (order.valid()) {
              json(request, io.vertx.core.json.Json.encodeToBuffer(order.receipt()));
              return;
            }
          } catch (DecodeException _) {
            // Said below.
          }
          refuse(request, 400);
        });
  }

  static void upload(HttpServerRequest request) {
    var length = new LongAdder();
    request.handler(part -> length.add(part.length()));
    request.endHandler(_ ->
        request
            .response()
            .putHeader("content-type", "text/plain; charset=utf-8")
            .end(Long.toString(length.sum())));
  }

  private void product(HttpServerRequest request) {
    if (!Database.isThere()) {
      refuse(request, 501);
      return;
    }
    vertx
        .executeBlocking(Database::product, false)
        .onSuccess(product -> json(request, io.vertx.core.json.Json.encodeToBuffer(product)))
        .onFailure(_ -> refuse(request, 500));
  }

  private void stall(HttpServerRequest request) {
    vertx.setTimer(Long.parseLong(request.getParam("ms")), _ -> hello(request));
  }

  static void upgrade(HttpServerRequest request) {
    request.toWebSocket().onSuccess(socket -> socket.textMessageHandler(socket::writeTextMessage));
  }

  private static void json(HttpServerRequest request, Buffer text) {
    request.response().putHeader("content-type", "application/json").end(text);
  }

  private static void refuse(HttpServerRequest request, int status) {
    request.response().setStatusCode(status).end();
  }
}
