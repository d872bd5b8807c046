package dev.thrum.web;

import dev.thrum.web.internal.Binder;
import dev.thrum.web.internal.Binders;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.stream.Collectors;

/// Handlers that get the request as an object.
final class Binding {
  private Binding() {}

  /// A handler that does not know yet how requests are read.
  private record Unbound<B>(Type input, VoidTypedHandler<B> handler) implements VoidHandler {
    @Override
    public void run(Request request) {
      throw new IllegalStateException("a typed handler that is in no route");
    }

    VoidHandler bind(Binder<B> binder) {
      if (handler instanceof TypedHandler<B> valued) {
        Handler made = req -> valued.handle(req, binder.bind(req));
        return made;
      }
      return req -> handler.run(req, binder.bind(req));
    }

    VoidHandler bind(RouteInfo route, Binders binders) {
      return bind(binders.<B>of(input, route.method(), names(route)));
    }
  }

  static <B> VoidHandler of(Type input, VoidTypedHandler<B> handler) {
    return new Unbound<>(input, handler);
  }

  /// The parameters in the path and the host.
  static Set<String> names(RouteInfo route) {
    return route.params().stream().map(RouteInfo.Param::name).collect(Collectors.toSet());
  }

  /// A handler in its place, where it is known what the path has.
  static VoidHandler bound(VoidHandler handler, RouteInfo route, Binders binders) {
    return handler instanceof Unbound<?> typed ? typed.bind(route, binders) : handler;
  }

  /// What the program gave: a handler, or one that takes an object.
  static Object unbound(VoidHandler handler) {
    return handler instanceof Unbound<?> typed ? typed.handler : handler;
  }

  static boolean isVoid(VoidHandler handler) {
    return handler instanceof Unbound<?> typed
        ? !(typed.handler instanceof TypedHandler<?>)
        : !(handler instanceof Handler);
  }
}
