package dev.thrum.web.auth;

import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.thrum.http.HttpException;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.App;
import dev.thrum.web.Dependency;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Tokens that say by themselves what they are good for.
final class JwtTest {
  private static final byte[] KEY = key(1);

  private static byte[] key(int of) {
    byte[] made = new byte[32];
    Arrays.fill(made, (byte) of);
    return made;
  }

  private static void refused(Jwt by, String token) {
    HttpException thrown = assertThrows(HttpException.class, () -> by.check(token));
    assertEquals(401, thrown.status());
  }

  @AsyncTest
  void aTokenSaysWhatItWasIssuedFor() throws IOException {
    Jwt tokens = Jwt.hs256(KEY);
    Dependency<JWTClaimsSet> claims = tokens.claims();
    App app = App.create();
    app.get("/", req -> req.get(claims).getSubject() + " " + req.get(claims).getClaim("role"));
    try (TestClient client = TestClient.of(app)) {
      String token = tokens.issue("ada", Map.of("role", "admin"));
      TestResponse sent =
          client.request("GET", "/").header("Authorization", "Bearer " + token).send();
      assertEquals("ada admin", sent.text());
      TestResponse refused =
          client.request("GET", "/").header("Authorization", "Bearer " + token + "x").send();
      assertEquals(401, refused.status());
      assertEquals("Bearer error=\"invalid_token\"", refused.header("WWW-Authenticate"));
      assertEquals("Bearer", client.get("/").header("WWW-Authenticate"));
    }
  }

  @AsyncTest
  void aTokenSaysWhatItIsGoodFor() throws IOException {
    Jwt tokens = Jwt.hs256(KEY);
    Dependency<JWTClaimsSet> claims =
        tokens.claims(Auth.bearerFrom("/token", Map.of("write", "Add items")));
    App app = App.create();
    app.post("/", req -> req.get(claims).getSubject())
        .with(Auth.require(claims, Jwt::scopes, "write"));
    app.get("/plain", _ -> "").with(Auth.require(tokens.claims()));
    try (TestClient client = TestClient.of(app)) {
      record Case(int status, Map<String, ?> claims) {}
      List<Case> cases =
          List.of(
              new Case(200, Map.of("scope", "read write write")),
              new Case(200, Map.of("scope", List.of("write"))),
              new Case(403, Map.of("scope", "read")),
              new Case(403, Map.of()));
      for (Case one : cases) {
        String token = tokens.issue("ada", one.claims);
        var request = client.post("/").header("Authorization", "Bearer " + token);
        assertEquals(one.status, request.send().status(), one::toString);
      }
      JsonNode all = client.get("/openapi.json").json(JsonNode.class);
      assertEquals(
          "[{\"password-_token\":[\"write\"]}]", all.at("/paths/~1/post/security").toString());
      assertEquals("[{\"bearer\":[]}]", all.at("/paths/~1plain/get/security").toString());
    }
  }

  @AsyncTest
  void aTokenOfAnotherKeyOrWithoutOneIsNotGood() {
    String token = Jwt.hs256(KEY).issue("ada", Map.of());
    refused(Jwt.hs256(key(2)), token);
    assertEquals("ada", Jwt.hs256(key(2), KEY).check(token).getSubject());
    // {"alg":"none"} with the same content
    refused(Jwt.hs256(KEY), "eyJhbGciOiJub25lIn0." + token.split("\\.", -1)[1] + ".");
    refused(Jwt.hs256(KEY), "");
    refused(Jwt.hs256(KEY), "a.b.c");
    assertThrows(IllegalArgumentException.class, () -> Jwt.hs256(new byte[31]));
  }

  @AsyncTest
  void aTokenHasAnEnd() {
    Jwt tokens = Jwt.hs256(KEY).lifetime(Duration.ofMinutes(10));
    String token = tokens.issue("ada", Map.of());
    sleep(Duration.ofMinutes(10).plusSeconds(29));
    assertEquals("ada", tokens.check(token).getSubject());
    refused(tokens.leeway(Duration.ZERO), token);
    sleep(Duration.ofSeconds(1));
    refused(tokens, token);
  }

  @AsyncTest
  void aTokenIsFromOneIssuerForOneAudience() {
    Jwt tokens = Jwt.hs256(KEY).issuer("shop").audience("till");
    String token = tokens.issue("ada", Map.of());
    assertEquals("shop", tokens.check(token).getIssuer());
    refused(tokens.issuer("other"), token);
    refused(tokens.audience("other"), token);
    refused(tokens, Jwt.hs256(KEY).issue("ada", Map.of()));
  }

  @AsyncTest
  void aPublicKeyIsNoSecret() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    Jwt checked = Jwt.verifying(JWSAlgorithm.RS256, pair.getPublic());
    Jwt issued = checked.signedBy(new RSASSASigner(pair.getPrivate()));
    assertEquals("ada", checked.check(issued.issue("ada", Map.of())).getSubject());
    refused(checked, Jwt.hs256(pair.getPublic().getEncoded()).issue("ada", Map.of()));
    assertThrows(IllegalStateException.class, () -> checked.issue("ada", Map.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> Jwt.hs256(KEY).signedBy(new RSASSASigner(pair.getPrivate())));
  }
}
