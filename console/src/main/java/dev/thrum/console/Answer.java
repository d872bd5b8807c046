package dev.thrum.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import java.util.Map;

/// What is sent back.
final class Answer {

  private static final String JSON = "application/json; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final int status;
  private final String type;
  private final byte[] body;
  private final Map<String, String> headers;

  private Answer(int status, String type, byte[] body, Map<String, String> headers) {
    this.status = status;
    this.type = type;
    this.body = body;
    this.headers = headers;
  }

  private Answer(int status, String type, String text) {
    this(status, type, text.getBytes(UTF_8), Map.of());
  }

  static Answer ok(String type, byte[] body) {
    return new Answer(200, type, body, Map.of());
  }

  static Answer json(String json) {
    return new Answer(200, JSON, json);
  }

  /// An error for the page's script or for another program.
  static Answer error(int status, String sentence) {
    return new Answer(status, JSON, "{\"error\":%s}".formatted(quote(sentence)));
  }

  /// The program itself does not answer.
  static Answer gone(String sentence) {
    return new Answer(502, JSON, "{\"error\":%s,\"gone\":true}".formatted(quote(sentence)));
  }

  static Answer notAllowed(String methods) {
    Answer error = error(405, "Only " + methods.replace(", ", " and ") + " may be used here.");
    return new Answer(error.status, error.type, error.body, Map.of("Allow", methods));
  }

  /// A page for a person, which is one sentence of ours.
  static Answer sentence(int status, String sentence) {
    return new Answer(
        status,
        HTML,
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="color-scheme" content="light dark">
        <title>Thrum console</title>
        <p>%s</p>
        """
            .formatted(sentence));
  }

  void send(Exchange exchange, Headers more) {
    Headers out = more.copy();
    headers.forEach(out::set);
    out.set("Content-Type", type);
    out.set("Cache-Control", "no-store");
    out.set("X-Content-Type-Options", "nosniff");
    out.set("X-Frame-Options", "DENY");
    out.set("Referrer-Policy", "no-referrer");
    out.set("Cross-Origin-Resource-Policy", "same-origin");
    out.set("Content-Security-Policy", POLICY);
    exchange.respond(status, out, body);
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
