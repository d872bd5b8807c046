package dev.thrum.web.session;

import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.http.Cookie;
import dev.thrum.http.Cookie.SameSite;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.App;
import dev.thrum.web.Response;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is remembered of browsers, and what they cannot change of it.
final class SessionsTest {
  private static final byte[] KEY = key(1);

  private static byte[] key(int of) {
    byte[] made = new byte[32];
    Arrays.fill(made, (byte) of);
    return made;
  }

  record User(int id, String name) {}

  private static App app(Sessions sessions) {
    App app = App.create();
    app.use(sessions);
    app.get(
        "/count",
        req -> {
          int count = Sessions.of(req).get("count", Integer.class).orElse(0) + 1;
          Sessions.of(req).set("count", count);
          return Integer.toString(count);
        });
    app.get("/look", req -> Sessions.of(req).get("count").orElse("nothing"));
    app.get("/plain", _ -> "plain");
    app.get(
        "/login",
        req -> {
          Sessions.of(req).clear().set("user", new User(7, "Ada"));
          return String.valueOf(Sessions.of(req).names());
        });
    app.get("/user", req -> Sessions.of(req).get("user", User.class));
    app.get(
        "/logout",
        req -> {
          Sessions.of(req).clear();
          return "bye";
        });
    app.get(
        "/large",
        req -> {
          Sessions.of(req).set("large", "x".repeat(5000));
          return "";
        });
    app.get(
        "/save",
        req -> {
          Flash.add(req, "info", "saved");
          Flash.add(req, "error", "but not sent");
          return Response.redirect("/messages");
        });
    app.get("/messages", req -> Flash.take(req).toString());
    return app;
  }

  private static TestClient client() {
    return TestClient.of(app(Sessions.signedBy(KEY)));
  }

  private static String look(TestClient client, String cookie) throws IOException {
    return client.request("GET", "/look").header("Cookie", "session=" + cookie).send().text();
  }

  @AsyncTest
  void whatIsRememberedComesBack() throws IOException {
    try (TestClient client = client()) {
      TestResponse first = client.get("/count");
      assertEquals("1", first.text());
      assertEquals("Cookie", first.header("Vary"));
      Cookie cookie = first.cookie("session").orElseThrow();
      assertTrue(cookie.httpOnly());
      assertFalse(cookie.secure());
      assertEquals(Optional.of(SameSite.LAX), cookie.sameSite());
      assertEquals(Optional.of(Duration.ofDays(14)), cookie.maxAge());
      assertEquals("/", cookie.path());
      assertEquals("2", client.get("/count").text());
      assertEquals("2", client.get("/look").text());
    }
  }

  @AsyncTest
  void nothingIsSentWhereNothingIsChanged() throws IOException {
    try (TestClient client = client()) {
      TestResponse plain = client.get("/plain");
      assertEquals("", plain.header("Vary"));
      assertEquals(Optional.empty(), plain.cookie("session"));
      assertEquals(Optional.empty(), client.get("/look").cookie("session"));
      assertEquals(Optional.empty(), client.get("/logout").cookie("session"));
      client.get("/count");
      assertEquals(Optional.empty(), client.get("/look").cookie("session"));
    }
  }

  @AsyncTest
  void anObjectIsRememberedAndEverythingForgotten() throws IOException {
    try (TestClient client = client()) {
      client.get("/count");
      assertEquals("[user]", client.get("/login").text());
      assertEquals(new User(7, "Ada"), client.get("/user").json(User.class));
      Cookie gone = client.get("/logout").cookie("session").orElseThrow();
      assertEquals(Optional.of(Duration.ZERO), gone.maxAge());
      assertEquals(404, client.get("/user").status());
    }
  }

  @AsyncTest
  void whatWasChangedCountsAsNothing() throws IOException {
    try (TestClient client = client()) {
      String good = client.get("/count").cookie("session").orElseThrow().value();
      assertEquals("1", look(client, good));
      String[] parts = good.split("\\.", -1);
      String more =
          java.util.Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString("{\"count\":9}".getBytes(StandardCharsets.UTF_8));
      for (String bad :
          List.of(
              more + "." + parts[1] + "." + parts[2],
              parts[0] + ".AAAAAH____8." + parts[2],
              parts[0] + "." + parts[1] + ".",
              parts[0] + "." + parts[1],
              "..",
              "%%%.a.b",
              "")) {
        assertEquals("nothing", look(client, bad), bad);
      }
    }
  }

  @AsyncTest
  void aSessionGetsOldUnlessItIsUsed() throws IOException {
    try (TestClient client =
        TestClient.of(app(Sessions.signedBy(KEY).maxAge(Duration.ofDays(2))))) {
      String first = client.get("/count").cookie("session").orElseThrow().value();
      sleep(Duration.ofHours(20));
      assertEquals(Optional.empty(), client.get("/plain").cookie("session"));
      sleep(Duration.ofHours(8));
      assertNotEquals(first, client.get("/plain").cookie("session").orElseThrow().value());
      sleep(Duration.ofHours(21));
      assertEquals("1", client.get("/look").text());
      assertEquals("nothing", look(client, first));
      sleep(Duration.ofDays(3));
      assertEquals("nothing", client.get("/look").text());
    }
  }

  @AsyncTest
  void keysAreChangedWithoutForgetting() throws IOException {
    String old;
    try (TestClient client = client()) {
      old = client.get("/count").cookie("session").orElseThrow().value();
    }
    try (TestClient client = TestClient.of(app(Sessions.signedBy(key(2), KEY)))) {
      assertEquals("1", look(client, old));
      client.cookie("session", old);
      String fresh = client.get("/count").cookie("session").orElseThrow().value();
      try (TestClient later = TestClient.of(app(Sessions.signedBy(key(2))))) {
        assertEquals("2", look(later, fresh));
        assertEquals("nothing", look(later, old));
      }
    }
  }

  @AsyncTest
  void aCookieIsForOneNameOnly() throws IOException {
    try (TestClient client = client();
        TestClient other =
            TestClient.of(
                app(
                    Sessions.signedBy(KEY)
                        .named("other")
                        .secure()
                        .sameSite(SameSite.STRICT)
                        .path("/count")
                        .domain("example.org")))) {
      String good = client.get("/count").cookie("session").orElseThrow().value();
      assertEquals(
          "nothing", other.request("GET", "/look").header("Cookie", "other=" + good).send().text());
      Cookie made = other.get("/count").cookie("other").orElseThrow();
      assertTrue(made.secure());
      assertEquals(Optional.of(SameSite.STRICT), made.sameSite());
      assertEquals("/count", made.path());
      assertEquals("example.org", made.domain());
    }
  }

  @AsyncTest
  void whatIsTooLargeForACookieIsAnError() {
    try (TestClient client = client()) {
      assertThrows(IllegalStateException.class, () -> client.get("/large"));
    }
  }

  @AsyncTest
  void aMessageIsForTheNextPage() throws IOException {
    try (TestClient client = client()) {
      client.get("/save");
      assertEquals(
          "[Flash[kind=info, text=saved], Flash[kind=error, text=but not sent]]",
          client.get("/messages").text());
      assertEquals("[]", client.get("/messages").text());
    }
  }

  @AsyncTest
  void withoutTheMiddlewareThereIsNone() {
    App app = App.create();
    app.get("/", req -> Sessions.of(req).names().toString());
    try (TestClient client = TestClient.of(app)) {
      assertThrows(IllegalStateException.class, () -> client.get("/"));
    }
  }

  @Test
  void shortKeysAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Sessions.signedBy(new byte[31]));
    assertThrows(IllegalArgumentException.class, () -> Sessions.signedBy(KEY, new byte[8]));
    assertThrows(
        IllegalArgumentException.class, () -> Sessions.signedBy(KEY).maxAge(Duration.ZERO));
  }

  @Test
  void aSignatureIsForOnePurpose() {
    Instant now = Instant.parse("2025-01-01T00:00:00Z");
    String text = Signer.of("a", KEY).sign(new byte[] {1, 2}, now);
    Duration day = Duration.ofDays(1);
    assertEquals(2, Signer.of("a", KEY).open(text, now, day).orElseThrow().content().length);
    assertEquals(now, Signer.of("a", KEY).open(text, now, day).orElseThrow().signed());
    assertTrue(Signer.of("b", KEY).open(text, now, day).isEmpty());
    assertTrue(Signer.of("a", KEY).open(text, now.plusSeconds(86_401), day).isEmpty());
  }
}
