package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.Loop;
import dev.thrum.sync.Event;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.auth.Auth;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What an application tells of the requests that it has answered.
final class MetersTest {

  private static List<String> lines(TestClient client, String start) throws IOException {
    return client.get("/metrics").text().lines().filter(one -> one.startsWith(start)).toList();
  }

  @AsyncTest
  void requestsAreCountedByTheirRoutes() throws IOException {
    App app = App.create().metrics();
    Routes users = Routes.create();
    users.get("/{id:int}", _ -> "12345");
    users.post("", req -> Response.stream(out -> out.write(req.body())));
    app.mount("/users", users);
    app.get(
        "/fails",
        _ -> {
          throw new IllegalStateException("as told");
        });
    try (TestClient client = TestClient.of(app).keepFailures()) {
      for (int i = 0; i < 3; i++) {
        var _ = client.get("/users/" + i);
      }
      var _ = client.post("/users").text("four").send();
      var _ = client.get("/fails");
      var _ = client.get("/none/" + "x".repeat(50));
      var _ = client.request("BREW", "/users/1").send();
      TestResponse told = client.get("/metrics");
      assertEquals("text/plain; version=0.0.4; charset=utf-8", told.header("Content-Type"));
      assertEquals(
          List.of(
              "http_requests_total{method=\"GET\",route=\"\",status=\"404\"} 1",
              "http_requests_total{method=\"GET\",route=\"/fails\",status=\"500\"} 1",
              "http_requests_total{method=\"GET\",route=\"/users/{id:int}\",status=\"200\"} 3",
              "http_requests_total{method=\"OTHER\",route=\"\",status=\"405\"} 1",
              "http_requests_total{method=\"POST\",route=\"/users\",status=\"200\"} 1"),
          told.text()
              .lines()
              .filter(one -> one.startsWith("http_requests_total"))
              .sorted()
              .toList());
      String label = "{method=\"GET\",route=\"/users/{id:int}\"";
      assertEquals(
          List.of("http_request_duration_seconds_count" + label + "} 3"),
          lines(client, "http_request_duration_seconds_count" + label));
      List<String> buckets = lines(client, "http_request_duration_seconds_bucket" + label);
      assertEquals(15, buckets.size());
      assertEquals(
          "http_request_duration_seconds_bucket" + label + ",le=\"+Inf\"} 3", buckets.getLast());
      assertEquals(
          List.of("http_response_size_bytes" + label + "} 15"),
          lines(client, "http_response_size_bytes" + label));
      String posts = "{method=\"POST\",route=\"/users\"} 4";
      assertEquals(
          List.of("http_request_size_bytes" + posts, "http_response_size_bytes" + posts),
          Stream.of("request", "response")
              .flatMap(one ->
                  text(client).filter(line -> line.equals("http_" + one + "_size_bytes" + posts)))
              .toList());
      assertEquals(List.of("http_requests_in_flight 1"), lines(client, "http_requests_in_flight"));
      assertFalse(told.text().contains("xxx"), told.text());
    }
  }

  private static Stream<String> text(TestClient client) {
    try {
      return client.get("/metrics").text().lines();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AsyncTest
  void whatIsUnderWayIsTold() throws IOException {
    App app = App.create().metrics();
    Event go = Event.create("go");
    app.get(
        "/waits",
        _ -> {
          go.await();
          return "";
        });
    try (TestClient client = TestClient.of(app)) {
      var waiting = Async.async(() -> client.get("/waits").status());
      Async.sleep(Duration.ofMillis(1));
      assertEquals(List.of("http_requests_in_flight 2"), lines(client, "http_requests_in_flight"));
      go.set();
      assertEquals(200, Async.await(waiting));
      assertEquals(List.of("http_requests_in_flight 1"), lines(client, "http_requests_in_flight"));
      assertEquals(1, lines(client, "thrum_loop_lag_seconds{loop=\"").size());
      assertTrue(lines(client, "thrum_tasks ").getFirst().matches("thrum_tasks [1-9]\\d*"));
      assertEquals(1, lines(client, "thrum_stalls_total ").size());
    }
  }

  @Test
  void aLoopThatIsHeldOrHasEndedIsNotWaitedFor() {
    AtomicBoolean held = new AtomicBoolean(true);
    CompletableFuture<Loop> made = new CompletableFuture<>();
    Thread _ = Thread.ofPlatform().daemon().start(() -> hold(made, held));
    Loop ended = Async.run(() -> Loop.current());
    Async.run(() -> {
      Loop holding = Async.await(made);
      try {
        Map<Loop, Double> lags =
            Meters.lags(List.of(holding, ended, Loop.current()), Duration.ofMillis(20));
        assertEquals(Set.of(holding, Loop.current()), lags.keySet());
        assertTrue(lags.get(holding) >= 0.02, lags.toString());
      } finally {
        held.set(false);
      }
    });
  }

  private static void hold(CompletableFuture<Loop> made, AtomicBoolean held) {
    Async.run(() -> {
      boolean _ = made.complete(Loop.current());
      while (held.get()) {
        Thread.onSpinWait();
      }
    });
  }

  @AsyncTest
  void aLineIsWellFormed() throws IOException {
    App app = App.create().metrics();
    app.get("/a\"b\\c", _ -> "");
    try (TestClient client = TestClient.of(app)) {
      var _ = client.get("/a%22b%5Cc");
      String name = "[a-z_]+";
      String label = "[a-z]+=\"([^\"\\\\]|\\\\[\"\\\\n])*\"";
      String sample = name + "(\\{" + label + "(," + label + ")*})? -?\\d+(\\.\\d+)?";
      for (String line : client.get("/metrics").text().split("\n", -1)) {
        assertTrue(line.isEmpty() || line.startsWith("# ") || line.matches(sample), line);
      }
      assertEquals(
          1, lines(client, "http_requests_total{method=\"GET\",route=\"/a\\\"b\\\\c\"").size());
    }
  }

  @AsyncTest
  void thereAreNotMoreSeriesThanCanBeKept() throws IOException {
    App app = App.create().metrics();
    app.get("/{status:int}", req -> Response.of(req.path("status", Integer.class)));
    for (int i = 0; i < 6; i++) {
      app.get("/" + i + "/{status:int}", req -> Response.of(req.path("status", Integer.class)));
    }
    try (TestClient client = TestClient.of(app)) {
      for (int i = 0; i < 7; i++) {
        for (int status = 200; status < 1000; status++) {
          var _ = client.get((i == 6 ? "" : "/" + i) + "/" + status);
        }
      }
      List<String> all = lines(client, "http_requests_total");
      assertEquals(5001, all.size());
      assertEquals(1, all.stream().filter(one -> one.endsWith(" 600")).count());
      assertTrue(
          all.contains("http_requests_total{method=\"OTHER\",route=\"*\",status=\"0\"} 600"));
    }
  }

  @AsyncTest
  void onlyWhoMayReadsIt() throws IOException {
    Dependency<String> key = Auth.keyInHeader("X-Key");
    App app = App.create().metrics(Auth.require(key), TrustedHosts.of("testserver"));
    app.get("/", _ -> "home");
    try (TestClient client = TestClient.of(app)) {
      assertEquals("home", client.get("/").text());
      assertEquals(401, client.get("/metrics").status());
      var request = client.request("GET", "/metrics").header("X-Key", "k");
      assertTrue(request.send().text().contains("http_requests_total"));
      assertEquals(400, request.header("Host", "elsewhere").send().status());
    }
  }

  @AsyncTest
  void onlyWhoWantsItHasIt() throws IOException {
    try (TestClient client = TestClient.of(App.create())) {
      assertEquals(404, client.get("/metrics").status());
    }
    App own = App.create().metrics();
    own.get("/metrics", _ -> "mine");
    try (TestClient client = TestClient.of(own)) {
      assertEquals("mine", client.get("/metrics").text());
    }
  }
}
