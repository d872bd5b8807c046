package dev.thrum.web;

import dev.thrum.http.HttpException;
import dev.thrum.web.Middleware.Next;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of an application in its place: what is around its routes, composed once.
final class Site {
  private final @Nullable Site parent;
  private final Routing<?> routing;

  /// Answers where there is no route.
  final Next fallback;

  Site(@Nullable Site parent, Routing<?> routing) {
    this.parent = parent;
    this.routing = routing;
    this.fallback = compose(Fallback::answer, List.of());
  }

  /// Whether it is to be left out of documentation.
  boolean isHidden() {
    boolean here = routing instanceof Routes part && part.isHidden();
    return here || (parent != null && parent.isHidden());
  }

  /// Puts the middlewares of a route, of this and of what is around it around something.
  Next compose(Next inner, List<Middleware> ofRoute) {
    Next next = guarded(inner);
    next = around(next, ofRoute);
    for (Site site = this; site != null; site = site.parent) {
      next = site.around(next, site.routing.middlewares);
    }
    return next;
  }

  /// The middlewares of this and of what is around it.
  List<Middleware> middlewares() {
    List<Middleware> all = new ArrayList<>();
    for (Site site = this; site != null; site = site.parent) {
      all.addAll(0, site.routing.middlewares);
    }
    return all;
  }

  private Next around(Next next, List<Middleware> middlewares) {
    for (Middleware one : middlewares.reversed()) {
      Next inner = next;
      next = guarded(request -> one.handle(request, inner));
    }
    return next;
  }

  private Next guarded(Next next) {
    return request -> {
      try {
        return next.handle(request);
      } catch (Exception e) {
        return answer(request, e);
      }
    };
  }

  /// Answers an exception that has an answer; throws it if it has none.
  Response answer(Request request, Exception failure) throws Exception {
    if (failure == request.unanswered || Errors.isCancellation(failure)) {
      throw failure;
    }
    request.dropAfter();
    ErrorHandler<?> handler = handlerFor(failure);
    if (handler != null) {
      return ask(handler, request, failure);
    }
    if (failure instanceof HttpException http) {
      return Errors.plain(request, http);
    }
    if (failure instanceof ValidationException invalid) {
      return Errors.invalid(request, invalid, handlerFor(new HttpException(422)));
    }
    request.unanswered = failure;
    throw failure;
  }

  private @Nullable ErrorHandler<?> handlerFor(Exception failure) {
    for (Site site = this; site != null; site = site.parent) {
      ErrorHandler<?> found = handlerFor(site.routing, failure);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable ErrorHandler<?> handlerFor(Routing<?> part, Exception failure) {
    if (failure instanceof HttpException http) {
      ErrorHandler<?> found = part.statuses.get(http.status());
      if (found != null) {
        return found;
      }
    }
    if (part.errors.isEmpty()) {
      return null;
    }
    for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
      ErrorHandler<?> found = part.errors.get(type);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static Response ask(ErrorHandler<?> handler, Request request, Exception failure)
      throws Exception {
    try {
      return Errors.ask(handler, request, failure);
    } catch (HttpException http) {
      return Errors.plain(request, http);
    } catch (Exception again) {
      request.unanswered = again;
      throw again;
    }
  }

  /// The answer to something that nobody expects, if the program has one.
  @Nullable Response answerUnexpected(Request request) throws Exception {
    HttpException internal = new HttpException(500);
    ErrorHandler<?> handler = handlerFor(internal);
    return handler == null ? null : Errors.ask(handler, request, internal);
  }
}
