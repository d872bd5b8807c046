package dev.thrum.web.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.App;
import dev.thrum.web.Dependency;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestRequest;
import dev.thrum.web.test.TestResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/// Bodies of all kinds of types: nothing in them is left unchecked.
final class TypesTest {
  enum Color {
    RED,
    GREEN
  }

  record Item(@NotBlank String name, @Min(1) int count) {}

  @SuppressWarnings("ArrayRecordComponent")
  record Shelf(Item[] items, int[] numbers) {}

  record Page<T>(@Min(0) int total, List<T> items, @Nullable T first) {}

  record Pages(Page<Item> items, Page<Integer> numbers, Map<String, Page<Item>> more) {}

  record Tree<T>(T value, List<Tree<T>> below) {}

  record Keyed(
      Map<Color, Item> colors,
      EnumMap<Color, List<Item>> lists,
      Map<Integer, Item> numbers,
      TreeMap<UUID, Item> ids) {}

  record Perhaps(List<Optional<Item>> items) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
  sealed interface Pet {}

  record Cat(@Max(9) int lives) implements Pet {}

  record Dog(String name, @Default("7") @Min(1) int age, List<Item> toys) implements Pet {}

  record Owner(Pet pet, List<Pet> others) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Circle.class, name = "circle"),
    @JsonSubTypes.Type(value = Square.class, name = "square")
  })
  interface Figure {}

  record Circle(@Min(1) int radius) implements Figure {}

  record Square(@Min(1) int side) implements Figure {}

  private static App app() {
    App app = App.create();
    app.post("/array", Item[].class, (_, items) -> Arrays.toString(items));
    app.post("/shelf", Shelf.class, (_, shelf) -> Arrays.toString(shelf.items()));
    app.post("/list", new TypeReference<List<Item>>() {}, (_, items) -> items.toString());
    app.put("/list", new TypeReference<List<Item>>() {}, (_, _) -> {});
    app.patch("/list", new TypeReference<Map<Color, Item>>() {}, (_, map) -> map.toString());
    app.post("/page", new TypeReference<Page<Item>>() {}, (_, page) -> page.toString());
    app.post("/pages", Pages.class, (_, pages) -> pages.toString());
    app.post("/tree", new TypeReference<Tree<Item>>() {}, (_, tree) -> tree.toString());
    app.post("/keyed", Keyed.class, (_, keyed) -> keyed.toString());
    app.post("/perhaps", Perhaps.class, (_, perhaps) -> perhaps.toString());
    app.post("/pet", Pet.class, (_, pet) -> pet.toString());
    app.post("/owner", Owner.class, (_, owner) -> owner.toString());
    app.post("/figure", Figure.class, (_, figure) -> figure.toString());
    app.post("/raw", req -> req.json(new TypeReference<List<Item>>() {}).getFirst().name());
    return app;
  }

  private static TestResponse send(TestRequest request, String text) throws IOException {
    return request
        .header("Content-Type", "application/json")
        .body(text.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .send();
  }

  /// Lines such as `int_parsing [body, page]`.
  private static List<String> problems(TestResponse response) {
    assertEquals(422, response.status(), response::text);
    List<?> all = (List<?>) response.json(Map.class).get("detail");
    return all.stream()
        .map(one -> (Map<?, ?>) one)
        .map(one -> one.get("type") + " " + one.get("loc"))
        .toList();
  }

  @AsyncTest
  void arraysAreChecked() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      assertEquals(
          "[Item[name=a, count=1]]",
          send(client.post("/array"), "[{'name':'a','count':1}]").text());
      assertEquals(
          List.of("greater_than_equal [body, 0, count]", "string_too_short [body, 1, name]"),
          problems(send(client.post("/array"), "[{'name':'a','count':0},{'name':'','count':1}]")));
      assertEquals(
          List.of("missing [body, 0, count]", "model_attributes_type [body, 1]"),
          problems(send(client.post("/array"), "[{'name':'a'},3]")));
      assertEquals(
          List.of("model_attributes_type [body, 0]"),
          problems(send(client.post("/array"), "[null]")));
      assertEquals(
          List.of("string_too_short [body, items, 0, name]", "int_parsing [body, numbers, 1]"),
          problems(
              send(client.post("/shelf"), "{'items':[{'name':' ','count':1}],'numbers':[1,'x']}")));
    }
  }

  @AsyncTest
  void listsAndMapsAreBodies() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      assertEquals(
          "[Item[name=a, count=1]]", send(client.post("/list"), "[{'name':'a','count':1}]").text());
      assertEquals(204, send(client.put("/list"), "[]").status());
      for (TestRequest one : List.of(client.post("/list"), client.put("/list"))) {
        assertEquals(
            List.of("greater_than_equal [body, 0, count]"),
            problems(send(one, "[{'name':'a','count':0}]")));
      }
      assertEquals(List.of("list_type [body]"), problems(send(client.post("/list"), "{}")));
      assertEquals(
          "{RED=Item[name=a, count=1]}",
          send(client.patch("/list"), "{'RED':{'name':'a','count':1}}").text());
      assertEquals(
          List.of("greater_than_equal [body, RED, count]"),
          problems(send(client.patch("/list"), "{'RED':{'name':'a','count':0}}")));
      assertEquals("a", send(client.post("/raw"), "[{'name':'a','count':0}]").text());
      assertEquals(400, send(client.post("/raw"), "{}").status());
    }
  }

  @AsyncTest
  void genericRecordsAreChecked() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      assertEquals(
          "Page[total=1, items=[Item[name=a, count=1]], first=null]",
          send(client.post("/page"), "{'total':1,'items':[{'name':'a','count':1}]}").text());
      assertEquals(
          List.of(
              "greater_than_equal [body, total]",
              "greater_than_equal [body, items, 0, count]",
              "string_too_short [body, first, name]"),
          problems(
              send(
                  client.post("/page"),
                  "{'total':-1,'items':[{'name':'a','count':0}],'first':{'name':'','count':1}}")));
      assertEquals(
          List.of(
              "missing [body, items, items, 0, count]",
              "int_parsing [body, numbers, items, 0]",
              "missing [body, more, a, total]"),
          problems(
              send(
                  client.post("/pages"),
                  "{'items':{'total':0,'items':[{'name':'a'}]},"
                      + "'numbers':{'total':0,'items':['x']},'more':{'a':{'items':[]}}}")));
      assertEquals(
          List.of("greater_than_equal [body, below, 0, value, count]"),
          problems(
              send(
                  client.post("/tree"),
                  "{'value':{'name':'a','count':1},'below':"
                      + "[{'value':{'name':'b','count':0},'below':[]}]}")));
    }
  }

  @AsyncTest
  void mapsWithOtherKeysAreChecked() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      String id = "6f1c7f0e-8a59-4e43-9d0a-0c3b7a3c1a11";
      String bad = "{'name':'a','count':0}";
      assertEquals(
          List.of(
              "greater_than_equal [body, colors, RED, count]",
              "greater_than_equal [body, lists, GREEN, 0, count]",
              "greater_than_equal [body, numbers, 7, count]",
              "greater_than_equal [body, ids, " + id + ", count]"),
          problems(
              send(
                  client.post("/keyed"),
                  "{'colors':{'RED':%s},'lists':{'GREEN':[%s]},'numbers':{'7':%s},'ids':{'%s':%s}}"
                      .formatted(bad, bad, bad, id, bad))));
      assertEquals(
          List.of(
              "enum [body, colors, PINK, [key]]",
              "missing [body, colors, PINK, count]",
              "int_parsing [body, numbers, x, [key]]",
              "uuid_parsing [body, ids, y, [key]]"),
          problems(
              send(
                  client.post("/keyed"),
                  "{'colors':{'PINK':{'name':'a'}},'lists':{},"
                      + "'numbers':{'x':{'name':'a','count':1}},"
                      + "'ids':{'y':{'name':'a','count':1}}}")));
      assertEquals(
          List.of("greater_than_equal [body, items, 1, count]"),
          problems(send(client.post("/perhaps"), "{'items':[null," + bad + "]}")));
    }
  }

  @AsyncTest
  void oneOfSeveralIsCheckedAsWhatItIs() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      assertEquals("Cat[lives=9]", send(client.post("/pet"), "{'kind':'Cat','lives':9}").text());
      assertEquals(
          "Dog[name=Rex, age=7, toys=[]]",
          send(client.post("/pet"), "{'kind':'Dog','name':'Rex','toys':[]}").text());
      assertEquals(
          List.of("less_than_equal [body, lives]"),
          problems(send(client.post("/pet"), "{'kind':'Cat','lives':10}")));
      assertEquals(
          List.of("string_type [body, name]", "greater_than_equal [body, toys, 0, count]"),
          problems(
              send(
                  client.post("/pet"), "{'kind':'Dog','name':1,'toys':[{'name':'a','count':0}]}")));
      assertEquals(
          List.of("union_tag_not_found [body]"),
          problems(send(client.post("/pet"), "{'lives':9}")));
      TestResponse unknown =
          send(
              client.post("/owner"),
              "{'pet':{'kind':'Cow'},'others':[{'kind':'Cat','lives':10},3]}");
      assertEquals(
          List.of(
              "union_tag_invalid [body, pet]",
              "less_than_equal [body, others, 0, lives]",
              "model_attributes_type [body, others, 1]"),
          problems(unknown));
      assertTrue(unknown.text().contains("expected tags: 'Cat', 'Dog'"), unknown.text());
      assertEquals(
          List.of("greater_than_equal [body, side]"),
          problems(send(client.post("/figure"), "{'square':{'side':0}}")));
      assertEquals(
          "Circle[radius=2]", send(client.post("/figure"), "{'circle':{'radius':2}}").text());
    }
  }

  static final class Bean {
    @Min(1)
    public int number;
  }

  static final class Own extends ValueDeserializer<Read> {
    @Override
    public Read deserialize(JsonParser parser, DeserializationContext context) {
      return new Read(parser.getIntValue());
    }
  }

  @JsonDeserialize(using = Own.class)
  record Read(@Min(1) int number) {}

  static final class Holder {
    public List<Item> items = List.of();
  }

  record Holding(AtomicReference<Item> item) {}

  @JsonDeserialize(as = Item.class)
  interface Open {}

  record Opening(List<Open> open) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
  sealed interface Event<T> {}

  record Happened<T>(T what, @Min(1) int count) implements Event<T> {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
  interface ByClass {}

  record OfClass(@Min(1) int number) implements ByClass {}

  private static void assertRefused(Consumer<App> route) {
    App app = App.create();
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> {
                  route.accept(app);
                  var _ = app.routes();
                })
            .getMessage();
    assertTrue(message.contains("would not be checked"), message);
  }

  @AsyncTest
  void whatWouldNotBeCheckedIsRefused() {
    for (Class<?> type :
        List.of(
            Bean.class,
            Read.class,
            Holder.class,
            Holding.class,
            Open.class,
            Opening.class,
            ByClass.class)) {
      assertRefused(app -> app.post("/", type, (_, _) -> ""));
    }
    List<TypeReference<?>> references =
        List.of(
            new TypeReference<Event<String>>() {},
            new TypeReference<List<@Min(1) Integer>>() {},
            new TypeReference<Map<String, List<@Min(1) @Min(2) Integer>>>() {},
            new TypeReference<@NotBlank String[]>() {});
    for (TypeReference<?> type : references) {
      assertRefused(app -> app.post("/", type, (_, _) -> ""));
      assertRefused(app -> app.put("/", type, (_, _) -> {}));
    }
  }

  // Records of parts in dependencies

  record Slice(@Default("0") @Min(0) int skip, Optional<@Max(100) Integer> limit) {}

  record Named(int id, @Header Optional<String> accept, @Query Slice slice) {}

  record Search(String q, @Query Slice slice) {}

  @SuppressWarnings("ArrayRecordComponent")
  record Many(@Query int[] n, @Default({"a", "b"}) String[] word) {}

  static final Dependency<Slice> SLICE = Dependency.of(req -> req.bind(Slice.class));

  record Nothing() {}

  @AsyncTest
  void aRecordOfNothingNeedsNoBody() throws IOException {
    App app = App.create();
    app.post("/", req -> req.bind(Nothing.class).toString() + req.text());
    app.get("/", Nothing.class, (_, nothing) -> nothing.toString());
    try (TestClient client = TestClient.of(app)) {
      assertEquals("Nothing[]text", send(client.post("/"), "text").text());
      assertEquals("Nothing[]", client.get("/").text());
    }
  }

  @AsyncTest
  void aDependencyIsARecordOfTheQuery() throws IOException {
    App app = App.create();
    app.get("/items", req -> req.get(SLICE).toString());
    app.post("/items", Item.class, (req, item) -> item + " " + req.get(SLICE));
    app.get("/items/{id:int}", req -> req.bind(Named.class).toString());
    app.get("/search", Search.class, (_, search) -> search.toString());
    app.get("/many", Many.class, (_, many) -> many.n().length + Arrays.toString(many.word()));
    try (TestClient client = TestClient.of(app)) {
      assertEquals("Slice[skip=0, limit=Optional.empty]", client.get("/items").text());
      assertEquals("Slice[skip=5, limit=Optional[9]]", client.get("/items?skip=5&limit=9").text());
      assertEquals(
          List.of("int_parsing [query, limit]", "greater_than_equal [query, skip]"),
          problems(client.get("/items?skip=-1&limit=x")));
      assertEquals(
          "Item[name=a, count=1] Slice[skip=2, limit=Optional.empty]",
          client.post("/items?skip=2").json(new Item("a", 1)).send().text());
      assertEquals(
          "Named[id=3, accept=Optional[x], slice=Slice[skip=1, limit=Optional.empty]]",
          client.request("GET", "/items/3?skip=1").header("Accept", "x").send().text());
      assertEquals(
          "Search[q=a, slice=Slice[skip=1, limit=Optional.empty]]",
          client.get("/search?q=a&skip=1").text());
      assertEquals(
          List.of("greater_than_equal [query, skip]"), problems(client.get("/search?q=a&skip=-1")));
      assertEquals("2[a, b]", client.get("/many?n=1&n=2").text());
    }
  }
}
