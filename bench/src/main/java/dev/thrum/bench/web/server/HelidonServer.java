package dev.thrum.bench.web.server;

import dev.thrum.bench.echo.Desk;
import io.helidon.common.Version;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.BadRequestException;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/// Helidon SE: a virtual thread for each connection, handlers that block.
final class HelidonServer {
  private static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);
  private static final Header TEXT =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, MediaTypes.TEXT_PLAIN.text());

  private HelidonServer() {}

  static void main(String[] args) {
    if (args.length > 0) {
      System.out.println("Helidon SE " + Version.VERSION);
      return;
    }
    Database.open();
    var server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .backlog(4096)
            .connectionOptions(options -> options.tcpNoDelay(true))
            .addRouting(routes())
            .addRouting(WsRouting.builder().endpoint("/ws", new Echo()))
            .build()
            .start();
    Desk.open(server.port());
  }

  private static HttpRouting.Builder routes() {
    return HttpRouting.builder()
        .get("/plaintext", HelidonServer::hello)
        .get("/json/{id}", HelidonServer::item)
        .post("/json", HelidonServer::receipt)
        .post("/upload", HelidonServer::upload)
        .get("/db", HelidonServer::product)
        .get("/stall", HelidonServer::stall);
  }

  private static void hello(ServerRequest request, ServerResponse response) {
    response.header(TEXT).send(HELLO);
  }

  private static void item(ServerRequest request, ServerResponse response) {
    try {
      var id = request.path().pathParameters().get("id");
      response.send(Item.of(id, request.query().first("q").orElse("")));
    } catch (NumberFormatException e) {
      throw new BadRequestException("no number", e);
    }
  }

  private static void receipt(ServerRequest request, ServerResponse response) {
    Order order;
    try {
      order = request.content().as(Order.class);
    } catch (RuntimeException e) {
      throw new BadRequestException("no order", e);
    }
    if (!order.valid()) {
      throw new BadRequestException("an order that cannot be carried out");
    }
    response.send(order.receipt());
  }

  private static void upload(ServerRequest request, ServerResponse response) throws IOException {
    response.header(TEXT).send(Long.toString(Bytes.count(request.content().inputStream())));
  }

  private static void product(ServerRequest request, ServerResponse response) throws SQLException {
    if (Database.isThere()) {
      response.send(Database.product());
    } else {
      response.status(Status.NOT_IMPLEMENTED_501).send();
    }
  }

  private static void stall(ServerRequest request, ServerResponse response)
      throws InterruptedException {
    Thread.sleep(Long.parseLong(request.query().get("ms")));
    hello(request, response);
  }

  private static final class Echo implements WsListener {
    @Override
    public void onMessage(WsSession session, String text, boolean last) {
      session.send(text, last);
    }
  }
}
