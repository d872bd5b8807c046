package dev.thrum.http.client;

import dev.thrum.http.Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request to be sent: what it is for first, then everything else, then [#send()] or [#open()].
///
/// ```java
/// var found = client.request("GET", "/search").query("q", "async").header("Accept-Language", "en").send();
/// try (var report = client.request("POST", "/reports").json(order).open()) { report.save(file); }
/// ```
///
/// **Time.** There is no timeout of its own: `timeout(ofSeconds(2), () -> request.send())`.
///
/// **Cancellation.** The connection of a request that is cancelled is closed; with HTTP/2 its
/// stream is reset. A request that has to wait for a connection leaves the line.
///
/// **Sent again.** A request is sent once more without being asked for if the server has certainly
/// not looked at it, or if a connection that was kept open turns out to be closed and the method
/// can be repeated without harm, in both cases only if the body can be.
public final class HttpRequest {
  private final HttpClientImpl client;
  private final String method;
  private final Headers headers = Headers.create();
  private final StringBuilder query = new StringBuilder();
  private final Target target;
  private @Nullable HttpBody body;
  private boolean expects;
  private boolean follows = true;
  private int maxBody;

  HttpRequest(HttpClientImpl client, String method, Target target) {
    this.client = client;
    this.method = Objects.requireNonNull(method, "method");
    this.target = target;
    this.maxBody = client.settings().maxBody();
  }

  // What it says

  /// Gives a header this value only.
  ///
  /// @param name its name
  /// @param value its value
  /// @return this
  public HttpRequest header(String name, String value) {
    var _ = headers.set(name, value);
    return this;
  }

  /// Adds headers.
  ///
  /// @param more the headers
  /// @return this
  public HttpRequest headers(Headers more) {
    more.forEach(one -> headers.add(one.getKey(), one.getValue()));
    return this;
  }

  /// Adds a parameter to the query of the address.
  ///
  /// @param name its name, not encoded
  /// @param value its value, not encoded
  /// @return this
  public HttpRequest query(String name, Object value) {
    var _ =
        query
            .append(query.isEmpty() ? "" : "&")
            .append(Target.encodeQuery(name))
            .append('=')
            .append(Target.encodeQuery(value.toString()));
    return this;
  }

  /// Says who is asking, with a name and a password.
  ///
  /// @param user the name, without a colon
  /// @param password the password
  /// @return this
  public HttpRequest basicAuth(String user, String password) {
    return header("Authorization", Dialer.basic(user + ":" + password));
  }

  /// Says who is asking, with a token.
  ///
  /// @param token the token
  /// @return this
  public HttpRequest bearer(String token) {
    return header("Authorization", "Bearer " + token);
  }

  // What it brings

  /// Gives it a body.
  ///
  /// @param content the body
  /// @return this
  public HttpRequest body(HttpBody content) {
    body = Objects.requireNonNull(content, "content");
    return this;
  }

  /// Gives it a text for a body.
  ///
  /// @param text the text
  /// @return this
  public HttpRequest text(String text) {
    return body(HttpBody.text(text));
  }

  /// Gives it an object for a body, as JSON.
  ///
  /// @param value a record, a map, a list, …
  /// @return this
  public HttpRequest json(Object value) {
    return body(HttpBody.json(value));
  }

  /// Gives it a form for a body.
  ///
  /// @param namesAndValues a name, its value, the next name, and so on
  /// @return this
  public HttpRequest form(String... namesAndValues) {
    return body(HttpBody.form(namesAndValues));
  }

  /// Gives it a file for a body.
  ///
  /// @param file where it is
  /// @return this
  public HttpRequest file(Path file) {
    return body(HttpBody.file(file));
  }

  /// Has the server asked whether it wants the body before that is sent. After a second without an
  /// answer it is sent all the same.
  ///
  /// @return this
  public HttpRequest expectContinue() {
    expects = true;
    return this;
  }

  // What becomes of it

  /// Has redirects returned instead of followed.
  ///
  /// @return this
  public HttpRequest withoutRedirects() {
    follows = false;
    return this;
  }

  /// How long the body of the response may be where it is read as a whole.
  ///
  /// @param bytes at least 0
  /// @return this
  public HttpRequest maxBody(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a body of " + bytes + " bytes: give zero or more");
    }
    maxBody = bytes;
    return this;
  }

  /// Sends it, and reads the whole response.
  ///
  /// @return the response, which need not be closed
  /// @throws HttpClientException if there is no response, or one that is not accepted
  /// @throws IOException if the body cannot be read
  public HttpResponse send() throws IOException {
    HttpResponse response = open();
    try {
      var _ = response.bytes();
      return response;
    } finally {
      response.close();
    }
  }

  /// Sends it, and waits for the head of the response.
  ///
  /// @return the response, to be closed
  /// @throws HttpClientException if there is no response
  /// @throws IOException if the body cannot be read
  public HttpResponse open() throws IOException {
    Target to = target.withQuery(query.toString());
    return new Sending(client, this, to).open();
  }

  // For who sends it

  String method() {
    return method;
  }

  Headers headers() {
    return headers;
  }

  @Nullable HttpBody body() {
    return body;
  }

  boolean expects() {
    return expects && body != null;
  }

  boolean follows() {
    return follows;
  }

  int maxBody() {
    return maxBody;
  }

  @Override
  public String toString() {
    return method + " " + target;
  }
}
