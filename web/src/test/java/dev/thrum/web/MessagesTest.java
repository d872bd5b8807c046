package dev.thrum.web;

import static dev.thrum.web.Web.created;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.channel.Channel;
import dev.thrum.http.Cookie;
import dev.thrum.http.WebSocket;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import dev.thrum.web.test.TestStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What handlers read of requests, and what becomes of what they return.
final class MessagesTest {
  @TempDir private Path folder;

  record User(String name, LocalDate born, Optional<String> mail) {}

  private static final User ADA = new User("Ada", LocalDate.of(1815, 12, 10), Optional.empty());

  // Results

  @AsyncTest
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/text     | 200 | text/plain; charset=utf-8 | grüße",
        "/html     | 200 | text/html; charset=utf-8  | <p>hi</p>",
        "/bytes    | 200 | application/octet-stream  | abc",
        "/record   | 200 | application/json          | {\"name\":\"Ada\",\"born\":\"1815-12-10\",\"mail\":null}",
        "/map      | 200 | application/json          | {\"a\":1}",
        "/list     | 200 | application/json          | [1,2]",
        "/some     | 200 | text/plain; charset=utf-8 | some",
        "/none     | 404 | application/json          | {\"detail\":\"Not Found\"}",
        "/jsonnone | 404 | application/json          | {\"detail\":\"Not Found\"}",
        "/void     | 204 | ''                        | ''",
        "/accepted | 202 | text/plain; charset=utf-8 | later",
        "/created  | 201 | application/json          | {\"a\":1}",
        "/file     | 200 | text/css; charset=utf-8   | p {}",
        "/missing  | 404 | application/json          | {\"detail\":\"Not Found\"}",
        "/folder   | 404 | application/json          | {\"detail\":\"Not Found\"}",
        "/stream   | 200 | application/octet-stream  | one two three",
      })
  void resultsBecomeResponses(String path, int status, String type, String body)
      throws IOException {
    Files.writeString(folder.resolve("a.css"), "p {}");
    App app = App.create();
    app.get("/text", _ -> "grüße");
    app.get("/html", _ -> Html.of("<p>hi</p>"));
    app.get("/bytes", _ -> new byte[] {'a', 'b', 'c'});
    app.get("/record", _ -> ADA);
    app.get("/map", _ -> Map.of("a", 1));
    app.get("/list", _ -> List.of(1, 2));
    app.get("/some", _ -> Optional.of("some"));
    app.get("/none", _ -> Optional.empty());
    app.get("/jsonnone", _ -> Json.of(Optional.empty()));
    app.get("/void", _ -> {});
    app.get("/accepted", _ -> "later").status(202);
    app.get("/created", _ -> created(Map.of("a", 1)));
    app.get("/file", _ -> folder.resolve("a.css"));
    app.get("/missing", _ -> Response.file(folder.resolve("b.css")));
    app.get("/folder", _ -> folder);
    app.get(
        "/stream",
        _ ->
            Response.stream(out -> {
              out.write("one ");
              PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8);
              print.print("two ");
              print.flush();
              out.write("three");
            }));
    try (TestClient client = TestClient.of(app)) {
      TestResponse response = client.get(path.strip());
      assertEquals(status, response.status());
      assertEquals(type.strip(), response.header("Content-Type"));
      assertEquals(body.strip(), response.text());
    }
  }

  @AsyncTest
  void headTellsOfFilesAndStreamsWithoutTheirBodies() throws IOException {
    Files.writeString(folder.resolve("a.css"), "p {}");
    App app = App.create();
    app.get("/file", _ -> folder.resolve("a.css"));
    app.get(
        "/stream",
        _ ->
            Response.stream(_ -> {
              throw new AssertionError("nobody wants it");
            }));
    try (TestClient client = TestClient.of(app)) {
      assertEquals("4", client.head("/file").header("Content-Length"));
      assertEquals("", client.head("/file").text());
      assertEquals("", client.head("/stream").text());
    }
  }

  @AsyncTest
  void responsesAreChangedByMakingOthers() {
    Response one = Response.text("a").header("X", "1").addHeader("x", "2");
    Response other = one.header("X", "3").type("text/csv").status(201);
    assertEquals(List.of("1", "2"), one.headers().all("X"));
    assertEquals(List.of("3"), other.headers().all("X"));
    assertEquals("text/csv", other.header("content-type").orElseThrow());
    assertEquals(0, other.removeHeader("x").headers().all("X").size());
    assertEquals("200 201", one.status() + " " + other.status());
    assertThrows(IllegalArgumentException.class, () -> one.status(100));
  }

  @AsyncTest
  void redirectsAreFollowedOnDemand() throws IOException {
    App app = App.create();
    app.post("/old", _ -> Web.redirect("/new"));
    app.post("/moved", _ -> Response.redirect("/echo").status(307));
    app.get("/new", _ -> "new");
    app.post("/echo", req -> req.text());
    app.get("/round", _ -> Web.redirect("/round"));
    try (TestClient client = TestClient.of(app)) {
      assertEquals(303, client.post("/old").send().status());
      client.followRedirects();
      assertEquals("new", client.post("/old").send().text());
      assertEquals("body", client.post("/moved").text("body").send().text());
      assertThrows(IOException.class, () -> client.get("/round"));
    }
  }

  @AsyncTest
  void cookiesGoThereAndBack() throws IOException {
    App app = App.create();
    app.get(
        "/login",
        _ ->
            Response.of(204)
                .cookie(Cookie.of("session", "s1").withHttpOnly().withMaxAge(Duration.ofHours(1)))
                .cookie(Cookie.of("admin", "yes").withPath("/admin")));
    app.get("/logout", _ -> Response.of(204).cookie(Cookie.expired("session")));
    app.get("/{any:path}", req -> req.cookies().stream().map(Cookie::name).toList());
    try (TestClient client = TestClient.of(app)) {
      TestResponse login = client.get("/login");
      assertEquals(
          "s1 true PT1H",
          login
              .cookie("session")
              .map(one -> one.value() + " " + one.httpOnly() + " " + one.maxAge().orElseThrow())
              .orElseThrow());
      assertEquals("[\"session\"]", client.get("/").text());
      assertEquals("[\"session\"]", client.get("/administration").text());
      assertEquals("[\"session\",\"admin\"]", client.get("/admin/x").text());
      client.get("/logout");
      assertEquals("[]", client.get("/").text());
    }
  }

  @AsyncTest
  void somebodyElseHasOtherCookies() throws IOException {
    App app = App.create();
    app.get("/login", _ -> Response.of(204).cookie(Cookie.of("session", "s1")));
    app.get("/", req -> req.cookie("session").orElse("nobody"));
    app.ws("/", (req, socket) -> socket.send(req.cookie("session").orElse("nobody")));
    List<String> trail = new ArrayList<>();
    app.lifespan(serve -> {
      trail.add("open");
      serve.run();
      trail.add("closed");
    });
    TestClient other;
    try (TestClient client = TestClient.of(app)) {
      other = client.fresh();
      client.get("/login");
      assertEquals("s1", client.get("/").text());
      assertEquals("nobody", other.get("/").text());
      try (TestClient third = client.fresh();
          WebSocket socket = third.ws("/")) {
        assertEquals("nobody", socket.receive().orElseThrow().text());
      }
      other.get("/login");
      assertEquals("s1", other.get("/").text());
      assertEquals(List.of("open"), trail);
    }
    assertEquals(List.of("open", "closed"), trail);
    assertThrows(IllegalStateException.class, () -> other.get("/"));
    other.close();
  }

  // Requests

  @AsyncTest
  void queriesAreParsed() throws IOException {
    App app = App.create();
    app.get("/", req -> req.queries("a") + " " + req.query("b c").orElse("none"));
    try (TestClient client = TestClient.of(app)) {
      assertEquals("[] none", client.get("/").text());
      assertEquals("[1, , é&] x y", client.get("/?a=1&a&&a=%C3%A9%26&b+c=x+y&d").text());
      assertEquals(400, client.get("/?a=%").status());
    }
  }

  @AsyncTest
  void bodiesAreReadInSeveralWays() throws IOException {
    App app = App.create();
    app.post("/text", req -> req.text() + req.body().length);
    app.post("/json", req -> req.json(User.class).name());
    app.post("/form", req -> req.form().get("name").orElseThrow() + req.form().names());
    app.post("/stream", req -> new String(req.stream().readAllBytes(), StandardCharsets.UTF_8));
    app.post("/twice", req -> req.stream().read() + req.text());
    try (TestClient client = TestClient.of(app)) {
      assertEquals("é2", client.post("/text").text("é").send().text());
      assertEquals(
          "é1",
          client
              .post("/text")
              .header("Content-Type", "text/plain; charset=\"iso-8859-1\"")
              .body(new byte[] {(byte) 0xe9})
              .send()
              .text());
      assertEquals(
          415, client.post("/text").header("Content-Type", "a/b; charset=x-none").send().status());
      assertEquals("Ada", client.post("/json").json(ADA).send().text());
      assertEquals(400, client.post("/json").text("{").send().status());
      assertEquals("a b[name, x]", client.post("/form").form("name", "a b", "x", "").send().text());
      assertEquals(415, client.post("/form").text("name=a").send().status());
      assertEquals("abc", client.post("/stream").text("abc").send().text());
      assertThrows(IllegalStateException.class, () -> client.post("/twice").text("abc").send());
    }
  }

  @AsyncTest
  void aBodyIsReadWhileItComes() throws IOException {
    App app = App.create();
    app.post(
        "/echo",
        req ->
            Response.stream(out -> {
              var in = req.stream();
              byte[] room = new byte[100];
              for (int n = in.read(room); n > 0; n = in.read(room)) {
                out.write(new String(room, 0, n, StandardCharsets.UTF_8) + "!");
              }
            }));
    try (TestClient client = TestClient.of(app)) {
      Channel<byte[]> body = Channel.rendezvous();
      try (TestStream stream = openInTheMeantime(client, body)) {
        assertEquals("one!", stream.nextText().orElseThrow());
        body.send("two".getBytes(StandardCharsets.UTF_8));
        assertEquals("two!", stream.nextText().orElseThrow());
        body.close();
        assertEquals(Optional.empty(), stream.nextText());
      }
    }
  }

  private static TestStream openInTheMeantime(TestClient client, Channel<byte[]> body) {
    dev.thrum.Async.async(() -> body.send("one".getBytes(StandardCharsets.UTF_8)));
    return client.post("/echo").body(body).open();
  }

  @AsyncTest
  void aStreamThatFailsIsCutOff() throws IOException {
    App app = App.create();
    app.get(
        "/",
        _ ->
            Response.stream(out -> {
              out.write("half");
              throw new IllegalStateException("as told");
            }));
    try (TestClient client = TestClient.of(app).keepFailures();
        TestStream stream = client.request("GET", "/").open()) {
      assertEquals(200, stream.status());
      assertArrayEquals("half".getBytes(StandardCharsets.UTF_8), stream.next().orElseThrow());
      assertThrows(EOFException.class, stream::next);
    }
  }

  @AsyncTest
  void whatElseIsKnownOfARequest() throws IOException {
    App app = App.create();
    app.get(
        "/a{b}",
        req ->
            String.join(
                " ",
                req.method(),
                req.path(),
                req.rawPath(),
                req.target(),
                req.scheme(),
                req.host(),
                req.route().orElseThrow().path(),
                req.prefers("text/html", "application/json").orElse("none"),
                req.id(),
                req.remote().toString()));
    try (TestClient client = TestClient.of(app)) {
      assertEquals(
          "GET /a b /a%20b /a%20b?c http example.org /a{b} application/json req-1"
              + " testclient/127.0.0.1:50000",
          client
              .request("GET", "/a%20b?c")
              .header("Host", "Example.org:80")
              .header("Accept", "text/*;q=0.5, application/json")
              .header("X-Request-ID", "req-1")
              .send()
              .text());
    }
  }

  // JSON

  @AsyncTest
  void jsonMayBeWrittenInAnotherWay() throws IOException {
    App app = App.create();
    app.json(
        Json.with(
            Json.builder()
                .propertyNamingStrategy(
                    tools.jackson.databind.PropertyNamingStrategies.UPPER_CAMEL_CASE)
                .build()));
    app.get("/", _ -> Map.of("user", ADA));
    try (TestClient client = TestClient.of(app)) {
      assertEquals(
          "{\"user\":{\"Name\":\"Ada\",\"Born\":\"1815-12-10\",\"Mail\":null}}",
          client.get("/").text());
    }
  }
}
