package dev.thrum.bench.web.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.thrum.bench.echo.Desk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.Executors;

/// The JDK's own server, with a virtual thread for each request. It knows no WebSocket.
final class JdkServer {
  private static final int BACKLOG = 4096;
  private static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";

  private JdkServer() {}

  static void main(String[] args) throws IOException {
    if (args.length > 0) {
      System.out.println("HttpServer of " + Desk.jdk());
      return;
    }
    Database.open();
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/plaintext", exchange -> answer(exchange, TEXT, HELLO));
    server.createContext("/json/", safely(JdkServer::item));
    server.createContext("/json", safely(JdkServer::receipt));
    server.createContext("/upload", safely(JdkServer::upload));
    server.createContext("/db", safely(JdkServer::product));
    server.createContext("/stall", safely(JdkServer::stall));
    server.createContext("/ws", exchange -> refuse(exchange, 501));
    server.start();
    Desk.open(server.getAddress().getPort());
  }

  /// What a handler does, with its failures.
  @FunctionalInterface
  private interface Route {
    void handle(HttpExchange exchange) throws IOException, SQLException, InterruptedException;
  }

  private static HttpHandler safely(Route route) {
    return exchange -> {
      try {
        route.handle(exchange);
      } catch (IllegalArgumentException _) {
        refuse(exchange, 400);
      } catch (SQLException _) {
        refuse(exchange, 500);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    };
  }

  private static void item(HttpExchange exchange) throws IOException {
    var id = exchange.getRequestURI().getPath().substring("/json/".length());
    answer(exchange, JSON, Json.bytes(Item.of(id, parameter(exchange, "q"))));
  }

  private static void receipt(HttpExchange exchange) throws IOException {
    answer(exchange, JSON, Json.bytes(Json.order(exchange.getRequestBody()).receipt()));
  }

  private static void upload(HttpExchange exchange) throws IOException {
    long length = Bytes.count(exchange.getRequestBody());
    answer(exchange, TEXT, Long.toString(length).getBytes(StandardCharsets.US_ASCII));
  }

  private static void product(HttpExchange exchange) throws IOException, SQLException {
    if (Database.isThere()) {
      answer(exchange, JSON, Json.bytes(Database.product()));
    } else {
      refuse(exchange, 501);
    }
  }

  private static void stall(HttpExchange exchange) throws IOException, InterruptedException {
    Thread.sleep(Long.parseLong(parameter(exchange, "ms")));
    answer(exchange, TEXT, HELLO);
  }

  private static String parameter(HttpExchange exchange, String name) {
    var query = exchange.getRequestURI().getRawQuery();
    for (var part : query == null ? new String[0] : query.split("&", -1)) {
      if (part.startsWith(name + "=")) {
        return URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static void refuse(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }
}
