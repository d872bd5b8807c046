package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.http.WebSocket;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestRequest;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Headers for careful browsers, TLS for all, and hosts that are known.
final class GuardsTest {
  private static TestClient client(Middleware... around) {
    App app = App.create();
    for (Middleware one : around) {
      app.use(one);
    }
    app.get("/", _ -> "home");
    app.get("/framed", _ -> Response.text("framed").header("x-frame-options", "SAMEORIGIN"));
    return TestClient.of(app);
  }

  @AsyncTest
  void browsersAreMadeCareful() throws IOException {
    SecurityHeaders headers =
        SecurityHeaders.standard()
            .policy("default-src 'self'")
            .without("cross-origin-opener-policy")
            .with("Referrer-Policy", "no-referrer");
    try (TestClient client = client(headers)) {
      TestResponse sent = client.get("/");
      assertEquals("nosniff", sent.header("X-Content-Type-Options"));
      assertEquals("DENY", sent.header("X-Frame-Options"));
      assertEquals("no-referrer", sent.header("Referrer-Policy"));
      assertEquals("default-src 'self'", sent.header("Content-Security-Policy"));
      assertEquals("", sent.header("Cross-Origin-Opener-Policy"));
      assertEquals("DENY", client.get("/nothing").header("X-Frame-Options"));
      assertEquals("SAMEORIGIN", client.get("/framed").header("X-Frame-Options"));
    }
  }

  @AsyncTest
  void tlsOnlyIsSaidOverTlsOnly() throws IOException {
    SecurityHeaders headers = SecurityHeaders.standard().hsts(Duration.ofDays(1));
    try (TestClient client = client(headers)) {
      assertEquals("", client.get("/").header("Strict-Transport-Security"));
      assertEquals(
          "max-age=86400; includeSubDomains",
          client.secure().get("/").header("Strict-Transport-Security"));
    }
  }

  @AsyncTest
  void clientsAreSentToTls() throws IOException {
    try (TestClient client = client(HttpsRedirect.create())) {
      TestResponse sent =
          client.request("GET", "/a%20b?c=d").header("Host", "Example.org:8080").send();
      assertEquals(307, sent.status());
      assertEquals("https://example.org/a%20b?c=d", sent.header("Location"));
      assertEquals(400, client.request("GET", "/").header("Host", "").send().status());
      assertEquals("home", client.secure().get("/").text());
    }
    try (TestClient client = client(HttpsRedirect.toPort(8443))) {
      assertEquals("https://testserver:8443/", client.get("/").header("Location"));
    }
    assertThrows(IllegalArgumentException.class, () -> HttpsRedirect.toPort(0));
  }

  @AsyncTest
  void onlyKnownHostsAreAnswered() throws IOException {
    String[][] cases = {
      {"200", "example.org"},
      {"200", "EXAMPLE.org:8000"},
      {"200", "a.b.example.com"},
      {"400", "example.com"},
      {"400", "evilexample.com"},
      {"400", "www.example.org"},
      {"400", "example.org.evil.net"},
      {"400", ""},
    };
    try (TestClient client = client(TrustedHosts.of("Example.org", "*.example.com"))) {
      for (String[] one : cases) {
        TestResponse sent = client.request("GET", "/").header("Host", one[1]).send();
        assertEquals(one[0], Integer.toString(sent.status()), one[1]);
      }
    }
  }

  private static int sent(TestClient client, String method, String origin) throws IOException {
    return client.request(method, "/").header("Origin", origin).send().status();
  }

  private static int opened(TestClient client, String... origins) throws IOException {
    TestRequest request = client.request("GET", "/socket");
    for (String one : origins) {
      var _ = request.header("Origin", one);
    }
    try (WebSocket _ = client.ws(request)) {
      return 101;
    } catch (TestClient.RefusedException e) {
      return e.status();
    }
  }

  @AsyncTest
  void pagesOfOtherOriginsChangeNothingAndOpenNoSocket() throws IOException {
    App app = App.create().use(SameOrigin.create().allow("https://app.example.org"));
    app.get("/", _ -> "home");
    app.post("/", _ -> "changed");
    app.ws("/socket", _ -> {});
    try (TestClient client = TestClient.of(app)) {
      for (String good :
          List.of("http://testserver", "https://TestServer", "https://app.example.org")) {
        assertEquals(200, sent(client, "POST", good), good);
        assertEquals(101, opened(client, good), good);
      }
      for (String bad :
          List.of(
              "https://evil.example",
              "http://testserver:8080",
              "http://testserver.evil.example",
              "http://app.example.org",
              "null",
              "testserver",
              "://testserver",
              "")) {
        assertEquals(403, sent(client, "POST", bad), bad);
        assertEquals(403, opened(client, bad), bad);
        assertEquals(200, sent(client, "GET", bad), bad);
      }
      assertEquals(403, opened(client, "http://testserver", "https://evil.example"));
      assertEquals(200, client.post("/").send().status());
      assertEquals(101, opened(client));
      var port = client.post("/").header("Host", "a.org:81").header("Origin", "http://a.org:81");
      assertEquals(200, port.send().status());
      String[][] ports = {
        {"200", "a.org:443", "https://a.org"},
        {"200", "a.org", "https://a.org:443"},
        {"200", "a.org:80", "http://A.org"},
        {"200", "[::1]:80", "http://[::1]"},
        {"403", "a.org:443", "http://a.org"},
        {"403", "a.org:80", "https://a.org"},
        {"403", "a.org:8443", "https://a.org"},
        {"403", "", "https://:443"},
      };
      for (String[] one : ports) {
        var sent = client.post("/").header("Host", one[1]).header("Origin", one[2]).send();
        assertEquals(one[0], Integer.toString(sent.status()), one[1] + " " + one[2]);
      }
    }
    assertThrows(
        IllegalArgumentException.class, () -> SameOrigin.create().allow("app.example.org"));
  }

  @Test
  void whatIsNoHostIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> TrustedHosts.of("*"));
    assertThrows(IllegalArgumentException.class, () -> TrustedHosts.of("a.*.org"));
    assertThrows(IllegalArgumentException.class, () -> TrustedHosts.of(""));
  }
}
