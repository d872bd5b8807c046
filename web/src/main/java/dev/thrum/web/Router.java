package dev.thrum.web;

import dev.thrum.web.Middleware.Next;
import dev.thrum.web.internal.Binder;
import dev.thrum.web.internal.Binders;
import dev.thrum.web.internal.Returns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The routes of an application as they are looked for, with what is around each.
///
/// Routes of all parts lie in one tree for each host, so that a path is walked over once; the parts
/// remain as [Site]s, which know their middlewares and error handlers.
final class Router {
  private final Map<String, Converter<?>> converters;
  private final Binders binders;
  private final Place main;
  private final PathTree<Place, Place> hosts = new PathTree<>();
  private final boolean hasHosts;
  private final List<RouteInfo> infos = new ArrayList<>();
  private final Map<String, PathPattern> named = new HashMap<>();
  private final Map<String, Route> namedRoutes = new HashMap<>();
  private final Map<Bound, Binder<?>> bound = new ConcurrentHashMap<>();

  /// A record that is asked for in a route.
  private record Bound(Class<?> type, Optional<Endpoint> endpoint) {}

  /// The routes for a host.
  private static final class Place {
    final PathTree<Leaf, Site> tree = new PathTree<>();
    final Site site;
    final String host;
    final List<PathPattern.Param> params;
    String[] names = {};

    Place(Site site, String host, List<PathPattern.Param> params) {
      this.site = site;
      this.host = host;
      this.params = params;
    }
  }

  /// The routes for a path.
  static final class Leaf {
    private final Endpoint[] endpoints;

    Leaf(Endpoint... endpoints) {
      this.endpoints = endpoints;
    }

    @Nullable Endpoint find(String method) {
      for (Endpoint one : endpoints) {
        if (one.info.method().equals(method)) {
          return one;
        }
      }
      return null;
    }

    private static Leaf merge(Leaf before, Leaf more) {
      Endpoint added = more.endpoints[0];
      Endpoint same = before.find(added.info.method());
      if (same != null) {
        throw new IllegalStateException(
            "two routes for the same: "
                + (same.info.method() + " " + same.info.path())
                + " and "
                + added.info.path());
      }
      Endpoint[] all = java.util.Arrays.copyOf(before.endpoints, before.endpoints.length + 1);
      all[before.endpoints.length] = added;
      return new Leaf(all);
    }
  }

  /// A route in its place.
  static final class Endpoint {
    final RouteInfo info;
    final Next chain;
    final Site site;
    private final String[] names;

    Endpoint(RouteInfo info, Next chain, Site site, String[] names) {
      this.info = info;
      this.chain = chain;
      this.site = site;
      this.names = names;
    }
  }

  /// A search for a request's route, and what it has found.
  static final class Match extends PathTree.Walk<Leaf, Site> {
    private final String method;
    private final boolean webSocket;
    @Nullable Endpoint endpoint;
    Site site;
    Set<String> allowed = Set.of();
    boolean isForWebSockets;
    private String[] hostNames = {};
    private String[] hostTexts = {};
    private Object[] hostValues = {};

    Match(String path, String method, boolean webSocket, Site site) {
      super(path);
      this.method = method;
      this.webSocket = webSocket;
      this.site = site;
    }

    @Override
    boolean accepts(Leaf leaf) {
      endpoint = webSocket ? leaf.find(RouteInfo.WEBSOCKET) : null;
      if (endpoint == null) {
        endpoint = leaf.find(method);
      }
      if (endpoint == null && method.equals("HEAD")) {
        endpoint = leaf.find("GET");
      }
      if (endpoint != null) {
        site = endpoint.site;
        return true;
      }
      note(leaf);
      return false;
    }

    private void note(Leaf leaf) {
      for (Endpoint one : leaf.endpoints) {
        if (one.info.method().equals(RouteInfo.WEBSOCKET)) {
          isForWebSockets = true;
        } else {
          if (allowed.isEmpty()) {
            allowed = new TreeSet<>();
          }
          allowed.add(one.info.method());
        }
      }
    }

    @Override
    void passes(Site below) {
      site = below;
    }

    String text(String name) {
      int at = endpoint == null ? -1 : indexOf(endpoint.names, name);
      return at >= 0 ? texts[at] : hostTexts[hostIndex(name)];
    }

    Object value(String name) {
      int at = endpoint == null ? -1 : indexOf(endpoint.names, name);
      return at >= 0 ? values[at] : hostValues[hostIndex(name)];
    }

    private int hostIndex(String name) {
      int at = indexOf(hostNames, name);
      if (at < 0) {
        throw new IllegalArgumentException(
            "no parameter is called \""
                + name
                + "\" in "
                + (endpoint == null ? "this path" : endpoint.info.path()));
      }
      return at;
    }

    private static int indexOf(String[] names, String name) {
      for (int i = 0; i < names.length; i++) {
        if (names[i].equals(name)) {
          return i;
        }
      }
      return -1;
    }
  }

  private static final class HostMatch extends PathTree.Walk<Place, Place> {
    @Nullable Place place;

    HostMatch(String host) {
      super(host);
    }

    @Override
    boolean accepts(Place leaf) {
      place = leaf;
      return true;
    }

    @Override
    void passes(Place below) {}
  }

  Router(App app, Map<String, Converter<?>> converters) {
    this.converters = converters;
    this.binders = new Binders(app.json().mapper());
    Site site = new Site(null, app);
    main = new Place(site, "", List.of());
    add(main, site, app, "", "");
    addOwn(site, app);
    hasHosts = !app.hosts.isEmpty();
    for (Routing.Mount host : app.hosts) {
      addHost(site, host);
    }
  }

  /// Adds what an application has by itself, where the program has nothing of its own.
  private void addOwn(Site site, App app) {
    for (Route route : app.ownRoutes()) {
      if (infos.stream().noneMatch(one -> one.path().equals(route.path))) {
        add(main, site, route, route.path, "");
        RouteInfo _ = infos.removeLast();
      }
    }
  }

  private void addHost(Site around, Routing.Mount host) {
    PathPattern pattern = PathPattern.parse(host.where(), converters);
    Site site = new Site(around, host.routes());
    Place place = new Place(site, host.where(), pattern.params());
    place.names = pattern.names();
    add(place, site, host.routes(), "", host.routes().prefix());
    hosts.put(
        pattern,
        place,
        (_, _) -> {
          throw new IllegalStateException("two parts for the host " + host.where());
        });
  }

  private void add(Place place, Site site, Routing<?> part, String path, String prefix) {
    for (Route route : part.routes) {
      add(place, site, route, path + route.path, prefix);
    }
    for (Routing.Mount mount : part.mounts) {
      String below = path + mount.where();
      Site inner = new Site(site, mount.routes());
      place.tree.putBelow(PathPattern.parse(below, converters), inner);
      add(place, inner, mount.routes(), below, prefix + mount.routes().prefix());
    }
  }

  private void add(Place place, Site site, Route route, String path, String prefix) {
    if (path.isEmpty()) {
      throw new IllegalStateException("a route at the root needs the path /");
    }
    PathPattern pattern = PathPattern.parse(path, converters);
    List<PathPattern.Param> params = new ArrayList<>(place.params);
    params.addAll(pattern.params());
    RouteInfo info =
        route.info(place.host, path, prefix, params, site.middlewares(), site.isHidden());
    Next chain = site.compose(terminal(route, info), List.copyOf(route.middlewares));
    Endpoint endpoint = new Endpoint(info, chain, site, pattern.names());
    place.tree.put(pattern, new Leaf(endpoint), Leaf::merge);
    infos.add(info);
    name(info.name(), route, pattern);
  }

  private void name(String name, Route route, PathPattern pattern) {
    if (name.isEmpty() || namedRoutes.get(name) == route) {
      return;
    }
    Route other = namedRoutes.put(name, route);
    if (other != null) {
      throw new IllegalStateException(
          "two routes are called \"" + name + "\": " + other + " and " + route);
    }
    named.put(name, pattern);
  }

  private Next terminal(Route route, RouteInfo info) {
    int status = route.status();
    VoidHandler typed = Binding.bound(route.handler, info, binders);
    if (typed instanceof Handler handler) {
      Returns returns = info.returns().map(binders::returns).orElse(null);
      return request -> Results.of(handler.handle(request), status, request, returns);
    }
    Response done = Response.of(status == 0 ? 204 : status);
    return request -> {
      typed.run(request);
      return done;
    };
  }

  /// What puts records together for the requests of a route, or of none.
  @SuppressWarnings("unchecked")
  <T> Binder<T> binder(Class<T> type, @Nullable Match match) {
    Endpoint found = match == null ? null : match.endpoint;
    Bound key = new Bound(type, Optional.ofNullable(found));
    Binder<?> known = bound.get(key);
    if (known == null) {
      known = binders.of(type, "GET", found == null ? Set.of() : Binding.names(found.info));
      bound.put(key, known);
    }
    return (Binder<T>) known;
  }

  /// Looks for the route of a request.
  Match find(Request request) {
    return find(request, request.routingPath());
  }

  private Match find(Request request, String path) {
    Place place = main;
    HostMatch host = null;
    if (hasHosts) {
      host = new HostMatch(request.host());
      if (hosts.find(host) && host.place != null) {
        place = host.place;
      } else {
        host = null;
      }
    }
    Match match = new Match(path, request.method(), request.exchange().isWebSocket(), place.site);
    if (host != null) {
      match.hostNames = place.names;
      match.hostTexts = host.texts;
      match.hostValues = host.values;
    }
    place.tree.find(match);
    return match;
  }

  /// Whether there is a route for a path, whatever its method.
  boolean exists(Request request, String path) {
    Match match = find(request, path);
    return match.endpoint != null || !match.allowed.isEmpty();
  }

  /// What answers: a route, or what is there without one.
  static Next chain(Match match) {
    Endpoint found = match.endpoint;
    return found == null ? match.site.fallback : found.chain;
  }

  List<RouteInfo> infos() {
    return infos;
  }

  String url(String name, Object... values) {
    PathPattern pattern = named.get(name);
    if (pattern == null) {
      throw new IllegalArgumentException("no route is called \"" + name + "\"");
    }
    return pattern.fill(values);
  }
}
