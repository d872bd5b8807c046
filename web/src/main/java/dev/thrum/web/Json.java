package dev.thrum.web;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON, by Jackson: how an application reads and writes objects.
///
/// As it is at first, dates are in ISO form, unknown fields are ignored, and buffers are shared in
/// a way that suits many short threads. What is read may be nested 200 deep, and has numbers of at
/// most 1,000 digits and names of at most 10,000 characters; anything else is malformed. [App#json]
/// takes another one.
///
/// **Threads.** Any number at a time.
public final class Json {
  private static final Json STANDARD = new Json(builder().build());

  private static final int DEPTH = 200;
  private static final int NAME = 10_000;

  private final JsonMapper mapper;

  private Json(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /// JSON as it is at first.
  ///
  /// @return the same one each time
  public static Json standard() {
    return STANDARD;
  }

  /// JSON by another mapper.
  ///
  /// @param mapper the mapper, best made by [#builder()]
  /// @return JSON
  public static Json with(JsonMapper mapper) {
    return new Json(mapper);
  }

  /// The settings of [#standard()], to be changed.
  ///
  /// @return a builder of Jackson's
  public static JsonMapper.Builder builder() {
    JsonFactory factory =
        JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(DEPTH).maxNameLength(NAME).build())
            .build();
    return JsonMapper.builder(factory)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
  }

  /// A response with an object as JSON.
  ///
  /// @param value a record, a map, a list, …; of an `Optional` what is in it, or 404
  /// @return a response with status 200
  public static Response of(Object value) {
    if (value instanceof Optional<?> perhaps) {
      return of(perhaps.orElseThrow(() -> new dev.thrum.http.HttpException(404)));
    }
    return Response.json(value);
  }

  /// Writes an object.
  ///
  /// @param value the object
  /// @return the text in UTF-8
  /// @throws JacksonException if it cannot be written
  public byte[] bytes(Object value) {
    return mapper.writeValueAsBytes(value);
  }

  /// Writes an object as a text: `socket.send(json.text(value))`.
  ///
  /// @param value the object
  /// @return the text
  /// @throws JacksonException if it cannot be written
  public String text(Object value) {
    return mapper.writeValueAsString(value);
  }

  /// Reads an object from a text, such as a message of a WebSocket.
  ///
  /// @param text JSON
  /// @param type the type of the object
  /// @param <T> the type of the object
  /// @return the object
  /// @throws JacksonException if the text is malformed or does not fit
  public <T> T read(String text, Class<T> type) {
    return mapper.readValue(text, type);
  }

  /// Reads an object.
  ///
  /// @param text JSON in UTF-8
  /// @param type the type of the object
  /// @param <T> the type of the object
  /// @return the object
  /// @throws JacksonException if the text is malformed or does not fit
  public <T> T read(byte[] text, Class<T> type) {
    return mapper.readValue(text, type);
  }

  /// Reads an object whose type has type arguments: `read(text, new TypeReference<List<User>>()
  /// {})`.
  ///
  /// @param text JSON in UTF-8
  /// @param type the type of the object
  /// @param <T> the type of the object
  /// @return the object
  /// @throws JacksonException if the text is malformed or does not fit
  public <T> T read(byte[] text, TypeReference<T> type) {
    return mapper.readValue(text, type);
  }

  /// The mapper that does it.
  ///
  /// @return Jackson's mapper
  public JsonMapper mapper() {
    return mapper;
  }
}
