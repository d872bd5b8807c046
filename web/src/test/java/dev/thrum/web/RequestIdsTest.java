package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.http.Headers;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of requests, and names of files that responses are to be saved under.
final class RequestIdsTest {
  private static final String NAME = "X-Request-ID";

  private static App app(RequestIds ids) {
    App app = App.create();
    app.use(ids);
    app.get("/", req -> req.id());
    app.get(
        "/fails",
        _ -> {
          throw new IllegalStateException("as told");
        });
    return app;
  }

  private static TestResponse get(TestClient client, String target, String id) throws IOException {
    return client.request("GET", target).header(NAME, id).send();
  }

  @AsyncTest
  void eachResponseTellsANewOne() throws IOException {
    try (TestClient client = TestClient.of(app(RequestIds.create())).keepFailures()) {
      TestResponse first = client.get("/");
      assertTrue(first.text().matches("[0-9a-f]{32}"), first.text());
      assertEquals(first.text(), first.header(NAME));
      assertNotEquals(first.text(), client.get("/").text());
      assertTrue(client.get("/none").header(NAME).matches("[0-9a-f]{32}"));
      assertTrue(client.get("/fails").header(NAME).matches("[0-9a-f]{32}"));
      TestResponse unknown = get(client, "/", "mine");
      assertEquals(unknown.text(), unknown.header(NAME));
      assertNotEquals("mine", unknown.text());
    }
  }

  @AsyncTest
  void whoMayChooseOneIsTheProgramsWord() throws IOException {
    try (TestClient client = TestClient.of(app(RequestIds.create().fromAnybody())).keepFailures()) {
      TestResponse chosen = get(client, "/", "mine_1.2-3");
      assertEquals("mine_1.2-3", chosen.text());
      assertEquals("mine_1.2-3", chosen.header(NAME));
      assertEquals("mine", get(client, "/fails", "mine").header(NAME));
      for (String bad : new String[] {"a b", "a=b", "é", "x".repeat(129)}) {
        assertTrue(get(client, "/", bad).header(NAME).matches("[0-9a-f]{32}"), bad);
      }
    }
  }

  @AsyncTest
  void oneThatIsNoneIsRefused() throws IOException {
    App app = App.create();
    app.get(
        "/",
        req -> {
          assertThrows(IllegalArgumentException.class, () -> req.exchange().id("a b"));
          req.exchange().id("given");
          return req.id();
        });
    try (TestClient client = TestClient.of(app)) {
      TestResponse response = get(client, "/", "sent");
      assertEquals("given", response.text());
      assertEquals(Headers.create().get(NAME), response.headers().get(NAME));
    }
  }

  // Attachments

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a report.pdf | attachment; filename=\"a report.pdf\"",
        "naïve €.txt | attachment; filename=\"na_ve _.txt\";"
            + " filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt",
        "say \"hi\".txt | attachment; filename=\"say _hi_.txt\"; filename*=UTF-8''say%20%22hi%22.txt",
        "100%25.txt | attachment; filename=\"100_25.txt\"; filename*=UTF-8''100%2525.txt",
        "../a\\b | attachment; filename=\".._a_b\"",
        "a;b='c' | attachment; filename=\"a;b='c'\"",
      },
      quoteCharacter = '\0')
  void aResponseIsSavedUnderAName(String name, String header) {
    assertEquals(
        header, Response.text("x").attachment(name).header("Content-Disposition").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nSet-Cookie: b", "a\nb", "a\0b", "a\u2028b", "a\u0085b"})
  void aNameBeginsNoOtherLine(String name) {
    String header = Response.text("x").attachment(name).header("Content-Disposition").orElseThrow();
    assertTrue(header.startsWith("attachment; filename=\"a_"), header);
    assertTrue(header.chars().allMatch(one -> one >= ' ' && one < 127), header);
  }
}
