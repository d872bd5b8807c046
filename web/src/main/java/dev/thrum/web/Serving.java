package dev.thrum.web;

import static dev.thrum.Async.async;
import static dev.thrum.Async.background;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.run;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;

import dev.thrum.Loop;
import dev.thrum.http.Server;
import dev.thrum.net.internal.Transport;
import dev.thrum.process.Signals;
import dev.thrum.web.internal.WarmUp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;

/// An application that is served until a signal ends it: on the loop of the caller, and on others
/// beside it.
final class Serving {
  private static final System.Logger LOGGER = System.getLogger("dev.thrum.web");

  private final App app;
  private final Server.Builder builder;
  private final List<Runnable> stops = new CopyOnWriteArrayList<>();

  Serving(App app, Server.Builder builder) {
    this.app = app;
    this.builder = builder;
  }

  /// On the loop of the caller, or on a new one.
  void on(int loops) throws IOException {
    if (loops > 1) {
      var _ = builder.reusePort();
    }
    // What takes long to load is loaded before the loop runs.
    WarmUp.of(app.json(), app.router().infos());
    var _ = Transport.ofThisJvm();
    run(() -> {
      app.running(() -> {
        try (Server server = builder.listen(app)) {
          LOGGER.log(System.Logger.Level.INFO, "serving {0}; Ctrl-C ends it", text(server));
          var _ = background(this::stopAtSignal);
          beside(server, loops - 1);
        }
      });
    });
  }

  private void beside(Server server, int others) {
    SocketAddress bound = server.address();
    scope(_ -> {
      stops.add(server::stop);
      for (int i = 0; i < others; i++) {
        var _ = async("loop " + (i + 2), () -> blocking(() -> run(() -> serveToo(bound))));
      }
      server.await();
      stopAll();
    });
  }

  /// On a loop of its own, whose application state it does not share with the others.
  private void serveToo(SocketAddress bound) throws IOException {
    app.running(() -> {
      try (Server server = builder.at(bound).listen(app)) {
        Loop loop = Loop.current();
        stops.add(() -> {
          try {
            var _ = loop.submit(server::stop);
          } catch (RejectedExecutionException _) {
            // It has ended by itself.
          }
        });
        server.await();
      }
    });
  }

  private void stopAtSignal() {
    try (Signals signals = Signals.receive("INT", "TERM")) {
      String signal = signals.next();
      sleep(app.drain());
      LOGGER.log(System.Logger.Level.INFO, "{0}: no more requests are taken", signal);
      stopAll();
    }
  }

  private void stopAll() {
    stops.forEach(Runnable::run);
  }

  private static String text(Server server) {
    return server.address() instanceof InetSocketAddress inet
        ? server.scheme() + "://" + inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : server.scheme() + " on " + server.address();
  }
}
