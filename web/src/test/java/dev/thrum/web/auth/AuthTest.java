package dev.thrum.web.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.App;
import dev.thrum.web.Dependency;
import dev.thrum.web.Routes;
import dev.thrum.web.auth.PasswordGrant.Token;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Who somebody is.
final class AuthTest {
  private static final Dependency<Credentials> BASIC = Auth.basic("the \"shop\"");
  private static final Dependency<String> BEARER = Auth.bearer();

  private static TestClient client(String path, Dependency<?> dependency) {
    App app = App.create();
    app.get(path, req -> String.valueOf(req.get(dependency)));
    return TestClient.of(app);
  }

  private static TestResponse with(TestClient client, String header, String value)
      throws IOException {
    return client.request("GET", "/").header(header, value).send();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @AsyncTest
  void aNameAndAPasswordComeByBasic() throws IOException {
    App app = App.create();
    app.get("/", req -> req.get(BASIC).username() + "|" + req.get(BASIC).password());
    app.get("/shown", req -> req.get(BASIC).toString());
    try (TestClient client = TestClient.of(app)) {
      String ada = "Basic " + base64("Ada Ł:p:w ä");
      assertEquals("Ada Ł|p:w ä", with(client, "Authorization", ada).text());
      assertEquals("|", with(client, "Authorization", "basic " + base64(":")).text());
      assertFalse(
          client
              .request("GET", "/shown")
              .header("Authorization", ada)
              .send()
              .text()
              .contains("p:"));
      TestResponse none = client.get("/");
      assertEquals(401, none.status());
      assertEquals(
          "Basic realm=\"the \\\"shop\\\"\", charset=\"UTF-8\"", none.header("WWW-Authenticate"));
      for (String bad :
          List.of("Basic", "Basic !!", "Basic " + base64("nocolon"), "Basic gDp4", "Bearer abc")) {
        assertEquals(401, with(client, "Authorization", bad).status(), bad);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> Auth.basic("a\nb"));
  }

  @AsyncTest
  void aTokenComesByBearer() throws IOException {
    try (TestClient client = client("/", BEARER)) {
      assertEquals("abc.d-e_f~==", with(client, "Authorization", "bearer abc.d-e_f~==").text());
      assertEquals("Bearer", client.get("/").header("WWW-Authenticate"));
      for (String bad : List.of("Bearer", "Bearer ", "Bearer a b", "Bearerabc", "Basic abc")) {
        assertEquals(401, with(client, "Authorization", bad).status(), bad);
      }
    }
  }

  @AsyncTest
  void aKeyComesWhereItIsLookedFor() throws IOException {
    try (TestClient client = client("/", Auth.keyInHeader("X-API-Key"))) {
      assertEquals("k", with(client, "x-api-key", "k").text());
      assertEquals(401, client.get("/?X-API-Key=k").status());
    }
    try (TestClient client = client("/", Auth.keyInQuery("key"))) {
      assertEquals("k", client.get("/?key=k").text());
      assertEquals(401, client.get("/?key=").status());
    }
    try (TestClient client = client("/", Auth.keyInCookie("key"))) {
      assertEquals("k", with(client, "Cookie", "key=k").text());
      assertEquals("APIKey", client.get("/").header("WWW-Authenticate"));
    }
  }

  @AsyncTest
  void onlyWhoHasItPasses() throws IOException {
    Dependency<String> user =
        Dependency.of(req -> {
          if (!Auth.same("good", req.get(BEARER))) {
            throw Auth.unauthorized("Bearer", "unknown token");
          }
          return "Ada";
        });
    Routes admin = Routes.create();
    admin.use(Auth.require(user));
    admin.get("/", req -> req.get(user));
    App app = App.create();
    app.mount("/admin", admin);
    try (TestClient client = TestClient.of(app)) {
      var good = client.request("GET", "/admin/").header("Authorization", "Bearer good");
      assertEquals("Ada", good.send().text());
      var bad = client.request("GET", "/admin/").header("Authorization", "Bearer bad");
      assertEquals(Map.of("detail", "unknown token"), bad.send().json(Map.class));
    }
  }

  @AsyncTest
  void onlyWhatIsGoodForItPasses() throws IOException {
    Dependency<List<String>> granted =
        Dependency.<List<String>>of(req -> List.of(req.get(BEARER).split("_", -1))).by(BEARER);
    App app = App.create();
    app.get("/", _ -> "in").with(Auth.require(granted, scopes -> scopes, "read", "write"));
    Dependency<String> key = Auth.keyInHeader("Authorization");
    app.get("/key", _ -> "in").with(Auth.require(key, _ -> List.of(), "read"));
    try (TestClient client = TestClient.of(app)) {
      assertEquals("in", with(client, "Authorization", "Bearer write_x_read").text());
      TestResponse refused = with(client, "Authorization", "Bearer read");
      assertEquals(403, refused.status());
      assertEquals(
          "Bearer error=\"insufficient_scope\", scope=\"read write\"",
          refused.header("WWW-Authenticate"));
      TestResponse other = client.request("GET", "/key").header("Authorization", "k").send();
      assertEquals(403, other.status());
      assertEquals("", other.header("WWW-Authenticate"));
      assertEquals(401, client.get("/").status());
      client.override(granted, List.of("read", "write"));
      assertEquals("in", client.get("/").text());
    }
    for (String bad : List.of("", "a b", "a\"b")) {
      assertThrows(
          IllegalArgumentException.class, () -> Auth.require(granted, scopes -> scopes, bad), bad);
    }
  }

  @AsyncTest
  void aTokenMayBeGoodForLessThanWasAskedFor() throws IOException {
    App app = App.create();
    app.post(
        "/token",
        PasswordGrant.handler((_, grant) ->
            Optional.of(
                grant.scopes().contains("admin")
                    ? Token.of("t", Duration.ofHours(1), List.of("read"))
                    : Token.of("t", Duration.ofHours(1)))));
    try (TestClient client = TestClient.of(app)) {
      String[] form = {"grant_type", "password", "username", "a", "password", "b", "scope", ""};
      for (String[] one : new String[][] {{"read admin", "read"}, {"read write", "read write"}}) {
        form[7] = one[0];
        TestResponse sent = client.post("/token").form(form).send();
        assertEquals(one[1], sent.json(Map.class).get("scope"));
      }
    }
  }

  @AsyncTest
  void aTokenIsGivenForANameAndAPassword() throws IOException {
    App app = App.create();
    app.post(
        "/token",
        PasswordGrant.handler((_, grant) ->
            grant.credentials().equals(new Credentials("ada", "secret"))
                ? Optional.of(Token.of("t-" + grant.scopes(), Duration.ofHours(1)))
                : Optional.empty()));
    try (TestClient client = TestClient.of(app)) {
      TestResponse sent =
          client
              .post("/token")
              .form("grant_type", "password", "username", "ada", "password", "secret")
              .send();
      assertEquals(200, sent.status());
      assertEquals("no-store", sent.header("Cache-Control"));
      assertEquals(
          Map.of("access_token", "t-[]", "token_type", "bearer", "expires_in", 3600, "scope", ""),
          sent.json(Map.class));
      String[][] cases = {
        {"invalid_grant", "password", "username", "ada", "password", "wrong"},
        {"invalid_request", "password", "username", "ada"},
        {"unsupported_grant_type", "refresh_token"},
      };
      for (String[] one : cases) {
        String[] form = one.clone();
        form[0] = "grant_type";
        TestResponse refused = client.post("/token").form(form).send();
        assertEquals(400, refused.status());
        assertEquals(Map.of("error", one[0]), refused.json(Map.class));
      }
      assertEquals(415, client.post("/token").json(Map.of()).send().status());
    }
  }

  @AsyncTest
  void aPasswordIsCheckedByWhatIsStored() {
    Passwords passwords = Passwords.rounds(1_000);
    String stored = passwords.hash("päss");
    assertTrue(stored.startsWith("pbkdf2-sha256$1000$"), stored);
    assertTrue(passwords.check("päss", Optional.of(stored)));
    assertFalse(passwords.check("pass", Optional.of(stored)));
    assertFalse(passwords.check("päss", Optional.empty()));
    assertFalse(stored.equals(passwords.hash("päss")));
    assertTrue(passwords.check("", Optional.of(passwords.hash(""))));
    for (String bad : List.of("", "päss", stored + "$", stored.replace("1000", "1"), "a$b$c$d")) {
      assertFalse(passwords.check("päss", Optional.of(bad)), bad);
      assertTrue(passwords.isWeak(bad), bad);
    }
  }

  @AsyncTest
  void storedPasswordsAreThoseOfOtherProgramsAndGetWeakWithTime() {
    // Python: hashlib.pbkdf2_hmac('sha256', b'secret', b'0123456789abcdef', 2000)
    String stored =
        "pbkdf2-sha256$2000$MDEyMzQ1Njc4OWFiY2RlZg$MNNTwnCaMAYmrmE7v5+nTtN5kMiuSDOXHq5jqsVOVS8";
    assertTrue(Passwords.rounds(1_000).check("secret", Optional.of(stored)));
    assertFalse(Passwords.rounds(1_000).check("Secret", Optional.of(stored)));
    assertFalse(Passwords.rounds(2_000).isWeak(stored));
    assertTrue(Passwords.standard().isWeak(stored));
    assertThrows(IllegalArgumentException.class, () -> Passwords.rounds(999));
  }

  @Test
  void passwordsAreCheckedBesideALoopToo() {
    Passwords passwords = Passwords.rounds(1_000);
    assertTrue(passwords.check("secret", Optional.of(passwords.hash("secret"))));
  }
}
