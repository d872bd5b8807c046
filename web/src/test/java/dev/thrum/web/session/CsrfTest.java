package dev.thrum.web.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.App;
import dev.thrum.web.test.TestClient;
import java.io.IOException;
import java.util.Map;

/// Requests that other sites cause, and those of the application's own pages.
final class CsrfTest {
  private static TestClient client() {
    App app = App.create();
    app.use(Sessions.signedBy(new byte[32]));
    app.use(Csrf.create().except(req -> req.path().equals("/hook")));
    app.get("/token", Csrf::token);
    app.post("/change", _ -> "changed");
    app.post("/form", req -> req.form().get("a").orElse(""));
    app.post("/hook", _ -> "called");
    return TestClient.of(app);
  }

  @AsyncTest
  void withoutATokenNothingIsChanged() throws IOException {
    try (TestClient client = client()) {
      assertEquals(403, client.post("/change").send().status());
      assertEquals(403, client.post("/change").form("a", "b").send().status());
      var form = client.post("/form").header("Content-Type", "multipart/form-data; boundary=b");
      assertEquals(403, form.text("no form, which is not seen").send().status());
      assertEquals(403, client.post("/change").json(Map.of("csrf_token", "x")).send().status());
      assertEquals("called", client.post("/hook").send().text());
    }
  }

  @AsyncTest
  void aTokenComesInAHeaderOrAForm() throws IOException {
    try (TestClient client = client()) {
      String token = client.get("/token").text();
      assertEquals("changed", client.post("/change").header("X-CSRF-Token", token).send().text());
      assertEquals("b", client.post("/form").form("a", "b", "csrf_token", token).send().text());
      String again = client.get("/token").text();
      assertNotEquals(token, again);
      assertEquals("changed", client.post("/change").header("X-CSRF-Token", again).send().text());
    }
  }

  @AsyncTest
  void anotherTokenIsNone() throws IOException {
    try (TestClient client = client();
        TestClient other = client()) {
      String token = client.get("/token").text();
      other.get("/token");
      char last = token.charAt(40) == 'A' ? 'B' : 'A';
      for (String bad :
          new String[] {
            "", "x", token + "x", token.substring(0, 40) + last + token.substring(41), "%%%"
          }) {
        assertEquals(403, client.post("/change").header("X-CSRF-Token", bad).send().status(), bad);
      }
      assertEquals(403, other.post("/change").header("X-CSRF-Token", token).send().status());
    }
  }
}
