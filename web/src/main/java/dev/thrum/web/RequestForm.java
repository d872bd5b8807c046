package dev.thrum.web;

import dev.thrum.http.HttpException;
import dev.thrum.web.internal.Accept;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// A form that has been read.
///
/// @param fields the fields that are texts
/// @param files the files, by the names of their fields
record RequestForm(Params fields, Map<String, List<Upload>> files) {
  private static final String ENCODED = "application/x-www-form-urlencoded";
  private static final String PARTS = "multipart/form-data";

  static boolean isInParts(Request request) {
    return request.header("Content-Type").map(Accept::bare).filter(PARTS::equals).isPresent();
  }

  static RequestForm read(Request request) throws IOException {
    FormLimits limits = request.attribute(FormLimits.KEY).orElse(FormLimits.STANDARD);
    if (isInParts(request)) {
      limits.total().ifPresent(request.exchange()::bodyLimit);
      return Multipart.read(request, request.bodyStream(), limits);
    }
    if (!request.header("Content-Type").map(Accept::bare).orElse("").equals(ENCODED)) {
      throw new HttpException(415, "not a form");
    }
    byte[] body =
        request
            .body(limits.text())
            .orElseThrow(() ->
                new HttpException(
                    413, "the fields of the form have more than " + limits.text() + " bytes"));
    return new RequestForm(encoded(body, limits), Map.of());
  }

  private static Params encoded(byte[] body, FormLimits limits) {
    String text = new String(body, StandardCharsets.UTF_8);
    if (text.chars().filter(one -> one == '&').count() >= Math.max(1, limits.fields())) {
      throw new HttpException(400, "the form has more than " + limits.fields() + " fields");
    }
    return Params.parse("body", text);
  }
}
