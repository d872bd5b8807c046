package dev.thrum.web;

import dev.thrum.VoidBody;
import dev.thrum.http.Cookie;
import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.web.internal.Accept;
import dev.thrum.web.internal.Percent;
import dev.thrum.web.internal.Texts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/// A request. What is not asked for is not parsed.
///
/// **The body** is read once, as a whole by [#body], [#text], [#json] or [#form], which may be
/// mixed, or while it comes by [#stream]. A form in parts is read while it comes, too. Reading it
/// waits, and is a suspension point.
///
/// **Errors.** What the client has got wrong is an [HttpException] or a [ValidationException],
/// which a handler lets pass: it is answered with 4xx. An `IOException` says that the client is
/// gone.
///
/// **Threads.** It belongs to the task that answers it. In a handler by [Web#blocking] everything
/// can be used but what reads the body as a stream.
public final class Request {
  private final App app;
  private final Exchange exchange;
  private final int pathEnd;
  private final String path;

  Router.@Nullable Match match;
  @Nullable Exception unanswered;
  boolean tellsId;

  private byte @Nullable [] body;
  private boolean streamed;
  private @Nullable Params query;
  private @Nullable RequestForm form;
  private @Nullable List<Cookie> cookies;
  private @Nullable Map<Key<?>, Object> attributes;
  private @Nullable Opened opened;
  private @Nullable List<AutoCloseable> closing;
  private @Nullable List<VoidBody<?>> after;

  Request(App app, Exchange exchange) {
    this.app = app;
    this.exchange = exchange;
    String target = exchange.target();
    int question = target.indexOf('?');
    pathEnd = question < 0 ? target.length() : question;
    path = Percent.decodePath(question < 0 ? target : target.substring(0, question));
  }

  // What it is for

  /// The method.
  ///
  /// @return such as `GET`, in the case in which it was sent
  public String method() {
    return exchange.method();
  }

  /// The path, decoded.
  ///
  /// @return the path, beginning with a slash but for `OPTIONS *`
  public String path() {
    return Percent.restoreSlashes(path);
  }

  /// The path as the client has sent it.
  ///
  /// @return the path, in which nothing is decoded
  public String rawPath() {
    return exchange.target().substring(0, pathEnd);
  }

  /// The path and the query as the client has sent them.
  ///
  /// @return the target
  public String target() {
    return exchange.target();
  }

  /// The path as routes are looked for with it.
  String routingPath() {
    return path;
  }

  /// The scheme, also behind a proxy that the server trusts.
  ///
  /// @return `http` or `https`
  public String scheme() {
    return exchange.scheme();
  }

  /// The host that the client asks for, without the port.
  ///
  /// @return the host in small letters; empty if the client has not said
  public String host() {
    String authority = exchange.authority();
    int colon = authority.lastIndexOf(':');
    boolean port = colon >= 0 && authority.indexOf(']', colon) < 0;
    return (port ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
  }

  /// Where it comes from.
  ///
  /// @return the address of the client
  public SocketAddress remote() {
    return exchange.remoteAddress();
  }

  /// The route that was found.
  ///
  /// @return nothing if there is none for this request
  public Optional<RouteInfo> route() {
    Router.Match found = match;
    return found == null || found.endpoint == null
        ? Optional.empty()
        : Optional.of(found.endpoint.info);
  }

  /// A name for this request in logs: what the client or a proxy has sent as `X-Request-ID` if that
  /// is fit to be one, otherwise a random one. What is logged of failures has it, and so have
  /// entries of the access log, if it was sent or asked for. [RequestIds] tells it to the client,
  /// and says who may choose it.
  ///
  /// @return at most 128 letters, digits and `-_.`
  public String id() {
    return exchange.id();
  }

  // Parameters in the path

  /// A parameter in the path, or in the host.
  ///
  /// @param name its name in the route
  /// @return its text, decoded
  /// @throws IllegalArgumentException if the route has no such parameter
  public String path(String name) {
    return matched(name).text(name);
  }

  /// A parameter in the path as what its converter has made of it, or read as something else.
  ///
  /// @param name its name in the route
  /// @param type a type, such as `Integer.class`
  /// @param <T> the type
  /// @return its value
  /// @throws ValidationException if the text is none of that type
  /// @throws IllegalArgumentException if the route has no such parameter
  public <T> T path(String name, Class<T> type) {
    Object value = matched(name).value(name);
    return type.isInstance(value)
        ? type.cast(value)
        : Texts.read(path(name), type, List.of("path", name));
  }

  private Router.Match matched(String name) {
    Router.Match found = match;
    if (found == null) {
      throw new IllegalArgumentException("no parameter is called \"" + name + "\" here");
    }
    return found;
  }

  // The query

  /// The query.
  ///
  /// @return its names and values
  public Params query() {
    Params parsed = query;
    if (parsed == null) {
      String target = exchange.target();
      parsed =
          pathEnd == target.length()
              ? Params.NONE
              : Params.parse("query", target.substring(pathEnd + 1));
      query = parsed;
    }
    return parsed;
  }

  /// The first value of a name in the query.
  ///
  /// @param name the name
  /// @return its value; nothing if there is none
  public Optional<String> query(String name) {
    return query().get(name);
  }

  /// All values of a name in the query.
  ///
  /// @param name the name
  /// @return the values in order
  public List<String> queries(String name) {
    return query().all(name);
  }

  /// The first value of a name in the query as something else than text.
  ///
  /// @param name the name
  /// @param type a type, such as `Integer.class`
  /// @param otherwise what is returned if there is none
  /// @param <T> the type
  /// @return its value
  /// @throws ValidationException if the text is none of that type
  public <T> T query(String name, Class<T> type, T otherwise) {
    return query().get(name, type).orElse(otherwise);
  }

  // Headers and cookies

  /// The headers.
  ///
  /// @return the headers, to be read
  public Headers headers() {
    return exchange.headers();
  }

  /// The first header of a name.
  ///
  /// @param name the name
  /// @return its value; nothing if there is none
  public Optional<String> header(String name) {
    return exchange.headers().get(name);
  }

  /// The cookies that the client has sent.
  ///
  /// @return the cookies, with names and values only; those that are malformed are left out
  public List<Cookie> cookies() {
    List<Cookie> parsed = cookies;
    if (parsed == null) {
      parsed =
          exchange.headers().all("Cookie").stream()
              .flatMap(line -> Cookie.parse(line).stream())
              .toList();
      cookies = parsed;
    }
    return parsed;
  }

  /// The value of a cookie.
  ///
  /// @param name its name
  /// @return the value of the first one; nothing if there is none
  public Optional<String> cookie(String name) {
    return cookies().stream().filter(one -> one.name().equals(name)).map(Cookie::value).findFirst();
  }

  /// Which of several types of content the client likes best, by its `Accept` header.
  ///
  /// @param types such as `application/json`; of those that it likes equally the first counts
  /// @return one of them; nothing if it accepts none
  public Optional<String> prefers(String... types) {
    return Accept.best(headers().all("Accept"), types);
  }

  /// A record that is put together from the query, the path, headers and cookies, as
  /// [dev.thrum.web.bind] says of `GET`, and checked. What a [Dependency] needs is read this way.
  ///
  /// **Non-guarantees.** The description of the application does not tell of it: what is read here
  /// is no parameter in OpenAPI.
  ///
  /// @param type the record
  /// @param <T> the record
  /// @return what the request says
  /// @throws ValidationException if the request is not as the record wants it
  /// @throws IllegalArgumentException if requests cannot be read into such a record
  public <T extends Record> T bind(Class<T> type) {
    try {
      return app.router().binder(type, match).bind(this);
    } catch (Exception e) {
      throw dev.thrum.internal.Sneaky.sneak(e);
    }
  }

  // The body

  /// The whole body.
  ///
  /// @return the bytes, the same array each time
  /// @throws HttpException with 413, 408 or 400, as [Exchange#read] does
  /// @throws IOException if the client is gone
  /// @throws IllegalStateException if it has been read as a stream
  public byte[] body() throws IOException {
    byte[] read = body;
    if (read == null) {
      if (streamed) {
        throw new IllegalStateException("the body has been read as a stream or in parts");
      }
      read = exchange.readAll();
      body = read;
    }
    return read;
  }

  /// The whole body, unless there is more of it, which then is not read.
  Optional<byte[]> body(int most) throws IOException {
    if (body == null && !streamed) {
      byte[] read = stream().readNBytes((int) Math.min(most + 1L, Integer.MAX_VALUE));
      if (read.length > most) {
        return Optional.empty();
      }
      body = read;
    }
    return Optional.of(body()).filter(one -> one.length <= most);
  }

  /// Puts another body in the place of the one that was sent.
  void body(byte[] other) {
    body = other;
  }

  /// The whole body as text, in the charset that its type tells, or UTF-8.
  ///
  /// @return the text
  /// @throws HttpException as [#body] does, and with 415 if the charset is unknown
  /// @throws IOException if the client is gone
  public String text() throws IOException {
    return new String(body(), charset());
  }

  private Charset charset() {
    Optional<String> name = header("Content-Type").flatMap(Accept::charset);
    try {
      return name.<Charset>map(Charset::forName).orElse(StandardCharsets.UTF_8);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
      throw new HttpException(415, "unknown charset");
    }
  }

  /// The whole body as an object.
  ///
  /// @param type the type of the object
  /// @param <T> the type of the object
  /// @return the object
  /// @throws HttpException with 400 if the body is no JSON or does not fit, and as [#body] does
  /// @throws IOException if the client is gone
  public <T> T json(Class<T> type) throws IOException {
    return json(bytes -> app.json().read(bytes, type));
  }

  /// The whole body as an object whose type has type arguments.
  ///
  /// @param type the type of the object: `new TypeReference<List<Item>>() {}`
  /// @param <T> the type of the object
  /// @return the object
  /// @throws HttpException as [#json(Class)] does
  /// @throws IOException if the client is gone
  public <T> T json(TypeReference<T> type) throws IOException {
    return json(bytes -> app.json().read(bytes, type));
  }

  private <T> T json(Function<byte[], @Nullable T> reading) throws IOException {
    try {
      T read = reading.apply(body());
      if (read == null) {
        throw new HttpException(400, "the body is null");
      }
      return read;
    } catch (JacksonException e) {
      throw new HttpException(400, "malformed JSON: " + e.getOriginalMessage());
    }
  }

  /// The fields of a form that are texts. Of a form in parts (`multipart/form-data`) the files are
  /// read, too, and are there by [#upload]; what it may have is said by [FormLimits].
  ///
  /// @return their names and values
  /// @throws HttpException with 415 if the body is no form, with 400 if it is malformed or has too
  ///   many parts, with 413 if one is too large, and as [#body] does
  /// @throws IOException if the client is gone
  public Params form() throws IOException {
    return wholeForm().fields();
  }

  private RequestForm wholeForm() throws IOException {
    RequestForm read = form;
    if (read == null) {
      read = RequestForm.read(this);
      form = read;
    }
    return read;
  }

  /// A file in a form.
  ///
  /// @param field the name of its field
  /// @return the first one; nothing if there is none
  /// @throws HttpException as [#form] does
  /// @throws IOException if the client is gone
  public Optional<Upload> upload(String field) throws IOException {
    return uploads(field).stream().findFirst();
  }

  /// The files in a form.
  ///
  /// @param field the name of their field
  /// @return the files in order, empty if there are none
  /// @throws HttpException as [#form] does
  /// @throws IOException if the client is gone
  public List<Upload> uploads(String field) throws IOException {
    return Collections.unmodifiableList(wholeForm().files().getOrDefault(field, List.of()));
  }

  /// Reads the body before it is needed in a place where that cannot be waited for. A form in parts
  /// with limits of its own may be too large for memory.
  void readAhead() throws IOException {
    if (!streamed && attribute(FormLimits.KEY).isPresent() && RequestForm.isInParts(this)) {
      RequestForm _ = wholeForm();
    } else if (!streamed) {
      byte[] _ = body();
    }
  }

  /// The body, whether it has been read already or not.
  InputStream bodyStream() {
    byte[] read = body;
    return read == null ? stream() : new ByteArrayInputStream(read);
  }

  /// The body while it comes. The client waits while nothing is read.
  ///
  /// @return the bytes
  /// @throws IllegalStateException if it is called twice, or after the body has been read
  public InputStream stream() {
    if (body != null || streamed) {
      throw new IllegalStateException("the body has been read already");
    }
    streamed = true;
    return new RequestStream(exchange);
  }

  // What goes with it

  /// A value that a middleware has given it.
  ///
  /// @param key the key
  /// @param <T> the type of the value
  /// @return the value; nothing if there is none
  @SuppressWarnings("unchecked")
  public <T> Optional<T> attribute(Key<T> key) {
    Map<Key<?>, Object> all = attributes;
    return all == null ? Optional.empty() : Optional.ofNullable((T) all.get(key));
  }

  /// Gives it a value for those that come after.
  ///
  /// @param key the key
  /// @param value the value
  /// @param <T> the type of the value
  /// @return this
  public <T> Request set(Key<T> key, T value) {
    Map<Key<?>, Object> all = attributes;
    if (all == null) {
      all = new HashMap<>();
      attributes = all;
    }
    all.put(key, Objects.requireNonNull(value, "value"));
    return this;
  }

  /// Something that is needed to answer it, made at the first call: see [Dependency].
  ///
  /// @param dependency what is needed
  /// @param <T> the type of the value
  /// @return the value
  /// @throws IllegalStateException if dependencies need each other in a circle
  public <T> T get(Dependency<T> dependency) {
    Opened all = opened;
    if (all == null) {
      all = new Opened(this);
      opened = all;
    }
    return all.get(dependency);
  }

  /// Has something closed when the response has been sent.
  void closeLater(AutoCloseable closer) {
    List<AutoCloseable> all = closing;
    if (all == null) {
      all = new ArrayList<>();
      closing = all;
    }
    all.add(closer);
  }

  /// What is to be closed when the response has been sent; the last one first.
  List<AutoCloseable> takeClosing() {
    List<AutoCloseable> all = closing;
    closing = null;
    return all == null ? List.of() : all.reversed();
  }

  /// Has something done when the response has been sent: a mail, a line in a journal. Several are
  /// done one after the other.
  ///
  /// **Guarantees.** The client does not wait for it, and its leaving does not stop it. When the
  /// application ends it is given some time to come to its own end: see [App#running]. A failure is
  /// logged, and the next one is done.
  ///
  /// **Non-guarantees.** Nothing is done if the response could not be sent, or if the handler ended
  /// with an exception. The process may die before it is done.
  ///
  /// @param body what is to be done; it must not use this request's dependencies or its body
  /// @return this
  public Request after(VoidBody<?> body) {
    List<VoidBody<?>> all = after;
    if (all == null) {
      all = new ArrayList<>();
      after = all;
    }
    all.add(Objects.requireNonNull(body, "body"));
    return this;
  }

  List<VoidBody<?>> after() {
    List<VoidBody<?>> all = after;
    return all == null ? List.of() : all;
  }

  void dropAfter() {
    after = null;
  }

  /// The path of a named route: see [App#url].
  ///
  /// @param route its name
  /// @param values values of its parameters
  /// @return the path
  public String url(String route, Object... values) {
    return app.url(route, values);
  }

  /// Makes a page of a template: see [App#templates] and [Templates].
  ///
  /// @param template its name, such as `users.html`
  /// @param values what it shows
  /// @return a response with status 200
  /// @throws IllegalStateException if the application has no templates
  public Response render(String template, Map<String, ?> values) {
    return app.templates().render(this, template, values);
  }

  /// The application that answers it.
  ///
  /// @return the application
  public App app() {
    return app;
  }

  /// What is below: for what HTTP can do and a response cannot say.
  ///
  /// @return the exchange
  public Exchange exchange() {
    return exchange;
  }

  @Override
  public String toString() {
    return method() + " " + target();
  }
}
