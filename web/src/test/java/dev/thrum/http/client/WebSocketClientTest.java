package dev.thrum.http.client;

import static dev.thrum.Async.timeout;
import static dev.thrum.http.Serving.MILLI;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.http.HttpException;
import dev.thrum.http.Serving;
import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import dev.thrum.http.client.Clients.Way;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// WebSockets that this side opens.
final class WebSocketClientTest {

  private static void echo(WebSocket socket) throws IOException {
    for (WebSocket.Message message : socket) {
      switch (message) {
        case WebSocket.Text(String text) -> socket.send("you said " + text);
        case WebSocket.Binary(byte[] bytes) -> socket.send(bytes);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void messagesGoBothWays(Way way) throws Exception {
    Clients.with(
        way,
        exchange -> echo(exchange.webSocket(WebSocketSettings.DEFAULT.withSubprotocols("b", "c"))),
        client -> {
          WebSocketSettings settings = WebSocketSettings.DEFAULT.withSubprotocols("a", "b");
          for (WebSocketSettings one :
              new WebSocketSettings[] {settings, settings.withoutDeflate()}) {
            try (WebSocket socket = client.webSocket("/chat", one)) {
              assertEquals("b", socket.subprotocol());
              for (String text : new String[] {"", "x", "grüß", "long ".repeat(50_000)}) {
                socket.send(text);
                assertEquals("you said " + text, socket.receive().orElseThrow().text());
              }
              byte[] bytes = "binary".getBytes(UTF_8);
              socket.send(bytes);
              assertArrayEquals(bytes, socket.receive().orElseThrow().bytes());
              socket.ping(new byte[3]);
            }
            Clients.until(() -> client.connections() == 0);
          }
        });
  }

  @Test
  void eachSideCloses() throws Exception {
    Clients.with(
        Way.HTTP_1,
        exchange -> {
          WebSocket socket = exchange.webSocket(WebSocketSettings.DEFAULT);
          if (exchange.target().equals("/closes")) {
            socket.close(4000, "enough");
          } else {
            echo(socket);
          }
        },
        client -> {
          try (WebSocket socket = client.webSocket("/closes")) {
            assertEquals(false, socket.receive().isPresent());
            assertEquals(new WebSocket.Closed(4000, "enough"), socket.closed().orElseThrow());
          }
          WebSocket socket = client.webSocket("/echo");
          socket.close(4001, "bye");
          assertEquals(new WebSocket.Closed(4001, "bye"), socket.closed().orElseThrow());
          assertEquals(false, socket.receive().isPresent());
          Clients.until(() -> client.connections() == 0);
        });
  }

  @Test
  void aServerThatDoesNotWantToSaysWhy() throws Exception {
    Clients.with(
        Way.HTTP_1,
        exchange -> {
          throw new HttpException(403, "not you");
        },
        client -> {
          var thrown =
              assertThrows(HttpClientException.BadStatus.class, () -> client.webSocket("/chat"));
          assertEquals(403, thrown.status());
          assertEquals("403 not you\n", thrown.response().text());
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n",
        "Sec-WebSocket-Accept: KEY\r\nSec-WebSocket-Protocol: other\r\n",
        "Sec-WebSocket-Accept: KEY\r\nSec-WebSocket-Extensions: x-other\r\n",
        "Sec-WebSocket-Accept: KEY\r\nSec-WebSocket-Accept: KEY\r\n"
      })
  void anAnswerThatDoesNotFitIsRefused(String headers) throws Exception {
    RawServer.with(
        peer -> {
          String head = peer.head();
          String key = head.replaceAll("(?is).*sec-websocket-key: (\\S+).*", "$1");
          String accept =
              java.util.Base64.getEncoder()
                  .encodeToString(
                      java.security.MessageDigest.getInstance("SHA-1")
                          .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(UTF_8)));
          peer.say(
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + headers.replace("KEY", accept)
                  + "\r\n");
          byte[] _ = peer.connection.readAll();
        },
        server -> {
          try (HttpClient client = HttpClient.open()) {
            assertThrows(
                HttpClientException.Malformed.class, () -> client.webSocket(server.url("/")));
            Clients.until(() -> client.connections() == 0);
          }
        });
  }

  @Test
  void whatComesWithTheAnswerIsNotLost() throws Exception {
    RawServer.with(
        peer -> {
          String head = peer.head();
          String key = head.replaceAll("(?is).*sec-websocket-key: (\\S+).*", "$1");
          String accept =
              java.util.Base64.getEncoder()
                  .encodeToString(
                      java.security.MessageDigest.getInstance("SHA-1")
                          .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(UTF_8)));
          peer.say(
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Accept: "
                  + accept
                  + "\r\n\r\n\u0081\u0002hi");
          byte[] _ = peer.connection.readAll();
        },
        server -> {
          try (HttpClient client = HttpClient.open()) {
            WebSocket socket = client.webSocket(server.url("/"));
            assertEquals("hi", socket.receive().orElseThrow().text());
          }
        });
  }

  @Test
  void anOpeningThatIsCancelledLeavesNothing() throws Exception {
    RawServer.with(
        peer -> {
          String _ = peer.head();
          byte[] _ = peer.connection.readAll();
        },
        server -> {
          try (HttpClient client = HttpClient.open()) {
            assertThrows(
                TimeoutException.class,
                () -> timeout(MILLI.multipliedBy(20), () -> client.webSocket(server.url("/"))));
            Clients.until(() -> client.connections() == 0);
          }
        });
  }

  @Test
  void theFrontDoorOpensWebSocketsToo() throws Exception {
    Serving.with(
        exchange -> echo(exchange.webSocket(WebSocketSettings.DEFAULT)),
        server -> {
          try (WebSocket socket = Http.webSocket("ws://127.0.0.1:" + server.port() + "/")) {
            socket.send("x");
            assertEquals("you said x", socket.receive().orElseThrow().text());
          }
        });
  }
}
