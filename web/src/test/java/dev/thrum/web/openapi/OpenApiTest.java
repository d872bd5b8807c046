package dev.thrum.web.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.App;
import dev.thrum.web.Routes;
import dev.thrum.web.bind.Default;
import dev.thrum.web.bind.Header;
import dev.thrum.web.bind.Path;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// What an application tells of itself.
final class OpenApiTest {
  enum Color {
    RED,
    GREEN
  }

  record Item(@Size(min = 2, max = 5) String name, BigDecimal price) {}

  record Order(UUID id, @NotEmpty List<Item> items, Optional<@Min(3) Integer> rating) {}

  record Search(String q, @Default("1") @Min(1) int page, List<Color> color) {}

  record Change(@Path UUID id, @Header String ifMatch, Order order) {}

  private static App app() {
    App app = App.create().title("Orders", "2.0");
    app.post("/orders", Order.class, (_, order) -> order)
        .status(201)
        .returns(Order.class)
        .name("place")
        .summary("Places an order")
        .tags("orders");
    app.get("/orders", Search.class, (_, search) -> search);
    app.put("/orders/{id:uuid}", Change.class, (_, change) -> change);
    app.get("/secret", _ -> "").hidden();
    Routes below = Routes.create();
    below.get("/deep", _ -> "");
    Routes pages = Routes.create().hidden().mount("/below", below);
    pages.get("/page", _ -> "");
    app.mount("/pages", pages);
    return app;
  }

  private static String at(JsonNode whole, String pointer) {
    return whole.at(pointer).toString();
  }

  @AsyncTest
  void routesAreDescribedByTheirRecords() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      JsonNode all = client.get("/openapi.json").json(JsonNode.class);
      assertEquals("\"3.1.0\"", at(all, "/openapi"));
      assertEquals("\"Orders\"", at(all, "/info/title"));
      assertEquals(2, all.at("/paths").size());
      JsonNode post = all.at("/paths/~1orders/post");
      assertEquals("\"place\"", at(post, "/operationId"));
      assertEquals("[\"orders\"]", at(post, "/tags"));
      assertEquals(
          "{\"$ref\":\"#/components/schemas/Order\"}",
          at(post, "/requestBody/content/application~1json/schema"));
      assertEquals(
          "{\"$ref\":\"#/components/schemas/Order\"}",
          at(post, "/responses/201/content/application~1json/schema"));
      assertEquals(
          "{\"$ref\":\"#/components/schemas/HTTPValidationError\"}",
          at(post, "/responses/422/content/application~1json/schema"));
      JsonNode get = all.at("/paths/~1orders/get/parameters");
      assertEquals(
          "{\"name\":\"q\",\"in\":\"query\",\"required\":true,\"schema\":{\"type\":\"string\"}}",
          at(get, "/0"));
      assertEquals(
          "{\"name\":\"page\",\"in\":\"query\",\"required\":false,\"schema\":{\"type\":\"integer\","
              + "\"format\":\"int32\",\"minimum\":1,\"default\":1}}",
          at(get, "/1"));
      assertEquals(
          "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":[\"RED\",\"GREEN\"]}}",
          at(get, "/2/schema"));
      JsonNode put = all.at("/paths/~1orders~1{id}/put");
      assertEquals("\"path\"", at(put, "/parameters/0/in"));
      assertEquals("\"uuid\"", at(put, "/parameters/0/schema/format"));
      assertEquals("\"if-match\"", at(put, "/parameters/1/name"));
      assertEquals("true", at(put, "/requestBody/required"));
    }
  }

  @AsyncTest
  void recordsLieBesideEachOther() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      JsonNode schemas = client.get("/openapi.json").json(JsonNode.class).at("/components/schemas");
      assertEquals("[\"id\",\"items\"]", at(schemas, "/Order/required"));
      assertEquals(
          "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Item\"},\"minItems\":1}",
          at(schemas, "/Order/properties/items"));
      assertEquals(
          "{\"anyOf\":[{\"type\":\"integer\",\"format\":\"int32\",\"minimum\":3},{\"type\":\"null\"}]}",
          at(schemas, "/Order/properties/rating"));
      assertEquals(
          "{\"type\":\"string\",\"minLength\":2,\"maxLength\":5}",
          at(schemas, "/Item/properties/name"));
      assertTrue(schemas.has("ValidationError"));
    }
  }

  @AsyncTest
  void aPageShowsIt() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      TestResponse page = client.get("/docs");
      assertTrue(page.text().contains("<title>Orders</title>"), page.text());
      TestResponse script = client.get("/docs/swagger-ui-bundle.js");
      assertEquals(200, script.status());
      assertEquals("text/javascript; charset=utf-8", script.header("Content-Type"));
      assertTrue(script.text().contains("SwaggerUIBundle"));
      assertEquals(200, client.get("/docs/swagger-ui.css").status());
      assertTrue(client.get("/docs/start.js").text().contains("openapi.json"));
      assertEquals(404, client.get("/docs/index.html").status());
      TestResponse reading = client.get("/redoc");
      assertTrue(reading.text().contains("docs/redoc.standalone.js"), reading.text());
      assertTrue(client.get("/docs/redoc.standalone.js").text().contains("Redoc"));
      assertTrue(client.get("/docs/read.js").text().contains("openapi.json"));
    }
  }

  @AsyncTest
  void anApplicationMayKeepItToItself() throws IOException {
    App own = app();
    own.get("/docs", _ -> "mine");
    try (TestClient client = TestClient.of(own)) {
      assertEquals("mine", client.get("/docs").text());
    }
    try (TestClient client = TestClient.of(app().withoutDocs())) {
      assertEquals(404, client.get("/docs").status());
      assertEquals(404, client.get("/openapi.json").status());
    }
  }
}
