package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.Loop;
import dev.thrum.http.Headers;
import dev.thrum.http.Serving;
import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import dev.thrum.net.Connection;
import dev.thrum.net.Listener;
import dev.thrum.net.Net;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ways to a server that are not straight: proxies and Unix sockets; and another client beside this
/// one.
final class WaysThereTest {

  /// A proxy that notes what it is asked, and passes on what is in a tunnel.
  private static final class Proxy {
    final Listener listener;
    final List<String> asked = new ArrayList<>();
    String refusal = "";

    Proxy() throws IOException {
      listener = Net.listen(0);
    }

    String url(String user) {
      return "http://" + user + "127.0.0.1:" + listener.port();
    }

    void run() throws IOException {
      listener.serve(client -> {
        String head = new String(client.readUntil("\r\n\r\n".getBytes(UTF_8)), UTF_8);
        asked.add(head);
        if (!refusal.isEmpty()) {
          client.write(refusal);
        } else if (head.startsWith("CONNECT ")) {
          String[] to = head.split(" ", 3)[1].split(":", 2);
          try (Connection server = Net.connect(to[0], Integer.parseInt(to[1]))) {
            client.write("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n");
            Async.background(() -> pass(server, client));
            pass(client, server);
          }
        } else {
          client.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nby proxy\n");
        }
      });
    }

    private static void pass(Connection from, Connection to) {
      try {
        for (byte[] part = from.read(10_000); part.length > 0; part = from.read(10_000)) {
          to.write(part);
        }
      } catch (IOException _) {
        // one of the two has left
      }
    }
  }

  @Test
  void aTunnelLeadsThroughAProxyToWhatIsSecured() throws Exception {
    Serving.with(
        server -> server.tls(TestTls.server()),
        exchange -> {
          if (exchange.isWebSocket()) {
            exchange.webSocket(WebSocketSettings.DEFAULT).send("hello");
          } else {
            Serving.echo(exchange);
          }
        },
        server -> {
          Proxy proxy = new Proxy();
          Async.background(proxy::run);
          try (HttpClient client =
              HttpClient.builder()
                  .tls(TestTls.client())
                  .proxy(proxy.url("u:p@"))
                  .direct("localhost")
                  .open()) {
            String base = "https://127.0.0.1:" + server.port();
            assertEquals("GET /x ", client.get(base + "/x").text());
            assertEquals("GET /y ", client.get(base + "/y").text());
            assertEquals(1, proxy.asked.size());
            assertEquals(
                "CONNECT 127.0.0.1:"
                    + server.port()
                    + " HTTP/1.1\r\nHost: 127.0.0.1:"
                    + server.port()
                    + "\r\nProxy-Authorization: Basic dTpw\r\n\r\n",
                proxy.asked.getFirst());
            try (WebSocket socket = client.webSocket(base.replace("https", "wss"))) {
              assertEquals("hello", socket.receive().orElseThrow().text());
            }
            assertEquals(2, proxy.asked.size());
            assertEquals("GET /z ", client.get("https://localhost:" + server.port() + "/z").text());
            assertEquals(2, proxy.asked.size());
          }
          proxy.listener.close();
        });
  }

  @Test
  void aProxyIsAskedForEverythingElseAndMayRefuse() throws Exception {
    Serving.run(() -> {
      Proxy proxy = new Proxy();
      Async.background(proxy::run);
      try (HttpClient client = HttpClient.builder().proxy(proxy.url("")).open()) {
        assertEquals("by proxy\n", client.get("http://nobody.invalid:81/x?y").text());
        String head = proxy.asked.getFirst();
        assertTrue(head.startsWith("GET http://nobody.invalid:81/x?y HTTP/1.1\r\n"), () -> head);
        assertTrue(head.toLowerCase(java.util.Locale.ROOT).contains("host: nobody.invalid:81\r\n"));
        proxy.refusal = "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
        var thrown =
            assertThrows(
                HttpClientException.Unreachable.class, () -> client.get("https://nobody.invalid/"));
        assertTrue(String.valueOf(thrown.getMessage()).contains("407"), thrown.getMessage());
        assertEquals(
            407, client.get("http://nobody.invalid/").status(), "a response of the proxy itself");
      }
      proxy.listener.close();
      try (HttpClient client = HttpClient.builder().proxy(proxy.url("")).open()) {
        assertThrows(
            HttpClientException.Unreachable.class, () -> client.get("http://nobody.invalid/"));
      }
    });
  }

  @Test
  void aUnixSocketLeadsToAServer(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("socket");
    Serving.with(
        server -> server.at(UnixDomainSocketAddress.of(file)),
        exchange -> exchange.respond(200, Headers.create(), exchange.authority().getBytes(UTF_8)),
        server -> {
          try (HttpClient client = HttpClient.builder().unixSocket(file).open()) {
            assertEquals("docker", client.get("http://docker/v1/info").text());
            assertEquals(1, client.connections());
          }
        });
  }

  @Test
  void theJdksOwnClientWorksInATaskToo() throws Exception {
    Serving.with(
        Serving::echo,
        server -> {
          String url = "http://127.0.0.1:" + server.port() + "/x";
          String text =
              Async.blocking(() -> {
                try (var client =
                    java.net.http.HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
                  var request = java.net.http.HttpRequest.newBuilder(URI.create(url)).build();
                  return client.send(request, BodyHandlers.ofString()).body();
                }
              });
          assertEquals("GET /x ", text);
          try (var client =
              java.net.http.HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
            var request = java.net.http.HttpRequest.newBuilder(URI.create(url)).build();
            var response = Async.await(client.sendAsync(request, BodyHandlers.ofString()));
            assertEquals("GET /x ", response.body());
          }
        });
  }

  @Test
  void aClientBelongsToItsLoop() throws Exception {
    Serving.run(() -> {
      try (HttpClient client = HttpClient.open()) {
        Loop loop = Loop.current();
        Throwable thrown =
            Async.blocking(
                () -> assertThrows(Throwable.class, () -> client.get("http://127.0.0.1:1/")));
        assertEquals(WrongThreadException.class, thrown.getClass());
        assertEquals(loop, Loop.current());
      }
    });
  }

  @Test
  void theLoopClosesItsClient() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Integer> end = new CompletableFuture<>();
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try (Socket socket = server.accept()) {
              byte[] head = new byte[10_000];
              int _ = socket.getInputStream().read(head);
              socket.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(UTF_8));
              end.complete(socket.getInputStream().read());
            } catch (IOException e) {
              end.completeExceptionally(e);
            }
          });
      Serving.run(() -> {
        assertEquals(204, Http.get("http://localhost:" + server.getLocalPort()).status());
        assertEquals(1, HttpClientImpl.ofThisLoop().idle());
        assertFalse(end.isDone());
      });
      assertEquals(-1, end.get(10, TimeUnit.SECONDS));
    }
  }
}
