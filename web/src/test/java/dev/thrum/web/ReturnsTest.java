package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;

/// A response holds what its route returns and nothing else.
final class ReturnsTest {
  record Hero(int id, String name) {}

  record Account(int id, String name, String password) {}

  static class Base {
    public final int id = 1;
  }

  static final class Secret extends Base {
    public final String password = "secret";
  }

  record Team(String name, List<Base> members) {}

  record Page<T>(List<T> items) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
  sealed interface Pet {}

  record Cat(int lives) implements Pet {}

  interface Shown {}

  record Any(int number) implements Shown {}

  private static final Account ADA = new Account(1, "Ada", "secret");
  private static final String HERO = "{\"id\":1,\"name\":\"Ada\"}";

  private static App app() {
    App app = App.create();
    app.get("/same", _ -> new Hero(1, "Ada")).returns(Hero.class);
    app.get("/wide", _ -> ADA).returns(Hero.class);
    app.get("/created", _ -> Web.created("/1", ADA)).returns(Hero.class);
    app.get("/perhaps", _ -> Optional.of(ADA)).returns(new TypeReference<Optional<Hero>>() {});
    app.get("/nobody", _ -> Optional.empty()).returns(Hero.class);
    app.get("/list", _ -> List.of(new Hero(1, "Ada"), ADA)).returnsListOf(Hero.class);
    app.get("/values", _ -> new TreeMap<>(Map.of(1, ADA)).values()).returnsListOf(Hero.class);
    app.get("/map", _ -> Map.of("a", ADA)).returns(new TypeReference<Map<String, Hero>>() {});
    app.get("/array", _ -> List.of(ADA)).returns(Hero[].class);
    app.get("/page", _ -> new Page<>(List.of(ADA))).returns(new TypeReference<Page<Hero>>() {});
    app.get("/base", _ -> new Secret()).returns(Base.class);
    app.get("/bases", _ -> List.of(new Secret())).returnsListOf(Base.class);
    app.get("/team", _ -> new Team("a", List.of(new Secret()))).returns(Team.class);
    app.get("/pet", _ -> new Cat(9)).returns(Pet.class);
    app.get("/pets", _ -> List.of(new Cat(9))).returnsListOf(Pet.class);
    app.get("/shown", _ -> new Any(1)).returns(Shown.class);
    app.get("/text", _ -> "a").returns(String.class);
    app.get("/number", _ -> 5).returns(int.class);
    app.get("/error", _ -> Response.json(Map.of("no", 1)).status(409)).returns(Hero.class);
    app.get("/less", _ -> Map.of("id", 1)).returns(Hero.class);
    app.get("/other", _ -> "secret").returns(Hero.class);
    app.get("/stranger", _ -> List.of(1)).returns(Hero.class);
    return app;
  }

  @AsyncTest
  void onlyWhatARouteReturnsIsSent() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      for (String path : List.of("/same", "/wide", "/created", "/perhaps")) {
        assertEquals(HERO, client.get(path).text(), path);
      }
      assertEquals(201, client.get("/created").status());
      assertEquals("/1", client.get("/created").header("Location"));
      assertEquals(404, client.get("/nobody").status());
      assertEquals("[" + HERO + "," + HERO + "]", client.get("/list").text());
      assertEquals("[" + HERO + "]", client.get("/values").text());
      assertEquals("{\"a\":" + HERO + "}", client.get("/map").text());
      assertEquals("[" + HERO + "]", client.get("/array").text());
      assertEquals("{\"items\":[" + HERO + "]}", client.get("/page").text());
    }
  }

  @AsyncTest
  void whatExtendsAClassShowsNoMore() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      assertEquals("{\"id\":1}", client.get("/base").text());
      assertEquals("[{\"id\":1}]", client.get("/bases").text());
      assertEquals("{\"name\":\"a\",\"members\":[{\"id\":1}]}", client.get("/team").text());
      assertEquals("{\"kind\":\"Cat\",\"lives\":9}", client.get("/pet").text());
      assertEquals("[{\"kind\":\"Cat\",\"lives\":9}]", client.get("/pets").text());
      assertEquals("{\"number\":1}", client.get("/shown").text());
      assertEquals("a", client.get("/text").text());
      assertEquals("5", client.get("/number").text());
      assertEquals("{\"no\":1}", client.get("/error").text());
    }
  }

  @AsyncTest
  void whatCannotBeThatIsAFailure() throws IOException {
    for (String path : List.of("/less", "/other", "/stranger")) {
      try (TestClient client = TestClient.of(app()).keepFailures()) {
        assertEquals("500 {\"detail\":\"Internal Server Error\"}", client.get(path).toString());
      }
      try (TestClient client = TestClient.of(app())) {
        String told =
            assertThrows(IllegalStateException.class, () -> client.get(path)).getMessage();
        assertTrue(told.contains("cannot be written as the dev.thrum.web.ReturnsTest"), told);
      }
    }
  }
}
