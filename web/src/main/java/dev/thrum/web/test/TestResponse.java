package dev.thrum.web.test;

import dev.thrum.http.Cookie;
import dev.thrum.http.Headers;
import dev.thrum.web.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;

/// A whole response.
public final class TestResponse {
  private final int status;
  private final Headers headers;
  private final byte[] body;
  private final Json json;

  TestResponse(int status, Headers headers, byte[] body, Json json) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.json = json;
  }

  /// The status.
  ///
  /// @return from 200 to 999
  public int status() {
    return status;
  }

  /// The headers.
  ///
  /// @return the headers, to be read
  public Headers headers() {
    return headers;
  }

  /// The first header of a name.
  ///
  /// @param name the name
  /// @return its value; empty if there is none
  public String header(String name) {
    return headers.get(name, "");
  }

  /// A cookie that the response sets.
  ///
  /// @param name its name
  /// @return the last one of that name; nothing if there is none
  public Optional<Cookie> cookie(String name) {
    return headers.all("Set-Cookie").stream()
        .flatMap(line -> Cookie.parseSet(line).stream())
        .filter(one -> one.name().equals(name))
        .reduce((_, last) -> last);
  }

  /// The body.
  ///
  /// @return its bytes
  public byte[] bytes() {
    return body;
  }

  /// The body as text.
  ///
  /// @return the text, read as UTF-8
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// The body as an object.
  ///
  /// @param type the type of the object, such as `Map.class`
  /// @param <T> the type of the object
  /// @return the object
  /// @throws tools.jackson.core.JacksonException if it is no JSON or does not fit
  public <T> T json(Class<T> type) {
    return json.read(body, type);
  }

  /// The body as an object whose type has type arguments.
  ///
  /// @param type the type of the object: `new TypeReference<List<User>>() {}`
  /// @param <T> the type of the object
  /// @return the object
  /// @throws tools.jackson.core.JacksonException if it is no JSON or does not fit
  public <T> T json(TypeReference<T> type) {
    return json.read(body, type);
  }

  @Override
  public String toString() {
    return status + " " + text();
  }
}
