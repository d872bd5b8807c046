package dev.thrum.web.test;

import dev.thrum.Async;
import dev.thrum.Scope;
import dev.thrum.Task;
import dev.thrum.channel.Channel;
import dev.thrum.http.Cookie;
import dev.thrum.http.Headers;
import dev.thrum.http.WebSocket;
import dev.thrum.internal.Sneaky;
import dev.thrum.sync.Event;
import dev.thrum.web.App;
import dev.thrum.web.Dependency;
import dev.thrum.web.Key;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends requests to an application without a server and without a port.
///
/// ```java
/// try (var client = TestClient.of(app)) {
///   assertEquals("Ada", client.get("/users/3").json(User.class).name());
///   assertEquals(422, client.post("/orders").json(Map.of("price", "much")).send().status());
/// }
/// ```
///
/// **Guarantees.** The application runs from [#of] to [#close()]: its lifespans are open meanwhile,
/// and what it does after responses is joined at the end. Each request has a task of its own, and a
/// request has been answered completely when its response is there: its dependencies are closed.
/// Cookies that a response sets are sent with later requests to their paths; [#fresh()] is somebody
/// else, who has none of them.
///
/// **Failures** that the application answers with 500 are thrown by the request, with the test's
/// stack below them, unless [#keepFailures()] was called. Those of WebSockets' handlers and of
/// responses that are taken part by part are thrown by [#close()].
///
/// **Threads.** It belongs to the task that made it and to the loop of that.
public final class TestClient implements AutoCloseable {
  private static final int REDIRECTS = 20;

  private final Work work;
  private final boolean owner;
  private final Map<String, Cookie> cookies = new LinkedHashMap<>();
  private String scheme = "http";
  private boolean following;
  private boolean raising = true;
  private boolean closed;

  private TestClient(Work work, boolean owner) {
    this.work = work;
    this.owner = owner;
  }

  /// An application at work.
  private static final class Work {
    final App app;
    final Event open = Event.create("application at work");
    final Event closing = Event.create("end of a test client");
    final List<Runnable> overrides = new ArrayList<>();
    final Map<MemoryExchange, TestClient> unattended = new LinkedHashMap<>();
    final Task<?> life;
    @Nullable Scope requests;
    boolean closed;

    Work(App app) {
      this.app = app;
      this.life = Async.async("test client", this::live);
    }

    private void live() {
      try {
        app.running(() ->
            Async.supervise(scope -> {
              requests = scope;
              open.set();
              closing.await();
              var _ = scope.cancel("the client is closed");
            }));
      } finally {
        open.set();
      }
    }
  }

  /// A client of an application, which begins to run.
  ///
  /// @param app the application
  /// @return a client, to be closed in the same scope
  public static TestClient of(App app) {
    Work work = new Work(Objects.requireNonNull(app, "app"));
    work.open.await();
    if (work.requests == null) {
      Async.await(work.life);
    }
    return new TestClient(work, true);
  }

  /// Somebody else with the same application: a client without cookies, with settings as of the
  /// beginning.
  ///
  /// @return a client; the application ends with the one by [#of], and so does this one
  public TestClient fresh() {
    return new TestClient(work, false);
  }

  App app() {
    return work.app;
  }

  // Settings

  /// Goes where redirects lead.
  ///
  /// @return this
  public TestClient followRedirects() {
    following = true;
    return this;
  }

  /// Says that it comes over TLS from now on.
  ///
  /// @return this
  public TestClient secure() {
    scheme = "https";
    return this;
  }

  /// Shows failures as the 500 that a client gets, and does not throw them.
  ///
  /// @return this
  public TestClient keepFailures() {
    raising = false;
    return this;
  }

  /// Puts a value in the place of a dependency until the application ends, for all its clients. It
  /// is not closed.
  ///
  /// @param dependency what is replaced
  /// @param value what handlers get
  /// @param <T> the type of the value
  /// @return this
  public <T> TestClient override(Dependency<T> dependency, T value) {
    work.overrides.add(work.app.override(dependency, Dependency.of(_ -> value, _ -> {})));
    return this;
  }

  /// Gives the application a value: see [App#set].
  ///
  /// @param key the key
  /// @param value the value
  /// @param <T> the type of the value
  /// @return this
  public <T> TestClient set(Key<T> key, T value) {
    var _ = work.app.set(key, value);
    return this;
  }

  /// Sends a cookie with every request from now on.
  ///
  /// @param name its name
  /// @param value its value
  /// @return this
  public TestClient cookie(String name, String value) {
    keep(Cookie.of(name, value));
    return this;
  }

  /// The value of a cookie that is kept.
  ///
  /// @param name its name
  /// @return the value; nothing if there is none
  public Optional<String> cookie(String name) {
    return cookies.values().stream()
        .filter(one -> one.name().equals(name))
        .map(Cookie::value)
        .findFirst();
  }

  // Requests

  /// Asks for something.
  ///
  /// @param target a path, perhaps with a query
  /// @return the response
  /// @throws IOException if the response was cut off
  public TestResponse get(String target) throws IOException {
    return request("GET", target).send();
  }

  /// Asks for the head of something.
  ///
  /// @param target a path, perhaps with a query
  /// @return the response
  /// @throws IOException if the response was cut off
  public TestResponse head(String target) throws IOException {
    return request("HEAD", target).send();
  }

  /// Asks what can be done.
  ///
  /// @param target a path, perhaps with a query
  /// @return the response
  /// @throws IOException if the response was cut off
  public TestResponse options(String target) throws IOException {
    return request("OPTIONS", target).send();
  }

  /// Asks to have something deleted.
  ///
  /// @param target a path, perhaps with a query
  /// @return the response
  /// @throws IOException if the response was cut off
  public TestResponse delete(String target) throws IOException {
    return request("DELETE", target).send();
  }

  /// A `POST`, to be sent.
  ///
  /// @param target a path, perhaps with a query
  /// @return the request
  public TestRequest post(String target) {
    return request("POST", target);
  }

  /// A `PUT`, to be sent.
  ///
  /// @param target a path, perhaps with a query
  /// @return the request
  public TestRequest put(String target) {
    return request("PUT", target);
  }

  /// A `PATCH`, to be sent.
  ///
  /// @param target a path, perhaps with a query
  /// @return the request
  public TestRequest patch(String target) {
    return request("PATCH", target);
  }

  /// Any request, to be sent.
  ///
  /// @param method the method
  /// @param target a path, perhaps with a query
  /// @return the request
  public TestRequest request(String method, String target) {
    return new TestRequest(this, method, target);
  }

  TestResponse send(TestRequest request) throws IOException {
    TestResponse response = sendOnce(request);
    for (int i = 0; following && isRedirect(response); i++) {
      if (i == REDIRECTS) {
        throw new IOException("more than " + REDIRECTS + " redirects");
      }
      response = sendOnce(next(request, response));
    }
    return response;
  }

  private static boolean isRedirect(TestResponse response) {
    return switch (response.status()) {
      case 301, 302, 303, 307, 308 -> response.headers().contains("Location");
      default -> false;
    };
  }

  private TestRequest next(TestRequest request, TestResponse response) {
    boolean same = response.status() >= 307;
    TestRequest made =
        new TestRequest(
            this,
            same || request.method.equals("HEAD") ? request.method : "GET",
            response.header("Location"));
    for (Map.Entry<String, String> one : request.headers) {
      var _ = made.header(one.getKey(), one.getValue());
    }
    if (same) {
      made.body = request.body;
    }
    return made;
  }

  private TestResponse sendOnce(TestRequest request) throws IOException {
    MemoryExchange exchange = exchange(request, Channel.unlimited(), false);
    Async.await(start(exchange));
    raise(exchange);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : exchange.output()) {
      body.write(part);
    }
    return new TestResponse(
        exchange.status(), exchange.answer(), body.toByteArray(), work.app.json());
  }

  TestStream open(TestRequest request) {
    MemoryExchange exchange = exchange(request, Channel.buffered(1), false);
    Task<?> task = start(exchange);
    work.unattended.put(exchange, this);
    exchange.head.await();
    return new TestStream(exchange, task);
  }

  /// Opens a WebSocket.
  ///
  /// @param target a path, perhaps with a query
  /// @param subprotocols what the client speaks
  /// @return the open WebSocket; closing it, or the client, ends its handler
  /// @throws RefusedException if the application answers with something else
  public WebSocket ws(String target, String... subprotocols) throws RefusedException {
    TestRequest request = request("GET", target);
    if (subprotocols.length > 0) {
      var _ = request.header("Sec-WebSocket-Protocol", String.join(", ", subprotocols));
    }
    return ws(request);
  }

  /// Opens a WebSocket by a request with headers of its own.
  ///
  /// @param request a `GET`
  /// @return the open WebSocket
  /// @throws RefusedException if the application answers with something else
  public WebSocket ws(TestRequest request) throws RefusedException {
    MemoryExchange exchange = exchange(request, Channel.unlimited(), true);
    Task<?> _ = start(exchange);
    exchange.head.await();
    MemorySocket socket = exchange.socket();
    if (socket == null) {
      raise(exchange);
      throw new RefusedException(exchange.status());
    }
    work.unattended.put(exchange, this);
    return socket;
  }

  /// A WebSocket that an application did not want.
  public static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    /// The answer's status.
    private final int status;

    RefusedException(int status) {
      super("no WebSocket: status " + status);
      this.status = status;
    }

    /// The answer.
    ///
    /// @return its status
    public int status() {
      return status;
    }
  }

  // How

  private MemoryExchange exchange(
      TestRequest request, Channel<byte[]> output, boolean wantsSocket) {
    if (closed || work.closed) {
      throw new IllegalStateException("the client is closed");
    }
    Headers headers = request.headers.copy();
    if (!headers.contains("Host")) {
      var _ = headers.set("Host", "testserver");
    }
    int end = request.target.indexOf('?');
    String sent = cookiesFor(end < 0 ? request.target : request.target.substring(0, end));
    if (!sent.isEmpty() && !headers.contains("Cookie")) {
      var _ = headers.set("Cookie", sent);
    }
    if (request.body.length > 0) {
      var _ = headers.set("Content-Length", Integer.toString(request.body.length));
    }
    return new MemoryExchange(
        request.method, scheme, request.target, headers, request.input(), output, wantsSocket);
  }

  private Task<?> start(MemoryExchange exchange) {
    Scope scope = Objects.requireNonNull(work.requests);
    String name = exchange.method() + " " + exchange.target();
    return scope.async(
        name,
        () -> {
          try {
            work.app.handle(exchange);
          } finally {
            exchange.finish();
            keepCookies(exchange.answer());
          }
        });
  }

  private void raise(MemoryExchange exchange) {
    Throwable failure = exchange.failure();
    if (raising && failure != null) {
      throw Sneaky.sneak(failure);
    }
  }

  private String cookiesFor(String path) {
    StringBuilder made = new StringBuilder();
    for (Cookie one : cookies.values()) {
      if (isBelow(path, one.path()) && (scheme.equals("https") || !one.secure())) {
        made.append(made.isEmpty() ? "" : "; ").append(one.name()).append('=').append(one.value());
      }
    }
    return made.toString();
  }

  private static boolean isBelow(String path, String where) {
    return where.isEmpty()
        || path.equals(where)
        || path.startsWith(where.endsWith("/") ? where : where + "/");
  }

  private void keepCookies(Headers answer) {
    for (String line : answer.all("Set-Cookie")) {
      Cookie.parseSet(line).ifPresent(this::keep);
    }
  }

  private void keep(Cookie cookie) {
    String key = cookie.path() + " " + cookie.name();
    if (cookie.maxAge().orElse(Duration.ofDays(1)).isPositive()) {
      cookies.put(key, cookie);
    } else {
      cookies.remove(key);
    }
  }

  /// Ends the application: what is still being answered is cancelled, what runs after responses is
  /// joined, and its lifespans go on. Closing one by [#fresh()] ends only that. Closing twice does
  /// nothing.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!owner) {
      return;
    }
    work.closed = true;
    work.closing.set();
    try {
      Async.shield(() -> Async.await(work.life));
    } finally {
      work.overrides.reversed().forEach(Runnable::run);
    }
    work.unattended.forEach((exchange, client) -> client.raise(exchange));
  }
}
