package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// What clients are told when something is wrong.
final class ErrorsTest {
  private static final String BROWSER =
      "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

  private static App app() {
    App app = App.create();
    app.get(
        "/user",
        _ -> {
          throw new HttpException(404, "no <such> user", Headers.of("X-Why", "gone"));
        });
    app.get(
        "/fails",
        _ -> {
          throw new IllegalStateException("as told");
        });
    app.get("/null", _ -> null);
    app.get("/unwritable", _ -> Map.of("self", new Unwritable()));
    app.get("/header", _ -> Response.of(200).header("X", "a\r\nb"));
    app.get(
        "/error",
        _ -> {
          throw new AssertionError("an error");
        });
    return app;
  }

  /// Something that is no JSON.
  public static final class Unwritable {
    public String getText() {
      return String.valueOf(List.of().getFirst());
    }
  }

  private static TestResponse browse(TestClient client, String path) throws IOException {
    return client.request("GET", path).header("Accept", BROWSER).send();
  }

  @AsyncTest
  void anHttpExceptionIsToldAsJson() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      TestResponse response = client.get("/user");
      assertEquals(404, response.status());
      assertEquals("application/json", response.header("Content-Type"));
      assertEquals("{\"detail\":\"no <such> user\"}", response.text());
      assertEquals("gone", response.header("X-Why"));
      assertEquals("{\"detail\":\"Not Found\"}", client.get("/nothing").text());
    }
  }

  @AsyncTest
  void aBrowserGetsAPage() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      TestResponse response = browse(client, "/user");
      assertEquals(404, response.status());
      assertEquals("text/html; charset=utf-8", response.header("Content-Type"));
      assertTrue(response.text().contains("<p>no &lt;such&gt; user</p>"), response.text());
    }
  }

  @AsyncTest
  void otherFailuresAreAnswered500WithoutDetails() throws IOException {
    try (TestClient client = TestClient.of(app()).keepFailures()) {
      for (String path : new String[] {"/fails", "/null", "/unwritable", "/header", "/error"}) {
        TestResponse response = client.get(path);
        assertEquals(500, response.status(), path);
        assertEquals("{\"detail\":\"Internal Server Error\"}", response.text(), path);
      }
    }
  }

  @AsyncTest
  void failuresAreThrownInTests() {
    try (TestClient client = TestClient.of(app())) {
      assertEquals(
          "as told",
          assertThrows(IllegalStateException.class, () -> client.get("/fails")).getMessage());
      assertThrows(AssertionError.class, () -> client.get("/error"));
    }
  }

  @AsyncTest
  void theNearestErrorHandlerAnswers() throws IOException {
    Routes part = Routes.create();
    part.onError(IllegalStateException.class, (_, e) -> "part: " + e.getMessage());
    part.get(
        "/state",
        _ -> {
          throw new IllegalStateException("s");
        });
    part.get(
        "/file",
        _ -> {
          throw new FileNotFoundException("f");
        });
    App app = App.create();
    app.onError(IOException.class, (_, e) -> Response.text("io: " + e.getMessage()).status(503));
    app.onError(Exception.class, (_, e) -> "any: " + e.getMessage());
    app.onError(
        ArithmeticException.class,
        (_, _) -> {
          throw new HttpException(418, "teapot");
        });
    app.mount("/part", part);
    app.get(
        "/state",
        _ -> {
          throw new IllegalStateException("s");
        });
    app.get(
        "/zero",
        _ -> {
          throw new ArithmeticException("z");
        });
    try (TestClient client = TestClient.of(app)) {
      assertEquals("part: s", client.get("/part/state").text());
      assertEquals("io: f", client.get("/part/file").text());
      assertEquals("any: s", client.get("/state").text());
      assertEquals("any: Not Found", client.get("/nothing").text());
      assertEquals(418, client.get("/zero").status());
    }
  }

  @AsyncTest
  void aStatusHasItsPage() throws IOException {
    App app = app();
    app.onStatus(404, (req, e) -> Response.html("nothing at " + req.path()).status(e.status()));
    app.onStatus(500, (_, _) -> Response.text("sorry").status(500));
    app.onStatus(405, (_, _) -> Response.text("not so").status(405));
    try (TestClient client = TestClient.of(app).keepFailures()) {
      assertEquals("nothing at /nothing", client.get("/nothing").text());
      assertEquals("nothing at /user", client.get("/user").text());
      assertEquals("sorry", client.get("/fails").text());
      assertEquals("not so", client.post("/fails").send().text());
    }
  }

  @AsyncTest
  void anErrorHandlerThatFailsIsAskedOnce() throws IOException {
    int[] asked = {0};
    App app = app();
    app.use((req, next) -> next.handle(req)).use((req, next) -> next.handle(req));
    app.onError(
        IllegalStateException.class,
        (_, e) -> {
          asked[0]++;
          throw e;
        });
    try (TestClient client = TestClient.of(app).keepFailures()) {
      assertEquals(500, client.get("/fails").status());
      assertEquals(1, asked[0]);
    }
  }

  @AsyncTest
  void aDebuggedApplicationShowsTheSource() throws IOException {
    App app = app().debug();
    try (TestClient client = TestClient.of(app).keepFailures()) {
      TestResponse page =
          client
              .request("GET", "/fails")
              .header("Accept", BROWSER)
              .header("Cookie", "session=hush")
              .send();
      assertEquals(500, page.status());
      assertTrue(page.text().contains("IllegalStateException at GET /fails"), page.text());
      assertTrue(page.text().contains("<mark>"), page.text());
      assertTrue(page.text().contains("new IllegalStateException(&quot;as told&quot;)"));
      assertFalse(page.text().contains("hush"));
      String text = client.get("/fails").text();
      assertTrue(text.startsWith("java.lang.IllegalStateException: as told\n\tat "), text);
    }
  }

  // Input

  record Order(String item, int count) {}

  private static App orders() {
    App app = App.create();
    app.post("/orders", Order.class, (_, order) -> order).status(201);
    app.get("/page", req -> req.query("n", Integer.class, 1) + 1);
    return app;
  }

  @AsyncTest
  void aBodyIsReadIntoARecord() throws IOException {
    try (TestClient client = TestClient.of(orders())) {
      TestResponse response =
          client
              .post("/orders")
              .header("Content-Type", "application/json")
              .text("{\"item\":\"pen\",\"count\":2,\"more\":1}")
              .send();
      assertEquals(201, response.status());
      assertEquals(new Order("pen", 2), response.json(Order.class));
    }
  }

  @AsyncTest
  void whatIsWrongWithItIsTold() throws IOException {
    try (TestClient client = TestClient.of(orders())) {
      TestResponse wrong =
          client
              .post("/orders")
              .header("Content-Type", "application/json")
              .text("{\"item\":\"pen\",\"count\":\"x\"}")
              .send();
      assertEquals(422, wrong.status());
      assertTrue(wrong.text().contains("\"loc\":[\"body\",\"count\"]"), wrong.text());
      assertTrue(wrong.text().contains("\"input\":\"x\""), wrong.text());
      assertEquals(
          "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"Field required\",\"input\":null}]}",
          client.post("/orders").send().text());
      TestResponse malformed =
          client
              .post("/orders")
              .header("Content-Type", "application/json")
              .text("{\"item\":")
              .send();
      assertEquals(422, malformed.status());
      assertTrue(malformed.text().contains("\"type\":\"json_invalid\""), malformed.text());
      assertEquals("5", client.get("/page?n=4").text());
      assertEquals(
          "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"query\",\"n\"],\"msg\":\"Input should be"
              + " a valid integer, unable to parse string as an integer\",\"input\":\"x\"}]}",
          client.get("/page?n=x").text());
    }
  }
}
