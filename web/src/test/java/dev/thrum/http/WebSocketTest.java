package dev.thrum.http;

import static dev.thrum.Async.await;
import static dev.thrum.Async.run;
import static dev.thrum.Async.sleep;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Channel;
import dev.thrum.net.Connection;
import dev.thrum.net.Net;
import dev.thrum.sync.Event;
import dev.thrum.testkit.AsyncTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/// WebSockets of a server, with the JDK's client on the other side, or bytes by hand.
final class WebSocketTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /// What the JDK's client hears.
  private static final class Ear implements java.net.http.WebSocket.Listener {
    final Channel<String> heard = Channel.unlimited();
    final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(
        java.net.http.WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        boolean _ = heard.trySend(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(java.net.http.WebSocket socket, int code, String reason) {
      boolean _ = heard.trySend("closed " + code + " " + reason);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(java.net.http.WebSocket socket, Throwable error) {
      boolean _ = heard.trySend("error");
    }
  }

  private static Server listen(Application application) throws IOException {
    return Server.builder().port(0).grace(Duration.ofSeconds(2)).listen(application);
  }

  private static java.net.http.WebSocket connect(Server server, Ear ear, String... protocols) {
    var builder = CLIENT.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(5));
    if (protocols.length > 0) {
      var _ =
          builder.subprotocols(
              protocols[0], List.of(protocols).subList(1, protocols.length).toArray(String[]::new));
    }
    return await(builder.buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/"), ear));
  }

  private static void echo(Exchange exchange) throws IOException {
    try (WebSocket socket = exchange.webSocket(WebSocketSettings.DEFAULT.withMaxMessage(1000))) {
      for (WebSocket.Message message : socket) {
        socket.send(message.text());
      }
    }
  }

  @AsyncTest
  void messagesGoBothWaysUntilTheClientCloses() throws Exception {
    try (Server server = listen(WebSocketTest::echo)) {
      Ear ear = new Ear();
      var socket = connect(server, ear);
      for (String text : List.of("one", "zwölf", "三")) {
        var _ = await(socket.sendText(text, true));
        assertEquals(text, ear.heard.receive());
      }
      var _ = await(socket.sendText("in ", false));
      var _ = await(socket.sendText("parts", true));
      assertEquals("in parts", ear.heard.receive());
      var _ = await(socket.sendClose(3456, "enough"));
      assertEquals("closed 3456 ", ear.heard.receive());
    }
  }

  @AsyncTest
  void aMessageThatIsTooLongClosesWith1009() throws Exception {
    try (Server server = listen(WebSocketTest::echo)) {
      Ear ear = new Ear();
      var socket = connect(server, ear);
      var _ = await(socket.sendText("x".repeat(1001), true));
      assertTrue(ear.heard.receive().startsWith("closed 1009 "));
    }
  }

  @AsyncTest
  void theFirstSubprotocolOfTheClientThatIsSpokenIsTaken() throws Exception {
    List<String> chosen = new ArrayList<>();
    Application application =
        exchange -> {
          var settings = WebSocketSettings.DEFAULT.withSubprotocols("chat", "news");
          try (WebSocket socket = exchange.webSocket(settings)) {
            chosen.add(socket.subprotocol());
            socket.send("hello");
            var _ = socket.receive();
          }
        };
    try (Server server = listen(application)) {
      Ear ear = new Ear();
      var socket = connect(server, ear, "talk", "news", "chat");
      assertEquals("news", socket.getSubprotocol());
      assertEquals("hello", ear.heard.receive());
      socket.abort();
    }
    assertEquals(List.of("news"), chosen);
  }

  @AsyncTest
  void theServerClosesWithItsReason() throws Exception {
    List<Optional<WebSocket.Closed>> closed = new ArrayList<>();
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    Application application =
        exchange -> {
          WebSocket socket = exchange.webSocket(WebSocketSettings.DEFAULT);
          socket.close(4001, "no more");
          closed.add(socket.closed());
          assertThrows(IOException.class, () -> socket.send("late"));
          over.complete(true);
        };
    try (Server server = listen(application)) {
      Ear ear = new Ear();
      var _ = connect(server, ear);
      assertTrue(await(over)); // while that is awaited no time passes that would cut it off
      assertEquals("closed 4001 no more", ear.heard.receive());
    }
    assertEquals(List.of(Optional.of(new WebSocket.Closed(4001, "no more"))), closed);
  }

  @AsyncTest(strict = false) // the failure is logged
  void aHandlerThatFailsClosesWith1011() throws Exception {
    Application application =
        exchange -> {
          var _ = exchange.webSocket(WebSocketSettings.DEFAULT);
          throw new IllegalStateException("a handler that fails");
        };
    try (Server server = listen(application)) {
      Ear ear = new Ear();
      var _ = connect(server, ear);
      assertEquals("closed 1011 internal error", ear.heard.receive());
    }
  }

  @AsyncTest
  void aClientThatIsLostCancelsTheHandler() throws Exception {
    Event cancelled = Event.create();
    Application application =
        exchange -> {
          WebSocket socket = exchange.webSocket(WebSocketSettings.DEFAULT);
          socket.send("there");
          try {
            sleep(Duration.ofSeconds(60));
          } catch (CancellationException e) {
            cancelled.set();
            throw e;
          }
        };
    try (Server server = listen(application)) {
      Ear ear = new Ear();
      var socket = connect(server, ear);
      assertEquals("there", ear.heard.receive());
      socket.abort();
      cancelled.await();
    }
  }

  @AsyncTest
  void aServerThatEndsTellsItsClients() throws Exception {
    Ear ear = new Ear();
    Server server = listen(WebSocketTest::echo);
    var socket = connect(server, ear);
    var _ = await(socket.sendText("hello", true));
    assertEquals("hello", ear.heard.receive());
    server.close();
    assertEquals("closed 1001 the server is closing", ear.heard.receive());
    assertEquals(0, server.connections());
  }

  @AsyncTest
  void anOrdinaryRequestIsToldWhatIsWanted() throws Exception {
    try (Server server = listen(WebSocketTest::echo);
        Connection connection = Net.connect("127.0.0.1", server.port())) {
      connection.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals("HTTP/1.1 426 Upgrade Required", connection.readLine().orElseThrow());
    }
  }

  @AsyncTest
  void aWrongVersionAndAWrongKeyAreRefused() throws Exception {
    try (Server server = listen(WebSocketTest::echo)) {
      assertEquals(
          "HTTP/1.1 426 Upgrade Required", answer(server, "12", "AAAAAAAAAAAAAAAAAAAAAA=="));
      assertEquals("HTTP/1.1 400 Bad Request", answer(server, "13", "short"));
      assertEquals(
          "HTTP/1.1 101 Switching Protocols", answer(server, "13", "AAAAAAAAAAAAAAAAAAAAAA=="));
    }
  }

  private static String answer(Server server, String version, String key) throws IOException {
    try (Connection connection = Net.connect("127.0.0.1", server.port())) {
      connection.write(opening(version, key));
      String line = connection.readLine().orElseThrow();
      connection.abort();
      return line;
    }
  }

  private static String opening(String version, String key) {
    return "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
        + ("Sec-WebSocket-Version: " + version + "\r\nSec-WebSocket-Key: " + key + "\r\n\r\n");
  }

  @Test // by the real clock
  void aClientThatAnswersNoPingIsGivenUp() throws Exception {
    run(() -> {
      Channel<String> over = Channel.unlimited();
      var settings = WebSocketSettings.DEFAULT.withPingEvery(Duration.ofMillis(20));
      Application application =
          exchange -> {
            WebSocket socket = exchange.webSocket(settings);
            IOException lost = assertThrows(IOException.class, socket::receive);
            boolean _ = over.trySend(lost.getMessage());
          };
      try (Server server = listen(application);
          Connection connection = Net.connect("127.0.0.1", server.port())) {
        connection.write(opening("13", "AAAAAAAAAAAAAAAAAAAAAA=="));
        assertTrue(over.receive().endsWith("the client has answered no ping"));
        String all = new String(connection.readAll(), US_ASCII);
        assertTrue(all.startsWith("HTTP/1.1 101 "), all);
      }
    });
  }

  @Test // by the real clock
  void whoSendsWaitsForAClientThatDoesNotRead() throws Exception {
    run(() -> {
      int[] sent = {0};
      Application application =
          exchange -> {
            WebSocket socket =
                exchange.webSocket(WebSocketSettings.DEFAULT.withPingEvery(Duration.ZERO));
            for (int i = 0; i < 10_000; i++) {
              socket.send(new byte[10_000]);
              sent[0]++;
            }
          };
      try (Server server = listen(application);
          Connection connection =
              Net.connector().readBuffer(1000).connect("127.0.0.1", server.port())) {
        connection.write(opening("13", "AAAAAAAAAAAAAAAAAAAAAA=="));
        int before = -1;
        while (sent[0] == 0 || sent[0] != before) {
          before = sent[0];
          sleep(Duration.ofMillis(50));
        }
        assertTrue(sent[0] < 9_000, "sent " + sent[0] + " although nobody read");
        connection.abort();
      }
    });
  }
}
