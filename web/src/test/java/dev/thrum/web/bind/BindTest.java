package dev.thrum.web.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.App;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Requests that are read into records, and what clients are told if they cannot be.
final class BindTest {
  enum Color {
    RED,
    GREEN,
    BLUE
  }

  record Item(@Size(min = 2, max = 5) String name, @Positive BigDecimal price, int count) {}

  record Order(
      UUID id,
      @NotEmpty List<Item> items,
      Map<String, Item> extras,
      Optional<@Min(3) Integer> rating,
      @Nullable String note,
      @Default("RED") Color color) {}

  record Plain(String name, int count, Optional<String> note, List<String> tags) {}

  record Search(
      String q,
      @Default("1") @Min(1) @Max(9) int page,
      Optional<LocalDate> since,
      Set<Color> color,
      @Nullable Instant at) {}

  record Change(
      @Path UUID id,
      @Header String ifMatch,
      @Cookie("session") Optional<String> session,
      boolean force,
      @Body Plain plain) {}

  record Login(
      @Form @Size(min = 2) String user, @Form Optional<Integer> age, @Form List<String> tag) {}

  record Window(Duration within, @Query("max-items") long most) {}

  record Range(int from, int to) {
    Range {
      if (from > to) {
        throw new IllegalArgumentException("from is after to");
      }
    }
  }

  record Checked(
      @Pattern(regexp = "[a-z]+") String code,
      @Email String mail,
      @Size(max = 1, message = "one at most") List<@Min(3) Integer> numbers,
      long big,
      boolean flag) {}

  private static final String ID = "6f1c7f0e-8a59-4e43-9d0a-0c3b7a3c1a11";

  private static App app() {
    App app = App.create();
    app.post("/orders", Order.class, (_, order) -> order);
    app.post("/plain", Plain.class, (_, plain) -> plain.toString());
    app.get("/search", Search.class, (_, search) -> search.toString());
    app.put("/things/{id}", Change.class, (_, change) -> change.toString());
    app.post("/login", Login.class, (_, login) -> login.toString());
    app.get("/window", Window.class, (_, window) -> window.toString());
    app.get("/range", Range.class, (_, range) -> range.toString());
    app.post("/range", Range.class, (_, range) -> range.toString());
    app.post("/checked", Checked.class, (_, checked) -> checked.toString());
    app.post("/map", Map.class, (_, map) -> map.toString());
    app.route("DELETE", "/void/{n:int}", Numbered.class, (_, _) -> {});
    return app;
  }

  record Numbered(int n) {}

  private static TestResponse json(TestClient client, String path, String text) throws IOException {
    return client
        .post(path)
        .header("Content-Type", "application/json")
        .body(text.getBytes(StandardCharsets.UTF_8))
        .send();
  }

  /// Lines such as `int_parsing [query, page]`.
  private static List<String> problems(TestResponse response) {
    assertEquals(422, response.status(), response::text);
    List<?> all = (List<?>) response.json(Map.class).get("detail");
    return all.stream()
        .map(one -> (Map<?, ?>) one)
        .map(one -> one.get("type") + " " + one.get("loc"))
        .toList();
  }

  private static List<Object> messages(TestResponse response) {
    List<?> all = (List<?>) response.json(Map.class).get("detail");
    return all.stream().<Object>map(one -> ((Map<?, ?>) one).get("msg")).toList();
  }

  @AsyncTest
  void aBodyIsARecord() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      TestResponse response =
          json(
              client,
              "/orders",
              """
              {"id": "%s", "items": [{"name": "pen", "price": "1.50", "count": 2}],
               "extras": {}, "unknown": 1}
              """
                  .formatted(ID));
      assertEquals(200, response.status(), response::text);
      Map<?, ?> read = response.json(Map.class);
      assertEquals("RED", read.get("color"));
      assertEquals(ID, read.get("id"));
      assertEquals(
          "Plain[name=a, count=1, note=Optional.empty, tags=[x]]",
          json(client, "/plain", "{\"name\":\"a\",\"count\":1,\"tags\":[\"x\"]}").text());
      assertEquals(
          "Plain[name=a, count=7, note=Optional[n], tags=[]]",
          json(client, "/plain", "{\"name\":\"a\",\"count\":\"7\",\"note\":\"n\",\"tags\":[]}")
              .text());
      assertEquals("{a=1}", json(client, "/map", "{\"a\":1}").text());
    }
  }

  @AsyncTest
  void allProblemsOfABodyAreTold() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      TestResponse response =
          json(
              client,
              "/orders",
              """
              {"id": "x", "items": [{"name": "p", "price": 0, "count": 1.5}, {"name": 3}, 4],
               "extras": {"a": {"name": "pencils", "price": "much", "count": null}},
               "rating": 2, "note": null, "color": "PINK"}
              """);
      assertEquals(
          List.of(
              "uuid_parsing [body, id]",
              "string_too_short [body, items, 0, name]",
              "greater_than [body, items, 0, price]",
              "int_from_float [body, items, 0, count]",
              "string_type [body, items, 1, name]",
              "missing [body, items, 1, price]",
              "missing [body, items, 1, count]",
              "model_attributes_type [body, items, 2]",
              "string_too_long [body, extras, a, name]",
              "decimal_parsing [body, extras, a, price]",
              "int_type [body, extras, a, count]",
              "greater_than_equal [body, rating]",
              "enum [body, color]"),
          problems(response));
      assertEquals("Input should be 'RED', 'GREEN' or 'BLUE'", messages(response).getLast());
      assertEquals("Field required", messages(response).get(5));
      assertEquals(
          List.of("missing [body, name]", "missing [body, count]", "missing [body, tags]"),
          problems(json(client, "/plain", "{}")));
      assertEquals(
          List.of("string_type [body, name]", "list_type [body, tags]"),
          problems(json(client, "/plain", "{\"name\":null,\"count\":1,\"tags\":{}}")));
      assertEquals(
          List.of("string_type [body, tags, 1]"),
          problems(json(client, "/plain", "{\"name\":\"\",\"count\":1,\"tags\":[\"\",null]}")));
    }
  }

  @AsyncTest
  void aBodyThatIsNoJsonIsToldSo() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      assertEquals(
          List.of("json_invalid [body, 8]"), problems(json(client, "/plain", "{\"name\":x}")));
      assertEquals(List.of("missing [body]"), problems(json(client, "/plain", "")));
      assertEquals(
          List.of("model_attributes_type [body]"), problems(json(client, "/plain", "null")));
      assertEquals(
          415,
          client
              .post("/plain")
              .header("Content-Type", "text/csv")
              .body(new byte[1])
              .send()
              .status());
    }
  }

  @AsyncTest
  void constraintsOfARightBodyAreChecked() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      TestResponse response =
          json(
              client,
              "/checked",
              """
              {"code": "A", "mail": "x", "numbers": [5, 1], "big": 1, "flag": true}
              """);
      assertEquals(
          List.of(
              "string_pattern_mismatch [body, code]",
              "value_error [body, mail]",
              "too_long [body, numbers]",
              "greater_than_equal [body, numbers, 1]"),
          problems(response));
      assertEquals(
          List.of(
              "String should match pattern '[a-z]+'",
              "value is not a valid email address",
              "one at most",
              "Input should be greater than or equal to 3"),
          messages(response));
      assertEquals(
          List.of("int_parsing_size [body, big]", "bool_parsing [body, flag]"),
          problems(
              json(
                  client,
                  "/checked",
                  """
                  {"code": "a", "mail": "a@b.c", "numbers": [], "big": 1e30, "flag": "maybe"}
                  """)));
    }
  }

  @AsyncTest
  void aQueryIsARecord() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      assertEquals(
          "Search[q=a b, page=1, since=Optional.empty, color=[], at=null]",
          client.get("/search?q=a+b").text());
      assertEquals(
          "Search[q=, page=9, since=Optional[2026-01-02], color=[GREEN, RED], at=null]",
          client.get("/search?q=&page=9&since=2026-01-02&color=GREEN&color=red").text());
      TestResponse wrong = client.get("/search?page=0&since=x&color=RED&color=PINK&at=now");
      assertEquals(
          List.of(
              "missing [query, q]",
              "date_parsing [query, since]",
              "enum [query, color, 1]",
              "datetime_parsing [query, at]",
              "greater_than_equal [query, page]"),
          problems(wrong));
      assertEquals(List.of("int_parsing [query, page]"), problems(client.get("/search?q=&page=x")));
      assertEquals(
          List.of("less_than_equal [query, page]"), problems(client.get("/search?q=&page=10")));
      assertEquals(
          "Window[within=PT5S, most=3]", client.get("/window?within=PT5S&max-items=3").text());
      assertEquals(204, client.delete("/void/3").status());
    }
  }

  @AsyncTest
  void aRecordIsPutTogetherFromAllParts() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      Map<String, Object> plain = Map.of("name", "n", "count", 2, "tags", List.of());
      TestResponse response =
          client
              .put("/things/" + ID + "?force=yes")
              .header("If-Match", "tag")
              .header("Cookie", "session=s")
              .json(plain)
              .send();
      assertEquals(
          "Change[id="
              + ID
              + ", ifMatch=tag, session=Optional[s], force=true,"
              + " plain=Plain[name=n, count=2, note=Optional.empty, tags=[]]]",
          response.text());
      assertEquals(
          List.of(
              "uuid_parsing [path, id]",
              "missing [header, if-match]",
              "bool_parsing [query, force]",
              "string_type [body, name]",
              "missing [body, tags]"),
          problems(client.put("/things/x?force=2").json(Map.of("name", 1, "count", 2)).send()));
    }
  }

  @AsyncTest
  void aFormIsARecord() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      assertEquals(
          "Login[user=ada, age=Optional.empty, tag=[a, b]]",
          client
              .post("/login")
              .form("user", "ada", "age", "", "tag", "a", "tag", "b")
              .send()
              .text());
      assertEquals(
          List.of("int_parsing [body, age]", "string_too_short [body, user]"),
          problems(client.post("/login").form("user", "a", "age", "x").send()));
      assertEquals(
          "Plain[name=n, count=3, note=Optional.empty, tags=[t]]",
          client.post("/plain").form("name", "n", "count", "3", "tags", "t").send().text());
      assertEquals(415, client.post("/orders").form("id", ID).send().status());
    }
  }

  @AsyncTest
  void whatAConstructorDoesNotTakeIsTold() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      TestResponse query = client.get("/range?from=2&to=1");
      assertEquals(List.of("value_error [query]"), problems(query));
      assertEquals(List.of("Value error, from is after to"), messages(query));
      TestResponse body = json(client, "/range", "{\"from\":2,\"to\":1}");
      assertEquals(List.of("value_error [body]"), problems(body));
      assertEquals(List.of("Value error, from is after to"), messages(body));
    }
  }

  record Lost(@Path String name) {}

  record Unreadable(Map<String, String> all) {}

  record Misdefaulted(@Default("x") int n) {}

  @AsyncTest
  void recordsThatCannotBeReadAreToldBeforeThereIsARequest() {
    for (Class<?> type : List.of(Lost.class, Unreadable.class, Misdefaulted.class)) {
      App app = App.create();
      app.get("/", type, (_, _) -> "");
      String message = assertThrows(IllegalArgumentException.class, app::routes).getMessage();
      assertTrue(message.contains(type.getSimpleName()) || message.contains("default"), message);
    }
  }
}
