package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.net.Connection;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A client of HTTP/1 that sends any bytes, and reads responses as their framing says.
final class RawClient implements Closeable {
  final Connection connection;

  /// A response: its status line, its headers with names in lower case, its body.
  record Response(String line, Map<String, String> headers, String body, String trailers) {
    int status() {
      return Integer.parseInt(line.split(" ", 3)[1]);
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  RawClient(Connection connection) {
    this.connection = connection;
  }

  /// Sends characters as bytes.
  RawClient send(String text) throws IOException {
    connection.write(text.getBytes(ISO_8859_1));
    connection.flush();
    return this;
  }

  /// A simple request.
  RawClient get(String target) throws IOException {
    return send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  /// The next response, to a request that was not `HEAD`.
  Response response() throws IOException {
    return response(true);
  }

  /// The next response.
  ///
  /// @param withBody false after `HEAD`
  Response response(boolean withBody) throws IOException {
    String line = connection.readLine().orElseThrow(() -> new IOException("no response"));
    Map<String, String> headers = headers();
    int status = Integer.parseInt(line.split(" ", 3)[1]);
    boolean bodiless = !withBody || status < 200 || status == 204 || status == 304;
    if (bodiless) {
      return new Response(line, headers, "", "");
    }
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      return chunked(line, headers);
    }
    String length = headers.get("content-length");
    byte[] body =
        length == null ? connection.readAll() : connection.readExactly(Integer.parseInt(length));
    return new Response(line, headers, new String(body, ISO_8859_1), "");
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String one = line(); !one.isEmpty(); one = line()) {
      int colon = one.indexOf(':');
      assertTrue(colon > 0, "a header without a name: " + one);
      String before =
          headers.put(
              one.substring(0, colon).toLowerCase(Locale.ROOT), one.substring(colon + 1).strip());
      assertTrue(before == null, "a header that comes twice: " + one);
    }
    return headers;
  }

  private String line() throws IOException {
    return connection.readLine().orElseThrow(() -> new IOException("it ends in the head"));
  }

  private Response chunked(String line, Map<String, String> headers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = size(); size > 0; size = size()) {
      body.write(connection.readExactly(size));
      assertEquals("", line());
    }
    return new Response(line, headers, body.toString(ISO_8859_1), headers().toString());
  }

  private int size() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  /// Everything that still comes, until the server closes.
  String rest() throws IOException {
    return new String(connection.readAll(), ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  /// Goes away without a word.
  void abort() {
    connection.abort();
  }
}
