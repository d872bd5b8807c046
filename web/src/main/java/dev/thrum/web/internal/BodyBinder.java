package dev.thrum.web.internal;

import dev.thrum.http.HttpException;
import dev.thrum.web.Request;
import dev.thrum.web.ValidationException;
import dev.thrum.web.ValidationException.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads bodies, as JSON or as a form, as their type says.
final class BodyBinder<T> implements Binder<T> {
  private final BodyReader reader;
  private final @Nullable Binder<T> form;

  BodyBinder(BodyReader reader, @Nullable Binder<T> form) {
    this.reader = reader;
    this.form = form;
  }

  @Override
  @SuppressWarnings("unchecked")
  public T bind(Request request) throws Exception {
    String content = request.headers().get("Content-Type", "application/json");
    if (!BodyReader.isJson(content)) {
      Binder<T> fields = form;
      if (fields == null || !BodyReader.isForm(content)) {
        throw new HttpException(415, "not JSON");
      }
      return fields.bind(request);
    }
    List<Problem> problems = new ArrayList<>(0);
    Object read = reader.read(request.body(), problems);
    if (!problems.isEmpty() || read == null) {
      throw new ValidationException(problems);
    }
    return (T) read;
  }
}
