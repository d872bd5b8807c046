package dev.thrum.web;

/// What is put around handlers: a plain call, with code before and after it.
///
/// ```java
/// app.use((req, next) -> {
///   var response = next.handle(req);
///   return response.header("X-Frame-Options", "DENY");
/// });
/// ```
///
/// It runs in the order of registration, the application's before a sub-router's before a route's,
/// and around answers without a handler too: 404, 405, redirects for a slash, `OPTIONS`. The route
/// has been found already when it is called.
///
/// **Errors.** An exception that has an answer (an [dev.thrum.http.HttpException], or one with a
/// handler by [Routing#onError]) is that answer's [Response] by the time a middleware gets it; any
/// other comes out of `next.handle` as it was thrown.
///
/// **Non-guarantees.** A response whose body is written as a stream, and a WebSocket, have not
/// begun when `next.handle` returns.
@FunctionalInterface
public interface Middleware {

  /// Answers a request, mostly by asking the next one.
  ///
  /// @param request the request
  /// @param next what is inside
  /// @return the response
  /// @throws Exception if it cannot
  Response handle(Request request, Next next) throws Exception;

  /// What is inside a middleware.
  @FunctionalInterface
  interface Next {

    /// Answers a request.
    ///
    /// @param request the request
    /// @return the response
    /// @throws Exception if it cannot
    Response handle(Request request) throws Exception;
  }
}
