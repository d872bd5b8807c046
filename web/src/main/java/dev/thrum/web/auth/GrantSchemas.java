package dev.thrum.web.auth;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a [PasswordGrant] takes and gives, in the words of OpenAPI.
final class GrantSchemas {
  private static final Map<String, Object> TEXT = Map.of("type", "string");

  private static final Map<String, Object> FORM =
      object(
          List.of("grant_type", "username", "password"),
          field("grant_type", Map.of("type", "string", "const", "password", "default", "password")),
          field("username", TEXT),
          field("password", Map.of("type", "string", "format", "password")),
          field("scope", Map.of("type", "string", "default", "")));

  private static final Map<String, Object> TOKEN =
      object(
          List.of("access_token", "token_type", "expires_in"),
          field("access_token", TEXT),
          field("token_type", Map.of("type", "string", "const", "bearer")),
          field("expires_in", Map.of("type", "integer", "description", "seconds")),
          field("scope", TEXT));

  private static final Map<String, Object> ERROR = object(List.of("error"), field("error", TEXT));

  static final Map<String, Object> OPERATION =
      Map.of(
          "requestBody",
          Map.of("required", true, "content", content("application/x-www-form-urlencoded", FORM)),
          "responses",
          Map.of(
              "200",
              Map.of("description", "A token", "content", content("application/json", TOKEN)),
              "400",
              Map.of(
                  "description",
                  "No token: `error` says why",
                  "content",
                  content("application/json", ERROR))));

  private GrantSchemas() {}

  private static Map.Entry<String, Object> field(String name, Map<String, Object> schema) {
    return Map.entry(name, schema);
  }

  @SafeVarargs
  private static Map<String, Object> object(
      List<String> required, Map.Entry<String, Object>... fields) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Map.Entry<String, Object> one : fields) {
      properties.put(one.getKey(), one.getValue());
    }
    return Map.of("type", "object", "properties", properties, "required", required);
  }

  private static Map<String, Object> content(String type, Map<String, Object> schema) {
    return Map.of(type, Map.of("schema", schema));
  }
}
