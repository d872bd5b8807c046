package dev.thrum.web;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Whether an application can do its work.
final class HealthTest {

  private static String line(TestResponse response) {
    return response.status() + " " + response.text();
  }

  @AsyncTest
  void anApplicationTellsHowItIs() throws Exception {
    boolean[] good = {true};
    App app = App.create();
    app.health()
        .check(
            "database",
            () -> {
              if (!good[0]) {
                throw new IOException("no route to db.internal");
              }
            })
        .check("queue", () -> Async.sleep(ofMillis(10)));
    try (LogLines log = new LogLines();
        TestClient client = TestClient.of(app)) {
      assertEquals("200 {\"status\":\"up\"}", line(client.get("/health/live")));
      String up =
          "200 {\"status\":\"up\",\"checks\":{\"database\":{\"status\":\"up\"},"
              + "\"queue\":{\"status\":\"up\"}}}";
      assertEquals(up, line(client.get("/health/ready")));
      assertEquals("no-store", client.get("/health/ready").header("Cache-Control"));
      good[0] = false;
      for (int i = 0; i < 2; i++) {
        assertEquals(
            "503 {\"status\":\"down\",\"checks\":{\"database\":{\"status\":\"down\"},"
                + "\"queue\":{\"status\":\"up\"}}}",
            line(client.get("/health/ready")));
      }
      assertEquals(200, client.get("/health/live").status());
      good[0] = true;
      assertEquals(up, line(client.get("/health/ready")));
      assertEquals("health: database is bad", log.take("database"));
      assertEquals("health: database is good again", log.take("database"));
    }
  }

  @AsyncTest
  void checksAreMadeSideBySideAndForALimitedTime() throws IOException {
    App app = App.create().debug();
    app.health()
        .limit(ofSeconds(2))
        .check("one", () -> Async.sleep(ofSeconds(10)))
        .check("two", () -> Async.sleep(ofSeconds(10)))
        .check("three", () -> Async.sleep(ofSeconds(1)));
    try (TestClient client = TestClient.of(app)) {
      Instant begun = Async.now();
      TestResponse answer = client.get("/health/ready");
      assertEquals(ofSeconds(2), Duration.between(begun, Async.now()));
      String slow = "{\"status\":\"down\",\"detail\":\"not within PT2S\"}";
      assertEquals(
          "503 {\"status\":\"down\",\"checks\":{\"one\":"
              + (slow + ",\"two\":" + slow + ",\"three\":{\"status\":\"up\"}}}"),
          line(answer));
    }
  }

  @AsyncTest
  void anApplicationThatIsBeingEndedIsNotReady() throws IOException {
    App app = App.create();
    app.health().notice(ofSeconds(3));
    try (TestClient client = TestClient.of(app)) {
      assertEquals("200 {\"status\":\"up\"}", line(client.get("/health/ready")));
      assertEquals(ofSeconds(3), app.drain());
      assertEquals("503 {\"status\":\"draining\"}", line(client.get("/health/ready")));
      assertEquals(200, client.get("/health/live").status());
    }
  }

  @Test
  void settingsAreChecked() {
    Health health = App.create().health();
    assertThrows(IllegalArgumentException.class, () -> health.limit(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> health.notice(ofSeconds(-1)));
    Health one = health.check("one", () -> {});
    assertThrows(IllegalArgumentException.class, () -> one.check("one", () -> {}));
    App app = App.create();
    assertTrue(app.health() == app.health());
    assertEquals(Duration.ZERO, app.drain());
  }
}
