package dev.thrum.web;

import dev.thrum.http.WebSocket;

/// What talks over a WebSocket. The socket is closed when this returns, with 1000; with 1011 if it
/// fails.
@FunctionalInterface
public interface WebSocketHandler {

  /// Talks. It is cancelled when the peer is lost.
  ///
  /// @param socket the open WebSocket
  /// @throws Exception if it fails; that is logged
  void handle(WebSocket socket) throws Exception;

  /// The same with the request at hand.
  @FunctionalInterface
  interface WithRequest {

    /// Talks. It is cancelled when the peer is lost.
    ///
    /// @param request the request that asked for it
    /// @param socket the open WebSocket
    /// @throws Exception if it fails; that is logged
    void handle(Request request, WebSocket socket) throws Exception;
  }
}
