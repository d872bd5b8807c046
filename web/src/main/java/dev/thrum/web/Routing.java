package dev.thrum.web;

import dev.thrum.http.WebSocketSettings;
import dev.thrum.web.internal.Unchecked;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;

/// Where routes are registered: an [App], or a part of one in [Routes].
///
/// **Paths** begin with a slash and may have parameters: `/users/{id}`, `/users/{id:int}`,
/// `/files/{name}.json`, `/static/{rest:path}`. See [Converter] for what a parameter can be; a path
/// that does not convert does not match.
///
/// **Which route.** At each place of a path fixed text is preferred to parameters, parameters with
/// a converter to those without, and those of several segments come last. A route that matches the
/// path but not the method is passed over for one that matches both. The order of registration does
/// not matter, and two routes for the same method and the same paths are an error.
///
/// **Without a route of their own.** `HEAD` is answered by `GET`'s route, without the body.
/// `OPTIONS` tells the methods. A method that a path does not have gets 405 with `Allow`. A path
/// that exists only with, or only without, a slash at its end is redirected there with 307.
///
/// **Encoding.** Paths are compared as they are when decoded; a slash that is encoded, `%2F`, is no
/// end of a segment but a part of a parameter's value.
///
/// **Threads.** Everything is registered by one thread before the first request; after that it is
/// an `IllegalStateException`.
///
/// @param <S> the type of this
@SuppressWarnings("overloads") // Handler extends VoidHandler so that they are not ambiguous
public abstract sealed class Routing<S extends Routing<S>> permits App, Routes {
  final List<Route> routes = new ArrayList<>();
  final List<Mount> mounts = new ArrayList<>();
  final List<Mount> hosts = new ArrayList<>();
  final List<Middleware> middlewares = new ArrayList<>();
  final Map<Class<?>, ErrorHandler<?>> errors = new HashMap<>();
  final Map<Integer, ErrorHandler<dev.thrum.http.HttpException>> statuses = new HashMap<>();
  private volatile boolean frozen;

  /// A part of an application and where it is.
  record Mount(String where, Routes routes) {}

  Routing() {}

  @SuppressWarnings("unchecked")
  private S self() {
    return (S) this;
  }

  // Routes

  /// Answers `GET`, and `HEAD` if that has no route of its own.
  ///
  /// @param path the path
  /// @param handler what answers
  /// @return the route
  public Route get(String path, Handler handler) {
    return route("GET", path, handler);
  }

  /// Answers `GET` with 204.
  ///
  /// @param path the path
  /// @param handler what does it
  /// @return the route
  public Route get(String path, VoidHandler handler) {
    return route("GET", path, handler);
  }

  /// Answers `GET`, with an object that is made of the request.
  ///
  /// @param path the path
  /// @param input the type of the object
  /// @param handler what answers
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route get(String path, Class<B> input, TypedHandler<B> handler) {
    return route("GET", path, input, handler);
  }

  /// Answers `GET` with 204, with an object that is made of the request.
  ///
  /// @param path the path
  /// @param input the type of the object
  /// @param handler what does it
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route get(String path, Class<B> input, VoidTypedHandler<B> handler) {
    return route("GET", path, input, handler);
  }

  /// Answers `POST`.
  ///
  /// @param path the path
  /// @param handler what answers
  /// @return the route
  public Route post(String path, Handler handler) {
    return route("POST", path, handler);
  }

  /// Answers `POST` with 204.
  ///
  /// @param path the path
  /// @param handler what does it
  /// @return the route
  public Route post(String path, VoidHandler handler) {
    return route("POST", path, handler);
  }

  /// Answers `POST`, with an object that is read from the request.
  ///
  /// @param path the path
  /// @param input the type of the object
  /// @param handler what answers
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route post(String path, Class<B> input, TypedHandler<B> handler) {
    return route("POST", path, input, handler);
  }

  /// Answers `POST` with 204, with an object that is read from the request.
  ///
  /// @param path the path
  /// @param input the type of the object
  /// @param handler what does it
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route post(String path, Class<B> input, VoidTypedHandler<B> handler) {
    return route("POST", path, input, handler);
  }

  /// Answers `POST`, with a body whose type has type arguments, such as a list.
  ///
  /// @param path the path
  /// @param input the type: `new TypeReference<List<Item>>() {}`
  /// @param handler what answers
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route post(String path, TypeReference<B> input, TypedHandler<B> handler) {
    return typed("POST", path, Unchecked.typeOf(input), handler);
  }

  /// Answers `POST` with 204, with a body whose type has type arguments, such as a list.
  ///
  /// @param path the path
  /// @param input the type: `new TypeReference<List<Item>>() {}`
  /// @param handler what does it
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route post(String path, TypeReference<B> input, VoidTypedHandler<B> handler) {
    return typed("POST", path, Unchecked.typeOf(input), handler);
  }

  /// Answers `PUT`.
  ///
  /// @param path the path
  /// @param handler what answers
  /// @return the route
  public Route put(String path, Handler handler) {
    return route("PUT", path, handler);
  }

  /// Answers `PUT` with 204.
  ///
  /// @param path the path
  /// @param handler what does it
  /// @return the route
  public Route put(String path, VoidHandler handler) {
    return route("PUT", path, handler);
  }

  /// Answers `PUT`, with an object that is read from the request.
  ///
  /// @param path the path
  /// @param input the type of the object
  /// @param handler what answers
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route put(String path, Class<B> input, TypedHandler<B> handler) {
    return route("PUT", path, input, handler);
  }

  /// Answers `PUT` with 204, with an object that is read from the request.
  ///
  /// @param path the path
  /// @param input the type of the object
  /// @param handler what does it
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route put(String path, Class<B> input, VoidTypedHandler<B> handler) {
    return route("PUT", path, input, handler);
  }

  /// Answers `PUT`, with a body whose type has type arguments, such as a list.
  ///
  /// @param path the path
  /// @param input the type: `new TypeReference<List<Item>>() {}`
  /// @param handler what answers
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route put(String path, TypeReference<B> input, TypedHandler<B> handler) {
    return typed("PUT", path, Unchecked.typeOf(input), handler);
  }

  /// Answers `PUT` with 204, with a body whose type has type arguments, such as a list.
  ///
  /// @param path the path
  /// @param input the type: `new TypeReference<List<Item>>() {}`
  /// @param handler what does it
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route put(String path, TypeReference<B> input, VoidTypedHandler<B> handler) {
    return typed("PUT", path, Unchecked.typeOf(input), handler);
  }

  /// Answers `PATCH`.
  ///
  /// @param path the path
  /// @param handler what answers
  /// @return the route
  public Route patch(String path, Handler handler) {
    return route("PATCH", path, handler);
  }

  /// Answers `PATCH` with 204.
  ///
  /// @param path the path
  /// @param handler what does it
  /// @return the route
  public Route patch(String path, VoidHandler handler) {
    return route("PATCH", path, handler);
  }

  /// Answers `PATCH`, with an object that is read from the request.
  ///
  /// @param path the path
  /// @param input the type of the object
  /// @param handler what answers
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route patch(String path, Class<B> input, TypedHandler<B> handler) {
    return route("PATCH", path, input, handler);
  }

  /// Answers `PATCH` with 204, with an object that is read from the request.
  ///
  /// @param path the path
  /// @param input the type of the object
  /// @param handler what does it
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route patch(String path, Class<B> input, VoidTypedHandler<B> handler) {
    return route("PATCH", path, input, handler);
  }

  /// Answers `PATCH`, with a body whose type has type arguments, such as a list.
  ///
  /// @param path the path
  /// @param input the type: `new TypeReference<List<Item>>() {}`
  /// @param handler what answers
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route patch(String path, TypeReference<B> input, TypedHandler<B> handler) {
    return typed("PATCH", path, Unchecked.typeOf(input), handler);
  }

  /// Answers `PATCH` with 204, with a body whose type has type arguments, such as a list.
  ///
  /// @param path the path
  /// @param input the type: `new TypeReference<List<Item>>() {}`
  /// @param handler what does it
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route patch(String path, TypeReference<B> input, VoidTypedHandler<B> handler) {
    return typed("PATCH", path, Unchecked.typeOf(input), handler);
  }

  /// Answers `DELETE`.
  ///
  /// @param path the path
  /// @param handler what answers
  /// @return the route
  public Route delete(String path, Handler handler) {
    return route("DELETE", path, handler);
  }

  /// Answers `DELETE` with 204.
  ///
  /// @param path the path
  /// @param handler what does it
  /// @return the route
  public Route delete(String path, VoidHandler handler) {
    return route("DELETE", path, handler);
  }

  /// Answers `DELETE`, with an object that is made of the request.
  ///
  /// @param path the path
  /// @param input the type of the object
  /// @param handler what answers
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route delete(String path, Class<B> input, TypedHandler<B> handler) {
    return route("DELETE", path, input, handler);
  }

  /// Answers `DELETE` with 204, with an object that is made of the request.
  ///
  /// @param path the path
  /// @param input the type of the object
  /// @param handler what does it
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route delete(String path, Class<B> input, VoidTypedHandler<B> handler) {
    return route("DELETE", path, input, handler);
  }

  /// Answers `HEAD`, in the place of `GET`'s route.
  ///
  /// @param path the path
  /// @param handler what answers
  /// @return the route
  public Route head(String path, Handler handler) {
    return route("HEAD", path, handler);
  }

  /// Answers `HEAD` with 204.
  ///
  /// @param path the path
  /// @param handler what does it
  /// @return the route
  public Route head(String path, VoidHandler handler) {
    return route("HEAD", path, handler);
  }

  /// Answers `OPTIONS`.
  ///
  /// @param path the path
  /// @param handler what answers
  /// @return the route
  public Route options(String path, Handler handler) {
    return route("OPTIONS", path, handler);
  }

  /// Answers `OPTIONS` with 204.
  ///
  /// @param path the path
  /// @param handler what does it
  /// @return the route
  public Route options(String path, VoidHandler handler) {
    return route("OPTIONS", path, handler);
  }

  /// Answers any method.
  ///
  /// @param method the method, in the case in which it is sent
  /// @param path the path
  /// @param handler what answers
  /// @return the route
  public Route route(String method, String path, Handler handler) {
    return add(method, path, handler, Optional.empty());
  }

  /// Answers any method with 204.
  ///
  /// @param method the method, in the case in which it is sent
  /// @param path the path
  /// @param handler what does it
  /// @return the route
  public Route route(String method, String path, VoidHandler handler) {
    return add(method, path, handler, Optional.empty());
  }

  /// Answers any method, with an object that is read from the request.
  ///
  /// @param method the method, in the case in which it is sent
  /// @param path the path
  /// @param input the type of the object
  /// @param handler what answers
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route route(String method, String path, Class<B> input, TypedHandler<B> handler) {
    return typed(method, path, input, handler);
  }

  /// Answers any method with 204, with an object that is read from the request.
  ///
  /// @param method the method, in the case in which it is sent
  /// @param path the path
  /// @param input the type of the object
  /// @param handler what does it
  /// @param <B> the type of the object
  /// @return the route
  public <B> Route route(String method, String path, Class<B> input, VoidTypedHandler<B> handler) {
    return typed(method, path, input, handler);
  }

  /// Talks over a WebSocket. Middleware runs around it as around any handler, before the socket is
  /// open.
  ///
  /// @param path the path
  /// @param handler what talks
  /// @return the route
  public Route ws(String path, WebSocketHandler handler) {
    return ws(path, WebSocketSettings.DEFAULT, handler);
  }

  /// Talks over a WebSocket with settings of its own.
  ///
  /// @param path the path
  /// @param settings sub-protocols, limits, pings, headers
  /// @param handler what talks
  /// @return the route
  public Route ws(String path, WebSocketSettings settings, WebSocketHandler handler) {
    Objects.requireNonNull(handler, "handler");
    return ws(path, settings, (_, socket) -> handler.handle(socket));
  }

  /// Talks over a WebSocket, with the request at hand.
  ///
  /// @param path the path
  /// @param handler what talks
  /// @return the route
  public Route ws(String path, WebSocketHandler.WithRequest handler) {
    return ws(path, WebSocketSettings.DEFAULT, handler);
  }

  /// Talks over a WebSocket with settings of its own, with the request at hand.
  ///
  /// @param path the path
  /// @param settings sub-protocols, limits, pings, headers
  /// @param handler what talks
  /// @return the route
  public Route ws(String path, WebSocketSettings settings, WebSocketHandler.WithRequest handler) {
    Objects.requireNonNull(handler, "handler");
    Objects.requireNonNull(settings, "settings");
    Handler accepting = req -> Response.webSocket(settings, socket -> handler.handle(req, socket));
    return add(RouteInfo.WEBSOCKET, path, accepting, Optional.empty());
  }

  /// Sends the files of a folder: `files("/static", folder)` answers `/static/app.js` with the file
  /// `app.js`.
  ///
  /// @param path what is before the names of files; `/` for nothing
  /// @param folder the folder
  /// @return the route
  public Route files(String path, Path folder) {
    return files(path, StaticFiles.of(folder));
  }

  /// Sends the files of a folder, in a way of its own.
  ///
  /// @param path what is before the names of files; `/` for nothing
  /// @param files the folder, and how
  /// @return the route
  public Route files(String path, StaticFiles files) {
    String before = path.endsWith("/") ? path : path + "/";
    return get(before + "{" + StaticFiles.REST + ":path}", (Handler) files).hidden();
  }

  private <B> Route typed(String method, String path, Type input, VoidTypedHandler<B> handler) {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(handler, "handler");
    return add(method, path, Binding.of(input, handler), Optional.of(input));
  }

  private Route add(String method, String path, VoidHandler handler, Optional<Type> input) {
    mayChange();
    Objects.requireNonNull(handler, "handler");
    if (method.isEmpty()) {
      throw new IllegalArgumentException("no method for " + path);
    }
    checkPath(path, this instanceof Routes);
    Route made = new Route(this, method, path, handler, input);
    routes.add(made);
    return made;
  }

  private static void checkPath(String path, boolean mayBeEmpty) {
    if (!path.startsWith("/") && !(mayBeEmpty && path.isEmpty())) {
      throw new IllegalArgumentException("the path \"" + path + "\" does not begin with a slash");
    }
  }

  // Around and below

  /// Puts a middleware around everything here and below, inside those given before.
  ///
  /// @param middleware the middleware
  /// @return this
  public S use(Middleware middleware) {
    mayChange();
    middlewares.add(Objects.requireNonNull(middleware, "middleware"));
    return self();
  }

  /// Puts routes below a path. They may be put below several.
  ///
  /// @param path the path, which does not end with a slash; it may have parameters
  /// @param part the routes
  /// @return this
  public S mount(String path, Routes part) {
    mayChange();
    checkPath(path, true);
    if (path.endsWith("/")) {
      throw new IllegalArgumentException("mount at \"" + path + "\" without the slash at its end");
    }
    checkCircle(part);
    mounts.add(new Mount(path, part));
    return self();
  }

  /// Has routes answer for a host, and nothing else answer for it.
  ///
  /// @param name the host without a port, such as `admin.example.org`; it may have parameters:
  ///   `{customer}.example.org`
  /// @param part the routes
  /// @return this
  public S host(String name, Routes part) {
    mayChange();
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("\"" + name + "\" is no host");
    }
    if (!(this instanceof App)) {
      throw new IllegalStateException("hosts are for the application itself, not for a part of it");
    }
    checkCircle(part);
    hosts.add(new Mount(name, part));
    return self();
  }

  private void checkCircle(Routes part) {
    if (part.contains(this)) {
      throw new IllegalArgumentException("these routes would be below themselves");
    }
  }

  boolean contains(Routing<?> other) {
    return this == other || mounts.stream().anyMatch(one -> one.routes.contains(other));
  }

  // Errors

  /// Answers an exception that a handler or a middleware here or below throws. Of several the one
  /// for the nearest class counts, and those of a sub-router come before those around it.
  ///
  /// Without one, an [dev.thrum.http.HttpException] is answered with its status and `{"detail":
  /// …}`, or a page where the client prefers that; a [ValidationException] with 422; anything else
  /// is logged and answered with 500. A cancellation is no error and gets no answer.
  ///
  /// @param type the class, and what extends it
  /// @param handler what answers
  /// @param <E> the class
  /// @return this
  public <E extends Exception> S onError(Class<E> type, ErrorHandler<? super E> handler) {
    mayChange();
    errors.put(Objects.requireNonNull(type, "type"), Objects.requireNonNull(handler, "handler"));
    return self();
  }

  /// Answers errors of a status: those that are thrown, those of the router (404, 405), and with
  /// 500 those that nobody expects.
  ///
  /// @param status from 400 to 599
  /// @param handler what answers
  /// @return this
  public S onStatus(int status, ErrorHandler<dev.thrum.http.HttpException> handler) {
    mayChange();
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status " + status + " is no error: give 400 to 599");
    }
    statuses.put(status, Objects.requireNonNull(handler, "handler"));
    return self();
  }

  // Its beginning

  final void mayChange() {
    if (frozen) {
      throw new IllegalStateException("the application has begun to answer; register before that");
    }
  }

  final void freeze() {
    frozen = true;
    mounts.forEach(one -> one.routes.freeze());
    hosts.forEach(one -> one.routes.freeze());
  }
}
