package dev.thrum.web.openapi;

import dev.thrum.http.Status;
import dev.thrum.web.App;
import dev.thrum.web.RouteInfo;
import dev.thrum.web.internal.Binders;
import dev.thrum.web.internal.Schemas;
import dev.thrum.web.internal.Shape;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A description of an application's routes in OpenAPI 3.1.
///
/// ```java
/// app.get("/openapi.json", req -> OpenApi.of(req.app(), "Orders", "1.0"));
/// ```
///
/// Typed routes are described by the records that they read: parameters, the body, constraints,
/// defaults, and 422. What a response holds is known from [dev.thrum.web.Route#returns]. WebSockets
/// and routes that are [dev.thrum.web.Route#hidden] are left out, and so are routes for one host.
/// What [dev.thrum.web.auth.Auth#require] asks for is told of the routes that it is around.
public final class OpenApi {
  private static final Set<String> METHODS =
      Set.of("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE");

  private final Binders binders;
  private final Schemas schemas = new Schemas();
  private final Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
  private final Map<String, Object> security = new TreeMap<>();
  private boolean validated;

  private OpenApi(App app) {
    binders = new Binders(app.json().mapper());
  }

  /// Describes an application.
  ///
  /// @param app the application
  /// @param title its name
  /// @param version the version of what it offers
  /// @return the description, to be written as JSON; unchanged by what is registered later
  /// @throws IllegalStateException as [App#routes()] does
  public static Map<String, Object> of(App app, String title, String version) {
    OpenApi made = new OpenApi(app);
    app.routes().forEach(made::add);
    return made.whole(title, version);
  }

  private Map<String, Object> whole(String title, String version) {
    if (validated) {
      schemas.components().put("HTTPValidationError", errors());
      schemas.components().put("ValidationError", error());
    }
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("openapi", "3.1.0");
    whole.put("info", Map.of("title", title, "version", version));
    whole.put("paths", paths);
    Map<String, Object> components = new LinkedHashMap<>();
    if (!schemas.components().isEmpty()) {
      components.put("schemas", schemas.components());
    }
    if (!security.isEmpty()) {
      components.put("securitySchemes", security);
    }
    if (!components.isEmpty()) {
      whole.put("components", components);
    }
    return whole;
  }

  private static Map<String, Object> errors() {
    return Map.of(
        "type",
        "object",
        "properties",
        Map.of(
            "detail",
            Map.of(
                "type", "array", "items", Map.of("$ref", "#/components/schemas/ValidationError"))));
  }

  private static Map<String, Object> error() {
    List<Object> either = List.of(Map.of("type", "string"), Map.of("type", "integer"));
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("type", Map.of("type", "string"));
    properties.put("loc", Map.of("type", "array", "items", Map.of("anyOf", either)));
    properties.put("msg", Map.of("type", "string"));
    properties.put("input", Map.of());
    return Map.of(
        "type", "object", "properties", properties, "required", List.of("type", "loc", "msg"));
  }

  private void add(RouteInfo route) {
    if (!route.hidden() && route.host().isEmpty() && METHODS.contains(route.method())) {
      paths
          .computeIfAbsent(
              route.path().replaceAll("\\{([^:}]+):[^}]*}", "{$1}"), _ -> new LinkedHashMap<>())
          .put(route.method().toLowerCase(Locale.ROOT), operation(route));
    }
  }

  private Map<String, Object> operation(RouteInfo route) {
    Map<String, Object> made = new LinkedHashMap<>();
    if (!route.summary().isEmpty()) {
      made.put("summary", route.summary());
    }
    if (!route.description().isEmpty()) {
      made.put("description", route.description());
    }
    String id = route.operationId().isEmpty() ? route.name() : route.operationId();
    if (!id.isEmpty()) {
      made.put("operationId", id);
    }
    if (route.deprecated()) {
      made.put("deprecated", true);
    }
    if (!route.tags().isEmpty()) {
      made.put("tags", route.tags());
    }
    Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
    for (RouteInfo.Param one : route.params()) {
      Map<String, Object> schema = schemas.of(binders.shapes().of(one.type()));
      parameters.put("path " + one.name(), parameter("path", one.name(), true, schema));
    }
    Map<String, Object> content = new LinkedHashMap<>();
    boolean[] needed = {true};
    route.input().ifPresent(input -> input(route, input, parameters, content, needed));
    if (!parameters.isEmpty()) {
      made.put("parameters", List.copyOf(parameters.values()));
    }
    if (!content.isEmpty()) {
      made.put("requestBody", Map.of("content", content, "required", needed[0]));
    }
    made.put("responses", responses(route));
    if (!route.security().isEmpty()) {
      Map<String, Set<String>> all = new LinkedHashMap<>();
      for (SecurityScheme one : route.security()) {
        all.computeIfAbsent(one.name(), _ -> new LinkedHashSet<>()).addAll(one.scopes());
        security.merge(one.name(), one.description(), OpenApi::together);
      }
      made.put("security", List.of(all));
    }
    route.operation().forEach((key, more) -> made.merge(key, more, OpenApi::joined));
    return made;
  }

  /// What two say of one scheme, with the scopes of both.
  private static Object together(Object known, Object more) {
    if (known instanceof Map<?, ?> before && more instanceof Map<?, ?> after) {
      Map<Object, Object> both = new LinkedHashMap<>(before);
      after.forEach((key, one) -> both.merge(key, one, OpenApi::together));
      return both;
    }
    return more;
  }

  private static Object joined(Object known, Object more) {
    if (known instanceof Map<?, ?> before && more instanceof Map<?, ?> after) {
      Map<Object, Object> both = new LinkedHashMap<>(before);
      both.putAll(after);
      return both;
    }
    return more;
  }

  private void input(
      RouteInfo route,
      Type input,
      Map<String, Map<String, Object>> parameters,
      Map<String, Object> content,
      boolean[] needed) {
    Shape shape = binders.shapes().of(input);
    Set<String> names =
        route.params().stream().map(RouteInfo.Param::name).collect(Collectors.toSet());
    List<Binders.Part> parts =
        shape instanceof Shape.Fields record
            ? binders.parts(record, route.method(), names)
            : List.of();
    if (parts.isEmpty() && Binders.hasBody(route.method())) {
      content.put("application/json", Map.of("schema", schemas.of(shape)));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    List<Binders.Part> all = flat(parts);
    for (Binders.Part one : all) {
      switch (one.source()) {
        case BODY -> {
          content.put("application/json", Map.of("schema", schemas.of(one.field())));
          needed[0] = one.field().required();
        }
        case FORM -> {
          fields.put(one.name(), schemas.of(one.field()));
          if (isNeeded(one)) {
            required.add(one.name());
          }
        }
        default ->
            parameters.put(
                one.source().where() + " " + one.name(),
                parameter(
                    one.source().where(), one.name(), isNeeded(one), schemas.of(one.field())));
      }
    }
    if (!fields.isEmpty()) {
      boolean files = all.stream().anyMatch(one -> one.field().shape().isOfFiles());
      content.put(
          files ? "multipart/form-data" : "application/x-www-form-urlencoded",
          Map.of("schema", Map.of("type", "object", "properties", fields, "required", required)));
    }
  }

  private static boolean isNeeded(Binders.Part part) {
    boolean path = part.source() == Binders.Source.PATH;
    return path || (part.field().required() && !(part.field().shape() instanceof Shape.Items));
  }

  private static List<Binders.Part> flat(List<Binders.Part> parts) {
    List<Binders.Part> all = new ArrayList<>();
    for (Binders.Part one : parts) {
      if (one.record() == null) {
        all.add(one);
      } else {
        all.addAll(flat(one.inner()));
      }
    }
    return all;
  }

  private static Map<String, Object> parameter(
      String in, String name, boolean required, Map<String, Object> schema) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("name", name);
    made.put("in", in);
    Object description = schema.get("description");
    if (description != null) {
      made.put("description", description);
    }
    made.put("required", required);
    made.put("schema", schema);
    return made;
  }

  private Map<String, Object> responses(RouteInfo route) {
    int status = route.status() != 0 ? route.status() : route.isVoid() ? 204 : 200;
    Map<String, Object> made = new LinkedHashMap<>();
    Map<String, Object> good = new LinkedHashMap<>();
    good.put("description", Status.reason(status));
    route
        .returns()
        .ifPresent(type -> good.put("content", json(schemas.of(binders.shapes().of(type)))));
    made.put(String.valueOf(status), good);
    if (!route.security().isEmpty()) {
      made.put("401", Map.of("description", Status.reason(401)));
    }
    if (route.security().stream().anyMatch(one -> !one.scopes().isEmpty())) {
      made.put("403", Map.of("description", Status.reason(403)));
    }
    if (route.input().isPresent()) {
      validated = true;
      Map<String, Object> wrong = new LinkedHashMap<>();
      wrong.put("description", "Validation Error");
      wrong.put("content", json(Map.of("$ref", "#/components/schemas/HTTPValidationError")));
      made.put("422", wrong);
    }
    for (RouteInfo.Answer one : route.responses()) {
      Map<String, Object> answer = one.status() == status ? good : new LinkedHashMap<>();
      answer.put("description", one.description());
      one.type()
          .ifPresent(type -> answer.put("content", json(schemas.of(binders.shapes().of(type)))));
      made.put(String.valueOf(one.status()), answer);
    }
    return made;
  }

  private static Map<String, Object> json(Map<String, Object> schema) {
    return Map.of("application/json", Map.of("schema", schema));
  }
}
