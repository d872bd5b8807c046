package dev.thrum.console;

import static dev.thrum.Async.blocking;

import dev.thrum.Loop;
import dev.thrum.Runner;
import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import dev.thrum.http.Server;
import dev.thrum.inspect.ThrumMXBean;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/// The console's server, on a loop of its own: it answers also while the loops that are looked at
/// are held. Views leave that loop out, unless they are asked for it by its name. The engine is the
/// portable one, which every JVM has.
final class ConsoleServer implements Console {

  private static final int THREADS = 4;
  private static final int CONNECTIONS = 64;

  private final Gate gate;
  private final Api api;
  private final Thread thread;
  private final Loop loop;
  private final Server server;
  private final URI url;

  /// What has begun on the other thread.
  private record Begun(Loop loop, Server server, int port) {}

  private ConsoleServer(int port, ThrumMXBean source, boolean mayCancel) throws IOException {
    CompletableFuture<Begun> begun = new CompletableFuture<>();
    this.api = new Api(source, mayCancel);
    this.gate = new Gate();
    this.thread =
        Thread.ofPlatform().daemon().name("thrum-console").start(() -> serve(port, begun));
    Begun known = join(begun);
    this.loop = known.loop;
    this.server = known.server;
    gate.open(known.port);
    this.url =
        URI.create(
            "http://%s:%d/?token=%s"
                .formatted(host(InetAddress.getLoopbackAddress()), known.port, gate.token()));
  }

  static ConsoleServer start(int port, ThrumMXBean source, boolean mayCancel) throws IOException {
    return new ConsoleServer(port, source, mayCancel);
  }

  private static Begun join(CompletableFuture<Begun> begun) throws IOException {
    try {
      return begun.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException known) {
        throw known;
      }
      throw e;
    }
  }

  private void serve(int port, CompletableFuture<Begun> begun) {
    try {
      Runner.builder()
          .name("thrum-console")
          .engine(Runner.EngineChoice.PORTABLE)
          .ctrlC(Runner.CtrlC.NEVER)
          .debug(false)
          .stallLimit(Duration.ZERO)
          .blockingLimit(THREADS)
          .run(() -> {
            try (Server listening = listen(port)) {
              boolean _ = begun.complete(new Begun(Loop.current(), listening, listening.port()));
              listening.await();
            }
          });
    } catch (IOException | RuntimeException | Error e) {
      if (!begun.completeExceptionally(e)) {
        System.getLogger("dev.thrum.console").log(Level.WARNING, "the console has ended", e);
      }
    }
  }

  private Server listen(int port) throws IOException {
    try {
      return Server.builder()
          .at(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
          .maxConnections(CONNECTIONS)
          .grace(Duration.ZERO)
          .listen(this::handle);
    } catch (BindException e) {
      BindException told =
          new BindException(
              "the console cannot listen on port %d, another program may be using it (%s); port 0 takes any that is free"
                  .formatted(port, e.getMessage()));
      told.initCause(e);
      throw told;
    }
  }

  private static String host(InetAddress address) {
    String host = address.getHostAddress();
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private void handle(Exchange exchange) throws IOException {
    Asked asked = Asked.of(exchange);
    try {
      Optional<Answer> refusal = gate.refusal(asked);
      Answer answer = refusal.isPresent() ? refusal.get() : answer(asked);
      answer.send(exchange, refusal.isPresent() ? Headers.create() : gate.admission(asked));
    } catch (IllegalArgumentException _) {
      Answer.error(400, "What is asked for is not encoded as it should be.")
          .send(exchange, Headers.create());
    }
  }

  private Answer answer(Asked asked) throws IOException {
    String path = asked.path();
    if (path.startsWith("/api/")) {
      return api.answer(asked, path.substring("/api/".length()));
    }
    if (!asked.onlyReads()) {
      return Answer.notAllowed("GET, HEAD");
    }
    return blocking(() -> Page.find(path))
        .orElseGet(() -> Answer.error(404, "There is nothing at " + path + " in this console."));
  }

  @Override
  public URI url() {
    return url;
  }

  @Override
  public void close() {
    try {
      var _ = loop.submit(server::stop);
    } catch (RejectedExecutionException _) {
      // It has ended.
    }
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "Console[port=" + url.getPort() + "]";
  }
}
