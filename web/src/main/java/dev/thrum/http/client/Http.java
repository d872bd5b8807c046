package dev.thrum.http.client;

import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import java.io.IOException;

/// Requests here and there, over connections that the loop keeps open and closes at its end.
///
/// ```java
/// String page = Http.get("https://example.org").text();
/// var answer = Http.post("https://example.org/orders", HttpBody.json(order)).raiseForStatus();
/// var late = timeout(ofSeconds(2), () -> Http.get(url));
/// ```
///
/// No cookies are kept. Who needs them, or settings of one's own, opens an [HttpClient].
public final class Http {
  private Http() {}

  /// Begins a request.
  ///
  /// @param method such as `GET`
  /// @param url what it is for
  /// @return the request, to be sent
  /// @throws IOException if the system has no more of what it takes to wait for sockets
  public static HttpRequest request(String method, String url) throws IOException {
    return HttpClientImpl.ofThisLoop().request(method, url);
  }

  /// Gets something, as a whole.
  ///
  /// @param url what
  /// @return the response
  /// @throws IOException as [HttpRequest#send()]
  public static HttpResponse get(String url) throws IOException {
    return HttpClientImpl.ofThisLoop().get(url);
  }

  /// Gets the headers of something.
  ///
  /// @param url of what
  /// @return the response
  /// @throws IOException as [HttpRequest#send()]
  public static HttpResponse head(String url) throws IOException {
    return HttpClientImpl.ofThisLoop().head(url);
  }

  /// Sends something.
  ///
  /// @param url where to
  /// @param body what
  /// @return the response
  /// @throws IOException as [HttpRequest#send()]
  public static HttpResponse post(String url, HttpBody body) throws IOException {
    return HttpClientImpl.ofThisLoop().post(url, body);
  }

  /// Puts something in a place.
  ///
  /// @param url the place
  /// @param body what
  /// @return the response
  /// @throws IOException as [HttpRequest#send()]
  public static HttpResponse put(String url, HttpBody body) throws IOException {
    return HttpClientImpl.ofThisLoop().put(url, body);
  }

  /// Changes a part of something.
  ///
  /// @param url of what
  /// @param body how
  /// @return the response
  /// @throws IOException as [HttpRequest#send()]
  public static HttpResponse patch(String url, HttpBody body) throws IOException {
    return HttpClientImpl.ofThisLoop().patch(url, body);
  }

  /// Deletes something.
  ///
  /// @param url what
  /// @return the response
  /// @throws IOException as [HttpRequest#send()]
  public static HttpResponse delete(String url) throws IOException {
    return HttpClientImpl.ofThisLoop().delete(url);
  }

  /// Opens a WebSocket with the usual settings.
  ///
  /// @param url an address of `ws`, `wss`, `http` or `https`
  /// @return the WebSocket, to be closed
  /// @throws IOException as [HttpClient#webSocket(String, WebSocketSettings)]
  public static WebSocket webSocket(String url) throws IOException {
    return HttpClientImpl.ofThisLoop().webSocket(url);
  }

  /// Opens a WebSocket.
  ///
  /// @param url an address of `ws`, `wss`, `http` or `https`
  /// @param settings how it is to be
  /// @return the WebSocket, to be closed
  /// @throws IOException as [HttpClient#webSocket(String, WebSocketSettings)]
  public static WebSocket webSocket(String url, WebSocketSettings settings) throws IOException {
    return HttpClientImpl.ofThisLoop().webSocket(url, settings);
  }
}
