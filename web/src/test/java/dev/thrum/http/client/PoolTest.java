package dev.thrum.http.client;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static dev.thrum.http.Serving.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.http.Serving;
import dev.thrum.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections that are shared, waited for, kept, and found dead.
final class PoolTest {
  private static final Duration LONG = Duration.ofSeconds(25);

  @Test
  void whoWaitsForAConnectionIsServedInOrder() throws Exception {
    Event go = Event.create();
    List<String> order = new ArrayList<>();
    Serving.with(
        exchange -> {
          order.add(exchange.target());
          if (exchange.target().equals("/first")) {
            go.await();
          }
          Serving.echo(exchange);
        },
        server -> {
          String base = "http://127.0.0.1:" + server.port();
          try (HttpClient client = HttpClient.builder().baseUrl(base).maxPerHost(1).open()) {
            Task<?> first = async(() -> client.get("/first"));
            Clients.until(() -> order.size() == 1);
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
              String path = "/" + i;
              tasks.add(async(() -> client.get(path)));
              sleep(Duration.ZERO);
            }
            assertTrue(tasks.get(7).cancel("no more"));
            assertTrue(tasks.get(0).cancel("no more"));
            sleep(MILLI);
            go.set();
            var _ = await(first);
            for (int i = 0; i < 20; i++) {
              Task<?> one = tasks.get(i);
              if (i == 7 || i == 0) {
                assertThrows(CancellationException.class, () -> await(one));
              } else {
                var _ = await(one);
              }
            }
            List<String> expected = new ArrayList<>(List.of("/first"));
            IntStream.range(0, 20)
                .filter(i -> i != 7 && i != 0)
                .forEach(i -> expected.add("/" + i));
            assertEquals(expected, order);
            assertEquals(1, client.connections());
          }
        });
  }

  @Test
  void noMoreConnectionsAreOpenThanMayBe() throws Exception {
    int[] most = {0, 0};
    Serving.with(
        exchange -> {
          most[0]++;
          most[1] = Math.max(most[1], most[0]);
          sleep(MILLI);
          most[0]--;
          Serving.echo(exchange);
        },
        server -> {
          String[] hosts = {"127.0.0.1", "localhost"};
          try (HttpClient client = HttpClient.builder().maxPerHost(3).maxConnections(4).open()) {
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
              String url = "http://" + hosts[i % 2] + ":" + server.port() + "/" + i;
              tasks.add(async(() -> client.get(url)));
            }
            for (Task<?> one : tasks) {
              var _ = await(one);
              assertTrue(client.connections() <= 4);
            }
            assertTrue(most[1] <= 4, most[1] + " at a time");
          }
        });
  }

  @Test
  void anIdleConnectionMakesRoomForAnotherHost() throws Exception {
    Serving.with(
        Serving::echo,
        server -> {
          try (HttpClient client = HttpClient.builder().maxConnections(1).open()) {
            for (int i = 0; i < 6; i++) {
              String host = i % 2 == 0 ? "127.0.0.1" : "localhost";
              assertEquals(
                  "GET / ", client.get("http://" + host + ":" + server.port() + "/").text());
              assertEquals(1, client.connections());
            }
          }
        });
  }

  @Test
  void aConnectionIsClosedThatWasIdleForTooLong() throws Exception {
    Serving.with(
        Serving::echo,
        server -> {
          String url = "http://127.0.0.1:" + server.port() + "/";
          try (HttpClient client =
              HttpClient.builder().idleTimeout(MILLI.multipliedBy(30)).open()) {
            assertEquals("GET / ", client.get(url).text());
            assertEquals(1, client.idle());
            Clients.until(() -> client.connections() == 0);
            assertEquals("GET / ", client.get(url).text());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE"})
  void aRequestIsSentAgainIfItsOldConnectionTurnsOutToBeDead(String method) throws Exception {
    RawServer.with(
        peer -> {
          String _ = peer.head();
          peer.ok("one");
          if (peer.number < 3) {
            String _ = peer.head();
            peer.connection.abort();
          } else {
            String _ = peer.head();
            peer.ok("two");
          }
        },
        server -> {
          try (HttpClient client = HttpClient.open()) {
            var a = async(() -> client.get(server.url("/")));
            var b = async(() -> client.get(server.url("/")));
            assertEquals("one", await(a).text());
            assertEquals("one", await(b).text());
            assertEquals(2, client.idle());
            assertEquals("one", client.request(method, server.url("/")).send().text());
            assertEquals(3, server.connections);
            assertEquals("two", client.request("POST", server.url("/")).send().text());
          }
        });
  }

  @Test
  void aRequestThatMayHaveDoneSomethingIsNotSentAgain() throws Exception {
    RawServer.with(
        peer -> {
          String _ = peer.head();
          peer.ok("one");
          String _ = peer.head();
          peer.connection.abort();
        },
        server -> {
          try (HttpClient client = HttpClient.open()) {
            assertEquals("one", client.get(server.url("/")).text());
            assertThrows(
                HttpClientException.ClosedEarly.class,
                () -> client.post(server.url("/"), HttpBody.text("x")));
            assertEquals(1, server.connections);
            assertEquals("one", client.get(server.url("/")).text());
          }
        });
  }

  @Test
  void aConnectionThatTheServerClosesIsNotUsedAgain() throws Exception {
    RawServer.with(
        peer -> {
          String _ = peer.head();
          peer.ok("" + peer.number);
        },
        server -> {
          try (HttpClient client = HttpClient.open()) {
            for (int i = 1; i < 5; i++) {
              assertEquals("" + i, client.post(server.url("/"), HttpBody.none()).text());
              Clients.until(() -> client.connections() == 0);
            }
          }
        });
  }

  @Test
  void aTimeoutClosesTheConnection() throws Exception {
    boolean[] left = {false};
    RawServer.with(
        peer -> {
          String _ = peer.head();
          byte[] _ = peer.connection.readAll();
          left[0] = true;
        },
        server -> {
          try (HttpClient client = HttpClient.builder().maxPerHost(1).open()) {
            for (int i = 0; i < 3; i++) {
              left[0] = false;
              assertThrows(
                  TimeoutException.class,
                  () -> timeout(MILLI.multipliedBy(20), () -> client.get(server.url("/"))));
              Serving.until(left);
              Clients.until(() -> client.connections() == 0);
            }
          }
        });
  }

  @Test
  void closingAClientFailsWhatIsUnderWay() throws Exception {
    RawServer.with(
        peer -> {
          String _ = peer.head();
          sleep(LONG);
        },
        server -> {
          HttpClient client = HttpClient.open();
          var thrown = new IOException[1];
          Task<?> asks =
              async(() -> {
                thrown[0] =
                    assertThrows(
                        HttpClientException.ClosedEarly.class, () -> client.get(server.url("/")));
              });
          Clients.until(() -> server.heads.size() == 1);
          client.close();
          client.close();
          var _ = await(asks);
          assertThrows(IllegalStateException.class, () -> client.get(server.url("/")));
        });
  }

  @Test
  void itSaysWhyNobodyCanBeReached() throws Exception {
    Serving.run(() -> {
      try (HttpClient client = HttpClient.open()) {
        var refused =
            assertThrows(
                HttpClientException.Unreachable.class, () -> client.get("http://127.0.0.1:1/"));
        assertEquals(
            "http://127.0.0.1:1 cannot be reached: connecting to /127.0.0.1:1: Connection refused",
            refused.getMessage());
        var unknown =
            assertThrows(
                HttpClientException.Unreachable.class, () -> client.get("http://nobody.invalid/"));
        assertTrue(
            String.valueOf(unknown.getMessage())
                .startsWith("http://nobody.invalid cannot be reached: looking up nobody.invalid"),
            unknown.getMessage());
        assertEquals(0, client.connections());
      }
    });
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefused() throws Exception {
    Serving.with(
        server -> server.tls(TestTls.server()),
        Serving::echo,
        server -> {
          try (HttpClient client = HttpClient.open()) {
            assertThrows(
                HttpClientException.Untrusted.class,
                () -> client.get("https://127.0.0.1:" + server.port()));
            assertEquals(0, client.connections());
          }
        });
  }
}
