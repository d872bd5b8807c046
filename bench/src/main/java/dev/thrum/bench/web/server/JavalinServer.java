package dev.thrum.bench.web.server;

import dev.thrum.bench.echo.Desk;
import dev.thrum.bench.explore.ClassPath;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.sql.SQLException;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// Javalin on Jetty, with one selector, and virtual threads for the handlers, which block.
final class JavalinServer {
  private JavalinServer() {}

  static void main(String[] args) throws IOException {
    if (args.length > 0) {
      System.out.println(
          "Javalin %s, Jetty %s"
              .formatted(ClassPath.version("javalin"), ClassPath.version("jetty-server")));
      return;
    }
    Database.open();
    Desk.open(Javalin.create(JavalinServer::configure).start().port());
  }

  private static void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.concurrency.useVirtualThreads = true;
    config.jetty.addConnector(JavalinServer::connector);
    routes(config.routes);
  }

  private static Connector connector(Server server, HttpConfiguration configuration) {
    var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    connector.setAcceptQueueSize(4096);
    return connector;
  }

  private static void routes(RoutesConfig routes) {
    routes.get("/plaintext", JavalinServer::hello);
    routes.get("/json/{id}", JavalinServer::item);
    routes.post("/json", JavalinServer::receipt);
    routes.post("/upload", JavalinServer::upload);
    routes.get("/db", JavalinServer::product);
    routes.get("/stall", JavalinServer::stall);
    routes.ws("/ws", socket -> socket.onMessage(message -> message.send(message.message())));
  }

  private static void hello(Context context) {
    context.result("Hello, World!");
  }

  private static void item(Context context) {
    int id = context.pathParamAsClass("id", Integer.class).get();
    var q = context.queryParam("q");
    context.json(Item.of(id, q == null ? "" : q));
  }

  private static void receipt(Context context) {
    var order =
        context
            .bodyValidator(Order.class)
            .check(Order::valid, "an order that cannot be carried out")
            .get();
    context.json(order.receipt());
  }

  private static void upload(Context context) throws IOException {
    context.result(Long.toString(Bytes.count(context.bodyInputStream())));
  }

  private static void product(Context context) throws SQLException {
    if (Database.isThere()) {
      context.json(Database.product());
    } else {
      context.status(HttpStatus.NOT_IMPLEMENTED);
    }
  }

  private static void stall(Context context) throws InterruptedException {
    Thread.sleep(context.queryParamAsClass("ms", Long.class).get());
    hello(context);
  }
}
