package dev.thrum.http.client;

import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import java.io.IOException;

/// A client of HTTP/1.1, HTTP/2 and WebSocket, with connections that it keeps open and cookies that
/// it keeps.
///
/// ```java
/// try (var client = HttpClient.builder().baseUrl("https://api.example.org").bearer(token).open()) {
///   User user = client.get("/users/3").raiseForStatus().json(User.class);
///   var found = client.request("GET", "/search").query("q", "loom").send();
/// }
/// ```
///
/// **Addresses.** A client with a base address takes what has no host for a path below it.
///
/// **Connections.** With HTTP/1.1 so many to one host at a time; who needs another one waits, first
/// come, first served. With HTTP/2 one, whose streams all share.
///
/// **Time.** Nothing here takes a timeout: `timeout(ofSeconds(2), () -> client.get(url))`.
///
/// **Threads.** It belongs to the loop on which it was opened; any number of its tasks may use it.
public sealed interface HttpClient extends AutoCloseable permits HttpClientImpl {

  /// Opens a client with the usual settings.
  ///
  /// @return the client, to be closed
  /// @throws IOException if the system has no more of what it takes to wait for sockets
  static HttpClient open() throws IOException {
    return builder().open();
  }

  /// Settings for a client.
  ///
  /// @return a builder
  static HttpClientBuilder builder() {
    return new HttpClientBuilder();
  }

  /// Begins a request.
  ///
  /// @param method such as `GET`
  /// @param url what it is for
  /// @return the request, to be sent
  /// @throws IllegalArgumentException if the address is none
  HttpRequest request(String method, String url);

  /// Gets something, as a whole.
  ///
  /// @param url what
  /// @return the response
  /// @throws IOException as [HttpRequest#send()]
  default HttpResponse get(String url) throws IOException {
    return request("GET", url).send();
  }

  /// Gets the headers of something.
  ///
  /// @param url of what
  /// @return the response
  /// @throws IOException as [HttpRequest#send()]
  default HttpResponse head(String url) throws IOException {
    return request("HEAD", url).send();
  }

  /// Sends something.
  ///
  /// @param url where to
  /// @param body what
  /// @return the response
  /// @throws IOException as [HttpRequest#send()]
  default HttpResponse post(String url, HttpBody body) throws IOException {
    return request("POST", url).body(body).send();
  }

  /// Puts something in a place.
  ///
  /// @param url the place
  /// @param body what
  /// @return the response
  /// @throws IOException as [HttpRequest#send()]
  default HttpResponse put(String url, HttpBody body) throws IOException {
    return request("PUT", url).body(body).send();
  }

  /// Changes a part of something.
  ///
  /// @param url of what
  /// @param body how
  /// @return the response
  /// @throws IOException as [HttpRequest#send()]
  default HttpResponse patch(String url, HttpBody body) throws IOException {
    return request("PATCH", url).body(body).send();
  }

  /// Deletes something.
  ///
  /// @param url what
  /// @return the response
  /// @throws IOException as [HttpRequest#send()]
  default HttpResponse delete(String url) throws IOException {
    return request("DELETE", url).send();
  }

  /// Opens a WebSocket, by HTTP/1.1. The settings' headers are those of the request.
  ///
  /// @param url an address of `ws`, `wss`, `http` or `https`
  /// @param settings how it is to be
  /// @return the WebSocket, to be closed
  /// @throws HttpClientException.BadStatus if the server does not want to
  /// @throws IOException if it cannot be opened
  WebSocket webSocket(String url, WebSocketSettings settings) throws IOException;

  /// Opens a WebSocket with the usual settings.
  ///
  /// @param url an address of `ws`, `wss`, `http` or `https`
  /// @return the WebSocket, to be closed
  /// @throws IOException as [#webSocket(String, WebSocketSettings)]
  default WebSocket webSocket(String url) throws IOException {
    return webSocket(url, WebSocketSettings.DEFAULT);
  }

  /// The cookies.
  ///
  /// @return what servers have set
  /// @throws IllegalStateException if the client keeps none
  CookieJar cookies();

  /// How many connections are open.
  ///
  /// @return the number, in use or not
  int connections();

  /// How many connections of HTTP/1.1 are open and not in use.
  ///
  /// @return the number
  int idle();

  /// Closes all connections, also those that are in use: what waits for a response fails. Closing
  /// twice does nothing.
  @Override
  void close();
}
