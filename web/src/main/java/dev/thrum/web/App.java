package dev.thrum.web;

import dev.thrum.Body;
import dev.thrum.Loop;
import dev.thrum.VoidBody;
import dev.thrum.http.Application;
import dev.thrum.http.Exchange;
import dev.thrum.http.Server;
import dev.thrum.internal.Sneaky;
import dev.thrum.sync.CapacityLimiter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A web application: routes, what is around them, and how it is to run.
///
/// **Errors** never reach the server: they are answered, and those that nobody expects are logged
/// by `dev.thrum.web` with the request's line, on a thread of its own. See [Routing#onError].
///
/// **Cancellation.** The task of a request is cancelled when its client goes away. No response is
/// made then, and no error handler is asked; what the request's [Dependency]s hold is closed.
///
/// **Threads.** An application may be served by several loops at a time; each request belongs to
/// one. Routes and settings are there before that. [Lifespan]s and what it is given by [#set] are
/// there once for all loops, so what handlers get from it has to be made for threads then, as pools
/// of databases, channels and locks are; what belongs to one loop, such as an HTTP client, is not
/// for the others.
public final class App extends Routing<App> implements Application {
  private final Map<String, Converter<?>> converters = new HashMap<>(Converters.ALL);
  private final List<Lifespan> lifespans = new ArrayList<>();
  private final Map<Key<?>, Object> state = new ConcurrentHashMap<>();
  private final Map<Loop, Running> running = new ConcurrentHashMap<>();
  private final CapacityLimiter blocking = CapacityLimiter.create("blocking handlers", 40);
  private volatile Map<Dependency<?>, Dependency<?>> overrides = Map.of();
  private volatile @Nullable Router router;
  private Json json = Json.standard();
  private @Nullable Templates templates;
  private Duration grace = Duration.ofSeconds(10);
  private String title = "Thrum";
  private String version = "0.1.0";
  private boolean debug;
  private @Nullable Meters meters;
  private List<Middleware> guards = List.of();
  private @Nullable Health health;
  private volatile boolean draining;
  private boolean undocumented;

  /// The path below which it is seen, without a slash at its end.
  String rootPath = "";

  private App() {}

  /// An application without routes.
  ///
  /// @return an application
  public static App create() {
    return new App();
  }

  // Settings

  /// Shows failures to clients: a page with the stack and the source. For the developer's own
  /// machine only, as it tells everybody what the program is made of.
  ///
  /// @return this
  public App debug() {
    mayChange();
    debug = true;
    return this;
  }

  /// Says what its description is headed with: see [#withoutDocs].
  ///
  /// @param name its name, at first `Thrum`
  /// @param number the version of what it offers, at first `0.1.0`
  /// @return this
  public App title(String name, String number) {
    mayChange();
    title = Objects.requireNonNull(name, "name");
    version = Objects.requireNonNull(number, "number");
    return this;
  }

  /// Does not describe itself. Otherwise there is `/openapi.json`, its routes in OpenAPI 3.1, and
  /// pages for people: `/docs`, which can also try them, and `/redoc`. Routes of its own for these
  /// paths count instead; middleware is around them as around all routes.
  ///
  /// @return this
  public App withoutDocs() {
    mayChange();
    undocumented = true;
    return this;
  }

  /// Counts its requests, and tells what it has counted at `/metrics`, in the text format of
  /// Prometheus: requests by method, route and status, how long they took, how large they were, how
  /// many are under way, tasks, and how long a task waits for its turn.
  ///
  /// Everybody who gets at that path can read it, unless something is put around it:
  /// `app.metrics(Auth.require(KEY))`.
  ///
  /// @param around middlewares around `/metrics`, the outermost first
  /// @return this
  public App metrics(Middleware... around) {
    mayChange();
    guards = List.of(around);
    meters = new Meters();
    return this;
  }

  @Nullable Meters meters() {
    return meters;
  }

  /// Tells at `/health/live` and `/health/ready` whether it can do its work.
  ///
  /// @return where checks are added, the same one each time
  public Health health() {
    mayChange();
    Health known = health;
    if (known == null) {
      known = new Health(this);
      health = known;
    }
    return known;
  }

  /// Says that it is being ended: it is not ready for more.
  ///
  /// @return for how long that is to be seen before it takes no more requests
  Duration drain() {
    draining = true;
    Health known = health;
    return known == null ? Duration.ZERO : known.notice();
  }

  boolean isDraining() {
    return draining;
  }

  /// The routes that it has by itself.
  List<Route> ownRoutes() {
    List<Route> all = new ArrayList<>();
    if (!undocumented) {
      all.addAll(Docs.routes(this, title, version));
    }
    Meters counted = meters;
    if (counted != null) {
      Handler telling =
          _ ->
              Response.text(counted.text(List.copyOf(running.keySet())))
                  .type("text/plain; version=0.0.4; charset=utf-8");
      Route route = new Route(this, "GET", "/metrics", telling, Optional.empty());
      route.middlewares.addAll(guards);
      all.add(route);
    }
    Health known = health;
    if (known != null) {
      all.addAll(known.routes());
    }
    return all;
  }

  /// Reads and writes JSON in another way.
  ///
  /// @param other how
  /// @return this
  public App json(Json other) {
    mayChange();
    json = Objects.requireNonNull(other, "other");
    return this;
  }

  /// Makes pages of the templates in a folder: see [Request#render].
  ///
  /// @param folder the folder
  /// @return this
  /// @throws IllegalStateException if Pebble is not there
  public App templates(Path folder) {
    return templates(Templates.of(folder));
  }

  /// Makes pages of templates.
  ///
  /// @param others where they are, and how they are read
  /// @return this
  public App templates(Templates others) {
    mayChange();
    templates = Objects.requireNonNull(others, "others");
    return this;
  }

  Templates templates() {
    Templates known = templates;
    if (known == null) {
      throw new IllegalStateException("no templates: say app.templates(…) where they are");
    }
    return known;
  }

  /// Adds a kind of parameter: `converter("hex", …)` for `{color:hex}`.
  ///
  /// @param name its name in paths
  /// @param converter what reads it
  /// @return this
  public App converter(String name, Converter<?> converter) {
    mayChange();
    if (converters.putIfAbsent(name, Objects.requireNonNull(converter, "converter")) != null) {
      throw new IllegalArgumentException("there is a converter \"" + name + "\" already");
    }
    return this;
  }

  /// How many handlers by [Web#blocking] may be at work at a time, at first 40; more wait in order.
  ///
  /// @param most at least 1
  /// @return this
  public App blockingLimit(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("a limit of " + most + ": give at least 1");
    }
    blocking.resize(most);
    return this;
  }

  /// How long what runs after responses may go on when the application ends, at first 10 s; then it
  /// is cancelled.
  ///
  /// @param limit zero or more
  /// @return this
  public App grace(Duration limit) {
    mayChange();
    if (limit.isNegative()) {
      throw new IllegalArgumentException("a grace of " + limit + ": give zero or more");
    }
    grace = limit;
    return this;
  }

  /// Has something open while it runs: see [Lifespan].
  ///
  /// @param lifespan what opens and closes it
  /// @return this
  public App lifespan(Lifespan lifespan) {
    mayChange();
    lifespans.add(Objects.requireNonNull(lifespan, "lifespan"));
    return this;
  }

  // State

  /// Gives the application a value, as a [Lifespan] does with what it has opened. From any thread.
  ///
  /// @param key the key
  /// @param value the value
  /// @param <T> the type of the value
  /// @return this
  public <T> App set(Key<T> key, T value) {
    state.put(key, value);
    return this;
  }

  /// A value that the application was given.
  ///
  /// @param key the key
  /// @param <T> the type of the value
  /// @return the value
  /// @throws IllegalStateException if there is none
  @SuppressWarnings("unchecked")
  public <T> T get(Key<T> key) {
    Object value = state.get(key);
    if (value == null) {
      throw new IllegalStateException("the application has no " + key);
    }
    return (T) value;
  }

  /// A value that the application may have been given.
  ///
  /// @param key the key
  /// @param <T> the type of the value
  /// @return the value; nothing if there is none
  @SuppressWarnings("unchecked")
  public <T> Optional<T> attribute(Key<T> key) {
    return Optional.ofNullable((T) state.get(key));
  }

  /// Puts something else in the place of a dependency, as tests do. Requests that have it already
  /// keep it. From any thread, also while the application runs.
  ///
  /// @param dependency what is to be replaced
  /// @param replacement what stands in its place
  /// @param <T> the type of the value
  /// @return takes the replacement back, and puts what was there before in its place
  public synchronized <T> Runnable override(
      Dependency<T> dependency, Dependency<? extends T> replacement) {
    Objects.requireNonNull(replacement, "replacement");
    Dependency<?> before = overrides.get(Objects.requireNonNull(dependency, "dependency"));
    replace(dependency, replacement);
    return () -> replace(dependency, before);
  }

  private synchronized void replace(Dependency<?> dependency, @Nullable Dependency<?> by) {
    Map<Dependency<?>, Dependency<?>> changed = new HashMap<>(overrides);
    if (by == null) {
      changed.remove(dependency);
    } else {
      changed.put(dependency, by);
    }
    overrides = changed;
  }

  @SuppressWarnings("unchecked")
  <T> Dependency<T> effective(Dependency<T> dependency) {
    Map<Dependency<?>, Dependency<?>> replaced = overrides;
    Dependency<?> found = replaced.isEmpty() ? null : replaced.get(dependency);
    return found == null ? dependency : (Dependency<T>) found;
  }

  // What it is made of

  /// The routes, with those of all parts.
  ///
  /// @return what is known of each, in the order of registration, parts after what is around them
  /// @throws IllegalStateException if two routes are for the same, or have the same name
  public List<RouteInfo> routes() {
    Router known = router;
    return List.copyOf((known == null ? new Router(this, converters) : known).infos());
  }

  /// The path of a named route. `app.get("/users/{id:int}", …).name("user")` is found by
  /// `url("user", 7)`.
  ///
  /// @param route its name, with those of its parts before it: `admin:user`
  /// @param values values of its parameters, in order; those of mounts come first
  /// @return the path, encoded
  /// @throws IllegalArgumentException if there is no such route or a value cannot stand there
  public String url(String route, Object... values) {
    Router known = router;
    return rootPath + (known == null ? new Router(this, converters) : known).url(route, values);
  }

  // Running

  /// Answers a request. The first one ends registration.
  ///
  /// @param exchange the request, and the response to be made
  /// @throws Exception the cancellation, if the task is cancelled; nothing else
  @Override
  public void handle(Exchange exchange) throws Exception {
    Answering.answer(this, exchange);
  }

  /// Runs a body, such as a server, while the application is at work: [Lifespan]s are opened before
  /// and closed after it.
  ///
  /// When the body has ended, in whatever way, what still runs after responses is joined; it is
  /// cancelled when the grace is over. That is so also if the caller is cancelled. Then the
  /// lifespans go on.
  ///
  /// @param body what runs meanwhile
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails; what a lifespan throws comes out as it is, too
  /// @throws IllegalStateException if it runs on this loop already, or if a lifespan has not served
  public <T extends @Nullable Object, X extends Throwable> T running(Body<T, X> body) throws X {
    router();
    return running(0, body);
  }

  private <T extends @Nullable Object, X extends Throwable> T running(int at, Body<T, X> body) {
    Run<T, X> run = new Run<>(this, body);
    try {
      run.from(at);
    } catch (Exception e) {
      throw Sneaky.sneak(e);
    }
    return run.value();
  }

  /// Runs a body without a value while the application is at work.
  ///
  /// @param body what runs meanwhile
  /// @param <X> what it may throw
  /// @throws X if it fails
  public <X extends Throwable> void running(VoidBody<X> body) throws X {
    boolean _ = running(valued(body));
  }

  /// Runs a body while the application, whose lifespans another loop has opened, is at work here.
  <X extends Throwable> void runningToo(VoidBody<X> body) throws X {
    boolean _ = running(lifespans.size(), valued(body));
  }

  private static <X extends Throwable> Body<Boolean, X> valued(VoidBody<X> body) {
    return () -> {
      body.run();
      return true;
    };
  }

  /// Serves it on a port of this machine until Ctrl-C or `TERM`, then lets what is under way come
  /// to an end. In a task it is served on that task's loop, else on a new one.
  ///
  /// @param port the port of `127.0.0.1`, 0 for any that is free
  /// @throws UncheckedIOException if it cannot listen there
  public void serve(int port) {
    serve(Server.builder().port(port));
  }

  /// Serves it on a port by several loops, among which the system spreads the connections. Each
  /// runs on a thread of its own: what handlers share has to be made for threads then. The first
  /// one opens the [Lifespan]s before any of them listens, and closes them when all have ended.
  ///
  /// @param port the port of `127.0.0.1`, 0 for any that is free
  /// @param loops how many, at least 1
  /// @throws UncheckedIOException if one of them cannot listen there; the others end then
  public void serve(int port, int loops) {
    serve(Server.builder().port(port), loops);
  }

  /// Serves it by a server with other settings.
  ///
  /// @param server the settings
  /// @throws UncheckedIOException if it cannot listen there
  public void serve(Server.Builder server) {
    serve(server, 1);
  }

  /// Serves it by servers with other settings, on several loops.
  ///
  /// @param server the settings; its limit of connections is that of all loops together
  /// @param loops how many, at least 1
  /// @throws UncheckedIOException if one of them cannot listen there; the others end then. It is
  ///   also what an `IOException` of a lifespan comes out in
  public void serve(Server.Builder server, int loops) {
    if (loops < 1) {
      throw new IllegalArgumentException("to serve on " + loops + " loops: give at least 1");
    }
    try {
      new Serving(this, Objects.requireNonNull(server, "server")).on(loops);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static final class Run<T extends @Nullable Object, X extends Throwable> {
    private final App app;
    private final Body<T, X> body;
    private final List<T> value = new ArrayList<>(1);

    Run(App app, Body<T, X> body) {
      this.app = app;
      this.body = body;
    }

    void from(int at) throws Exception {
      if (at == app.lifespans.size()) {
        work();
        return;
      }
      boolean[] served = {false};
      app.lifespans
          .get(at)
          .run(() -> {
            if (served[0]) {
              throw new IllegalStateException("a lifespan has served already");
            }
            served[0] = true;
            from(at + 1);
          });
      if (!served[0]) {
        throw new IllegalStateException("a lifespan has ended without serve.run()");
      }
    }

    private void work() throws Exception {
      Running.around(
          app.grace,
          running -> {
            Loop loop = Loop.current();
            if (app.running.putIfAbsent(loop, running) != null) {
              throw new IllegalStateException("the application runs on this loop already");
            }
            try {
              value.add(body.call());
            } catch (Throwable e) {
              throw Sneaky.sneak(e);
            } finally {
              app.running.remove(loop);
            }
          });
    }

    T value() {
      return value.getFirst();
    }
  }

  // For the framework

  Router router() {
    Router known = router;
    return known == null ? compile() : known;
  }

  private synchronized Router compile() {
    Router known = router;
    if (known == null) {
      known = new Router(this, Map.copyOf(converters));
      freeze();
      router = known;
    }
    return known;
  }

  /// JSON as this application reads and writes it.
  ///
  /// @return JSON
  public Json json() {
    return json;
  }

  /// What whoever has started the program says, which may be said again.
  void launched(boolean debugs, @Nullable Duration limit, String root) {
    debug |= debugs;
    grace = limit == null ? grace : limit;
    rootPath = root;
  }

  boolean isDebug() {
    return debug;
  }

  CapacityLimiter blockingLimiter() {
    return blocking;
  }

  @Nullable Running runningHere() {
    return running.isEmpty() ? null : running.get(Loop.current());
  }
}
