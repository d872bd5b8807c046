package dev.thrum.web;

import dev.thrum.http.HttpException;
import dev.thrum.web.internal.Returns;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes responses of what handlers return.
final class Results {
  private Results() {}

  /// @param status the status of a plain result, or 0
  /// @param returns what the route says that it returns
  static Response of(
      @Nullable Object result, int status, Request request, @Nullable Returns returns) {
    Response made =
        switch (result) {
          case Response response -> response;
          case String text when returns == null || returns.isText() ->
              with(status, Response.text(text));
          case byte[] bytes -> with(status, Response.bytes(bytes));
          case Path path -> with(status, Response.file(path));
          case Optional<?> perhaps ->
              of(perhaps.orElseThrow(() -> new HttpException(404)), status, request, returns);
          case null ->
              throw new IllegalStateException(
                  "the handler of "
                      + request
                      + " returned null; return an Optional if there may be nothing");
          default -> with(status, Response.json(result));
        };
    return made.content() instanceof Content.Value(Object value)
        ? made.body(bytes(value, made.status(), request, returns))
        : made;
  }

  private static byte[] bytes(
      Object value, int status, Request request, @Nullable Returns returns) {
    return returns == null || status < 200 || status > 299
        ? request.app().json().bytes(value)
        : returns.bytes(value);
  }

  private static Response with(int status, Response made) {
    return status == 0 ? made : made.status(status);
  }
}
