package dev.thrum.web;

import dev.thrum.web.internal.Launch.Line;
import java.util.ArrayList;
import java.util.List;

/// An application's routes as lines for people, in the order of [App#routes].
final class RouteLines {
  private final List<Line> lines = new ArrayList<>();

  private RouteLines() {}

  static List<Line> of(App app) {
    RouteLines made = new RouteLines();
    made.add(app, "", "", "", List.of());
    for (Routing.Mount host : app.hosts) {
      made.add(
          host.routes(),
          host.where(),
          "",
          host.routes().prefix(),
          names(List.of(), app.middlewares));
    }
    return List.copyOf(made.lines);
  }

  private void add(Routing<?> part, String host, String path, String prefix, List<String> around) {
    List<String> here = names(around, part.middlewares);
    for (Route route : part.routes) {
      lines.add(
          new Line(
              route.method,
              host,
              path + route.path,
              route.name().isEmpty() ? "" : prefix + route.name(),
              kind(route),
              names(here, route.middlewares),
              route.registered));
    }
    for (Routing.Mount mount : part.mounts) {
      add(mount.routes(), host, path + mount.where(), prefix + mount.routes().prefix(), here);
    }
  }

  private static String kind(Route route) {
    Object handler = Binding.unbound(route.handler);
    if (route.method.equals(RouteInfo.WEBSOCKET)) {
      return "websocket";
    }
    if (handler instanceof StaticFiles) {
      return "files";
    }
    return handler instanceof Beside ? "blocking" : "async";
  }

  private static List<String> names(List<String> before, List<Middleware> more) {
    List<String> all = new ArrayList<>(before);
    more.forEach(one -> all.add(name(one.getClass())));
    return List.copyOf(all);
  }

  /// A lambda is called after the class in which it stands.
  private static String name(Class<?> type) {
    String name = type.getName().substring(type.getPackageName().length()).replaceFirst("^\\.", "");
    int lambda = name.indexOf("$$Lambda");
    return (lambda < 0 ? name : name.substring(0, lambda) + "::lambda").replace('$', '.');
  }
}
