package dev.thrum.http;

/// What answers requests: the seam between a server and everything above it.
///
/// Each request is handled in a task of its own. The task is cancelled when its client goes away,
/// when the server is closed, or when its time is over.
@FunctionalInterface
public interface Application {

  /// Answers a request. When this returns the response is ended, if it is not; nothing of the
  /// exchange can be used after that.
  ///
  /// @param exchange the request, and the response to be made
  /// @throws Exception if it cannot be answered: a failure is logged and becomes a response with
  ///   status 500, or, if the response has begun, a connection that is cut off
  void handle(Exchange exchange) throws Exception;
}
