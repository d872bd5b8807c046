package dev.thrum.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.thrum.inspect.ThrumMXBean;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The console's server: the JDK's own, on the loopback, with a few daemon threads.
final class ConsoleServer implements Console {

  private static final int THREADS = 4;
  private static final int QUEUE = 64;

  private final HttpServer server;
  private final ExecutorService threads;
  private final URI url;

  private ConsoleServer(HttpServer server, ExecutorService threads, URI url) {
    this.server = server;
    this.threads = threads;
    this.url = url;
  }

  static ConsoleServer start(int port, ThrumMXBean source, boolean mayCancel) throws IOException {
    HttpServer server = bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    InetSocketAddress address = server.getAddress();
    Gate gate = new Gate(address.getPort());
    Api api = new Api(source, mayCancel);
    ExecutorService threads = threads();
    server.setExecutor(threads);
    server.createContext("/", exchange -> handle(exchange, gate, api));
    startAsDaemon(server);
    URI url =
        URI.create(
            "http://%s:%d/?token=%s"
                .formatted(host(address.getAddress()), address.getPort(), gate.token()));
    return new ConsoleServer(server, threads, url);
  }

  private static HttpServer bind(InetSocketAddress address) throws IOException {
    try {
      return HttpServer.create(address, 0);
    } catch (BindException e) {
      BindException told =
          new BindException(
              "the console cannot listen on port %d, another program may be using it (%s); port 0 takes any that is free"
                  .formatted(address.getPort(), e.getMessage()));
      told.initCause(e);
      throw told;
    }
  }

  private static String host(InetAddress address) {
    String host = address.getHostAddress();
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private static ExecutorService threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE),
            Thread.ofPlatform().daemon().name("thrum-console-", 1).factory(),
            new ThreadPoolExecutor.CallerRunsPolicy());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /// The server's own thread is a daemon if the thread that starts it is one.
  private static void startAsDaemon(HttpServer server) {
    CompletableFuture<Void> started = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("thrum-console-start")
        .start(() -> {
          try {
            server.start();
            started.complete(null);
          } catch (RuntimeException | Error e) {
            started.completeExceptionally(e);
          }
        });
    try {
      started.join();
    } catch (CompletionException e) {
      server.stop(0);
      throw e;
    }
  }

  private static void handle(HttpExchange exchange, Gate gate, Api api) throws IOException {
    try (exchange) {
      Optional<Answer> refusal = gate.refusal(exchange);
      Answer answer = refusal.isPresent() ? refusal.get() : answer(exchange, gate, api);
      answer.send(exchange);
    }
  }

  private static Answer answer(HttpExchange exchange, Gate gate, Api api) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith("/api/")) {
      return api.answer(exchange, path.substring("/api/".length()));
    }
    if (!Gate.onlyReads(exchange)) {
      return Answer.notAllowed("GET, HEAD");
    }
    if (path.equals("/")) {
      gate.admit(exchange);
    }
    return Page.find(path)
        .orElseGet(() -> Answer.error(404, "There is nothing at " + path + " in this console."));
  }

  @Override
  public URI url() {
    return url;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Override
  public String toString() {
    return "Console[port=" + url.getPort() + "]";
  }
}
