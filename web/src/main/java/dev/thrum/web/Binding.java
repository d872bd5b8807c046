package dev.thrum.web;

/// Handlers that get the request as an object.
final class Binding {
  private Binding() {}

  static <B> VoidHandler of(Class<B> input, VoidTypedHandler<B> handler) {
    if (handler instanceof TypedHandler<B> valued) {
      Handler made = req -> valued.handle(req, req.app().binder().bind(req, input));
      return made;
    }
    return req -> handler.run(req, req.app().binder().bind(req, input));
  }
}
