package dev.thrum.web;

import dev.thrum.http.HttpException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes responses of what handlers return.
final class Results {
  private Results() {}

  /// @param status the status of a plain result, or 0
  static Response of(@Nullable Object result, int status, Request request) {
    Response made =
        switch (result) {
          case Response response -> response;
          case String text -> with(status, Response.text(text));
          case byte[] bytes -> with(status, Response.bytes(bytes));
          case Path path -> with(status, Response.file(path));
          case Optional<?> perhaps ->
              of(perhaps.orElseThrow(() -> new HttpException(404)), status, request);
          case null ->
              throw new IllegalStateException(
                  "the handler of "
                      + request
                      + " returned null; return an Optional if there may be nothing");
          default -> with(status, Response.json(result));
        };
    return made.written(request.app().json());
  }

  private static Response with(int status, Response made) {
    return status == 0 ? made : made.status(status);
  }
}
