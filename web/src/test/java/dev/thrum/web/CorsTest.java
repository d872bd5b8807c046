package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.http.HttpException;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestRequest;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What pages of other origins may do.
final class CorsTest {
  private static final String SHOP = "https://shop.example.org";
  private static final String OTHER = "https://other.example.org";

  private static TestClient client(Cors cors) {
    App app = App.create();
    app.use(cors);
    app.get("/", _ -> Response.text("home").header("Vary", "Accept"));
    app.get(
        "/no",
        _ -> {
          throw new HttpException(403, "no");
        });
    return TestClient.of(app);
  }

  private static TestRequest ahead(TestClient client, String origin, String method) {
    return client
        .request("OPTIONS", "/")
        .header("Origin", origin)
        .header("Access-Control-Request-Method", method);
  }

  private static TestResponse from(TestClient client, String origin) throws IOException {
    return client.request("GET", "/").header("Origin", origin).send();
  }

  private static String allowed(TestResponse response) {
    return response.header("Access-Control-Allow-Origin");
  }

  private static String vary(TestResponse response) {
    return String.join(", ", response.headers().all("Vary"));
  }

  @AsyncTest
  void anOriginThatIsAllowedMayReadTheAnswer() throws IOException {
    try (TestClient client = client(Cors.allow(SHOP).expose("X-Total", "X-Page"))) {
      TestResponse sent = from(client, SHOP);
      assertEquals("home", sent.text());
      assertEquals(SHOP, allowed(sent));
      assertEquals("Accept, Origin", vary(sent));
      assertEquals("X-Total, X-Page", sent.header("Access-Control-Expose-Headers"));
      assertEquals("", sent.header("Access-Control-Allow-Credentials"));
      TestResponse refused = client.request("GET", "/no").header("Origin", SHOP).send();
      assertEquals(403, refused.status());
      assertEquals(SHOP, allowed(refused));
    }
  }

  @AsyncTest
  void anotherOriginIsAnsweredWithoutAWord() throws IOException {
    try (TestClient client = client(Cors.allow(SHOP))) {
      TestResponse sent = from(client, OTHER);
      assertEquals("home", sent.text());
      assertEquals("", allowed(sent));
      assertEquals("Accept, Origin", vary(sent));
      assertEquals("", allowed(from(client, "null")));
      assertEquals("", allowed(from(client, SHOP + ".evil.org")));
      TestResponse own = client.get("/");
      assertEquals("", allowed(own));
      assertEquals("Accept, Origin", vary(own));
    }
  }

  @AsyncTest
  void aQuestionAheadIsAnsweredHere() throws IOException {
    Cors cors =
        Cors.allow(SHOP)
            .methods("GET", "POST")
            .headers("X-Token")
            .credentials()
            .maxAge(Duration.ofHours(1));
    try (TestClient client = client(cors)) {
      TestResponse sent =
          ahead(client, SHOP, "POST")
              .header("Access-Control-Request-Headers", "x-token, content-type")
              .send();
      assertEquals(200, sent.status());
      assertEquals("OK", sent.text());
      assertEquals(SHOP, allowed(sent));
      assertEquals("GET, POST", sent.header("Access-Control-Allow-Methods"));
      assertEquals("3600", sent.header("Access-Control-Max-Age"));
      assertEquals("true", sent.header("Access-Control-Allow-Credentials"));
      assertEquals(
          "Accept, Accept-Language, Content-Language, Content-Type, X-Token",
          sent.header("Access-Control-Allow-Headers"));
      assertEquals("Origin", vary(sent));
    }
  }

  @AsyncTest
  void aQuestionAheadIsToldWhatIsNotAllowed() throws IOException {
    try (TestClient client = client(Cors.allow(SHOP))) {
      TestResponse sent =
          ahead(client, OTHER, "PUT").header("Access-Control-Request-Headers", "X-Token").send();
      assertEquals(400, sent.status());
      assertEquals("Disallowed CORS headers, method, origin", sent.text());
      assertEquals("", allowed(sent));
      TestResponse method = ahead(client, SHOP, "PUT").send();
      assertEquals("Disallowed CORS method", method.text());
      assertEquals(SHOP, allowed(method));
      TestResponse plain = client.request("OPTIONS", "/").header("Origin", SHOP).send();
      assertEquals(SHOP, allowed(plain));
      assertEquals("", plain.header("Access-Control-Allow-Methods"));
    }
  }

  @AsyncTest
  void everybodyIsAStarUnlessCookiesCome() throws IOException {
    try (TestClient client = client(Cors.allowAll().methods("*").headers("*"))) {
      assertEquals("*", allowed(from(client, SHOP)));
      assertEquals("Accept", vary(client.get("/")));
      TestResponse known =
          client.request("GET", "/").header("Origin", SHOP).header("Cookie", "a=b").send();
      assertEquals(SHOP, allowed(known));
      assertEquals("Accept, Origin", vary(known));
      TestResponse sent =
          ahead(client, SHOP, "DELETE").header("Access-Control-Request-Headers", "X-Any").send();
      assertEquals(200, sent.status());
      assertEquals("*", allowed(sent));
      assertEquals("X-Any", sent.header("Access-Control-Allow-Headers"));
    }
    try (TestClient client = client(Cors.allowAll().credentials())) {
      assertEquals(SHOP, allowed(ahead(client, SHOP, "GET").send()));
    }
  }

  @AsyncTest
  void aRuleDecidesOnOrigins() throws IOException {
    try (TestClient client = client(Cors.allow(one -> one.endsWith(".example.org")))) {
      assertEquals(SHOP, allowed(from(client, SHOP)));
      assertEquals("", allowed(from(client, "https://example.com")));
    }
  }

  @Test
  void whatIsNoOriginIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Cors.allow("shop.example.org"));
    assertThrows(IllegalArgumentException.class, () -> Cors.allow("https://shop.example.org/"));
    assertThrows(IllegalArgumentException.class, () -> Cors.allow("*"));
  }
}
