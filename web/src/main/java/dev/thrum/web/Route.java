package dev.thrum.web;

import dev.thrum.web.internal.Described;
import dev.thrum.web.internal.Shapes;
import dev.thrum.web.openapi.SecurityScheme;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;

/// A route as it was registered: what else is to be said of it. Everything returns the same route
/// and must be said before the application has begun to answer.
public final class Route {
  private final Routing<?> owner;
  final String method;
  final String path;
  final VoidHandler handler;
  final Optional<Type> input;
  final List<Middleware> middlewares = new ArrayList<>();
  final String registered = Registered.here();
  private final List<String> tags = new ArrayList<>();
  private String name = "";
  private final List<RouteInfo.Answer> responses = new ArrayList<>();
  private String summary = "";
  private String description = "";
  private String operationId = "";
  private boolean deprecated;
  private Optional<Type> returns = Optional.empty();
  private int status;
  private boolean hidden;

  Route(Routing<?> owner, String method, String path, VoidHandler handler, Optional<Type> input) {
    this.owner = owner;
    this.method = method;
    this.path = path;
    this.handler = handler;
    this.input = input;
  }

  /// Names it, so that [App#url] finds it.
  ///
  /// @param unique a name that no other route of the application has
  /// @return this
  public Route name(String unique) {
    owner.mayChange();
    name = Objects.requireNonNull(unique, "unique");
    return this;
  }

  /// Says what it does.
  ///
  /// @param line one line
  /// @return this
  public Route summary(String line) {
    owner.mayChange();
    summary = Objects.requireNonNull(line, "line");
    return this;
  }

  /// Says at length what it does.
  ///
  /// @param text the text, which may be Markdown
  /// @return this
  public Route description(String text) {
    owner.mayChange();
    description = Objects.requireNonNull(text, "text");
    return this;
  }

  /// Says that it should not be used any more.
  ///
  /// @return this
  public Route deprecated() {
    owner.mayChange();
    deprecated = true;
    return this;
  }

  /// Names it for programs that are made of the description of the application. Otherwise that is
  /// its [#name].
  ///
  /// @param unique a name that no other route of the application has
  /// @return this
  public Route operationId(String unique) {
    owner.mayChange();
    operationId = Objects.requireNonNull(unique, "unique");
    return this;
  }

  /// Adds words to find it by.
  ///
  /// @param words the words
  /// @return this
  public Route tags(String... words) {
    owner.mayChange();
    tags.addAll(List.of(words));
    return this;
  }

  /// Says that it may answer with a status, or what its usual one means.
  ///
  /// @param status from 100 to 599
  /// @param when when it does
  /// @return this
  public Route response(int status, String when) {
    return answering(new RouteInfo.Answer(status, when, Optional.empty()));
  }

  /// Says that it may answer with a status, or what its usual one means, and what the response then
  /// holds. What is sent is not changed by it, as it is by [#returns(Class)].
  ///
  /// @param status from 100 to 599
  /// @param when when it does
  /// @param type the type
  /// @return this
  public Route response(int status, String when, Class<?> type) {
    return answering(new RouteInfo.Answer(status, when, Optional.of(type)));
  }

  private Route answering(RouteInfo.Answer answer) {
    owner.mayChange();
    Objects.requireNonNull(answer.description(), "when");
    if (answer.status() < 100 || answer.status() > 599) {
      throw new IllegalArgumentException("status " + answer.status() + ": give 100 to 599");
    }
    responses.add(answer);
    return this;
  }

  /// Says what its response holds, and has it hold nothing else: what the handler gives is written
  /// as this type, with the fields that this has, also if it is of a class that has more. A value
  /// of another type is made one of it by the names of the fields; if that cannot be, the failure
  /// is logged and the answer is 500.
  ///
  /// It counts for JSON with a status of 2xx. A class that is abstract says nothing of what a value
  /// has; it is written as what it is.
  ///
  /// @param type the type
  /// @return this
  public Route returns(Class<?> type) {
    return returning(type);
  }

  /// Says what its response holds, as [#returns(Class)] does, if that has type arguments:
  /// `returns(new TypeReference<Map<String, User>>() {})`.
  ///
  /// @param type the type
  /// @return this
  public Route returns(TypeReference<?> type) {
    return returning(type.getType());
  }

  /// Says that its response holds a list, as [#returns(Class)] does.
  ///
  /// @param element the type of its elements
  /// @return this
  public Route returnsListOf(Class<?> element) {
    return returning(Shapes.listOf(element));
  }

  private Route returning(Type type) {
    owner.mayChange();
    returns = Optional.of(type);
    return this;
  }

  /// Gives plain results another status than 200, or 204 where there is no result. A [Response] of
  /// the handler keeps its own.
  ///
  /// @param number from 200 to 599
  /// @return this
  public Route status(int number) {
    owner.mayChange();
    if (number < 200 || number > 599) {
      throw new IllegalArgumentException("status " + number + ": give 200 to 599");
    }
    status = number;
    return this;
  }

  /// Puts a middleware around it, inside those of its router and those given before.
  ///
  /// @param middleware the middleware
  /// @return this
  public Route with(Middleware middleware) {
    owner.mayChange();
    middlewares.add(Objects.requireNonNull(middleware, "middleware"));
    return this;
  }

  /// Leaves it out of documentation.
  ///
  /// @return this
  public Route hidden() {
    owner.mayChange();
    hidden = true;
    return this;
  }

  String name() {
    return name;
  }

  int status() {
    return status;
  }

  /// @param around the middlewares around it, its own not among them
  /// @param belowHidden whether what is around it is left out of documentation
  RouteInfo info(
      String host,
      String whole,
      String prefix,
      List<PathPattern.Param> params,
      List<Middleware> around,
      boolean belowHidden) {
    List<SecurityScheme> security =
        Stream.concat(around.stream(), middlewares.stream())
            .flatMap(SecurityScheme::asked)
            .distinct()
            .toList();
    return new RouteInfo(
        method,
        host,
        whole,
        params.stream()
            .map(one -> new RouteInfo.Param(one.name(), one.kind(), one.converter().type()))
            .toList(),
        name.isEmpty() ? "" : prefix + name,
        input,
        returns,
        summary,
        description,
        operationId,
        deprecated,
        tags,
        responses,
        status,
        hidden || belowHidden,
        Binding.isVoid(handler),
        security,
        handler instanceof Described told ? told.operation() : Map.of());
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
