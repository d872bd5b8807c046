package dev.thrum.web;

/// What answers a request. It extends [VoidHandler] only so that the compiler finds one best
/// overload for a lambda like `req -> users.add(req.text())`.
///
/// What it returns becomes the response:
///
/// | returned | response |
/// | --- | --- |
/// | [Response] | as it is |
/// | `String` | `text/plain`; for pages see [Html] |
/// | `byte[]` | `application/octet-stream` |
/// | `java.nio.file.Path` | the file |
/// | `Optional` | what is in it, or 404 |
/// | anything else: a record, a map, a list, … | JSON |
///
/// `null` is a mistake and becomes a 500; return `Optional` where there may be nothing.
@FunctionalInterface
public interface Handler extends VoidHandler {

  /// Answers. It may wait; it is cancelled when the client goes away.
  ///
  /// @param request the request
  /// @return the response, or what it is to be made of
  /// @throws Exception if it cannot: see [Routing#onError]
  Object handle(Request request) throws Exception;

  @Override
  default void run(Request request) throws Exception {
    handle(request);
  }
}
