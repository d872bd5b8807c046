package dev.thrum.web;

/// What answers a request that has been read into an object. It extends [VoidTypedHandler] only so
/// that the compiler finds one best overload.
///
/// @param <B> the type of the object
@FunctionalInterface
public interface TypedHandler<B> extends VoidTypedHandler<B> {

  /// Answers.
  ///
  /// @param request the request
  /// @param input what it says
  /// @return the response, or what it is to be made of, as in [Handler]
  /// @throws Exception if it cannot: see [Routing#onError]
  Object handle(Request request, B input) throws Exception;

  @Override
  default void run(Request request, B input) throws Exception {
    handle(request, input);
  }
}
