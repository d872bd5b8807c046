package dev.thrum.web.internal;

import dev.thrum.web.Request;
import dev.thrum.web.ValidationException;
import dev.thrum.web.ValidationException.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;

/// Reads the body as JSON.
public final class JsonBinder implements Binder {

  /// A binder.
  public JsonBinder() {}

  @Override
  public <T> T bind(Request request, Class<T> type) throws IOException {
    byte[] body = request.body();
    if (body.length == 0) {
      throw new ValidationException(
          new Problem("missing", List.of("body"), "Field required", Optional.empty()));
    }
    try {
      T read = request.app().json().read(body, type);
      if (read == null) {
        throw new ValidationException(
            new Problem("missing", List.of("body"), "Field required", Optional.empty()));
      }
      return read;
    } catch (JacksonException e) {
      throw new ValidationException(problem(e));
    }
  }

  private static Problem problem(JacksonException e) {
    List<Object> loc = new ArrayList<>();
    loc.add("body");
    if (e instanceof StreamReadException) {
      loc.add((int) Math.max(0, e.getLocation().getCharOffset()));
      return new Problem(
          "json_invalid",
          loc,
          "JSON decode error: " + e.getOriginalMessage(),
          Optional.of(Map.of()));
    }
    for (JacksonException.Reference one : e.getPath()) {
      loc.add(one.getPropertyName() == null ? (Object) one.getIndex() : one.getPropertyName());
    }
    Optional<Object> input =
        e instanceof InvalidFormatException wrong
            ? Optional.ofNullable(wrong.getValue())
            : Optional.empty();
    return new Problem("value_error", loc, e.getOriginalMessage(), input);
  }
}
