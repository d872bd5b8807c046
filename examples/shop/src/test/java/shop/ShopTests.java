package shop;

import static dev.thrum.Async.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.Body;
import dev.thrum.Outcome;
import dev.thrum.sync.Event;
import dev.thrum.web.auth.Passwords;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestClient.RefusedException;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.Catalogue.Draft;
import shop.Catalogue.Product;
import shop.Orders.Cart;
import shop.Orders.SoldOut;
import shop.Users.Registration;
import shop.Users.User;

/// What the shop can do, over one database or another.
abstract class ShopTests {
  static final String PASSWORD = "only for tests";
  static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1, 2, 3, 4};

  @TempDir Path data;

  /// A database without anything in it.
  abstract String database(Path folder) throws Exception;

  interface Visit {
    void run(Shop shop, TestClient client) throws Exception;
  }

  static Settings settings(Path data, String database) {
    Path home = Path.of(System.getProperty("basedir", "."));
    return new Settings(home, data, database, Passwords.rounds(1000), Optional.of(PASSWORD));
  }

  /// Runs a test in an open shop. Soon after it no connection is out of the pool: what reads the
  /// stock for those who look at it may still be at it.
  private void inShop(Visit body) throws Exception {
    Shop shop = new Shop(settings(data, database(data)));
    run(() -> {
      try (TestClient client = TestClient.of(shop.app())) {
        body.run(shop, client);
        Async.timeout(
            Duration.ofSeconds(10),
            () -> {
              while (shop.database.busy() > 0) {
                Async.sleep(Duration.ofMillis(5));
              }
            });
      }
    });
  }

  // The catalogue

  @Test
  void productsAreFoundAndComeInPages() throws Exception {
    inShop((_, client) -> {
      Visitor guest = new Visitor(client);
      String first = guest.page("/");
      assertTrue(first.contains("20 products") && first.contains("Misty Ridge Oolong"), first);
      assertFalse(first.contains("Tasting Set"));
      assertTrue(guest.page("/?page=3").contains("Tasting Set"));
      String found = guest.page("/?q=PINE");
      assertTrue(found.contains("1 product<") && found.contains("Pine Smoke Souchong"), found);
      assertTrue(guest.page("/?q=%25").contains("0 products"));
      assertTrue(guest.page("/?kind=pot").contains("5 products"));
      assertEquals(422, guest.get("/?page=0").status());
    });
  }

  @Test
  void whatSomebodyTypesIsText() throws Exception {
    inShop((_, client) -> {
      String page = new Visitor(client).page("/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
      assertFalse(page.contains("<script>"), page);
      assertTrue(page.contains("&lt;script&gt;"), page);
    });
  }

  @Test
  void aProductHasAPageAndWhatIsNotThereHasAnErrorPage() throws Exception {
    inShop((_, client) -> {
      Visitor guest = new Visitor(client);
      assertTrue(guest.page("/products/1").contains("€ 14.50"));
      for (String path : List.of("/products/999", "/nothing/at/all")) {
        TestResponse missing =
            guest.send(client.request("GET", path).header("Accept", "text/html"));
        assertEquals(404, missing.status());
        assertTrue(missing.text().contains("Back to the shop"), missing::text);
      }
      TestResponse page = guest.get("/");
      assertTrue(page.header("Content-Security-Policy").contains("default-src 'self'"));
      assertEquals("nosniff", page.header("X-Content-Type-Options"));
      assertEquals(200, guest.get("/static/shop.css").status());
    });
  }

  // Cart and orders

  @Test
  void theCartIsInTheSession() throws Exception {
    inShop((_, client) -> {
      Visitor guest = new Visitor(client);
      assertEquals(
          303, guest.submit("/products/1", "/cart", "product", "1", "count", "2").status());
      assertEquals(
          303, guest.submit("/products/2", "/cart", "product", "2", "count", "1").status());
      String cart = guest.page("/cart");
      assertTrue(cart.contains("Harbour Breakfast is in your cart."), cart);
      assertTrue(cart.contains("€ 29.00") && cart.contains("€ 37.90"), cart);
      assertEquals(303, guest.submit("/cart", "/cart/1", "count", "0").status());
      String left = guest.page("/cart");
      assertTrue(left.contains("€ 8.90") && !left.contains("Misty"), left);
      assertEquals(422, guest.submit("/cart", "/cart", "product", "1", "count", "0").status());
      assertEquals(404, guest.submit("/cart", "/cart", "product", "99", "count", "1").status());
      assertFalse(new Visitor(client).page("/cart").contains("Harbour"));
    });
  }

  @Test
  void anOrderTakesFromTheStock() throws Exception {
    inShop((shop, client) -> {
      Visitor ada = new Visitor(client).registered("ada");
      var _ = ada.submit("/products/1", "/cart", "product", "1", "count", "3");
      String checkout = ada.page("/checkout");
      assertTrue(checkout.contains("Order for € 43.50"), checkout);
      TestResponse curt = ada.submit("/checkout", "/checkout", "address", "here");
      assertEquals(422, curt.status());
      assertTrue(curt.text().contains(">here</textarea>"), curt::text);
      assertTrue(curt.text().contains("a name, a street, a town"), curt::text);
      TestResponse placed =
          ada.submit("/checkout", "/checkout", "address", "Ada, 1 Engine Road, London");
      assertEquals(303, placed.status(), placed::text);
      String order = ada.page(placed.header("Location"));
      assertTrue(order.contains("Thank you!") && order.contains("1 Engine Road"), order);
      assertEquals(37, shop.catalogue.find(1).orElseThrow().stock());
      assertTrue(ada.page("/orders").contains("€ 43.50"));
      assertTrue(ada.page("/cart").contains("nothing in it"));
      Visitor bob = new Visitor(client).registered("bob");
      assertEquals(404, bob.get(placed.header("Location")).status());
      assertFalse(bob.page("/orders").contains("43.50"));
    });
  }

  @Test
  void whatIsSoldOutIsNotOrderedInPart() throws Exception {
    inShop((shop, client) -> {
      Visitor ada = new Visitor(client).registered("ada");
      var _ = ada.submit("/products/1", "/cart", "product", "1", "count", "1");
      var _ = ada.submit("/products/10", "/cart", "product", "10", "count", "7");
      TestResponse refused =
          ada.submit("/checkout", "/checkout", "address", "Ada, 1 Engine Road, London");
      assertEquals("/cart", refused.header("Location"));
      assertTrue(ada.page("/cart").contains("Of Aged Pu-erh Cake there are only 6 left."));
      assertEquals(40, shop.catalogue.find(1).orElseThrow().stock());
      assertEquals(List.of(), shop.orders.latest());
      Visitor bob = new Visitor(client).registered("bob");
      TestResponse nothing =
          bob.submit("/support", "/checkout", "address", "Bob, 2 Engine Road, London");
      assertEquals("/cart", nothing.header("Location"));
      assertEquals(List.of(), shop.orders.latest());
    });
  }

  @Test
  void ofTheLastTenExactlyTenAreSoldToTwoHundred() throws Exception {
    inShop((shop, _) -> {
      User user = shop.users.register(new Registration("crowd", "correct horse")).orElseThrow();
      Cart cart = Cart.EMPTY.plus(1, 1).plus(7, 1); // of no. 7 there are 10
      var ended =
          Async.settle(
              IntStream.range(0, 200)
                  .<Body<Object, Exception>>mapToObj(
                      i -> () -> shop.orders.place(user, cart, "Somebody, somewhere " + i))
                  .toList());
      assertEquals(10, ended.stream().filter(one -> one instanceof Outcome.Success<?>).count());
      assertEquals(
          190,
          ended.stream()
              .filter(one -> one instanceof Outcome.Failure<?>(Throwable e) && e instanceof SoldOut)
              .count());
      assertEquals(0, shop.catalogue.find(7).orElseThrow().stock());
      assertEquals(30, shop.catalogue.find(1).orElseThrow().stock());
      assertEquals(10, shop.orders.numbers().orders());
    });
  }

  @Test
  void whatIsCancelledIsTakenBack() throws Exception {
    inShop((shop, _) -> {
      Event begun = Event.create("in the transaction");
      var task =
          Async.async(() ->
              shop.database.transaction(sql -> {
                int _ = sql.update("UPDATE product SET stock = 0 WHERE id = 1");
                begun.set();
                try {
                  Thread.sleep(Duration.ofSeconds(20));
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                }
                return "done";
              }));
      begun.await();
      task.cancel("the client is gone");
      var _ = assertThrows(CancellationException.class, () -> Async.await(task));
      assertEquals(40, shop.catalogue.find(1).orElseThrow().stock());
    });
  }

  // Accounts

  @Test
  void formsSayWhatIsWrongAndKeepWhatIsRight() throws Exception {
    inShop((_, client) -> {
      Visitor guest = new Visitor(client);
      TestResponse bad = guest.submit("/register", "/register", "name", "a<b", "password", "short");
      assertEquals(422, bad.status());
      assertTrue(bad.text().contains("value=\"a&lt;b\""), bad::text);
      assertTrue(bad.text().contains("2 to 40 letters"), bad::text);
      assertTrue(bad.text().contains("at least 10 characters"), bad::text);
      var _ = new Visitor(client).registered("ada");
      TestResponse taken =
          guest.submit("/register", "/register", "name", "ada", "password", "correct horse");
      assertEquals(422, taken.status());
      assertTrue(taken.text().contains("This name is taken."), taken::text);
      TestResponse wrong = guest.submit("/login", "/login", "name", "ada", "password", "wrong");
      assertEquals(422, wrong.status());
      assertTrue(wrong.text().contains("Name or password is wrong."), wrong::text);
    });
  }

  @Test
  void whoHasToLogInComesBackToWhereTheyWere() throws Exception {
    inShop((_, client) -> {
      var _ = new Visitor(client).registered("ada");
      Visitor ada = new Visitor(client);
      String login = ada.get("/orders").header("Location");
      assertEquals("/login?next=%2Forders", login);
      assertTrue(ada.page(login).contains("name=\"next\" value=\"/orders\""));
      for (String elsewhere :
          List.of("//evil.example", "https://evil.example", "/\\evil.example")) {
        Visitor one = new Visitor(client);
        TestResponse in =
            one.submit(
                "/login", "/login", "name", "ada", "password", "correct horse", "next", elsewhere);
        assertEquals("/", in.header("Location"));
      }
      TestResponse in =
          ada.submit(
              login, "/login", "name", "ada", "password", "correct horse", "next", "/orders");
      assertEquals("/orders", in.header("Location"));
    });
  }

  @Test
  void nothingIsChangedWithoutATokenOfThePage() throws Exception {
    inShop((shop, client) -> {
      Visitor ada = new Visitor(client).registered("ada");
      TestResponse refused = ada.send(client.post("/cart").form("product", "1", "count", "1"));
      assertEquals(403, refused.status());
      String ofAnother = new Visitor(client).token("/login");
      assertEquals(403, ada.send(client.post("/logout").form("csrf_token", ofAnother)).status());
      assertTrue(ada.page("/").contains("Log out ada"));
    });
  }

  @Test
  void aSessionFromBeforeTheLoginIsNobodysAfterIt() throws Exception {
    inShop((_, client) -> {
      var _ = new Visitor(client).registered("ada");
      Visitor victim = new Visitor(client);
      var _ = victim.submit("/products/1", "/cart", "product", "1", "count", "2");
      String planted = victim.cookie("session");
      String token = victim.token("/login");
      var _ = victim.loggedIn("ada", "correct horse");
      assertTrue(victim.page("/cart").contains("Misty Ridge Oolong"), "the cart is kept");
      Visitor attacker = new Visitor(client);
      attacker.cookie("session", planted);
      assertTrue(attacker.page("/").contains("Log in"));
      assertEquals(403, victim.send(client.post("/logout").form("csrf_token", token)).status());
    });
  }

  @Test
  void whoLogsOutHasEndedAllSessions() throws Exception {
    inShop((_, client) -> {
      Visitor ada = new Visitor(client).registered("ada");
      Visitor thief = new Visitor(client);
      thief.cookie("session", ada.cookie("session"));
      assertTrue(thief.page("/").contains("Log out ada"));
      assertEquals(303, ada.submit("/", "/logout").status());
      assertFalse(ada.page("/").contains("Log out"));
      assertFalse(thief.page("/").contains("Log out"));
    });
  }

  @Test
  void passwordsCannotBeGuessedFast() throws Exception {
    inShop((_, client) -> {
      var _ = new Visitor(client).registered("ada");
      Visitor guest = new Visitor(client);
      List<Integer> answers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        answers.add(
            guest.submit("/login", "/login", "name", "ada", "password", "guess " + i).status());
      }
      assertEquals(List.of(422, 422, 422, 422, 422, 429), answers);
      TestResponse stopped =
          guest.submit("/login", "/login", "name", "ada", "password", "correct horse");
      assertEquals(429, stopped.status());
      assertEquals("60", stopped.header("Retry-After"));
    });
  }

  // Admins

  @Test
  void onlyAdminsSeeWhatIsTheirs() throws Exception {
    inShop((_, client) -> {
      Visitor ada = new Visitor(client).registered("ada");
      for (String path :
          List.of("/admin", "/admin/products", "/admin/products/1", "/admin/support")) {
        assertEquals(404, ada.get(path).status(), path);
        assertEquals(303, new Visitor(client).get(path).status(), path);
      }
      assertEquals(404, assertThrows(RefusedException.class, () -> ada.ws("/admin/feed")).status());
    });
  }

  @Test
  void anAdminAddsAProductWithAPicture() throws Exception {
    inShop((shop, client) -> {
      Visitor admin = new Visitor(client).loggedIn("admin", PASSWORD);
      TestResponse added = admin.send(product(admin, "/admin/products/new", "Iced Tea", PNG));
      assertEquals(303, added.status(), added::text);
      assertTrue(admin.page("/admin/products").contains("Iced Tea is saved."));
      Product made = shop.catalogue.find(21).orElseThrow();
      assertTrue(made.picture().matches("/pictures/[0-9a-f]{32}\\.png"), made.picture());
      TestResponse picture = client.get(made.picture());
      assertArrayEquals(PNG, picture.bytes());
      assertEquals("image/png", picture.header("Content-Type"));
      String tag = picture.header("ETag");
      assertEquals(
          304, client.request("GET", made.picture()).header("If-None-Match", tag).send().status());
      TestResponse part = client.request("GET", made.picture()).header("Range", "bytes=1-3").send();
      assertEquals(206, part.status());
      assertEquals("PNG", part.text());
      assertEquals(
          422, admin.send(product(admin, "/admin/products/new", "Iced Tea", PNG)).status());
    });
  }

  private static dev.thrum.web.test.TestRequest product(
      Visitor admin, String path, String name, byte[] picture) throws IOException {
    return admin
        .request("POST", path)
        .field("csrf_token", admin.token(path))
        .field("name", name)
        .field("kind", "tea")
        .field("description", "Tea, but cold.")
        .field("price", "4.20")
        .field("stock", "12")
        .file("picture", "../../etc/passwd", "image/png", picture);
  }

  @Test
  void onlySmallPicturesAreKept() throws Exception {
    inShop((shop, client) -> {
      Visitor admin = new Visitor(client).loggedIn("admin", PASSWORD);
      byte[] page = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
      TestResponse refused = admin.send(product(admin, "/admin/products/1", "Oolong", page));
      assertEquals(422, refused.status());
      assertTrue(refused.text().contains("A PNG, JPEG or WebP, please."), refused::text);
      assertTrue(refused.text().contains("value=\"Oolong\""), refused::text);
      byte[] large = java.util.Arrays.copyOf(PNG, (2 << 20) + 1);
      assertEquals(413, admin.send(product(admin, "/admin/products/1", "Oolong", large)).status());
      assertEquals("Misty Ridge Oolong", shop.catalogue.find(1).orElseThrow().name());
      try (var kept = Files.list(data.resolve("pictures"))) {
        assertEquals(0, kept.count());
      }
      assertEquals(
          303, admin.send(product(admin, "/admin/products/1", "Oolong", new byte[0])).status());
      Product changed = shop.catalogue.find(1).orElseThrow();
      assertEquals(
          "Oolong /static/tea.svg 12",
          changed.name() + " " + changed.picture() + " " + changed.stock());
    });
  }

  @Test
  void anAdminSendsOrdersOut() throws Exception {
    inShop((shop, client) -> {
      User user = shop.users.register(new Registration("ada", "correct horse")).orElseThrow();
      long id = shop.orders.place(user, Cart.EMPTY.plus(1, 2), "Ada, 1 Engine Road").id();
      Visitor admin = new Visitor(client).loggedIn("admin", PASSWORD);
      String before = admin.page("/admin");
      assertTrue(before.contains("<dd id=\"revenue\">€ 29.00</dd>"), before);
      assertTrue(before.contains("<dd id=\"waiting\">1</dd>"), before);
      assertEquals(303, admin.submit("/admin", "/admin/orders/" + id + "/sent").status());
      assertTrue(admin.page("/admin").contains("<dd id=\"waiting\">0</dd>"));
      assertEquals(404, admin.submit("/", "/admin/orders/77/sent").status());
    });
  }

  // What is live

  @Test
  void theStockIsToldWhenItChanges() throws Exception {
    inShop((shop, client) -> {
      User user = shop.users.register(new Registration("ada", "correct horse")).orElseThrow();
      try (var stream = client.request("GET", "/products/1/stock").open()) {
        assertEquals("data: 40\n\n", stream.nextText().orElseThrow());
        var _ = shop.orders.place(user, Cart.EMPTY.plus(1, 2), "Ada, 1 Engine Road");
        assertEquals("data: 38\n\n", stream.nextText().orElseThrow());
        var _ = shop.catalogue.change(1, new Draft("Oolong", "tea", "Tea", BigDecimal.ONE, 7));
        assertEquals("data: 7\n\n", stream.nextText().orElseThrow());
      }
    });
  }

  @Test
  void adminsAreToldOfOrders() throws Exception {
    inShop((shop, client) -> {
      User user = shop.users.register(new Registration("ada", "correct horse")).orElseThrow();
      Visitor admin = new Visitor(client).loggedIn("admin", PASSWORD);
      try (var feed = admin.ws("/admin/feed")) {
        var _ = shop.orders.place(user, Cart.EMPTY.plus(1, 2), "Ada, 1 Engine Road");
        assertEquals(
            "{\"type\":\"Ordered\",\"id\":1,\"buyer\":\"ada\",\"total\":\"29.00\"}",
            feed.receive().orElseThrow().text());
        assertEquals(
            "{\"type\":\"Stock\",\"product\":1,\"name\":\"Misty Ridge Oolong\",\"left\":38}",
            feed.receive().orElseThrow().text());
      }
    });
  }

  @Test
  void customersAndSupportTalk() throws Exception {
    inShop((_, client) -> {
      Visitor ada = new Visitor(client).registered("ada");
      Visitor bob = new Visitor(client).registered("bob");
      Visitor admin = new Visitor(client).loggedIn("admin", PASSWORD);
      try (var adas = ada.ws("/support/chat")) {
        adas.send("Is the oolong <fresh>?");
        assertTrue(adas.receive().orElseThrow().text().contains("Is the oolong <fresh>?"));
        assertTrue(admin.page("/admin/support").contains("Is the oolong &lt;fresh&gt;?"));
        try (var bobs = bob.ws("/support/chat");
            var support = admin.ws("/admin/support/2/chat")) {
          assertTrue(support.receive().orElseThrow().text().contains("\"author\":\"ada\""));
          support.send("It is.");
          String said = adas.receive().orElseThrow().text();
          assertTrue(said.contains("\"author\":\"Support\"") && said.contains("It is."), said);
          bobs.send("Hello");
          assertTrue(bobs.receive().orElseThrow().text().contains("Hello"), "nothing of Ada's");
        }
      }
      var fromElsewhere =
          client.request("GET", "/support/chat").header("Origin", "https://evil.example");
      assertEquals(
          403, assertThrows(RefusedException.class, () -> client.ws(fromElsewhere)).status());
    });
  }

  // Programs

  @Test
  void programsOrderWithAToken() throws Exception {
    inShop((shop, client) -> {
      var _ = shop.users.register(new Registration("ada", "correct horse"));
      assertEquals(
          400,
          client
              .post("/api/token")
              .form("grant_type", "password", "username", "ada", "password", "wrong")
              .send()
              .status());
      String ada = token(client, "ada", "correct horse");
      var found = client.get("/api/products?q=souchong").json(Map.class);
      assertEquals(1, found.get("total"));
      var order =
          Map.of(
              "lines", List.of(Map.of("product", 5, "count", 2)), "address", "Ada, 1 Engine Road");
      assertEquals(401, client.post("/api/orders").json(order).send().status());
      TestResponse placed =
          client.post("/api/orders").header("Authorization", ada).json(order).send();
      assertEquals(201, placed.status(), placed::text);
      assertEquals(26.40, placed.json(Map.class).get("total"));
      var all = client.request("GET", "/api/orders").header("Authorization", ada).send();
      assertEquals(1, all.json(List.class).size());
      var much =
          Map.of(
              "lines",
              List.of(Map.of("product", 10, "count", 99)),
              "address",
              "Ada, 1 Engine Road");
      TestResponse refused =
          client.post("/api/orders").header("Authorization", ada).json(much).send();
      assertEquals(
          "409 {\"detail\":\"Of Aged Pu-erh Cake there are only 6 left.\"}", refused.toString());
      var unknown = Map.of("product", 77, "count", 1);
      var tea = Map.of("product", 5, "count", 1);
      assertEquals(409, order(client, ada, unknown, tea));
      assertEquals(422, order(client, ada, tea, tea));
      TestResponse invalid =
          client
              .post("/api/orders")
              .header("Authorization", ada)
              .json(Map.of("lines", List.of(Map.of("product", 1, "count", 0))))
              .send();
      assertEquals(422, invalid.status());
      assertTrue(invalid.text().contains("[\"body\",\"lines\",0,\"count\"]"), invalid::text);
      assertTrue(invalid.text().contains("[\"body\",\"address\"]"), invalid::text);
    });
  }

  private static int order(TestClient client, String token, Object... lines) throws IOException {
    var order = Map.of("lines", lines, "address", "Ada, 1 Engine Road");
    return client.post("/api/orders").header("Authorization", token).json(order).send().status();
  }

  private static String token(TestClient client, String name, String password) throws IOException {
    TestResponse given =
        client
            .post("/api/token")
            .form("grant_type", "password", "username", name, "password", password)
            .send();
    assertEquals(200, given.status(), given::text);
    return "Bearer " + given.json(Map.class).get("access_token");
  }

  @Test
  void onlyAdminsChangeProductsByProgram() throws Exception {
    inShop((shop, client) -> {
      var _ = shop.users.register(new Registration("ada", "correct horse"));
      String ada = token(client, "ada", "correct horse");
      String admin = token(client, "admin", PASSWORD);
      var draft =
          Map.of(
              "name", "Iced Tea", "kind", "tea", "description", "Cold", "price", 4.2, "stock", 3);
      assertEquals(
          403,
          client.post("/api/products").header("Authorization", ada).json(draft).send().status());
      TestResponse made =
          client.post("/api/products").header("Authorization", admin).json(draft).send();
      assertEquals("201 /api/products/21", made.status() + " " + made.header("Location"));
      TestResponse changed =
          client
              .put("/api/products/21")
              .header("Authorization", admin)
              .json(
                  Map.of(
                      "name", "Ice", "kind", "tea", "description", "Cold", "price", 1, "stock", 0))
              .send();
      assertEquals("Ice", changed.json(Map.class).get("name"), changed::text);
      assertEquals(404, client.get("/api/products/22").status());
      shop.users.logOut(shop.users.find(1, 0).orElseThrow());
      assertEquals(
          401,
          client.post("/api/products").header("Authorization", admin).json(draft).send().status());
    });
  }

  @Test
  void theApiDescribesItself() throws Exception {
    inShop((_, client) -> {
      String described = client.get("/openapi.json").text();
      for (String path : List.of("/api/products/{id}", "/api/orders", "/api/token")) {
        assertTrue(described.contains("\"" + path + "\""), path);
      }
      assertTrue(described.contains("\"tokenUrl\":\"/api/token\""), described);
      assertFalse(described.contains("\"/admin"), described);
      assertEquals(200, client.get("/docs").status());
    });
  }

  // The database

  @Test
  void aShopThatOpensAgainHasWhatItHad() throws Exception {
    String database = database(data);
    for (int round = 0; round < 2; round++) {
      Shop shop = new Shop(settings(data, database));
      int expected = 40 - round;
      run(() -> {
        try (TestClient _ = TestClient.of(shop.app())) {
          assertEquals(expected, shop.catalogue.find(1).orElseThrow().stock());
          User admin = shop.users.find(1, 0).orElseThrow();
          var _ = shop.orders.place(admin, Cart.EMPTY.plus(1, 1), "The shop itself");
        }
      });
    }
  }
}
