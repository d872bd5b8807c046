package dev.thrum.bench.web.server;

import static java.util.Objects.requireNonNull;

import dev.thrum.bench.echo.Desk;
import dev.thrum.bench.explore.ClassPath;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;

/// Vert.x with its router, on epoll and one event loop.
final class VertxWebServer {
  private final Vertx vertx = VertxServer.vertx();

  private VertxWebServer() {}

  static void main(String[] args) throws IOException {
    if (args.length > 0) {
      System.out.println("Vert.x-web " + ClassPath.version("vertx-web"));
      return;
    }
    Database.open();
    new VertxWebServer().listen();
  }

  private void listen() {
    vertx
        .createHttpServer(VertxServer.options())
        .requestHandler(routes())
        .listen()
        .onSuccess(server -> Desk.open(server.actualPort()))
        .onFailure(VertxServer::giveUp);
  }

  private Router routes() {
    var router = Router.router(vertx);
    router.get("/plaintext").handler(VertxWebServer::hello);
    router.get("/json/:id").handler(VertxWebServer::item);
    router.post("/json").handler(BodyHandler.create(false)).handler(VertxWebServer::receipt);
    router.post("/upload").handler(context -> VertxServer.upload(context.request()));
    router.get("/db").handler(this::product);
    router.get("/stall").handler(this::stall);
    router.get("/ws").handler(context -> VertxServer.upgrade(context.request()));
    return router;
  }

  private static void hello(RoutingContext context) {
    context
        .response()
        .putHeader("content-type", "text/plain; charset=utf-8")
        .end(VertxServer.HELLO);
  }

  private static void item(RoutingContext context) {
    var q = context.queryParam("q");
    try {
      context.json(
          Item.of(requireNonNull(context.pathParam("id")), q.isEmpty() ? "" : q.getFirst()));
    } catch (NumberFormatException _) {
      context.fail(400);
    }
  }

  private static void receipt(RoutingContext context) {
    try {
      var order = context.body().asPojo(Order.class);
      if (order != null && order.valid()) {
        context.json(order.receipt());
        return;
      }
    } catch (RuntimeException _) {
      // No JSON, or none of an order.
    }
    context.fail(400);
  }

  private void product(RoutingContext context) {
    if (!Database.isThere()) {
      context.fail(501);
      return;
    }
    vertx
        .executeBlocking(Database::product, false)
        .onSuccess(context::json)
        .onFailure(context::fail);
  }

  private void stall(RoutingContext context) {
    vertx.setTimer(Long.parseLong(context.request().getParam("ms")), _ -> hello(context));
  }
}
