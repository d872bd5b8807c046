package dev.thrum.web;

/// What answers a request that has been read into an object, with no more than that it has been
/// done: status 204.
///
/// @param <B> the type of the object
@FunctionalInterface
public interface VoidTypedHandler<B> {

  /// Does what the request asks for.
  ///
  /// @param request the request
  /// @param input what it says
  /// @throws Exception if it cannot: see [Routing#onError]
  void run(Request request, B input) throws Exception;
}
