package dev.thrum.web.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.App;
import dev.thrum.web.Dependency;
import dev.thrum.web.Routes;
import dev.thrum.web.Upload;
import dev.thrum.web.Web;
import dev.thrum.web.auth.Auth;
import dev.thrum.web.auth.PasswordGrant;
import dev.thrum.web.bind.Cookie;
import dev.thrum.web.bind.Default;
import dev.thrum.web.bind.Example;
import dev.thrum.web.bind.Form;
import dev.thrum.web.bind.Header;
import dev.thrum.web.bind.Path;
import dev.thrum.web.bind.Query;
import dev.thrum.web.test.TestClient;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/// Descriptions are what the OpenAPI Initiative's own schema for 3.1 wants.
final class OpenApiSchemaTest {
  private static final String BASE = "https://spec.openapis.org/oas/3.1/";
  private static final Schema SCHEMA = schema();

  enum Color {
    RED,
    GREEN
  }

  record Node(@Size(max = 9) String name, List<Node> children, @Nullable Node parent) {}

  record All(
      UUID id,
      @Positive BigDecimal price,
      @DecimalMax(value = "9.5", inclusive = false) double rate,
      @Min(1) @Max(5) int stars,
      @Email String mail,
      @Pattern(regexp = "[a-z]+") String code,
      Map<String, @Size(min = 1) String> labels,
      @NotEmpty Set<Color> colors,
      @Default("GREEN") Color color,
      Optional<@Min(3) Integer> rating,
      LocalDate day,
      LocalTime time,
      Instant at,
      Duration within,
      Node tree,
      Object anything) {}

  record Parts(
      @Path int id,
      @Query List<Color> color,
      @Header Optional<String> ifMatch,
      @Cookie("session") String session,
      All body) {}

  record Login(@Form String user, @Form @Default("1") int tries) {}

  record Photo(String title, Upload image, List<Upload> more) {}

  record Described(
      @JsonPropertyDescription("How many") @Example({"3", "5"}) int count,
      @Example("[\"a\"]") List<String> words,
      @JsonPropertyDescription("Whose") Optional<Node> node) {}

  record Page<T>(List<T> items, Map<Color, T> colors) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
  sealed interface Pet {}

  record Cat(@Max(9) int lives) implements Pet {}

  record Dog(String name, List<Pet> friends) implements Pet {}

  static final Dependency<String> TOKEN =
      Auth.bearerFrom("token", Map.of("me:read", "Read about me"));
  static final Dependency<Integer> USER =
      Dependency.<Integer>of(req -> req.get(TOKEN).length()).by(TOKEN);

  private static Schema schema() {
    Map<String, String> known = new HashMap<>();
    for (String one :
        List.of("schema-base/2022-10-07", "schema/2022-10-07", "dialect/base", "meta/base")) {
      known.put(BASE + one, resource("/spec.openapis.org/oas/3.1/" + one));
    }
    return SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(known))
        .getSchema(SchemaLocation.of(BASE + "schema-base/2022-10-07"));
  }

  private static String resource(String name) {
    try (InputStream in = OpenApiSchemaTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static App app() {
    App app = App.create();
    app.post("/all", All.class, (_, all) -> all).status(201).returns(All.class);
    app.put("/parts/{id:int}", Parts.class, (_, parts) -> parts);
    app.post("/login", Login.class, (_, _) -> {});
    app.post("/photos", Photo.class, (_, photo) -> photo.title());
    app.get("/nodes", _ -> List.of()).returnsListOf(Node.class);
    app.get("/map", _ -> Map.of()).returns(new TypeReference<Map<String, List<Node>>>() {});
    app.get("/perhaps", _ -> "").returns(new TypeReference<Optional<Color[]>>() {});
    app.get("/texts", _ -> "").returns(String[].class);
    app.delete("/nodes/{id:uuid}", _ -> {});
    app.get("/me", req -> req.get(USER)).with(Auth.require(USER)).returns(Integer.class);
    app.post("/token", Web.blocking(PasswordGrant.handler((_, _) -> Optional.empty())));
    app.get("/me/name", req -> req.get(USER))
        .with(Auth.require(USER))
        .with(Auth.require(USER, _ -> List.of(), "me:read"));
    Routes keys = Routes.create();
    keys.use(Auth.require(Auth.keyInHeader("X-API-Key")));
    keys.get("/key", _ -> "").with(Auth.require(Auth.keyInQuery("key")));
    keys.get("/basic", _ -> "").with(Auth.require(Auth.basic("here")));
    app.mount("/keys", keys);
    app.get("/files/{rest:path}", _ -> "").summary("Files").tags("a", "b").name("files");
    app.post("/described", Described.class, (_, all) -> all)
        .description("At *length*.")
        .deprecated()
        .operationId("describe")
        .name("described")
        .response(200, "It is there")
        .returns(Described.class)
        .response(404, "There is none")
        .response(409, "It is there already", Node.class);
    app.get("/asked", Asked.class, (_, asked) -> asked.count());
    app.post("/items", new TypeReference<List<Node>>() {}, (_, _) -> {});
    app.post("/pages", new TypeReference<Page<Node>>() {}, (_, page) -> page);
    app.post("/pets", Pet.class, (_, pet) -> pet).returnsListOf(Pet.class);
    return app;
  }

  record Asked(@JsonPropertyDescription("How many") @Example("3") int count) {}

  @AsyncTest
  void whatIsSaidOfARouteIsThere() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      JsonNode all = client.get("/openapi.json").json(JsonNode.class);
      JsonNode post = all.at("/paths/~1described/post");
      assertEquals("\"At *length*.\"", post.at("/description").toString());
      assertEquals("\"describe\"", post.at("/operationId").toString());
      assertEquals("true", post.at("/deprecated").toString());
      JsonNode answers = post.at("/responses");
      assertEquals("\"It is there\"", answers.at("/200/description").toString());
      String schema = "/content/application~1json/schema/$ref";
      assertEquals("\"#/components/schemas/Described\"", answers.at("/200" + schema).toString());
      assertEquals("{\"description\":\"There is none\"}", answers.at("/404").toString());
      assertEquals("\"#/components/schemas/Node\"", answers.at("/409" + schema).toString());
      JsonNode fields = all.at("/components/schemas/Described/properties");
      assertEquals(
          "{\"type\":\"integer\",\"format\":\"int32\",\"description\":\"How many\","
              + "\"examples\":[3,5]}",
          fields.at("/count").toString());
      assertEquals("[[\"a\"]]", fields.at("/words/examples").toString());
      assertEquals("\"Whose\"", fields.at("/node/description").toString());
      JsonNode asked = all.at("/paths/~1asked/get/parameters/0");
      assertEquals("\"How many\"", asked.at("/description").toString());
      assertEquals("[3]", asked.at("/schema/examples").toString());
    }
  }

  @AsyncTest
  void typesOfAllKindsAreDescribed() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      JsonNode all = client.get("/openapi.json").json(JsonNode.class);
      String schema = "/post/requestBody/content/application~1json/schema";
      String node = "{\"$ref\":\"#/components/schemas/Node\"}";
      assertEquals(
          "{\"type\":\"array\",\"items\":" + node + "}",
          all.at("/paths/~1items" + schema).toString());
      assertEquals(
          "{\"$ref\":\"#/components/schemas/Page_Node_\"}",
          all.at("/paths/~1pages" + schema).toString());
      assertEquals(
          "{\"type\":\"object\",\"additionalProperties\":"
              + node
              + ",\"propertyNames\":{\"type\":\"string\",\"enum\":[\"RED\",\"GREEN\"]}}",
          all.at("/components/schemas/Page_Node_/properties/colors").toString());
      assertEquals(
          "{\"oneOf\":[{\"$ref\":\"#/components/schemas/Cat\"},"
              + "{\"$ref\":\"#/components/schemas/Dog\"}],"
              + "\"discriminator\":{\"propertyName\":\"kind\",\"mapping\":{"
              + "\"Cat\":\"#/components/schemas/Cat\",\"Dog\":\"#/components/schemas/Dog\"}}}",
          all.at("/paths/~1pets" + schema).toString());
      assertEquals(
          "{\"type\":\"object\",\"title\":\"Cat\",\"properties\":{\"kind\":{\"type\":\"string\","
              + "\"enum\":[\"Cat\"]},\"lives\":{\"type\":\"integer\",\"format\":\"int32\","
              + "\"maximum\":9}},\"required\":[\"kind\",\"lives\"]}",
          all.at("/components/schemas/Cat").toString());
    }
  }

  @AsyncTest
  void aDescriptionIsValid() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      String text = client.get("/openapi.json").text();
      assertEquals(List.of(), SCHEMA.validate(text, InputFormat.JSON), text);
    }
    try (TestClient client = TestClient.of(App.create())) {
      String text = client.get("/openapi.json").text();
      assertEquals(List.of(), SCHEMA.validate(text, InputFormat.JSON), text);
    }
  }

  @AsyncTest
  void theSchemaFindsFaults() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      String text = client.get("/openapi.json").text();
      for (String[] change :
          new String[][] {
            {"\"description\":\"Created\"", "\"other\":1"},
            {"\"in\":\"path\",\"required\":true", "\"in\":\"path\",\"required\":false"},
            {"\"type\":\"integer\"", "\"type\":\"int\""},
            {"\"minItems\":1", "\"minItems\":-1"}
          }) {
        String wrong = text.replace(change[0], change[1]);
        assertFalse(wrong.equals(text), change[0]);
        assertFalse(SCHEMA.validate(wrong, InputFormat.JSON).isEmpty(), change[1]);
      }
    }
  }

  @AsyncTest
  void whatRoutesReturnIsDescribed() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      JsonNode paths = client.get("/openapi.json").json(JsonNode.class).at("/paths");
      String where = "/get/responses/200/content/application~1json/schema";
      String node = "{\"$ref\":\"#/components/schemas/Node\"}";
      String nodes = "{\"type\":\"array\",\"items\":" + node + "}";
      assertEquals(nodes, paths.at("/~1nodes" + where).toString());
      assertEquals(
          "{\"type\":\"object\",\"additionalProperties\":" + nodes + "}",
          paths.at("/~1map" + where).toString());
      assertEquals(
          "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":[\"RED\",\"GREEN\"]}}",
          paths.at("/~1perhaps" + where).toString());
      assertEquals(
          "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}",
          paths.at("/~1texts" + where).toString());
    }
  }

  @AsyncTest
  void whatHasToBeSentIsDescribed() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      JsonNode all = client.get("/openapi.json").json(JsonNode.class);
      JsonNode schemes = all.at("/components/securitySchemes");
      assertEquals("\"token\"", schemes.at("/password-token/flows/password/tokenUrl").toString());
      assertEquals("\"basic\"", schemes.at("/basic/scheme").toString());
      assertEquals("\"X-API-Key\"", schemes.at("/header-X-API-Key/name").toString());
      assertEquals("[{\"password-token\":[]}]", all.at("/paths/~1me/get/security").toString());
      assertEquals(
          "[{\"header-X-API-Key\":[],\"query-key\":[]}]",
          all.at("/paths/~1keys~1key/get/security").toString());
      assertEquals(
          "\"Unauthorized\"", all.at("/paths/~1me/get/responses/401/description").toString());
      assertFalse(all.at("/paths/~1nodes/get").has("security"));
      assertEquals(
          "{\"me:read\":\"Read about me\"}",
          schemes.at("/password-token/flows/password/scopes").toString());
      JsonNode name = all.at("/paths/~1me~1name/get");
      assertEquals("[{\"password-token\":[\"me:read\"]}]", name.at("/security").toString());
      assertEquals("\"Forbidden\"", name.at("/responses/403/description").toString());
      assertFalse(all.at("/paths/~1me/get/responses").has("403"));
    }
  }

  @AsyncTest
  void credentialsOfOneNameHaveTheScopesOfAll() throws IOException {
    App app = App.create();
    Map<String, String> read = Map.of("read", "Reads");
    Map<String, String> write = Map.of("write", "Writes");
    app.get("/a", _ -> "").with(Auth.require(Auth.bearerFrom("token", read)));
    app.get("/b", _ -> "").with(Auth.require(Auth.bearerFrom("token", write)));
    try (TestClient client = TestClient.of(app)) {
      JsonNode scopes =
          client
              .get("/openapi.json")
              .json(JsonNode.class)
              .at("/components/securitySchemes/password-token/flows/password/scopes");
      assertEquals("{\"read\":\"Reads\",\"write\":\"Writes\"}", scopes.toString());
    }
  }

  @AsyncTest
  void whatGivesTokensIsDescribed() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      JsonNode post = client.get("/openapi.json").json(JsonNode.class).at("/paths/~1token/post");
      JsonNode form = post.at("/requestBody/content/application~1x-www-form-urlencoded/schema");
      assertEquals(
          Set.of("grant_type", "username", "password", "scope"),
          Set.copyOf(form.at("/properties").propertyNames()));
      assertEquals("[\"grant_type\",\"username\",\"password\"]", form.at("/required").toString());
      JsonNode answers = post.at("/responses");
      assertEquals(Set.of("200", "400"), Set.copyOf(answers.propertyNames()));
      String schema = "/content/application~1json/schema/properties/";
      assertTrue(answers.at("/200" + schema + "access_token").isObject());
      assertTrue(answers.at("/400" + schema + "error").isObject());
    }
  }
}
