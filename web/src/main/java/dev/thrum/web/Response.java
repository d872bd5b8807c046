package dev.thrum.web;

import dev.thrum.VoidBody;
import dev.thrum.http.Cookie;
import dev.thrum.http.Headers;
import dev.thrum.http.Status;
import dev.thrum.http.WebSocketSettings;
import dev.thrum.web.internal.Attachment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A response that is to be sent. It cannot be changed; what seems to change it returns another.
///
/// ```java
/// return Response.text("hello").header("Cache-Control", "no-store").cookie(Cookie.of("seen", "1"));
/// ```
///
/// **When it is sent.** After the last middleware has returned it. Writers of streams run then, and
/// a WebSocket is opened then; what the request has from its [Dependency]s is still open.
///
/// **Errors.** Names and values of headers are checked when it is sent; one that HTTP has no place
/// for makes it a 500.
///
/// **Threads.** Any.
public final class Response {
  private static final String[] NO_HEADERS = {};
  private static final String TYPE = "Content-Type";
  private static final String[] JSON = {TYPE, "application/json"};
  private static final String[] TEXT = {TYPE, "text/plain; charset=utf-8"};
  private static final String[] HTML = {TYPE, "text/html; charset=utf-8"};
  private static final String[] BYTES = {TYPE, "application/octet-stream"};

  private final int status;
  private final String[] headers; // name, value, name, value, …
  private final Content content;
  private final List<VoidBody<?>> after;

  private Response(int status, String[] headers, Content content, List<VoidBody<?>> after) {
    this.status = status;
    this.headers = headers;
    this.content = content;
    this.after = after;
  }

  private static Response ok(String[] headers, Content content) {
    return new Response(200, headers, content, List.of());
  }

  // New ones

  /// A response without a body.
  ///
  /// @param status from 200 to 999
  /// @return a response
  public static Response of(int status) {
    return new Response(checked(status), NO_HEADERS, Content.NONE, List.of());
  }

  /// A text, in UTF-8.
  ///
  /// @param text the text
  /// @return a response with status 200
  public static Response text(String text) {
    return ok(TEXT, new Content.Bytes(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// A page, in UTF-8.
  ///
  /// @param page the text of the page, which is sent as it is
  /// @return a response with status 200
  public static Response html(String page) {
    return ok(HTML, new Content.Bytes(page.getBytes(StandardCharsets.UTF_8)));
  }

  /// An object as JSON. It is written when the handler has returned.
  ///
  /// @param value a record, a map, a list, …
  /// @return a response with status 200
  public static Response json(Object value) {
    return ok(JSON, new Content.Value(Objects.requireNonNull(value, "value")));
  }

  /// Bytes.
  ///
  /// @param bytes the bytes, which must not be changed any more
  /// @return a response with status 200 and `application/octet-stream`
  public static Response bytes(byte[] bytes) {
    return ok(BYTES, new Content.Bytes(Objects.requireNonNull(bytes, "bytes")));
  }

  /// A file, with the type that its name tells. It is opened when the response is sent, beside the
  /// loop; if it is not there, or is no plain file, the response becomes a 404.
  ///
  /// Clients may ask for parts of it (`Range`, `If-Range`), and only for what has changed (`ETag`,
  /// `Last-Modified`), unless the response is given another status than 200. An `ETag` that it is
  /// given counts in the place of one that is made of the file's size and time.
  ///
  /// It is the program's own word which file: a path that a client gives must be checked before.
  ///
  /// @param path where it is
  /// @return a response with status 200
  public static Response file(Path path) {
    return ok(NO_HEADERS, new Content.FileAt(Objects.requireNonNull(path, "path")));
  }

  /// A file that the client is to save under a name: see [#file] and [#attachment].
  ///
  /// @param path where it is
  /// @param name the name, such as `report.pdf`
  /// @return a response with status 200
  public static Response download(Path path, String name) {
    return file(path).attachment(name);
  }

  /// A body that is written while it is sent, of a length that need not be known.
  ///
  /// @param writer writes it
  /// @return a response with status 200 and `application/octet-stream`
  public static Response stream(BodyWriter writer) {
    return ok(BYTES, new Content.Written(Objects.requireNonNull(writer, "writer")));
  }

  /// Sends the client somewhere else, with 303: it asks for that with `GET`. With
  /// `redirect(url).status(307)` it repeats its request there.
  ///
  /// @param url where to, as it stands in a header; if a client has a say in it, it must be checked
  ///   before
  /// @return a response with status 303
  public static Response redirect(String url) {
    return of(303).header("Location", url);
  }

  /// A WebSocket, if the client has asked for one. Headers of the response are sent with it.
  ///
  /// @param handler talks over it
  /// @return a response with status 101
  public static Response webSocket(WebSocketHandler handler) {
    return webSocket(WebSocketSettings.DEFAULT, handler);
  }

  /// A WebSocket with settings of its own, if the client has asked for one.
  ///
  /// @param settings sub-protocols, limits, pings, headers
  /// @param handler talks over it
  /// @return a response with status 101
  public static Response webSocket(WebSocketSettings settings, WebSocketHandler handler) {
    Objects.requireNonNull(handler, "handler");
    Objects.requireNonNull(settings, "settings");
    return new Response(101, NO_HEADERS, new Content.Socket(handler, settings), List.of());
  }

  private static int checked(int status) {
    if (status < 200 || status > 999) {
      throw new IllegalArgumentException("status " + status + ": give 200 to 999");
    }
    return status;
  }

  // Other ones

  /// The same with another status.
  ///
  /// @param number from 200 to 999
  /// @return a response
  public Response status(int number) {
    return new Response(checked(number), headers, content, after);
  }

  /// The same with a header, in the place of those with the same name.
  ///
  /// @param name the name
  /// @param value its value
  /// @return a response
  public Response header(String name, String value) {
    return new Response(status, appended(without(name), name, value), content, after);
  }

  /// The same with one more header.
  ///
  /// @param name the name
  /// @param value its value
  /// @return a response
  public Response addHeader(String name, String value) {
    return new Response(status, appended(headers, name, value), content, after);
  }

  /// The same without the headers of a name.
  ///
  /// @param name the name
  /// @return a response
  public Response removeHeader(String name) {
    return new Response(status, without(name), content, after);
  }

  /// The same with another type of content.
  ///
  /// @param contentType such as `text/csv; charset=utf-8`
  /// @return a response
  public Response type(String contentType) {
    return header(TYPE, contentType);
  }

  /// The same, to be saved by the client under a name and not to be shown (`Content-Disposition`).
  ///
  /// @param name the name, of any letters; what no name of a file may have is `_` in it
  /// @return a response
  public Response attachment(String name) {
    return header("Content-Disposition", Attachment.header(name));
  }

  /// The same with a cookie to be kept by the client.
  ///
  /// @param cookie the cookie
  /// @return a response
  /// @throws IllegalArgumentException if it has what a cookie must not have
  public Response cookie(Cookie cookie) {
    return addHeader("Set-Cookie", cookie.encode());
  }

  /// The same with something to be done when it has been sent: see [Request#after].
  ///
  /// @param body what is to be done
  /// @return a response
  public Response after(VoidBody<?> body) {
    List<VoidBody<?>> more = new ArrayList<>(after);
    more.add(Objects.requireNonNull(body, "body"));
    return new Response(status, headers, content, List.copyOf(more));
  }

  private static String[] appended(String[] to, String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    String[] made = Arrays.copyOf(to, to.length + 2);
    made[to.length] = name;
    made[to.length + 1] = value;
    return made;
  }

  private String[] without(String name) {
    if (find(name) < 0) {
      return headers;
    }
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      if (!headers[i].equalsIgnoreCase(name)) {
        kept.add(headers[i]);
        kept.add(headers[i + 1]);
      }
    }
    return kept.toArray(String[]::new);
  }

  private int find(String name) {
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  // What it is

  /// The status.
  ///
  /// @return 101 for a WebSocket, or from 200 to 999
  public int status() {
    return status;
  }

  /// The first header of a name.
  ///
  /// @param name the name
  /// @return its value; nothing if there is none
  public Optional<String> header(String name) {
    int at = find(name);
    return at < 0 ? Optional.empty() : Optional.of(headers[at + 1]);
  }

  /// The headers, for reading. `Content-Length` and `Date` are added later.
  ///
  /// @return a copy
  public Headers headers() {
    Headers made = Headers.create();
    for (int i = 0; i < headers.length; i += 2) {
      var _ = made.add(headers[i], headers[i + 1]);
    }
    return made;
  }

  /// The body, if it is there already: not that of a file, a stream or a WebSocket, and of an
  /// object only once the handler has returned.
  ///
  /// @return the bytes, which must not be changed
  public Optional<byte[]> body() {
    return content instanceof Content.Bytes(byte[] bytes) ? Optional.of(bytes) : Optional.empty();
  }

  /// The same with another body, for middleware that changes it.
  ///
  /// @param bytes the bytes, which must not be changed any more
  /// @return a response
  public Response body(byte[] bytes) {
    return with(new Content.Bytes(bytes));
  }

  @Override
  public String toString() {
    return status + " " + Status.reason(status);
  }

  Content content() {
    return content;
  }

  List<VoidBody<?>> after() {
    return after;
  }

  Response with(Content other) {
    return new Response(status, headers, other, after);
  }
}
