package dev.thrum.web;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.run;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.timeoutOr;

import dev.thrum.Loop;
import dev.thrum.http.Application;
import dev.thrum.http.Server;
import dev.thrum.net.internal.Transport;
import dev.thrum.process.Signals;
import dev.thrum.web.internal.Launch;
import dev.thrum.web.internal.WarmUp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;

/// An application that is served until a signal, or what has started the program, ends it: on the
/// loop of the caller, and on others beside it.
///
/// The first loop opens the lifespans before any listens, and closes them when all have let their
/// requests, and what runs after these, come to an end.
final class Serving {
  private static final System.Logger LOGGER = System.getLogger("dev.thrum.web");

  private final App app;
  private final Server.Builder builder;
  private final Opener opener;
  private final ServeProperties properties = ServeProperties.ofSystem();
  private final List<Runnable> stops = new CopyOnWriteArrayList<>();
  private volatile boolean stopping;
  private int loops;

  /// Begins to listen.
  @FunctionalInterface
  interface Opener {
    Server open(Application served) throws IOException;
  }

  Serving(App app, Server.Builder builder) {
    this(app, builder, builder::listen);
  }

  /// @param opener is called by each loop
  Serving(App app, Server.Builder builder, Opener opener) {
    this.app = app;
    this.builder = builder;
    this.opener = opener;
  }

  /// On the loop of the caller, or on a new one.
  void on(int loopsOfProgram) throws IOException {
    loops = properties.loops(loopsOfProgram);
    properties.change(app);
    if (!Launch.current().map(it -> it.begins(RouteLines.of(app))).orElse(true)) {
      return;
    }
    try {
      properties.change(builder);
    } catch (IOException e) {
      throw told(e);
    }
    if (loops > 1 && !properties.reusesPort()) {
      var _ = builder.reusePort(loops);
    }
    // What takes long to load is loaded before the loop runs.
    WarmUp.of(app.json(), app.router().infos());
    var _ = Transport.ofThisJvm();
    Application served = properties.around(app);
    run(() -> {
      app.running(() -> {
        if (properties.reusesPort()) {
          reservePort(served);
        }
        try (Server server = open(served)) {
          add(stop(server));
          var _ = background(this::stopAtSignal);
          var _ = background(properties::reloadCertificates);
          serve(served, server);
        }
      });
    });
  }

  private Server open(Application served) throws IOException {
    try {
      return opener.open(served);
    } catch (IOException e) {
      throw told(e);
    }
  }

  private static IOException told(IOException reason) {
    Launch.current().ifPresent(it -> it.fails(reason));
    return reason;
  }

  /// Others must not have the port already, but the process after this one may come to it.
  private void reservePort(Application served) throws IOException {
    if (properties.isFirst()) {
      try (Server alone = open(served)) {
        var _ = builder.at(alone.address());
      }
    }
    var _ = builder.reusePort(loops);
  }

  /// The loops begin to listen one after the other; then it is said that they do.
  private void serve(Application served, Server server) {
    var _ = builder.at(server.address());
    scope(_ -> {
      for (int number = 2; number <= loops; number++) {
        String name = "loop " + number;
        CompletableFuture<Boolean> listens = new CompletableFuture<>();
        var _ = async(name, () -> beside(name, served, listens));
        boolean _ = await(listens);
      }
      LOGGER.log(System.Logger.Level.INFO, () -> text(server, loops));
      Launch.current().ifPresent(it -> it.listens(port(server), this::stopAll));
      server.await();
      stopAll();
    });
  }

  /// Serves on a loop and a thread of its own, and waits for its end.
  private void beside(String name, Application served, CompletableFuture<Boolean> listens) {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .name("thrum-" + name)
            .start(() -> {
              try {
                run(() -> serveToo(served, listens));
                boolean _ = over.complete(true);
              } catch (Throwable e) {
                boolean _ = over.completeExceptionally(e);
              }
            });
    try {
      boolean _ = await(over.copy());
    } finally {
      thread.interrupt();
      boolean _ = shield(() -> await(over.handle((_, _) -> true)));
    }
  }

  private void serveToo(Application served, CompletableFuture<Boolean> listens) throws IOException {
    app.runningToo(() -> {
      try (Server server = open(served)) {
        add(stop(server));
        boolean _ = listens.complete(true);
        server.await();
      }
    });
  }

  /// From any thread.
  private static Runnable stop(Server server) {
    Loop loop = Loop.current();
    return () -> {
      try {
        var _ = loop.submit(server::stop);
      } catch (RejectedExecutionException _) {
        // It has ended by itself.
      }
    };
  }

  private void stopAtSignal() {
    try (Signals signals = Signals.receive("INT", "TERM")) {
      String signal = signals.next();
      var _ = timeoutOr(app.drain(), signal, signals::next); // a second one is in a hurry
      LOGGER.log(System.Logger.Level.INFO, "{0}: no more requests are taken", signal);
      stopAll();
    }
  }

  private void stopAll() {
    stopping = true;
    stops.forEach(Runnable::run);
  }

  /// What comes after the stop stops at once.
  private void add(Runnable stop) {
    stops.add(stop);
    if (stopping) {
      stop.run();
    }
  }

  private static int port(Server server) {
    return server.address() instanceof InetSocketAddress ? server.port() : 0;
  }

  private static String text(Server server, int loops) {
    return "serving %s (%s, %s engine, process %d); Ctrl-C ends it"
        .formatted(
            url(server),
            loops == 1 ? "1 loop" : loops + " loops",
            Loop.current().engineName(),
            ProcessHandle.current().pid());
  }

  private static String url(Server server) {
    if (!(server.address() instanceof InetSocketAddress inet)) {
      return server.scheme() + " on " + server.address();
    }
    String host = inet.getAddress().getHostAddress();
    return server.scheme()
        + "://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + inet.getPort();
  }
}
