package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.http.HttpException;
import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import dev.thrum.sync.Event;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Routes that talk over WebSockets.
final class WebSocketRoutesTest {
  private final List<String> trail = new ArrayList<>();

  private App app() {
    App app = App.create();
    app.ws(
        "/echo",
        ws -> {
          for (WebSocket.Message message : ws) {
            ws.send("you said " + message.text());
          }
          trail.add("over");
        });
    app.ws("/room/{name}", (req, ws) -> ws.send(req.path("name")));
    app.ws(
        "/fails",
        _ -> {
          throw new IllegalStateException("as told");
        });
    app.get("/both", _ -> "a page");
    app.ws("/both", ws -> ws.send("a socket"));
    return app;
  }

  @AsyncTest
  void messagesGoThereAndBack() throws IOException {
    try (TestClient client = TestClient.of(app());
        WebSocket socket = client.ws("/echo")) {
      socket.send("hi");
      assertEquals("you said hi", socket.receive().orElseThrow().text());
      socket.send("ho");
      assertEquals("you said ho", socket.receive().orElseThrow().text());
    }
    assertEquals(List.of("over"), trail);
  }

  record Move(int x, int y) {}

  @AsyncTest
  void objectsAreSentAsJson() throws IOException {
    App app = App.create();
    Json json = app.json();
    app.ws(
        "/moves",
        ws -> {
          for (WebSocket.Message message : ws) {
            Move move = json.read(message.text(), Move.class);
            ws.send(json.text(new Move(move.y(), move.x())));
          }
        });
    try (TestClient client = TestClient.of(app);
        WebSocket socket = client.ws("/moves")) {
      socket.send(json.text(new Move(1, 2)));
      assertEquals("{\"x\":2,\"y\":1}", socket.receive().orElseThrow().text());
    }
  }

  @AsyncTest
  void aHandlerThatReturnsClosesItsSocket() throws IOException {
    try (TestClient client = TestClient.of(app());
        WebSocket socket = client.ws("/room/blue")) {
      assertEquals("blue", socket.receive().orElseThrow().text());
      assertEquals(true, socket.receive().isEmpty());
      assertEquals(new WebSocket.Closed(1000, ""), socket.closed().orElseThrow());
    }
  }

  @AsyncTest
  void aHandlerThatFailsClosesItWith1011() throws IOException {
    try (TestClient client = TestClient.of(app()).keepFailures();
        WebSocket socket = client.ws("/fails")) {
      assertEquals(true, socket.receive().isEmpty());
      assertEquals(1011, socket.closed().orElseThrow().code());
    }
  }

  @AsyncTest
  void whatAHandlerThrowsIsThrownAtTheEndOfATest() throws IOException {
    TestClient client = TestClient.of(app());
    try (WebSocket socket = client.ws("/fails")) {
      assertEquals(true, socket.receive().isEmpty());
    }
    assertEquals("as told", assertThrows(IllegalStateException.class, client::close).getMessage());
  }

  @AsyncTest
  void aPathMayHaveBoth() throws IOException {
    try (TestClient client = TestClient.of(app());
        WebSocket socket = client.ws("/both")) {
      assertEquals("a socket", socket.receive().orElseThrow().text());
      assertEquals("a page", client.get("/both").text());
    }
  }

  @AsyncTest
  void whatIsNoWebSocketIsToldSo() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      assertEquals(426, client.get("/echo").status());
      assertEquals("websocket", client.get("/echo").header("Upgrade"));
      assertEquals(
          404,
          assertThrows(TestClient.RefusedException.class, () -> client.ws("/nothing")).status());
    }
  }

  @AsyncTest
  void middlewareRunsBeforeItIsOpen() throws IOException {
    App app = app();
    app.use((req, next) -> {
      if (req.query("token").isEmpty()) {
        throw new HttpException(401);
      }
      return next.handle(req);
    });
    try (TestClient client = TestClient.of(app)) {
      assertEquals(
          401, assertThrows(TestClient.RefusedException.class, () -> client.ws("/both")).status());
      try (WebSocket socket = client.ws("/both?token=t")) {
        assertEquals("a socket", socket.receive().orElseThrow().text());
      }
    }
  }

  @AsyncTest
  void theHandlerEndsWithTheClient() throws IOException {
    Event begun = Event.create();
    App app = App.create();
    app.ws(
        "/",
        ws -> {
          begun.set();
          try {
            ws.receive();
          } finally {
            trail.add("left");
          }
        });
    try (TestClient client = TestClient.of(app)) {
      WebSocket _ = client.ws("/");
      begun.await();
    }
    assertEquals(List.of("left"), trail);
  }

  @AsyncTest
  void aRouteHasSettingsOfItsOwn() throws Exception {
    App app = App.create();
    WebSocketSettings settings =
        WebSocketSettings.DEFAULT.withSubprotocols("chat.v2", "chat.v1").withMaxMessage(4);
    app.ws("/plain", settings, socket -> socket.send(socket.subprotocol()));
    app.ws(
        "/long",
        settings,
        (_, socket) -> {
          for (var message : socket) {
            socket.send(message.text());
          }
        });
    try (TestClient client = TestClient.of(app)) {
      try (var socket = client.ws("/plain", "chat.v1", "chat.v2")) {
        assertEquals("chat.v2", socket.receive().orElseThrow().text());
      }
      try (var socket = client.ws("/long")) {
        socket.send("four");
        assertEquals("four", socket.receive().orElseThrow().text());
        socket.send("fifth");
        assertEquals(java.util.Optional.empty(), socket.receive());
        assertEquals(1009, socket.closed().orElseThrow().code());
      }
    }
  }
}
