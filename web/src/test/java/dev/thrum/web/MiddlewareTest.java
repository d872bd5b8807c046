package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.http.HttpException;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What is put around handlers, and in which order.
final class MiddlewareTest {
  private final List<String> trail = new ArrayList<>();

  private Middleware named(String name) {
    return (req, next) -> {
      trail.add(name + " in");
      try {
        Response response = next.handle(req);
        trail.add(name + " " + response.status());
        return response;
      } catch (IllegalStateException e) {
        trail.add(name + " failed");
        throw e;
      }
    };
  }

  private App app() {
    Routes part = Routes.create();
    part.use(named("part"));
    part.get(
            "/x",
            _ -> {
              trail.add("handler");
              return "x";
            })
        .with(named("route"))
        .with(named("inner"));
    part.get(
        "/refused",
        _ -> {
          throw new HttpException(409, "no");
        });
    part.get(
        "/fails",
        _ -> {
          throw new IllegalStateException("as told");
        });
    App app = App.create();
    app.use(named("first")).use(named("second"));
    app.mount("/part", part);
    app.get("/own", _ -> "own");
    return app;
  }

  private void expect(String... events) {
    assertEquals(List.of(events), trail);
    trail.clear();
  }

  @AsyncTest
  void theOrderIsThatOfRegistrationFromOutsideIn() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      assertEquals("x", client.get("/part/x").text());
      expect(
          "first in",
          "second in",
          "part in",
          "route in",
          "inner in",
          "handler",
          "inner 200",
          "route 200",
          "part 200",
          "second 200",
          "first 200");
      assertEquals("own", client.get("/own").text());
      expect("first in", "second in", "second 200", "first 200");
    }
  }

  @AsyncTest
  void itRunsAroundAnswersWithoutARoute() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      client.get("/nothing");
      expect("first in", "second in", "second 404", "first 404");
      client.get("/part/nothing");
      expect("first in", "second in", "part in", "part 404", "second 404", "first 404");
      client.post("/part/x").send();
      expect("first in", "second in", "part in", "part 405", "second 405", "first 405");
      client.options("/part/x");
      expect("first in", "second in", "part in", "part 204", "second 204", "first 204");
      client.get("/partly");
      expect("first in", "second in", "second 404", "first 404");
    }
  }

  @AsyncTest
  void itSeesAnswersToErrorsAndFailuresThatHaveNone() throws IOException {
    try (TestClient client = TestClient.of(app()).keepFailures()) {
      client.get("/part/refused");
      expect("first in", "second in", "part in", "part 409", "second 409", "first 409");
      assertEquals(500, client.get("/part/fails").status());
      expect("first in", "second in", "part in", "part failed", "second failed", "first failed");
    }
  }

  @AsyncTest
  void itMayAnswerItselfAndChangeWhatComesBack() throws IOException {
    App app = App.create();
    app.use((req, next) -> next.handle(req).header("X-Frame-Options", "DENY"));
    app.use((req, next) -> {
      if (req.header("Authorization").isEmpty()) {
        throw new HttpException(401, "who are you?");
      }
      return next.handle(req);
    });
    app.get("/", _ -> "in");
    try (TestClient client = TestClient.of(app)) {
      assertEquals(401, client.get("/").status());
      assertEquals("DENY", client.get("/").header("X-Frame-Options"));
      assertEquals("in", client.request("GET", "/").header("Authorization", "me").send().text());
    }
  }

  @AsyncTest
  void itGivesValuesToHandlers() throws IOException {
    Key<String> user = Key.of("user");
    App app = App.create();
    app.use((req, next) -> next.handle(req.set(user, "ada")));
    app.get("/", req -> req.attribute(user));
    try (TestClient client = TestClient.of(app)) {
      assertEquals("ada", client.get("/").text());
    }
  }
}
