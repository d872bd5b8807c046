package dev.thrum.web;

/// What answers a request with no more than that it has been done: status 204.
@FunctionalInterface
public interface VoidHandler {

  /// Does what the request asks for. It may wait; it is cancelled when the client goes away.
  ///
  /// @param request the request
  /// @throws Exception if it cannot: see [Routing#onError]
  void run(Request request) throws Exception;
}
