package dev.thrum.web;

import dev.thrum.web.openapi.SecurityScheme;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is known of a route, for documentation and tools.
///
/// @param method the method; `WEBSOCKET` for a WebSocket
/// @param host the host it is for; empty for any
/// @param path the whole pattern, from the root of the application on
/// @param params the parameters in the host and the path, in order
/// @param name its name for [App#url], with those of its sub-routers before it; empty without one
/// @param input what a request is read into
/// @param returns what the response holds
/// @param summary what it does, in one line; perhaps empty
/// @param description what it does, at length; perhaps empty
/// @param operationId its name for programs that are made of the description; perhaps empty
/// @param deprecated whether it should not be used any more
/// @param tags words to find it by
/// @param responses what else it may answer
/// @param status the status of a plain result; 0 for the usual one, 200 or 204
/// @param hidden whether it is to be left out of documentation
/// @param isVoid whether its handler returns nothing
/// @param security what has to be sent with a request for it, as far as its middlewares tell
/// @param operation what its handler tells of itself in the words of OpenAPI; mostly empty
public record RouteInfo(
    String method,
    String host,
    String path,
    List<Param> params,
    String name,
    Optional<Type> input,
    Optional<Type> returns,
    String summary,
    String description,
    String operationId,
    boolean deprecated,
    List<String> tags,
    List<Answer> responses,
    int status,
    boolean hidden,
    boolean isVoid,
    List<SecurityScheme> security,
    Map<String, Object> operation) {

  /// Makes the collections unchangeable.
  public RouteInfo {
    params = List.copyOf(params);
    tags = List.copyOf(tags);
    responses = List.copyOf(responses);
    security = List.copyOf(security);
    operation = Map.copyOf(operation);
  }

  /// A parameter.
  ///
  /// @param name its name
  /// @param kind the name of its converter, such as `int`
  /// @param type what it is in Java
  public record Param(String name, String kind, Class<?> type) {}

  /// A response.
  ///
  /// @param status its status
  /// @param description when there is one
  /// @param type what it holds
  public record Answer(int status, String description, Optional<Type> type) {}

  /// The method of WebSocket routes.
  public static final String WEBSOCKET = "WEBSOCKET";
}
