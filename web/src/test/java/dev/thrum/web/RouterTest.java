package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which route a request finds, and what it gets if there is none.
final class RouterTest {

  /// Each route answers with its pattern and what its parameters are.
  private static App app() {
    App app = App.create();
    for (String path :
        List.of(
            "/",
            "/users",
            "/users/me",
            "/users/{id:int}",
            "/users/{name}",
            "/users/{name}/posts",
            "/users/{name}/posts/{post:long}",
            "/items/{id:uuid}",
            "/items/{price:float}",
            "/files/{name}.json",
            "/files/{name}.{kind}",
            "/v{version:int}/status",
            "/static/{rest:path}",
            "/static/{rest:path}/edit",
            "/colors/{color:hex}",
            "/café/{dish}",
            "/slash/",
            "/userland")) {
      app.get(path, req -> path + values(req));
    }
    app.post("/users/me", _ -> "posted");
    app.delete("/users/{name}", _ -> "deleted");
    app.converter("hex", Converter.of(Integer.class, text -> Integer.parseInt(text, 16)));
    return app;
  }

  private static String values(Request req) {
    StringBuilder made = new StringBuilder();
    for (RouteInfo.Param one : req.route().orElseThrow().params()) {
      made.append(' ').append(one.name()).append('=').append(req.path(one.name(), one.type()));
    }
    return made.toString();
  }

  @AsyncTest
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/                          | /",
        "/?page=2                   | /",
        "/users                     | /users",
        "/users?x=/users/7          | /users",
        "/userland                  | /userland",
        "/users/me                  | /users/me",
        "/users/7                   | /users/{id:int} id=7",
        "/users/007                 | /users/{id:int} id=7",
        "/users/2147483647          | /users/{id:int} id=2147483647",
        "/users/2147483648          | /users/{name} name=2147483648",
        "/users/-7                  | /users/{name} name=-7",
        "/users/men                 | /users/{name} name=men",
        "/users/m                   | /users/{name} name=m",
        "/users/me/posts            | /users/{name}/posts name=me",
        "/users/7/posts             | /users/{name}/posts name=7",
        "/users/x/posts/9876543210  | /users/{name}/posts/{post:long} name=x post=9876543210",
        "/users/a%2Fb               | /users/{name} name=a/b",
        "/users/a%2Fb/posts         | /users/{name}/posts name=a/b",
        "/users/%C3%A9t%C3%A9       | /users/{name} name=été",
        "/users/a+b                 | /users/{name} name=a+b",
        "/users/%6D%65              | /users/me",
        "/users/a%252Fb             | /users/{name} name=a%2Fb",
        "/items/1.50                | /items/{price:float} price=1.5",
        "/items/3                   | /items/{price:float} price=3.0",
        "/files/a.json              | /files/{name}.json name=a",
        "/files/a.b.json            | /files/{name}.json name=a.b",
        "/files/a.b.txt             | /files/{name}.{kind} name=a.b kind=txt",
        "/v2/status                 | /v{version:int}/status version=2",
        "/static/                   | /static/{rest:path} rest=",
        "/static/a/b.css            | /static/{rest:path} rest=a/b.css",
        "/static/a/b/edit           | /static/{rest:path}/edit rest=a/b",
        "/colors/ff00               | /colors/{color:hex} color=65280",
        "/caf%C3%A9/soup            | /café/{dish} dish=soup",
        "/slash/                    | /slash/",
      })
  void findsARoute(String target, String expected) throws IOException {
    try (TestClient client = TestClient.of(app())) {
      assertEquals(expected.strip(), client.get(target.strip()).text());
    }
  }

  @AsyncTest
  void aUuidIsRead() throws IOException {
    UUID id = UUID.randomUUID();
    try (TestClient client = TestClient.of(app())) {
      assertEquals("/items/{id:uuid} id=" + id, client.get("/items/" + id).text());
    }
  }

  @AsyncTest
  @ParameterizedTest
  @CsvSource({
    "GET, /nothing, 404, ''",
    "GET, /user, 404, ''",
    "GET, /usersx, 404, ''",
    "GET, /Users, 404, ''",
    "GET, /users//posts, 404, ''",
    "GET, //, 404, ''",
    "GET, //users/, 404, ''",
    "GET, /items/x, 404, ''",
    "GET, /items/1., 404, ''",
    "GET, /items/1e5, 404, ''",
    "GET, /files/.json, 404, ''",
    "GET, /colors/xyz, 404, ''",
    "GET, /vx/status, 404, ''",
    "GET, /users%2Fme, 404, ''",
    "GET, /users/%zz, 400, ''",
    "GET, /users/%e, 400, ''",
    "GET, /users/%ff, 400, ''",
    "PUT, /users, 405, 'GET, HEAD, OPTIONS'",
    "PUT, /users/me, 405, 'DELETE, GET, HEAD, OPTIONS, POST'",
    "POST, /users/x, 405, 'DELETE, GET, HEAD, OPTIONS'",
    "get, /users, 405, 'GET, HEAD, OPTIONS'",
    "OPTIONS, /users/me, 204, 'DELETE, GET, HEAD, OPTIONS, POST'",
    "OPTIONS, /nothing, 404, ''",
    "OPTIONS, *, 204, 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'",
  })
  void answersWithoutARoute(String method, String target, int status, String allow)
      throws IOException {
    try (TestClient client = TestClient.of(app())) {
      TestResponse response = client.request(method, target).send();
      assertEquals(status, response.status());
      assertEquals(allow, response.header("Allow"));
    }
  }

  @AsyncTest
  void aRouteForTheMethodIsPreferredToANearerOne() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      assertEquals("deleted", client.delete("/users/me").text());
      assertEquals("posted", client.post("/users/me").send().text());
    }
  }

  @AsyncTest
  void headIsAnsweredByGet() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      TestResponse response = client.head("/users");
      assertEquals(200, response.status());
      assertEquals("6", response.header("Content-Length"));
      assertEquals("", response.text());
    }
  }

  @AsyncTest
  void headAndOptionsMayHaveRoutes() throws IOException {
    App app = App.create();
    app.get("/", _ -> "got");
    app.head("/", _ -> Response.of(200).header("X-Head", "own"));
    app.options("/", _ -> "optional");
    try (TestClient client = TestClient.of(app)) {
      assertEquals("own", client.head("/").header("X-Head"));
      assertEquals("optional", client.options("/").text());
    }
  }

  @AsyncTest
  @ParameterizedTest
  @CsvSource({
    "GET, /slash, 307, /slash/",
    "GET, /slash?a=1&b=/, 307, /slash/?a=1&b=/",
    "POST, /users/, 307, /users",
    "GET, /users/x/posts/, 307, /users/x/posts",
    "GET, /users/a%2Fb/posts/, 307, /users/a%2Fb/posts",
    "GET, /static, 307, /static/",
    "GET, /nothing/, 404, ''",
  })
  void aSlashTooManyOrTooFewIsRedirected(String method, String target, int status, String location)
      throws IOException {
    try (TestClient client = TestClient.of(app())) {
      TestResponse response = client.request(method, target).send();
      assertEquals(status, response.status());
      assertEquals(location, response.header("Location"));
    }
  }

  @AsyncTest
  void noRedirectLeadsToAnotherHost() throws IOException {
    App app = App.create();
    app.get("/{all:path}/", _ -> "all");
    try (TestClient client = TestClient.of(app)) {
      TestResponse response = client.get("//evil.example");
      assertEquals(404, response.status());
      assertEquals("", response.header("Location"));
    }
  }

  // Parts

  @AsyncTest
  void partsAnswerBelowTheirPath() throws IOException {
    Routes posts = Routes.create("posts");
    posts.get("", req -> "all of " + req.path("user"));
    posts.get("/{id:int}", req -> req.path("user") + "/" + req.path("id", Integer.class));
    Routes users = Routes.create("users");
    users.get("/", _ -> "users");
    users.mount("/{user}/posts", posts);
    App app = App.create();
    app.mount("/api", users);
    app.get("/api/{what}", req -> "what " + req.path("what"));
    try (TestClient client = TestClient.of(app)) {
      assertEquals("users", client.get("/api/").text());
      assertEquals("all of ada", client.get("/api/ada/posts").text());
      assertEquals("ada/3", client.get("/api/ada/posts/3").text());
      assertEquals("what x", client.get("/api/x").text());
      assertEquals(404, client.get("/api/ada/posts/x").status());
      assertEquals("/api/", client.get("/api").header("Location"));
    }
  }

  @AsyncTest
  void aHostHasItsOwnRoutes() throws IOException {
    Routes admin = Routes.create();
    admin.get("/", _ -> "admin");
    Routes customers = Routes.create();
    customers.get("/{page}", req -> req.path("customer") + ": " + req.path("page"));
    App app = App.create();
    app.host("admin.example.org", admin);
    app.host("{customer}.example.org", customers);
    app.get("/", _ -> "any");
    try (TestClient client = TestClient.of(app)) {
      assertEquals("any", client.get("/").text());
      assertEquals("admin", at(client, "Admin.example.org:8000", "/").text());
      assertEquals("acme: home", at(client, "acme.example.org", "/home").text());
      assertEquals(404, at(client, "acme.example.org", "/").status());
      assertEquals("any", at(client, "[::1]:8000", "/").text());
    }
  }

  private static TestResponse at(TestClient client, String host, String path) throws IOException {
    return client.request("GET", path).header("Host", host).send();
  }

  // Reverse

  @Test
  void namedRoutesHaveUrls() {
    Routes admin = Routes.create("admin");
    admin.get("/users/{name}", _ -> "").name("user");
    App app = App.create();
    app.converter("hex", new Hex());
    app.get("/orders/{id:int}", _ -> "").name("order");
    app.get("/colors/{color:hex}", _ -> "").name("color");
    app.get("/static/{rest:path}", _ -> "").name("static");
    app.mount("/{lang}/admin", admin);
    assertEquals("/orders/7", app.url("order", 7));
    assertEquals("/colors/ff", app.url("color", 255));
    assertEquals("/static/a/b%20c.css", app.url("static", "a/b c.css"));
    assertEquals("/de/admin/users/a%2Fb%3F", app.url("admin:user", "de", "a/b?"));
    assertThrows(IllegalArgumentException.class, () -> app.url("user", 7));
    assertThrows(IllegalArgumentException.class, () -> app.url("order"));
    assertThrows(IllegalArgumentException.class, () -> app.url("order", -1));
    assertThrows(IllegalArgumentException.class, () -> app.url("order", "x"));
    assertThrows(IllegalArgumentException.class, () -> app.url("admin:user", "de", ""));
  }

  private static final class Hex implements Converter<Integer> {
    @Override
    public Class<Integer> type() {
      return Integer.class;
    }

    @Override
    public java.util.Optional<Integer> convert(String text) {
      return java.util.Optional.of(Integer.parseInt(text, 16));
    }

    @Override
    public String format(Integer value) {
      return Integer.toHexString(value);
    }
  }

  @Test
  void whatIsKnownOfRoutes() {
    App app = App.create();
    app.post("/orders/{id:int}", String.class, (_, text) -> text)
        .name("order")
        .summary("Orders.")
        .tags("shop", "money")
        .returns(String.class)
        .status(201)
        .hidden();
    app.delete("/orders", _ -> {});
    RouteInfo order = app.routes().getFirst();
    assertEquals("POST", order.method());
    assertEquals("/orders/{id:int}", order.path());
    assertEquals(List.of(new RouteInfo.Param("id", "int", Integer.class)), order.params());
    assertEquals(String.class, order.input().orElseThrow());
    assertEquals(String.class, order.returns().orElseThrow());
    assertEquals(
        "order Orders. [shop, money] 201",
        order.name() + " " + order.summary() + " " + order.tags() + " " + order.status());
    assertTrue(order.hidden());
    assertTrue(app.routes().get(1).isVoid());
  }

  // Mistakes

  @ParameterizedTest
  @CsvSource({
    "users, 'does not begin with a slash'",
    "/{id, 'no } after'",
    "/{id:nothing}, 'no converter'",
    "/{}, 'without a name'",
    "/{a}{b}, 'nothing between'",
    "/{a}/{a}, 'two parameters called'",
  })
  void badPathsAreRefused(String path, String why) {
    App app = App.create();
    Exception thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> {
              app.get(path, _ -> "");
              app.routes();
            });
    assertTrue(thrown.getMessage().contains(why), thrown.getMessage());
  }

  @Test
  void twoRoutesForTheSameAreRefused() {
    App app = App.create();
    app.get("/{id}", _ -> "");
    app.post("/{id}", _ -> "");
    app.get("/{name}", _ -> "");
    assertThrows(IllegalStateException.class, app::routes);
  }

  @Test
  void twoRoutesOfOneNameAreRefused() {
    App app = App.create();
    app.get("/a", _ -> "").name("one");
    app.get("/b", _ -> "").name("one");
    assertThrows(IllegalStateException.class, app::routes);
  }

  @Test
  void partsCannotBeBelowThemselves() {
    Routes outer = Routes.create();
    Routes inner = Routes.create();
    outer.mount("/in", inner);
    assertThrows(IllegalArgumentException.class, () -> inner.mount("/out", outer));
    assertThrows(IllegalArgumentException.class, () -> inner.mount("/self", inner));
  }

  @AsyncTest
  void nothingIsRegisteredAfterTheBeginning() {
    App app = App.create();
    Route route = app.get("/", _ -> "");
    try (TestClient _ = TestClient.of(app)) {
      assertThrows(IllegalStateException.class, () -> app.get("/late", _ -> ""));
      assertThrows(IllegalStateException.class, () -> route.name("late"));
    }
  }

  record Numbered(int n) {}

  @AsyncTest
  void everyMethodTakesEveryKindOfHandler() throws IOException {
    List<String> seen = new ArrayList<>();
    App app = App.create();
    app.get("/{n:int}", Numbered.class, (_, one) -> "got " + one.n());
    app.get(
        "/void/{n:int}",
        Numbered.class,
        (_, one) -> {
          seen.add("get " + one.n());
        });
    app.delete("/{n:int}", Numbered.class, (_, one) -> "deleted " + one.n());
    app.delete(
        "/void/{n:int}",
        Numbered.class,
        (_, one) -> {
          seen.add("delete " + one.n());
        });
    app.options(
        "/void/{n:int}",
        req -> {
          seen.add("options " + req.path("n"));
        });
    app.head(
        "/void/{n:int}",
        req -> {
          seen.add("head " + req.path("n"));
        });
    app.post(
        "/void/{n:int}",
        Numbered.class,
        Web.blocking(
            (VoidTypedHandler<Numbered>)
                (_, one) -> {
                  seen.add("post " + one.n());
                }));
    try (TestClient client = TestClient.of(app)) {
      assertEquals("got 1", client.get("/1").text());
      assertEquals(204, client.get("/void/2").status());
      assertEquals("deleted 3", client.delete("/3").text());
      assertEquals(204, client.delete("/void/4").status());
      assertEquals(204, client.options("/void/5").status());
      assertEquals(204, client.head("/void/6").status());
      assertEquals(204, client.post("/void/7").json(new Numbered(7)).send().status());
      assertEquals(List.of("get 2", "delete 4", "options 5", "head 6", "post 7"), seen);
    }
  }
}
