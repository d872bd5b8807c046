package dev.thrum.web;

import dev.thrum.CancelledException;
import dev.thrum.http.HttpException;
import dev.thrum.http.Status;
import dev.thrum.web.ValidationException.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers to errors where the program has none of its own.
final class Errors {
  private Errors() {}

  static boolean isCancellation(Throwable failure) {
    return failure instanceof CancelledException || failure instanceof InterruptedException;
  }

  @SuppressWarnings("unchecked")
  static <E extends Exception> Response ask(
      ErrorHandler<E> handler, Request request, Exception failure) throws Exception {
    return Results.of(handler.handle(request, (E) failure), 0, request, null);
  }

  static Response plain(Request request, HttpException failure) {
    Response made =
        isForPeople(request)
            ? page(failure.status(), failure.detail())
            : detail(request, failure.status(), failure.detail());
    for (Map.Entry<String, String> one : failure.headers()) {
      made = made.addHeader(one.getKey(), one.getValue());
    }
    return made;
  }

  static Response internal(Request request) {
    String text = Status.reason(500);
    return isForPeople(request) ? page(500, text) : detail(request, 500, text);
  }

  static boolean isForPeople(Request request) {
    return request.headers().contains("Accept")
        && request.prefers("application/json", "text/html").orElse("").equals("text/html");
  }

  private static Response detail(Request request, int status, Object detail) {
    Map<String, Object> said = Map.of("detail", detail);
    return Response.json(said).status(status).body(request.app().json().bytes(said));
  }

  private static Response page(int status, String detail) {
    String title = status + " " + Html.escape(Status.reason(status));
    String more =
        detail.equals(Status.reason(status)) ? "" : "<p>" + Html.escape(detail) + "</p>\n";
    return Response.html(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>%1$s</title></head>
            <body><h1>%1$s</h1>
            %2$s</body>
            </html>
            """
                .formatted(title, more))
        .status(status);
  }

  static Response invalid(
      Request request, ValidationException failure, @Nullable ErrorHandler<?> handler)
      throws Exception {
    if (handler != null) {
      return ask(handler, request, new HttpException(422, failure.getMessage() + ""));
    }
    List<Map<String, Object>> problems = new ArrayList<>();
    for (Problem one : failure.problems()) {
      Map<String, Object> shown = new LinkedHashMap<>();
      shown.put("type", one.type());
      shown.put("loc", one.loc());
      shown.put("msg", one.msg());
      one.input().ifPresent(input -> shown.put("input", input));
      problems.add(shown);
    }
    return detail(request, 422, problems);
  }
}
