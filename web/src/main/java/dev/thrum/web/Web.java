package dev.thrum.web;

import dev.thrum.Async;
import dev.thrum.Body;
import dev.thrum.http.HttpException;
import dev.thrum.web.internal.Described;
import java.util.Map;
import java.util.Objects;

/// The front door: `import static dev.thrum.web.Web.*;`
@SuppressWarnings("overloads") // Handler extends VoidHandler so that they are not ambiguous
public final class Web {
  private Web() {}

  // Handlers that block

  /// A handler for code that blocks, such as JDBC: it runs on a thread beside the loop. At most so
  /// many run at a time as [App#blockingLimit] says, and as [Async#blocking] lets run.
  ///
  /// The body of the request is read before: as a form if it is one in parts and [FormLimits] are
  /// around the handler, or it gets an object that wants one, and as bytes otherwise. What the
  /// handler returns is made a response on the loop again. If the client goes away, its thread is
  /// interrupted.
  ///
  /// @param handler what answers; it is in no task, so it must not use [Async]
  /// @return a handler
  public static Handler blocking(Handler handler) {
    return new BlockingHandler(Objects.requireNonNull(handler, "handler"));
  }

  private record BlockingHandler(Handler handler) implements Handler, Beside, Described {
    @Override
    public Object handle(Request request) throws Exception {
      return beside(request, () -> handler.handle(request));
    }

    @Override
    public Map<String, Object> operation() {
      return handler instanceof Described told ? told.operation() : Map.of();
    }
  }

  /// A handler without a value for code that blocks.
  ///
  /// @param handler what does it
  /// @return a handler
  public static VoidHandler blocking(VoidHandler handler) {
    return (VoidHandler & Beside)
        request -> {
          boolean _ =
              beside(
                  request,
                  () -> {
                    handler.run(request);
                    return true;
                  });
        };
  }

  /// A handler that gets the request as an object, for code that blocks.
  ///
  /// @param handler what answers
  /// @param <B> the type of the object
  /// @return a handler
  public static <B> TypedHandler<B> blocking(TypedHandler<B> handler) {
    return (TypedHandler<B> & Beside)
        (request, input) -> beside(request, () -> handler.handle(request, input));
  }

  /// A handler without a value that gets the request as an object, for code that blocks.
  ///
  /// @param handler what does it
  /// @param <B> the type of the object
  /// @return a handler
  public static <B> VoidTypedHandler<B> blocking(VoidTypedHandler<B> handler) {
    return (VoidTypedHandler<B> & Beside)
        (request, input) -> {
          boolean _ =
              beside(
                  request,
                  () -> {
                    handler.run(request, input);
                    return true;
                  });
        };
  }

  private static <T> T beside(Request request, Body<T, Exception> body) throws Exception {
    request.readAhead();
    return request.app().blockingLimiter().withToken(() -> Async.blocking(body));
  }

  // Responses

  /// Something that was made: status 201.
  ///
  /// @param value what was made, as JSON
  /// @return a response
  public static Response created(Object value) {
    return Json.of(value).status(201);
  }

  /// Something that was made and has a place of its own: status 201 with `Location`.
  ///
  /// @param url its place
  /// @param value what was made, as JSON
  /// @return a response
  public static Response created(String url, Object value) {
    return created(value).header("Location", url);
  }

  /// A response without a body.
  ///
  /// @param number from 200 to 999
  /// @return a response
  public static Response status(int number) {
    return Response.of(number);
  }

  /// Sends the client somewhere else: see [Response#redirect].
  ///
  /// @param url where to
  /// @return a response with status 303
  public static Response redirect(String url) {
    return Response.redirect(url);
  }

  /// An error: `throw notFound("no such user")`.
  ///
  /// @param detail what the client is told
  /// @return an exception with status 404
  public static HttpException notFound(String detail) {
    return new HttpException(404, detail);
  }
}
