package dev.thrum.web;

/// What answers when something has failed.
///
/// @param <E> what was thrown
@FunctionalInterface
public interface ErrorHandler<E extends Exception> {

  /// Answers.
  ///
  /// @param request the request
  /// @param failure what was thrown
  /// @return the response, or what it is to be made of, as in [Handler]
  /// @throws Exception if it cannot either; an [dev.thrum.http.HttpException] is answered plainly
  Object handle(Request request, E failure) throws Exception;
}
